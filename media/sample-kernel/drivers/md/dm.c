// SPDX-License-Identifier: GPL-2.0
/*
 * Mapped devices as far as DAX sees them. A mapped device has a dax_device of
 * its own, which a filesystem may hold; nobody holds the devices below, so a
 * failure that pmem reports does not reach the filesystem from there.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include "dm.h"

struct block_device *blkdev_get_by_dev(dev_t dev, unsigned int mode, void *holder);

/* Opens a device for a table; one that the table has already is shared. */
int dm_get_table_device(struct mapped_device *md, dev_t dev, unsigned int mode,
			struct dm_dev **result)
{
	struct block_device *bdev;
	struct dm_dev *dd;

	list_for_each_entry(dd, &md->table_devices, list) {
		if (dd->bdev->bd_dev == dev) {
			*result = dd;
			return 0;
		}
	}

	bdev = blkdev_get_by_dev(dev, mode, md);
	if (IS_ERR(bdev))
		return PTR_ERR(bdev);
	dd = kzalloc(sizeof(*dd), GFP_KERNEL);
	if (!dd)
		return -ENOMEM;
	dd->bdev = bdev;
	dd->dax_dev = fs_dax_get_by_bdev(bdev, &dd->part_off, NULL, NULL);
	list_add_tail(&dd->list, &md->table_devices);
	*result = dd;
	return 0;
}

struct dm_target *dm_table_find_target(struct dm_table *t, sector_t sector)
{
	unsigned int i;

	for (i = 0; i < t->num_targets; i++)
		if (sector <= t->highs[i])
			return &t->targets[i];
	return NULL;
}

static long dm_dax_direct_access(struct dax_device *dax_dev, pgoff_t pgoff, long nr_pages,
				 enum dax_access_mode mode, void **kaddr, pfn_t *pfn)
{
	struct mapped_device *md = dax_get_private(dax_dev);
	sector_t sector = (sector_t)pgoff << (PAGE_SHIFT - SECTOR_SHIFT);
	struct dm_target *ti = dm_table_find_target(md->map, sector);
	long len;

	if (!ti || !ti->type->direct_access)
		return -EIO;
	/* The answer must not reach over the end of the target. */
	len = (ti->begin + ti->len - sector) >> (PAGE_SHIFT - SECTOR_SHIFT);
	return ti->type->direct_access(ti, pgoff, min(len, nr_pages), mode, kaddr, pfn);
}

const struct dax_operations dm_dax_ops = {
	.direct_access = dm_dax_direct_access,
};
