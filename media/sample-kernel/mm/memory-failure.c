// SPDX-License-Identifier: GPL-2.0
/*
 * A frame of memory has failed. For device memory the driver is asked first,
 * because the struct page cannot name all the files that share the frame;
 * whoever maps it is then told by a signal.
 */
#define pr_fmt(fmt) "Memory failure: " fmt

#include <linux/dax.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

int sysctl_memory_failure_early_kill;
atomic_long_t num_poisoned_pages;

static DEFINE_MUTEX(mf_mutex);

static const char * const action_name[] = {
	[MF_IGNORED] = "Ignored",
	[MF_FAILED] = "Failed",
	[MF_DELAYED] = "Delayed",
	[MF_RECOVERED] = "Recovered",
};

/* One mapping that shows the failed page. */
struct to_kill {
	struct list_head nd;
	struct task_struct *tsk;
	unsigned long addr;
	short size_shift;
};

static int action_result(unsigned long pfn, const char *what, enum mf_result result)
{
	atomic_long_inc(&num_poisoned_pages);
	pr_err("%#lx: recovery action for %s: %s\n", pfn, what, action_name[result]);
	return result == MF_RECOVERED || result == MF_DELAYED ? 0 : -EBUSY;
}

/* log2 of the mapping that shows this address: page, huge page, or 0 when none does. */
static unsigned long dev_pagemap_mapping_shift(struct vm_area_struct *vma, unsigned long address)
{
	pgd_t *pgd = pgd_offset(vma->vm_mm, address);
	p4d_t *p4d;
	pud_t *pud;
	pmd_t *pmd;
	pte_t *pte;

	if (!pgd_present(*pgd))
		return 0;
	p4d = p4d_offset(pgd, address);
	if (!p4d_present(*p4d))
		return 0;
	pud = pud_offset(p4d, address);
	if (!pud_present(*pud))
		return 0;
	if (pud_devmap(*pud))
		return PUD_SHIFT;
	pmd = pmd_offset(pud, address);
	if (!pmd_present(*pmd))
		return 0;
	if (pmd_devmap(*pmd))
		return PMD_SHIFT;
	pte = pte_offset_map(pmd, address);
	return pte_present(*pte) ? PAGE_SHIFT : 0;
}

/* User address at which the mapping shows a page of the file. */
static unsigned long vma_pgoff_address(struct vm_area_struct *vma, pgoff_t pgoff)
{
	if (pgoff < vma->vm_pgoff || pgoff >= vma->vm_pgoff + vma_pages(vma))
		return -EFAULT;
	return vma->vm_start + ((pgoff - vma->vm_pgoff) << PAGE_SHIFT);
}

static void add_to_kill(struct task_struct *tsk, struct page *p, pgoff_t pgoff,
			struct vm_area_struct *vma, struct list_head *to_kill)
{
	struct to_kill *tk = kmalloc(sizeof(*tk), GFP_ATOMIC);

	if (!tk)
		return;
	tk->addr = vma_pgoff_address(vma, pgoff);
	tk->size_shift = dev_pagemap_mapping_shift(vma, tk->addr);

	/* Mapped, but not present: nothing to tell this process. */
	if (tk->size_shift == 0 && tk->addr != (unsigned long)-EFAULT) {
		kfree(tk);
		return;
	}

	get_task_struct(tsk);
	tk->tsk = tsk;
	list_add_tail(&tk->nd, to_kill);
}

/* The running task must not go on (AR); others may clean up in their own time (AO). */
static int kill_proc(struct to_kill *tk, unsigned long pfn, int flags)
{
	struct task_struct *t = tk->tsk;
	int ret;

	pr_err("%#lx: Sending SIGBUS to %s:%d due to hardware memory corruption\n",
	       pfn, t->comm, t->pid);
	if ((flags & MF_ACTION_REQUIRED) && t == current)
		ret = force_sig_mceerr(BUS_MCEERR_AR, (void __user *)tk->addr, tk->size_shift);
	else
		ret = send_sig_mceerr(BUS_MCEERR_AO, (void __user *)tk->addr, tk->size_shift, t);
	if (ret < 0)
		pr_info("%#lx: Error sending signal to %s:%d: %d\n", pfn, t->comm, t->pid, ret);
	return ret;
}

