// SPDX-License-Identifier: GPL-2.0
/* Where frames are, and taking pages out of everybody's page tables. */
#include <linux/fs.h>
#include <linux/mm.h>

unsigned long page_offset_base = 0xffff888000000000UL;
unsigned long vmemmap_base = 0xffffea0000000000UL;

/* Frames below this one are ordinary memory. */
unsigned long max_pfn;

/* The page of a frame of ordinary memory; NULL for device memory and holes. */
struct page *pfn_to_online_page(unsigned long pfn)
{
	return pfn < max_pfn ? pfn_to_page(pfn) : NULL;
}
EXPORT_SYMBOL_GPL(pfn_to_online_page);

/* Pages of a device belong to its driver: the count only tells who else uses them. */
void put_page(struct page *page)
{
	page->_refcount.counter--;
}
EXPORT_SYMBOL(put_page);

/* Clears what translates one address. Returns the bytes that this took away. */
static unsigned long zap_one(struct mm_struct *mm, unsigned long address)
{
	pgd_t *pgd = pgd_offset(mm, address);
	pud_t *pud;
	pmd_t *pmd;

	if (!pgd_present(*pgd))
		return 1UL << PGDIR_SHIFT;
	pud = pud_offset(p4d_offset(pgd, address), address);
	if (!pud_present(*pud) || pud_devmap(*pud)) {
		pud->pud = 0;
		return 1UL << PUD_SHIFT;
	}
	pmd = pmd_offset(pud, address);
	if (!pmd_present(*pmd) || pmd_devmap(*pmd)) {
		pmd->pmd = 0;
		return 1UL << PMD_SHIFT;
	}
	pte_offset_map(pmd, address)->pte = 0;
	return PAGE_SIZE;
}

/* Takes a range of user addresses out of the page table. */
void zap_page_range_single(struct vm_area_struct *vma, unsigned long address,
			   unsigned long size, struct zap_details *details)
{
	unsigned long end = min(address + size, vma->vm_end);

	while (address < end) {
		unsigned long step = zap_one(vma->vm_mm, address);

		address = (address & ~(step - 1)) + step;
	}
}

/* Takes the part of one mapping that shows pages first to last out of its page table. */
static void unmap_mapping_range_vma(struct vm_area_struct *vma, pgoff_t first, pgoff_t last)
{
	pgoff_t vma_last = vma->vm_pgoff + vma_pages(vma) - 1;
	pgoff_t from = max(first, vma->vm_pgoff);
	pgoff_t to = min(last, vma_last);

	zap_page_range_single(vma, ((from - vma->vm_pgoff) << PAGE_SHIFT) + vma->vm_start,
			      (to - from + 1) << PAGE_SHIFT, NULL);
}

/* holelen 0 means up to the end of the file. */
void unmap_mapping_range(struct address_space *mapping, loff_t const holebegin,
			 loff_t const holelen, int even_cows)
{
	pgoff_t first = (pgoff_t)holebegin >> PAGE_SHIFT;
	pgoff_t last = (holebegin + holelen - 1) >> PAGE_SHIFT;
	struct vm_area_struct *vma;

	if (!holelen || last < first)
		last = (pgoff_t)-1;

	i_mmap_lock_read(mapping);
	vma_interval_tree_foreach(vma, &mapping->i_mmap, first, last)
		unmap_mapping_range_vma(vma, first, last);
	i_mmap_unlock_read(mapping);
}
EXPORT_SYMBOL(unmap_mapping_range);
