// SPDX-License-Identifier: GPL-2.0
/* The struct pages of device memory. */
#include <linux/memremap.h>
#include <linux/mm.h>

/* A page of a device is never free: the driver holds the first reference. */
static void __init_zone_device_page(struct page *page, unsigned long pfn, unsigned long zone_idx,
				    int nid, struct dev_pagemap *pgmap)
{
	page->flags = BIT(PG_reserved);
	atomic_set(&page->_refcount, 1);
	atomic_set(&page->_mapcount, -1);
	page->pgmap = pgmap;
	page->zone_device_data = NULL;
}

void memmap_init_zone_device(struct zone *zone, unsigned long start_pfn,
			     unsigned long nr_pages, struct dev_pagemap *pgmap)
{
	unsigned long pfn;

	for (pfn = start_pfn; pfn < start_pfn + nr_pages; pfn++)
		__init_zone_device_page(pfn_to_page(pfn), pfn, 0, 0, pgmap);
}