/* Empties the list. When the page could not be unmapped, only SIGKILL keeps data safe. */
static void kill_procs(struct list_head *to_kill, bool forcekill, bool fail,
		       unsigned long pfn, int flags)
{
	struct to_kill *tk, *next;

	list_for_each_entry_safe(tk, next, to_kill, nd) {
		if (forcekill) {
			if (fail || tk->addr == (unsigned long)-EFAULT) {
				pr_err("%#lx: forcibly killing %s:%d because of failure to unmap corrupted page\n",
				       pfn, tk->tsk->comm, tk->tsk->pid);
				do_send_sig_info(SIGKILL, SEND_SIG_PRIV, tk->tsk, PIDTYPE_PID);
			} else if (kill_proc(tk, pfn, flags) < 0) {
				pr_err("%#lx: Cannot send advisory machine check signal to %s:%d\n",
				       pfn, tk->tsk->comm, tk->tsk->pid);
			}
		}
		list_del(&tk->nd);
		put_task_struct(tk->tsk);
		kfree(tk);
	}
}

/* A thread of the process that asked to be told early, or the default policy. */
static struct task_struct *find_early_kill_thread(struct task_struct *tsk)
{
	struct task_struct *t;

	rcu_read_lock();
	for_each_thread(tsk, t) {
		if (t->flags & PF_MCE_PROCESS) {
			if (t->flags & PF_MCE_EARLY)
				goto found;
		} else if (sysctl_memory_failure_early_kill) {
			goto found;
		}
	}
	t = NULL;
found:
	rcu_read_unlock();
	return t;
}

static struct task_struct *task_early_kill(struct task_struct *tsk, int force_early)
{
	if (!tsk->mm)
		return NULL;
	/* An error that stops the running task is always told to that task. */
	if (force_early && tsk->mm == current->mm)
		return current;
	return find_early_kill_thread(tsk);
}

/* Whoever maps page pgoff of the file and is to be told now. */
static void collect_procs_fsdax(struct page *page, struct address_space *mapping, pgoff_t pgoff,
				struct list_head *to_kill, int force_early)
{
	struct vm_area_struct *vma;
	struct task_struct *tsk;

	i_mmap_lock_read(mapping);
	read_lock(&tasklist_lock);
	for_each_process(tsk) {
		struct task_struct *t = task_early_kill(tsk, force_early);

		if (!t)
			continue;
		vma_interval_tree_foreach(vma, &mapping->i_mmap, pgoff, pgoff) {
			if (vma->vm_mm == t->mm)
				add_to_kill(t, page, pgoff, vma, to_kill);
		}
	}
	read_unlock(&tasklist_lock);
	i_mmap_unlock_read(mapping);
}

/* Takes the page away from everybody, then tells those on the list. */
static void unmap_and_kill(struct list_head *to_kill, unsigned long pfn,
			   struct address_space *mapping, pgoff_t index, int flags)
{
	unsigned long size = 0;
	struct to_kill *tk;

	list_for_each_entry(tk, to_kill, nd)
		if (tk->size_shift)
			size = max(size, 1UL << tk->size_shift);

	if (size) {
		loff_t start = ((loff_t)index << PAGE_SHIFT) & ~(size - 1);

		unmap_mapping_range(mapping, start, size, 0);
	}
	kill_procs(to_kill, flags & MF_MUST_KILL, false, pfn, flags);
}

