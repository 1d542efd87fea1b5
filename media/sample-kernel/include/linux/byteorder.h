/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_BYTEORDER_H
#define _LINUX_BYTEORDER_H

#include <linux/types.h>

static inline u16 be16_to_cpu(__be16 v)
{
	return __builtin_bswap16(v);
}

static inline u32 be32_to_cpu(__be32 v)
{
	return __builtin_bswap32(v);
}

static inline u64 be64_to_cpu(__be64 v)
{
	return __builtin_bswap64(v);
}

#endif
