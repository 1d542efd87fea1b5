/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_BLKDEV_H
#define _LINUX_BLKDEV_H

#include <linux/types.h>

#define SECTOR_SHIFT 9
#define SECTOR_SIZE (1 << SECTOR_SHIFT)

#define QUEUE_FLAG_DAX 19

struct queue_limits {
	unsigned int logical_block_size;
	unsigned int physical_block_size;
};

struct request_queue {
	unsigned long queue_flags;
	struct queue_limits limits;
	struct gendisk *disk;
};

struct gendisk {
	int major;
	int first_minor;
	char disk_name[32];
	struct block_device *part0;
	struct request_queue *queue;
	void *private_data;
};

struct block_device {
	sector_t bd_start_sect;		/* 0 unless it is a partition */
	sector_t bd_nr_sectors;
	struct gendisk *bd_disk;
	dev_t bd_dev;
};

static inline sector_t get_start_sect(struct block_device *bdev)
{
	return bdev->bd_start_sect;
}

static inline sector_t bdev_nr_sectors(struct block_device *bdev)
{
	return bdev->bd_nr_sectors;
}

static inline loff_t bdev_nr_bytes(struct block_device *bdev)
{
	return (loff_t)bdev_nr_sectors(bdev) << SECTOR_SHIFT;
}

#endif
