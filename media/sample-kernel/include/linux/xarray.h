/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_XARRAY_H
#define _LINUX_XARRAY_H

#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/slab.h>

/* A map from indices to pointers or small integers; here a list of spans, newest first. */
struct xarray {
	spinlock_t xa_lock;
	gfp_t xa_flags;
	void *xa_head;
};

#define DEFINE_XARRAY(name) struct xarray name = { }

#define xa_lock_irq(xa) spin_lock_irq(&(xa)->xa_lock)
#define xa_unlock_irq(xa) spin_unlock_irq(&(xa)->xa_lock)

/* Integers are told from pointers by bit 0. */
static inline void *xa_mk_value(unsigned long v)
{
	return (void *)(v << 1 | 1);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

void *xa_load(struct xarray *xa, unsigned long index);
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_store_range(struct xarray *xa, unsigned long first, unsigned long last,
		     void *entry, gfp_t gfp);
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);

#define radix_tree_root xarray

static inline int radix_tree_insert(struct radix_tree_root *root,
				    unsigned long index, void *item)
{
	return xa_insert(root, index, item, GFP_ATOMIC);
}

static inline void *radix_tree_lookup(const struct radix_tree_root *root,
				      unsigned long index)
{
	return xa_load((struct xarray *)root, index);
}

#endif
