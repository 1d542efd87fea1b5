// SPDX-License-Identifier: GPL-2.0
/* The page cache of a DAX file holds entries instead of pages; a locked entry keeps its page in place. */
#include <linux/atomic.h>
#include <linux/dax.h>
#include <linux/fs.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/xarray.h>

/* Flags in the low bits of the value, the frame number above them. */
#define DAX_SHIFT 4
#define DAX_LOCKED (1UL << 0)
#define DAX_PMD (1UL << 1)
#define DAX_ZERO_PAGE (1UL << 2)
#define DAX_EMPTY (1UL << 3)

#define PMD_PAGES (1UL << (PMD_SHIFT - PAGE_SHIFT))

/* Nothing is locked, and that is no error. */
#define NO_ENTRY ((void *)~0UL)

static unsigned long dax_to_pfn(void *entry)
{
	return xa_to_value(entry) >> DAX_SHIFT;
}

static bool dax_is_locked(void *entry)
{
	return xa_to_value(entry) & DAX_LOCKED;
}

static bool dax_is_hole(void *entry)
{
	return xa_to_value(entry) & (DAX_ZERO_PAGE | DAX_EMPTY);
}

/* A huge entry stands at the first of the pages that it covers. */
static pgoff_t dax_slot(struct address_space *mapping, pgoff_t index)
{
	pgoff_t first = index & ~(PMD_PAGES - 1);
	void *entry = xa_load(&mapping->i_pages, first);

	return xa_is_value(entry) && (xa_to_value(entry) & DAX_PMD) ? first : index;
}

/* Sleeps until the holder of the entry wakes us. */
void wait_on_dax_entry(struct address_space *mapping, pgoff_t index);
void wake_dax_entry(struct address_space *mapping, pgoff_t index);

/* The caller holds the lock of i_pages; it is dropped while waiting. */
static void *dax_get_unlocked(struct address_space *mapping, pgoff_t index)
{
	void *entry;

	for (;;) {
		entry = xa_load(&mapping->i_pages, index);
		if (!entry || !xa_is_value(entry) || !dax_is_locked(entry))
			return entry;
		xa_unlock_irq(&mapping->i_pages);
		wait_on_dax_entry(mapping, index);
		xa_lock_irq(&mapping->i_pages);
	}
}

static void dax_set_locked(struct address_space *mapping, pgoff_t index, void *entry)
{
	__xa_store(&mapping->i_pages, index,
		   xa_mk_value(xa_to_value(entry) | DAX_LOCKED), GFP_ATOMIC);
}

static void dax_store_back(struct address_space *mapping, pgoff_t index, void *entry)
{
	xa_lock_irq(&mapping->i_pages);
	__xa_store(&mapping->i_pages, index, entry, GFP_ATOMIC);
	xa_unlock_irq(&mapping->i_pages);
}

/*
 * Locks the entry of the page's only file. 0 means that the page left its file
 * in the meantime; the cookie is what dax_unlock_page() wants back.
 */
dax_entry_t dax_lock_page(struct page *page)
{
	struct address_space *mapping;
	void *entry = NULL;
	pgoff_t slot;

	rcu_read_lock();
	for (;;) {
		mapping = READ_ONCE(page->mapping);
		if (!mapping || !dax_mapping(mapping))
			break;
		/* A device node is no file: its driver keeps the page in place. */
		if (S_ISCHR(mapping->host->i_mode)) {
			entry = NO_ENTRY;
			break;
		}

		xa_lock_irq(&mapping->i_pages);
		if (mapping != page->mapping) {
			xa_unlock_irq(&mapping->i_pages);
			continue;
		}
		slot = dax_slot(mapping, page->index);
		entry = dax_get_unlocked(mapping, slot);
		if (entry)
			dax_set_locked(mapping, slot, entry);
		xa_unlock_irq(&mapping->i_pages);
		break;
	}
	rcu_read_unlock();
	return (dax_entry_t)entry;
}

void dax_unlock_page(struct page *page, dax_entry_t cookie)
{
	if ((void *)cookie == NO_ENTRY)
		return;
	dax_store_back(page->mapping, dax_slot(page->mapping, page->index), (void *)cookie);
}

/* Locks page index of a file. Without an entry there is nothing to lock. */
dax_entry_t dax_lock_mapping_entry(struct address_space *mapping, unsigned long index,
				   struct page **page)
{
	void *entry = NULL;
	pgoff_t slot;

	rcu_read_lock();
	if (!dax_mapping(mapping))
		goto out;

	xa_lock_irq(&mapping->i_pages);
	slot = dax_slot(mapping, index);
	entry = dax_get_unlocked(mapping, slot);
	if (!entry) {
		/* Nobody has touched the page through this file. */
		entry = NO_ENTRY;
	} else if (dax_is_hole(entry)) {
		entry = NULL;
	} else {
		*page = pfn_to_page(dax_to_pfn(entry) + (index - slot));
		dax_set_locked(mapping, slot, entry);
	}
	xa_unlock_irq(&mapping->i_pages);
out:
	rcu_read_unlock();
	return (dax_entry_t)entry;
}

void dax_unlock_mapping_entry(struct address_space *mapping, unsigned long index,
			      dax_entry_t cookie)
{
	if ((void *)cookie == NO_ENTRY)
		return;
	dax_store_back(mapping, dax_slot(mapping, index), (void *)cookie);
}
