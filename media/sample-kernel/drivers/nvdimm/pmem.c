// SPDX-License-Identifier: GPL-2.0
/* A persistent memory namespace as a disk that can be mapped. */
#include <linux/blkdev.h>
#include <linux/dax.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include "pmem.h"

/* Physical address and device offset differ by where the data begins. */
static phys_addr_t pmem_to_phys(struct pmem_device *pmem, phys_addr_t offset)
{
	return pmem->phys_addr + offset;
}

static u64 phys_to_dax_offset(struct pmem_device *pmem, phys_addr_t phys)
{
	return phys - pmem->phys_addr - pmem->data_offset;
}

static long pmem_dax_direct_access(struct dax_device *dax_dev, pgoff_t pgoff, long nr_pages,
				   enum dax_access_mode mode, void **kaddr, pfn_t *pfn)
{
	struct pmem_device *pmem = dax_get_private(dax_dev);
	phys_addr_t offset = PFN_PHYS(pgoff) + pmem->data_offset;

	if (kaddr)
		*kaddr = pmem->virt_addr + offset;
	if (pfn)
		pfn->val = PHYS_PFN(pmem_to_phys(pmem, offset));
	return PHYS_PFN(pmem->size - pmem->pfn_pad - offset);
}

static int pmem_dax_zero_page_range(struct dax_device *dax_dev, pgoff_t pgoff, size_t nr_pages)
{
	struct pmem_device *pmem = dax_get_private(dax_dev);
	phys_addr_t offset = PFN_PHYS(pgoff) + pmem->data_offset;

	__builtin_memset(pmem->virt_addr + offset, 0, nr_pages << PAGE_SHIFT);
	return 0;
}

static const struct dax_operations pmem_dax_ops = {
	.direct_access = pmem_dax_direct_access,
	.zero_page_range = pmem_dax_zero_page_range,
};

/* Frames and pages come in; the holder counts bytes from the start of the device. */
static int pmem_pagemap_memory_failure(struct dev_pagemap *pgmap, unsigned long pfn,
				       unsigned long nr_pages, int mf_flags)
{
	struct pmem_device *pmem = container_of(pgmap, struct pmem_device, pgmap);
	u64 offset = phys_to_dax_offset(pmem, PFN_PHYS(pfn));
	u64 len = nr_pages << PAGE_SHIFT;

	return dax_holder_notify_failure(pmem->dax_dev, offset, len, mf_flags);
}

static const struct dev_pagemap_ops fsdax_pagemap_ops = {
	.memory_failure = pmem_pagemap_memory_failure,
};

/* Brings a namespace up: its pages first, then the device, then the disk finds it. */
int pmem_attach_disk(struct pmem_device *pmem, struct gendisk *disk)
{
	struct dax_device *dax_dev;

	pmem->disk = disk;
	pmem->pgmap.owner = pmem;
	pmem->pgmap.type = MEMORY_DEVICE_FS_DAX;
	pmem->pgmap.ops = &fsdax_pagemap_ops;
	pmem->pgmap.nr_range = 1;
	pmem->pgmap.range.start = pmem->phys_addr;
	pmem->pgmap.range.end = pmem->phys_addr + pmem->size - 1;
	pmem->virt_addr = memremap_pages(&pmem->pgmap, 0);

	dax_dev = alloc_dax(pmem, &pmem_dax_ops);
	if (IS_ERR(dax_dev))
		return PTR_ERR(dax_dev);
	pmem->dax_dev = dax_dev;
	disk->private_data = pmem;
	return dax_add_host(dax_dev, disk);
}

void pmem_release_disk(struct pmem_device *pmem)
{
	dax_remove_host(pmem->disk);
	kill_dax(pmem->dax_dev);
}
