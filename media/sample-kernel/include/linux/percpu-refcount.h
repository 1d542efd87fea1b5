/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PERCPU_REFCOUNT_H
#define _LINUX_PERCPU_REFCOUNT_H

#include <linux/types.h>

/* A count that starts at one and cannot be raised again once it fell to zero. */
struct percpu_ref {
	unsigned long percpu_count_ptr;
	void *data;
};

static inline void percpu_ref_init(struct percpu_ref *ref)
{
	ref->percpu_count_ptr = 1;
}

/* Fails while the device goes away. */
static inline bool percpu_ref_tryget_live_rcu(struct percpu_ref *ref)
{
	if (ref->percpu_count_ptr == 0)
		return false;
	ref->percpu_count_ptr++;
	return true;
}

static inline void percpu_ref_put(struct percpu_ref *ref)
{
	ref->percpu_count_ptr--;
}

#endif
