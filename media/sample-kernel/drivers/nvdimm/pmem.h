/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __NVDIMM_PMEM_H__
#define __NVDIMM_PMEM_H__

#include <linux/memremap.h>
#include <linux/types.h>

struct dax_device;
struct gendisk;

struct pmem_device {
	phys_addr_t phys_addr;		/* first byte of the namespace */
	phys_addr_t data_offset;	/* from there to byte 0 of the device */
	void *virt_addr;
	size_t size;
	u32 pfn_pad;
	struct dax_device *dax_dev;
	struct gendisk *disk;
	struct dev_pagemap pgmap;
};

#endif
