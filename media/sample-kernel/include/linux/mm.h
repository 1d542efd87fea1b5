/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/pgtable.h>

struct inode;
struct zap_details;

#define VM_SHARED 0x00000008UL

enum mf_flags {
	MF_COUNT_INCREASED = 1 << 0,
	MF_ACTION_REQUIRED = 1 << 1,
	MF_MUST_KILL = 1 << 2,
	MF_SOFT_OFFLINE = 1 << 3,
	MF_UNPOISON = 1 << 4,
	MF_SW_SIMULATED = 1 << 5,
	MF_NO_RETRY = 1 << 6,
};

enum mf_result {
	MF_IGNORED,
	MF_FAILED,
	MF_DELAYED,
	MF_RECOVERED,
};

/* Bits of page->flags that failure handling looks at. */
#define PG_locked 0
#define PG_reserved 12
#define PG_hwpoison 23

#define PageHWPoison(page) test_bit(PG_hwpoison, &(page)->flags)
#define SetPageHWPoison(page) set_bit(PG_hwpoison, &(page)->flags)
#define ClearPageHWPoison(page) clear_bit(PG_hwpoison, &(page)->flags)
#define TestSetPageHWPoison(page) test_and_set_bit(PG_hwpoison, &(page)->flags)

extern unsigned long max_pfn;
extern atomic_long_t num_poisoned_pages;
extern int sysctl_memory_failure_early_kill;

struct page *pfn_to_online_page(unsigned long pfn);
int memory_failure(unsigned long pfn, int flags);
int mf_dax_kill_procs(struct address_space *mapping, pgoff_t index,
		      unsigned long count, int mf_flags);

void put_page(struct page *page);
void unmap_mapping_range(struct address_space *mapping, loff_t const holebegin,
			 loff_t const holelen, int even_cows);
void zap_page_range_single(struct vm_area_struct *vma, unsigned long address,
			   unsigned long size, struct zap_details *details);

/* Interval tree of the mappings of a file, keyed by page offset. */
void vma_interval_tree_insert(struct vm_area_struct *node, struct rb_root_cached *root);
void vma_interval_tree_remove(struct vm_area_struct *node, struct rb_root_cached *root);
struct vm_area_struct *vma_interval_tree_iter_first(struct rb_root_cached *root,
						    unsigned long start, unsigned long last);
struct vm_area_struct *vma_interval_tree_iter_next(struct vm_area_struct *node,
						   unsigned long start, unsigned long last);

#define vma_interval_tree_foreach(vma, root, start, last)		\
	for (vma = vma_interval_tree_iter_first(root, start, last);	\
	     vma; vma = vma_interval_tree_iter_next(vma, start, last))

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

#endif
