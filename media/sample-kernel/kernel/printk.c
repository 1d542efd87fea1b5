// SPDX-License-Identifier: GPL-2.0
/* The kernel's log. */
#include <linux/printk.h>

int vprintk(const char *fmt, __builtin_va_list args);

int _printk(const char *fmt, ...)
{
	__builtin_va_list args;
	int written;

	__builtin_va_start(args, fmt);
	written = vprintk(fmt, args);
	__builtin_va_end(args);
	return written;
}
