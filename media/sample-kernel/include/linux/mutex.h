/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_MUTEX_H
#define __LINUX_MUTEX_H

#include <linux/spinlock.h>

struct mutex {
	atomic_long_t owner;
	raw_spinlock_t wait_lock;
	struct list_head wait_list;
};

#define DEFINE_MUTEX(name) \
	struct mutex name = { .wait_list = { &name.wait_list, &name.wait_list } }

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);

struct rw_semaphore {
	atomic_long_t count;
	atomic_long_t owner;
	raw_spinlock_t wait_lock;
	struct list_head wait_list;
};

void down_read(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);

#endif
