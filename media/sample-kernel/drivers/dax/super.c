// SPDX-License-Identifier: GPL-2.0
/* Byte-addressable devices, and who is told when their memory fails. */
#include <linux/atomic.h>
#include <linux/blkdev.h>
#include <linux/dax.h>
#include <linux/err.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/xarray.h>

struct dax_device {
	struct inode inode;
	void *private;
	unsigned long flags;
	const struct dax_operations *ops;
	void *holder_data;
	const struct dax_holder_operations *holder_ops;
};

enum dax_device_flags {
	DAXDEV_ALIVE,
	DAXDEV_WRITE_CACHE,
};

DEFINE_STATIC_SRCU(dax_srcu);

/* From disk to its dax_device. */
static DEFINE_XARRAY(dax_hosts);

int dax_read_lock(void)
{
	return srcu_read_lock(&dax_srcu);
}
EXPORT_SYMBOL_GPL(dax_read_lock);

void dax_read_unlock(int id)
{
	srcu_read_unlock(&dax_srcu, id);
}
EXPORT_SYMBOL_GPL(dax_read_unlock);

/* Only inside dax_read_lock() does the answer stay true. */
bool dax_alive(struct dax_device *dax_dev)
{
	return test_bit(DAXDEV_ALIVE, &dax_dev->flags);
}
EXPORT_SYMBOL_GPL(dax_alive);

void *dax_get_private(struct dax_device *dax_dev)
{
	return dax_alive(dax_dev) ? dax_dev->private : NULL;
}
EXPORT_SYMBOL_GPL(dax_get_private);

void *dax_holder(struct dax_device *dax_dev)
{
	return dax_dev->holder_data;
}
EXPORT_SYMBOL_GPL(dax_holder);

/* The caller is inside dax_read_lock(). */
long dax_direct_access(struct dax_device *dax_dev, pgoff_t pgoff, long nr_pages,
		       enum dax_access_mode mode, void **kaddr, pfn_t *pfn)
{
	long avail;

	if (!dax_alive(dax_dev))
		return -ENXIO;
	avail = dax_dev->ops->direct_access(dax_dev, pgoff, nr_pages, mode, kaddr, pfn);
	return min(avail, nr_pages);
}
EXPORT_SYMBOL_GPL(dax_direct_access);

struct dax_device *alloc_dax(void *private, const struct dax_operations *ops)
{
	struct dax_device *dax_dev = kzalloc(sizeof(*dax_dev), GFP_KERNEL);

	if (!dax_dev)
		return ERR_PTR(-ENOMEM);
	atomic_set(&dax_dev->inode.i_count, 1);
	set_bit(DAXDEV_ALIVE, &dax_dev->flags);
	dax_dev->ops = ops;
	dax_dev->private = private;
	return dax_dev;
}
EXPORT_SYMBOL_GPL(alloc_dax);

int dax_add_host(struct dax_device *dax_dev, struct gendisk *disk)
{
	return xa_insert(&dax_hosts, (unsigned long)disk, dax_dev, GFP_KERNEL);
}
EXPORT_SYMBOL_GPL(dax_add_host);

void dax_remove_host(struct gendisk *disk)
{
	xa_erase(&dax_hosts, (unsigned long)disk);
}
EXPORT_SYMBOL_GPL(dax_remove_host);

/*
 * Finds the device behind a block device and claims it for a filesystem.
 * Of two claimants the first one wins. start_off receives the byte of the
 * device at which the (partition of the) block device begins.
 */
struct dax_device *fs_dax_get_by_bdev(struct block_device *bdev, u64 *start_off,
				      void *holder, const struct dax_holder_operations *ops)
{
	struct dax_device *dax_dev;
	u64 part_size;
	int id;

	*start_off = get_start_sect(bdev) * SECTOR_SIZE;
	part_size = bdev_nr_sectors(bdev) * SECTOR_SIZE;
	if (*start_off % PAGE_SIZE || part_size % PAGE_SIZE) {
		pr_info("%s: error: unaligned partition for dax\n", bdev->bd_disk->disk_name);
		return NULL;
	}

	id = dax_read_lock();
	dax_dev = xa_load(&dax_hosts, (unsigned long)bdev->bd_disk);
	if (!dax_dev || !dax_alive(dax_dev))
		dax_dev = NULL;
	else if (holder && cmpxchg(&dax_dev->holder_data, NULL, holder))
		dax_dev = NULL;
	else if (holder)
		dax_dev->holder_ops = ops;
	if (dax_dev)
		atomic_inc(&dax_dev->inode.i_count);
	dax_read_unlock(id);
	return dax_dev;
}
EXPORT_SYMBOL_GPL(fs_dax_get_by_bdev);

void fs_put_dax(struct dax_device *dax_dev, void *holder)
{
	if (!dax_dev)
		return;
	/* Somebody who is not the holder must not clear the holder's operations. */
	if (holder && cmpxchg(&dax_dev->holder_data, holder, NULL) == holder)
		dax_dev->holder_ops = NULL;
	if (atomic_dec_and_test(&dax_dev->inode.i_count))
		kfree(dax_dev);
}
EXPORT_SYMBOL_GPL(fs_put_dax);

/*
 * Tells the holder that len bytes from byte off on have failed. -EOPNOTSUPP
 * says that nobody holds the device, so that the caller can help itself.
 */
int dax_holder_notify_failure(struct dax_device *dax_dev, u64 off, u64 len, int mf_flags)
{
	const struct dax_holder_operations *ops;
	int rc, id;

	id = dax_read_lock();
	if (!dax_alive(dax_dev)) {
		rc = -ENXIO;
		goto out;
	}

	ops = READ_ONCE(dax_dev->holder_ops);
	if (!ops) {
		rc = -EOPNOTSUPP;
		goto out;
	}

	rc = ops->notify_failure(dax_dev, off, len, mf_flags);
out:
	dax_read_unlock(id);
	return rc;
}
EXPORT_SYMBOL_GPL(dax_holder_notify_failure);

/* The device goes away: the holder is told that all of it failed, then forgotten. */
void kill_dax(struct dax_device *dax_dev)
{
	if (!dax_dev)
		return;
	if (dax_dev->holder_data)
		dax_holder_notify_failure(dax_dev, 0, U64_MAX, 0);

	clear_bit(DAXDEV_ALIVE, &dax_dev->flags);
	synchronize_srcu(&dax_srcu);

	dax_dev->holder_ops = NULL;
	dax_dev->holder_data = NULL;
}
EXPORT_SYMBOL_GPL(kill_dax);
