// SPDX-License-Identifier: GPL-2.0
/* A target that is a part of one device, moved by a fixed number of sectors. */
#include "dm.h"

struct linear_c {
	struct dm_dev *dev;
	sector_t start;
};

/* Sector of the mapped device -> sector of the device below. */
static sector_t linear_map_sector(struct dm_target *ti, sector_t sector)
{
	struct linear_c *lc = ti->private;

	return lc->start + (sector - ti->begin);
}

static long linear_dax_direct_access(struct dm_target *ti, pgoff_t pgoff, long nr_pages,
				     enum dax_access_mode mode, void **kaddr, pfn_t *pfn)
{
	struct linear_c *lc = ti->private;
	sector_t sector = linear_map_sector(ti, (sector_t)pgoff << (PAGE_SHIFT - SECTOR_SHIFT));
	u64 offset = (sector << SECTOR_SHIFT) + lc->dev->part_off;

	return dax_direct_access(lc->dev->dax_dev, offset >> PAGE_SHIFT, nr_pages, mode, kaddr, pfn);
}

struct target_type linear_target = {
	.name = "linear",
	.direct_access = linear_dax_direct_access,
};
