/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_KCONFIG_H
#define __LINUX_KCONFIG_H

#include <generated/autoconf.h>

/*
 * CONFIG_X is either 1 or not defined. Pasting its value behind a prefix
 * yields a macro that shifts the arguments only when the value was 1.
 */
#define __SHIFT_WHEN_1 0,
#define __second_of(ignored, value, ...) value
#define __is_one(value) __paste_and_pick(value)
#define __paste_and_pick(value) __pick(__SHIFT_WHEN_##value)
#define __pick(shift_or_junk) __second_of(shift_or_junk 1, 0)

#define IS_BUILTIN(option) __is_one(option)
#define IS_MODULE(option) __is_one(option##_MODULE)
#define IS_ENABLED(option) (IS_BUILTIN(option) || IS_MODULE(option))

#endif
