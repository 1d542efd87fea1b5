/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PERCPU_REFCOUNT_H
#define _LINUX_PERCPU_REFCOUNT_H

#include <linux/types.h>

struct percpu_ref {
	unsigned long percpu_count_ptr;
	void *data;
};

/* Fails when the count went to zero before, that is, while the device goes away. */
bool percpu_ref_tryget_live_rcu(struct percpu_ref *ref);
void percpu_ref_put(struct percpu_ref *ref);

#endif
