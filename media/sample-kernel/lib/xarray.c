// SPDX-License-Identifier: GPL-2.0
/*
 * The interface of the kernel's xarray over a plain list of spans: enough for
 * page maps, per-AG lookups and DAX entries, and easy to read in a trace.
 */
#include <linux/xarray.h>
#include <linux/err.h>
#include <linux/rcupdate.h>

struct xa_span {
	unsigned long first;
	unsigned long last;
	void *entry;
	struct xa_span *older;
};

static struct xa_span *xa_find_span(struct xarray *xa, unsigned long index)
{
	struct xa_span *span;

	for (span = xa->xa_head; span; span = span->older)
		if (index >= span->first && index <= span->last)
			return span;
	return NULL;
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	struct xa_span *span;
	void *entry;

	rcu_read_lock();
	span = xa_find_span(xa, index);
	entry = span ? span->entry : NULL;
	rcu_read_unlock();
	return entry;
}
EXPORT_SYMBOL(xa_load);

/* Puts a span before all others, so that it hides what was there. */
static void *xa_push(struct xarray *xa, unsigned long first, unsigned long last,
		     void *entry, gfp_t gfp)
{
	struct xa_span *span = kmalloc(sizeof(*span), gfp);

	if (!span)
		return ERR_PTR(-ENOMEM);
	span->first = first;
	span->last = last;
	span->entry = entry;
	span->older = xa->xa_head;
	xa->xa_head = span;
	return NULL;
}

/* The caller holds xa_lock. Returns the old entry. */
void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	struct xa_span *span = xa_find_span(xa, index);
	void *old = span ? span->entry : NULL;

	if (span && span->first == span->last) {
		span->entry = entry;
		return old;
	}
	if (IS_ERR(xa_push(xa, index, index, entry, gfp)))
		return ERR_PTR(-ENOMEM);
	return old;
}
EXPORT_SYMBOL(__xa_store);

void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	void *old;

	spin_lock(&xa->xa_lock);
	old = __xa_store(xa, index, entry, gfp);
	spin_unlock(&xa->xa_lock);
	return old;
}
EXPORT_SYMBOL(xa_store);

void *xa_store_range(struct xarray *xa, unsigned long first, unsigned long last,
		     void *entry, gfp_t gfp)
{
	void *failed;

	spin_lock(&xa->xa_lock);
	failed = xa_push(xa, first, last, entry, gfp);
	spin_unlock(&xa->xa_lock);
	return failed;
}
EXPORT_SYMBOL(xa_store_range);

int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	if (xa_load(xa, index))
		return -EBUSY;
	return IS_ERR(xa_store(xa, index, entry, gfp)) ? -ENOMEM : 0;
}
EXPORT_SYMBOL(xa_insert);

void *xa_erase(struct xarray *xa, unsigned long index)
{
	return xa_store(xa, index, NULL, 0);
}
EXPORT_SYMBOL(xa_erase);
