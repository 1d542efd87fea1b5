// SPDX-License-Identifier: GPL-2.0
/* Poisons a frame by its number: debugfs hwpoison/corrupt-pfn. */
#define pr_fmt(fmt) "hwpoison-inject: " fmt

#include <linux/mm.h>

static int hwpoison_inject(void *data, u64 val)
{
	unsigned long pfn = val;
	int ret;

	pr_info("Injecting memory failure at pfn %#lx\n", pfn);
	ret = memory_failure(pfn, MF_SW_SIMULATED);
	return ret == -EOPNOTSUPP ? 0 : ret;
}
