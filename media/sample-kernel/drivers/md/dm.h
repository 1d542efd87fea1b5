/* SPDX-License-Identifier: GPL-2.0 */
#ifndef DM_INTERNAL_H
#define DM_INTERNAL_H

#include <linux/blkdev.h>
#include <linux/dax.h>
#include <linux/list.h>

struct dm_table;
struct dm_target;

/* A device below a mapped device. */
struct dm_dev {
	struct block_device *bdev;
	struct dax_device *dax_dev;
	u64 part_off;			/* byte of dax_dev at which bdev begins */
	struct list_head list;
};

struct target_type {
	const char *name;
	/* Page pgoff of the mapped device on the device below. */
	long (*direct_access)(struct dm_target *ti, pgoff_t pgoff, long nr_pages,
			      enum dax_access_mode mode, void **kaddr, pfn_t *pfn);
};

/* A run of sectors of the mapped device that one type of target serves. */
struct dm_target {
	struct dm_table *table;
	struct target_type *type;
	sector_t begin;
	sector_t len;
	void *private;
};

struct mapped_device {
	struct gendisk *disk;
	struct request_queue *queue;
	char name[16];
	struct dax_device *dax_dev;
	struct dm_table *map;
	struct list_head table_devices;
};

struct dm_table {
	struct mapped_device *md;
	unsigned int num_targets;
	sector_t *highs;		/* last sector of each target */
	struct dm_target *targets;
};

int dm_get_table_device(struct mapped_device *md, dev_t dev, unsigned int mode,
			struct dm_dev **result);
struct dm_target *dm_table_find_target(struct dm_table *t, sector_t sector);

#endif
