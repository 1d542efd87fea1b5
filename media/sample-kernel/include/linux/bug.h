/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <linux/printk.h>

#define WARN_ON_ONCE(condition) ({					\
	int __fired = !!(condition);					\
	if (__fired)							\
		printk(KERN_WARNING "WARNING: at %s:%d %s\n",		\
		       __FILE__, __LINE__, __func__);			\
	__fired; })

#endif
