/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/pfn.h>

struct address_space;
struct dev_pagemap;
struct file;
struct anon_vma;

/* One per page frame, at vmemmap[pfn]. */
struct page {
	unsigned long flags;
	union {
		struct {
			struct list_head lru;
			struct address_space *mapping;
			union {
				pgoff_t index;		/* page offset in the one owner */
				unsigned long share;	/* number of owners, when there are several */
			};
			unsigned long private;
		};
		struct {
			struct dev_pagemap *pgmap;
			void *zone_device_data;
		};
	};
	union {
		atomic_t _mapcount;
		unsigned int page_type;
	};
	atomic_t _refcount;
	unsigned long memcg_data;
};

typedef struct { unsigned long pgd; } pgd_t;
typedef struct { unsigned long p4d; } p4d_t;
typedef struct { unsigned long pud; } pud_t;
typedef struct { unsigned long pmd; } pmd_t;
typedef struct { unsigned long pte; } pte_t;
typedef struct { unsigned long pgprot; } pgprot_t;

struct vm_area_struct {
	unsigned long vm_start;		/* first byte */
	unsigned long vm_end;		/* first byte behind */
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	unsigned long vm_flags;
	struct {
		struct rb_node rb;
		unsigned long rb_subtree_last;
	} shared;			/* node in address_space.i_mmap */
	struct list_head anon_vma_chain;
	struct anon_vma *anon_vma;
	unsigned long vm_pgoff;		/* page of the file at vm_start */
	struct file *vm_file;
	void *vm_private_data;
};

struct mm_struct {
	pgd_t *pgd;
	atomic_t mm_users;
	atomic_t mm_count;
	int map_count;
	struct rw_semaphore mmap_lock;
	unsigned long task_size;
};

#endif
