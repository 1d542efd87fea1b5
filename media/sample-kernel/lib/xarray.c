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
static void xa_push(struct xarray *xa, struct xa_span *span, unsigned long first,
		    unsigned long last, void *entry)
{
	span->first = first;
	span->last = last;
	span->entry = entry;
	span->older = xa->xa_head;
	xa->xa_head = span;
}

/* The caller holds xa_lock, so gfp must not sleep. Returns the old entry. */
void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	struct xa_span *span = xa_find_span(xa, index);
	void *old = span ? span->entry : NULL;

	if (span && span->first == span->last) {
		span->entry = entry;
		return old;
	}
	span = kmalloc(sizeof(*span), gfp);
	if (!span)
		return ERR_PTR(-ENOMEM);
	xa_push(xa, span, index, index, entry);
	return old;
}
EXPORT_SYMBOL(__xa_store);

void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	struct xa_span *spare = kmalloc(sizeof(*spare), gfp);
	struct xa_span *span;
	void *old;

	if (!spare)
		return ERR_PTR(-ENOMEM);
	spin_lock(&xa->xa_lock);
	span = xa_find_span(xa, index);
	old = span ? span->entry : NULL;
	if (span && span->first == span->last) {
		span->entry = entry;
	} else {
		xa_push(xa, spare, index, index, entry);
		spare = NULL;
	}
	spin_unlock(&xa->xa_lock);
	kfree(spare);
	return old;
}
EXPORT_SYMBOL(xa_store);

/* Takes out the span with exactly these bounds. The caller holds xa_lock. */
static struct xa_span *xa_unlink(struct xarray *xa, unsigned long first, unsigned long last)
{
	struct xa_span **link = (struct xa_span **)&xa->xa_head;

	for (; *link; link = &(*link)->older) {
		struct xa_span *span = *link;

		if (span->first == first && span->last == last) {
			*link = span->older;
			return span;
		}
	}
	return NULL;
}

static void *xa_erase_range(struct xarray *xa, unsigned long first, unsigned long last)
{
	struct xa_span *span;

	spin_lock(&xa->xa_lock);
	span = xa_unlink(xa, first, last);
	spin_unlock(&xa->xa_lock);
	kfree(span);
	return NULL;
}

void *xa_store_range(struct xarray *xa, unsigned long first, unsigned long last,
		     void *entry, gfp_t gfp)
{
	struct xa_span *span;

	if (!entry)
		return xa_erase_range(xa, first, last);
	span = kmalloc(sizeof(*span), gfp);

	if (!span)
		return ERR_PTR(-ENOMEM);
	spin_lock(&xa->xa_lock);
	xa_push(xa, span, first, last, entry);
	spin_unlock(&xa->xa_lock);
	return NULL;
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
