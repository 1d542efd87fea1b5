/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_RCUPDATE_H
#define __LINUX_RCUPDATE_H

#include <linux/mutex.h>

void __rcu_read_lock(void);
void __rcu_read_unlock(void);

static inline void rcu_read_lock(void)
{
	__rcu_read_lock();
}

static inline void rcu_read_unlock(void)
{
	__rcu_read_unlock();
}

struct srcu_struct {
	unsigned long srcu_idx;
};

#define DEFINE_STATIC_SRCU(name) static struct srcu_struct name

int __srcu_read_lock(struct srcu_struct *ssp);
void __srcu_read_unlock(struct srcu_struct *ssp, int idx);
void synchronize_srcu(struct srcu_struct *ssp);

#define srcu_read_lock(ssp) __srcu_read_lock(ssp)
#define srcu_read_unlock(ssp, idx) __srcu_read_unlock(ssp, idx)

#endif
