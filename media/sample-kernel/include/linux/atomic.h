/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <linux/types.h>

/* The sample models one processor: plain operations are whole. */
static inline int atomic_read(const atomic_t *v)
{
	return v->counter;
}

static inline void atomic_set(atomic_t *v, int i)
{
	v->counter = i;
}

static inline void atomic_inc(atomic_t *v)
{
	v->counter++;
}

static inline bool atomic_dec_and_test(atomic_t *v)
{
	return --v->counter == 0;
}

static inline void atomic_long_inc(atomic_long_t *v)
{
	v->counter++;
}

static inline bool test_bit(long nr, const volatile unsigned long *addr)
{
	return addr[nr / 64] >> (nr % 64) & 1;
}

static inline void set_bit(long nr, volatile unsigned long *addr)
{
	addr[nr / 64] |= 1UL << (nr % 64);
}

static inline void clear_bit(long nr, volatile unsigned long *addr)
{
	addr[nr / 64] &= ~(1UL << (nr % 64));
}

static inline bool test_and_set_bit(long nr, volatile unsigned long *addr)
{
	bool old = test_bit(nr, addr);

	set_bit(nr, addr);
	return old;
}

#define cmpxchg(ptr, old, new) ({					\
	__typeof__(*(ptr)) __was = *(ptr);				\
	if (__was == (old))						\
		*(ptr) = (new);						\
	__was; })

#endif
