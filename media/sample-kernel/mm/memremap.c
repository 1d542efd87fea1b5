// SPDX-License-Identifier: GPL-2.0
/* Which driver owns the struct pages of a frame. */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/err.h>
#include <linux/memremap.h>
#include <linux/rcupdate.h>
#include <linux/xarray.h>

/* From frame number to the pagemap that covers it. */
static DEFINE_XARRAY(pgmap_array);

static bool range_has_pfn(const struct range *range, unsigned long pfn)
{
	return pfn >= PHYS_PFN(range->start) && pfn <= PHYS_PFN(range->end);
}

/* True when pfn lies in one of the ranges of the pagemap. */
bool pgmap_pfn_valid(struct dev_pagemap *pgmap, unsigned long pfn)
{
	int i;

	for (i = 0; i < pgmap->nr_range; i++)
		if (range_has_pfn(&pgmap->ranges[i], pfn))
			return true;
	return false;
}

void memmap_init_zone_device(struct zone *zone, unsigned long start_pfn,
			     unsigned long nr_pages, struct dev_pagemap *pgmap);

/* Makes the pagemap findable by each of its frames, and the struct pages point to it. */
void *memremap_pages(struct dev_pagemap *pgmap, int nid)
{
	int i;

	if (percpu_ref_init(&pgmap->ref, NULL, 0, GFP_KERNEL))
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < pgmap->nr_range; i++) {
		const struct range *range = &pgmap->ranges[i];

		memmap_init_zone_device(NULL, PHYS_PFN(range->start),
					PHYS_PFN(range_len(range)), pgmap);
		xa_store_range(&pgmap_array, PHYS_PFN(range->start),
			       PHYS_PFN(range->end), pgmap, GFP_KERNEL);
	}
	return __va(pgmap->ranges[0].start);
}
EXPORT_SYMBOL_GPL(memremap_pages);

/*
 * Takes a reference on the pagemap of a frame. A pagemap that the caller still
 * holds is reused when it covers the frame, and released when it does not.
 */
struct dev_pagemap *get_dev_pagemap(unsigned long pfn, struct dev_pagemap *pgmap)
{
	if (pgmap) {
		if (pgmap_pfn_valid(pgmap, pfn))
			return pgmap;
		put_dev_pagemap(pgmap);
	}

	rcu_read_lock();
	pgmap = xa_load(&pgmap_array, pfn);
	if (pgmap && !percpu_ref_tryget_live_rcu(&pgmap->ref))
		pgmap = NULL;
	rcu_read_unlock();
	return pgmap;
}
EXPORT_SYMBOL_GPL(get_dev_pagemap);

/* Forgets the pagemap; whoever asks for one of its frames from now on gets none. */
void memunmap_pages(struct dev_pagemap *pgmap)
{
	int i;

	percpu_ref_kill(&pgmap->ref);
	for (i = 0; i < pgmap->nr_range; i++) {
		const struct range *range = &pgmap->ranges[i];

		xa_store_range(&pgmap_array, PHYS_PFN(range->start),
			       PHYS_PFN(range->end), NULL, GFP_KERNEL);
	}
	percpu_ref_exit(&pgmap->ref);
}
EXPORT_SYMBOL_GPL(memunmap_pages);
