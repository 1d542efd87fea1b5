/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_DAX_H
#define _LINUX_DAX_H

#include <linux/fs.h>
#include <linux/mm.h>

typedef unsigned long dax_entry_t;

struct dax_device;
struct gendisk;
struct block_device;

enum dax_access_mode {
	DAX_ACCESS,
	DAX_RECOVERY_WRITE,
};

struct dax_operations {
	/* Address and frame of page pgoff of the device; returns how many pages follow there. */
	long (*direct_access)(struct dax_device *dax_dev, pgoff_t pgoff, long nr_pages,
			      enum dax_access_mode mode, void **kaddr, pfn_t *pfn);
	int (*zero_page_range)(struct dax_device *dax_dev, pgoff_t pgoff, size_t nr_pages);
};

struct dax_holder_operations {
	/* len bytes from byte offset of the device on have failed. */
	int (*notify_failure)(struct dax_device *dax_dev, u64 offset, u64 len, int mf_flags);
};

struct dax_device *alloc_dax(void *private, const struct dax_operations *ops);
void *dax_get_private(struct dax_device *dax_dev);
void *dax_holder(struct dax_device *dax_dev);
bool dax_alive(struct dax_device *dax_dev);
void kill_dax(struct dax_device *dax_dev);
long dax_direct_access(struct dax_device *dax_dev, pgoff_t pgoff, long nr_pages,
		       enum dax_access_mode mode, void **kaddr, pfn_t *pfn);
int dax_read_lock(void);
void dax_read_unlock(int id);
int dax_add_host(struct dax_device *dax_dev, struct gendisk *disk);
void dax_remove_host(struct gendisk *disk);

struct dax_device *fs_dax_get_by_bdev(struct block_device *bdev, u64 *start_off,
				      void *holder, const struct dax_holder_operations *ops);
void fs_put_dax(struct dax_device *dax_dev, void *holder);
int dax_holder_notify_failure(struct dax_device *dax_dev, u64 off, u64 len, int mf_flags);

dax_entry_t dax_lock_page(struct page *page);
void dax_unlock_page(struct page *page, dax_entry_t cookie);
dax_entry_t dax_lock_mapping_entry(struct address_space *mapping, unsigned long index,
				   struct page **page);
void dax_unlock_mapping_entry(struct address_space *mapping, unsigned long index,
			      dax_entry_t cookie);

#endif
