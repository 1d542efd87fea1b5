// SPDX-License-Identifier: GPL-2.0
/* The list of all processes begins with the idle task. */
#include <linux/sched.h>

DEFINE_RWLOCK(tasklist_lock);

struct task_struct init_task = {
	.usage = { { 2 } },
	.flags = PF_KTHREAD,
	.tasks = LIST_HEAD_INIT(init_task.tasks),
	.children = LIST_HEAD_INIT(init_task.children),
	.sibling = LIST_HEAD_INIT(init_task.sibling),
	.group_leader = &init_task,
	.comm = "swapper",
};