/* The way for devices whose holder cannot help: the page names one owner at most. */
static int mf_generic_kill_procs(unsigned long pfn, int flags, struct dev_pagemap *pgmap)
{
	/* Device-dax gives several frames one head page, which knows the owner. */
	unsigned long head = pfn & ~(pgmap_vmemmap_nr(pgmap) - 1);
	struct page *page = pfn_to_page(head);
	LIST_HEAD(to_kill);
	dax_entry_t cookie;
	pgoff_t pgoff;
	int rc = 0;

	cookie = dax_lock_page(page);
	if (!cookie)
		return -EBUSY;

	switch (pgmap->type) {
	case MEMORY_DEVICE_PRIVATE:
	case MEMORY_DEVICE_COHERENT:
		rc = -ENXIO;
		goto unlock;
	default:
		break;
	}

	SetPageHWPoison(page);
	flags |= MF_ACTION_REQUIRED | MF_MUST_KILL;
	pgoff = page->index + (pfn - head);
	collect_procs_fsdax(page, page->mapping, pgoff, &to_kill, true);
	unmap_and_kill(&to_kill, pfn, page->mapping, pgoff, flags);
unlock:
	dax_unlock_page(page, cookie);
	return rc;
}

#ifdef CONFIG_FS_DAX
/**
 * mf_dax_kill_procs - tell the processes that map pages of a file
 * @mapping: the file
 * @index: first failed page, counted in the file
 * @count: number of failed pages
 * @mf_flags: as memory_failure() got them
 *
 * For filesystems, which know from their reverse map what a failed byte of the
 * device means for a file.
 */
int mf_dax_kill_procs(struct address_space *mapping, pgoff_t index, unsigned long count,
		      int mf_flags)
{
	pgoff_t end = index + count;
	LIST_HEAD(to_kill);
	dax_entry_t cookie;
	struct page *page;

	mf_flags |= MF_ACTION_REQUIRED | MF_MUST_KILL;
	for (; index < end; index++) {
		page = NULL;
		cookie = dax_lock_mapping_entry(mapping, index, &page);
		if (!cookie)
			return -EBUSY;
		if (page) {
			SetPageHWPoison(page);
			collect_procs_fsdax(page, mapping, index, &to_kill, true);
			unmap_and_kill(&to_kill, page_to_pfn(page), mapping, index, mf_flags);
		}
		dax_unlock_mapping_entry(mapping, index, cookie);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(mf_dax_kill_procs);
#endif

/* Consumes the reference on the pagemap. */
static int memory_failure_dev_pagemap(unsigned long pfn, int flags, struct dev_pagemap *pgmap)
{
	int rc = -ENXIO;

	if (!pgmap_pfn_valid(pgmap, pfn))
		goto out;

	if (pgmap_has_memory_failure(pgmap)) {
		rc = pgmap->ops->memory_failure(pgmap, pfn, 1, flags);
		/* Only this answer leaves the rest to us. */
		if (rc != -EOPNOTSUPP)
			goto out;
	}
	rc = mf_generic_kill_procs(pfn, flags, pgmap);
out:
	put_dev_pagemap(pgmap);
	if (rc != -EOPNOTSUPP)
		action_result(pfn, "dax page", rc ? MF_FAILED : MF_RECOVERED);
	return rc;
}

/**
 * memory_failure - a frame has failed
 * @pfn: frame number
 * @flags: MF_*; MF_COUNT_INCREASED means that the caller's reference on the page is ours now
 *
 * May sleep. Returns 0 when the failure was dealt with.
 */
int memory_failure(unsigned long pfn, int flags)
{
	struct dev_pagemap *pgmap;
	int res;

	mutex_lock(&mf_mutex);

	if (pfn_to_online_page(pfn)) {
		/* Ordinary memory is not part of this sample. */
		res = action_result(pfn, "unknown page", MF_IGNORED);
		goto unlock;
	}

	pgmap = get_dev_pagemap(pfn, NULL);
	if (!pgmap) {
		pr_err("%#lx: memory outside kernel control\n", pfn);
		res = -ENXIO;
		goto unlock;
	}
	if (flags & MF_COUNT_INCREASED)
		put_page(pfn_to_page(pfn));
	res = memory_failure_dev_pagemap(pfn, flags, pgmap);
unlock:
	mutex_unlock(&mf_mutex);
	return res;
}
EXPORT_SYMBOL_GPL(memory_failure);
