// SPDX-License-Identifier: GPL-2.0
/* A process poisons its own memory to see what happens: madvise(MADV_HWPOISON). */
#define pr_fmt(fmt) fmt

#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/sched.h>

#define MADV_HWPOISON 100

/* Frame behind a user address of the running task, with a reference on its page. */
static int get_user_frame(unsigned long address, unsigned long *pfn)
{
	pgd_t *pgd = pgd_offset(current->mm, address);
	pud_t *pud;
	pmd_t *pmd;
	pte_t *pte;

	if (!pgd_present(*pgd))
		return -EFAULT;
	pud = pud_offset(p4d_offset(pgd, address), address);
	if (!pud_present(*pud))
		return -EFAULT;
	pmd = pmd_offset(pud, address);
	if (!pmd_present(*pmd))
		return -EFAULT;
	if (pmd_devmap(*pmd)) {
		*pfn = PHYS_PFN(pmd->pmd & PTE_PFN_MASK) + table_index(address, PAGE_SHIFT);
	} else {
		pte = pte_offset_map(pmd, address);
		if (!pte_present(*pte))
			return -EFAULT;
		*pfn = PHYS_PFN(pte->pte & PTE_PFN_MASK);
	}
	atomic_inc(&pfn_to_page(*pfn)->_refcount);
	return 0;
}

static int madvise_inject_error(int behavior, unsigned long start, unsigned long end)
{
	unsigned long pfn;
	int ret;

	if (behavior != MADV_HWPOISON)
		return -EINVAL;
	for (; start < end; start += PAGE_SIZE) {
		ret = get_user_frame(start, &pfn);
		if (ret)
			return ret;
		pr_info("Injecting memory failure for pfn %#lx at process virtual address %#lx\n",
			pfn, start);
		ret = memory_failure(pfn, MF_COUNT_INCREASED | MF_SW_SIMULATED);
		if (ret && ret != -EOPNOTSUPP)
			return ret;
	}
	return 0;
}
