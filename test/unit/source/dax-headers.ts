// Own small headers with the structs of the failure path; texts for tests of discovery, call graph and contracts.

export const headers: Readonly<Record<string, string>> = {
  'include/linux/dax.h': `#ifndef _LINUX_DAX_H
#define _LINUX_DAX_H
struct dax_device;
struct dax_holder_operations {
	int (*notify_failure)(struct dax_device *dax_dev, u64 offset, u64 len, int mf_flags);
};
struct dax_operations {
	long (*direct_access)(struct dax_device *, pgoff_t, long, int, void **, pfn_t *);
	bool (*dax_supported)(struct dax_device *, int);
	int (*zero_page_range)(struct dax_device *, pgoff_t, size_t);
};
struct dax_device *fs_dax_get_by_bdev(struct block_device *bdev, u64 *start_off, void *holder, const struct dax_holder_operations *ops);
void fs_put_dax(struct dax_device *dax_dev, void *holder);
int dax_holder_notify_failure(struct dax_device *dax_dev, u64 off, u64 len, int mf_flags);
#endif
`,
  'include/linux/memremap.h': `struct dev_pagemap_ops {
	void (*page_free)(struct page *page);
	int (*memory_failure)(struct dev_pagemap *pgmap, unsigned long pfn, unsigned long nr_pages, int mf_flags);
};
struct dev_pagemap {
	struct range range;
	const struct dev_pagemap_ops *ops;
	void *owner;
};
`,
  'drivers/dax/super.c': `#include <linux/dax.h>
struct dax_device {
	void *private;
	const struct dax_operations *ops;
	void *holder_data;
	const struct dax_holder_operations *holder_ops;
};

int dax_holder_notify_failure(struct dax_device *dax_dev, u64 off, u64 len, int mf_flags)
{
	const struct dax_holder_operations *ops;
	int rc;

	if (!dax_dev)
		return -ENXIO;
	ops = READ_ONCE(dax_dev->holder_ops);
	if (!ops)
		return -EOPNOTSUPP;
	rc = ops->notify_failure(dax_dev, off, len, mf_flags);
	return rc;
}
`,
};
