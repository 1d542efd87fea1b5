/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PERCPU_REFCOUNT_H
#define _LINUX_PERCPU_REFCOUNT_H

#include <linux/atomic.h>

struct percpu_ref;
typedef void (percpu_ref_func_t)(struct percpu_ref *);

struct percpu_ref_data {
	atomic_long_t count;
	percpu_ref_func_t *release;
	struct percpu_ref *ref;
};

/* A count of users that each processor keeps for itself; one processor here. */
struct percpu_ref {
	unsigned long percpu_count_ptr;
	struct percpu_ref_data *data;
};

int percpu_ref_init(struct percpu_ref *ref, percpu_ref_func_t *release, unsigned int flags,
		    gfp_t gfp);

void free_percpu(void *ptr);

/* Set in the pointer once the count may only fall. */
#define PERCPU_REF_DEAD 2UL

static inline unsigned long *percpu_ref_count(struct percpu_ref *ref)
{
	return (unsigned long *)(ref->percpu_count_ptr & ~3UL);
}

/* Fails while the device goes away. */
static inline bool percpu_ref_tryget_live_rcu(struct percpu_ref *ref)
{
	if (ref->percpu_count_ptr & PERCPU_REF_DEAD)
		return false;
	++*percpu_ref_count(ref);
	return true;
}

/* The counter goes; the structure itself belongs to somebody else. */
static inline void percpu_ref_exit(struct percpu_ref *ref)
{
	free_percpu(percpu_ref_count(ref));
	ref->percpu_count_ptr = PERCPU_REF_DEAD;
}

/* Whoever tries to get a reference from now on fails. */
static inline void percpu_ref_kill(struct percpu_ref *ref)
{
	ref->percpu_count_ptr |= PERCPU_REF_DEAD;
}

static inline void percpu_ref_put(struct percpu_ref *ref)
{
	--*percpu_ref_count(ref);
}

#endif
