/* SPDX-License-Identifier: GPL-2.0 */
/* Empty: nothing in this tree depends on the compiler's version. */
