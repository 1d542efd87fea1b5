/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/types.h>

#define GFP_ATOMIC ((gfp_t)0xa20)
#define GFP_KERNEL ((gfp_t)0xcc0)
#define __GFP_ZERO ((gfp_t)0x100)

void *__kmalloc(size_t size, gfp_t flags);
void kfree(const void *object);

static inline void *kmalloc(size_t size, gfp_t flags)
{
	return __kmalloc(size, flags);
}

static inline void *kzalloc(size_t size, gfp_t flags)
{
	return __kmalloc(size, flags | __GFP_ZERO);
}

#endif
