/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PGTABLE_H
#define _LINUX_PGTABLE_H

#include <linux/mm_types.h>

/* Four levels of 512 entries, as x86-64 has them. */
#define PGDIR_SHIFT 39
#define PUD_SHIFT 30
#define PMD_SHIFT 21
#define PTRS_PER_TABLE 512

#define _PAGE_PRESENT (1UL << 0)
#define _PAGE_RW (1UL << 1)
#define _PAGE_USER (1UL << 2)
#define _PAGE_PSE (1UL << 7)
#define _PAGE_DEVMAP (1UL << 58)
#define PTE_PFN_MASK 0x000ffffffffff000UL

extern unsigned long page_offset_base;
extern unsigned long vmemmap_base;

#define PAGE_OFFSET page_offset_base
#define __va(x) ((void *)((unsigned long)(x) + PAGE_OFFSET))
#define __pa(x) ((unsigned long)(x) - PAGE_OFFSET)
#define vmemmap ((struct page *)vmemmap_base)
#define pfn_to_page(pfn) (vmemmap + (pfn))
#define page_to_pfn(page) ((unsigned long)((page) - vmemmap))

static inline unsigned long table_index(unsigned long address, int shift)
{
	return address >> shift & (PTRS_PER_TABLE - 1);
}

static inline pgd_t *pgd_offset(struct mm_struct *mm, unsigned long address)
{
	return mm->pgd + table_index(address, PGDIR_SHIFT);
}

/* With four levels the fourth one is folded into the first. */
static inline p4d_t *p4d_offset(pgd_t *pgd, unsigned long address)
{
	return (p4d_t *)pgd;
}

static inline pud_t *pud_offset(p4d_t *p4d, unsigned long address)
{
	return (pud_t *)__va(p4d->p4d & PTE_PFN_MASK) + table_index(address, PUD_SHIFT);
}

static inline pmd_t *pmd_offset(pud_t *pud, unsigned long address)
{
	return (pmd_t *)__va(pud->pud & PTE_PFN_MASK) + table_index(address, PMD_SHIFT);
}

static inline pte_t *pte_offset_map(pmd_t *pmd, unsigned long address)
{
	return (pte_t *)__va(pmd->pmd & PTE_PFN_MASK) + table_index(address, PAGE_SHIFT);
}

#define pgd_present(x) ((x).pgd & _PAGE_PRESENT)
#define p4d_present(x) ((x).p4d & _PAGE_PRESENT)
#define pud_present(x) ((x).pud & _PAGE_PRESENT)
#define pmd_present(x) ((x).pmd & _PAGE_PRESENT)
#define pte_present(x) ((x).pte & _PAGE_PRESENT)
#define pud_devmap(x) ((x).pud & _PAGE_PSE)
#define pmd_devmap(x) ((x).pmd & _PAGE_PSE)

#endif
