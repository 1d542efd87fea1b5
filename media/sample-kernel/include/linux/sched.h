/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>

#define TASK_COMM_LEN 16

#define PF_EXITING 0x00000004
#define PF_MCE_EARLY 0x08000000
#define PF_MCE_PROCESS 0x00000080
#define PF_KTHREAD 0x00200000

struct task_struct {
	unsigned int __state;
	refcount_t usage;
	unsigned int flags;		/* PF_* */
	struct list_head tasks;		/* all processes, from init_task */
	struct mm_struct *mm;
	struct mm_struct *active_mm;
	pid_t pid;
	pid_t tgid;
	struct task_struct *real_parent;
	struct task_struct *parent;
	struct list_head children;
	struct list_head sibling;
	struct task_struct *group_leader;
	struct list_head thread_group;
	struct list_head thread_node;	/* in signal->thread_head */
	char comm[TASK_COMM_LEN];
	struct signal_struct *signal;
	struct sighand_struct *sighand;
	sigset_t blocked;
	sigset_t real_blocked;
	struct sigpending pending;
};

extern struct task_struct init_task;
extern rwlock_t tasklist_lock;

/* The running task is state of the processor. */
struct task_struct *get_current(void);
#define current get_current()

#define next_task(p) list_entry((p)->tasks.next, struct task_struct, tasks)

#define for_each_process(p) \
	for (p = &init_task; (p = next_task(p)) != &init_task; )

#define for_each_thread(p, t) \
	list_for_each_entry(t, &(p)->signal->thread_head, thread_node)

static inline void get_task_struct(struct task_struct *t)
{
	atomic_inc(&t->usage.refs);
}

static inline void put_task_struct(struct task_struct *t)
{
	atomic_dec_and_test(&t->usage.refs);
}

#endif
