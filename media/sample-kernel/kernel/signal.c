// SPDX-License-Identifier: GPL-2.0
/* How failed memory becomes a SIGBUS. */
#include <linux/sched.h>

static void clear_siginfo(struct kernel_siginfo *info)
{
	__builtin_memset(info, 0, sizeof(*info));
}

static void fill_mceerr(struct kernel_siginfo *info, int code, void __user *addr, short lsb)
{
	clear_siginfo(info);
	info->si_signo = SIGBUS;
	info->si_code = code;
	info->si_addr = addr;
	info->si_addr_lsb = lsb;
}

/* Tells another task; it may block, ignore or merge the signal. */
int send_sig_mceerr(int code, void __user *addr, short lsb, struct task_struct *t)
{
	struct kernel_siginfo info;

	fill_mceerr(&info, code, addr, lsb);
	return do_send_sig_info(info.si_signo, &info, t, PIDTYPE_PID);
}
EXPORT_SYMBOL(send_sig_mceerr);

int force_sig_info_to_task(struct kernel_siginfo *info, struct task_struct *t,
			   enum sig_handler handler);

/* Tells the running task, which cannot go on without an answer. */
int force_sig_mceerr(int code, void __user *addr, short lsb)
{
	struct kernel_siginfo info;

	fill_mceerr(&info, code, addr, lsb);
	return force_sig_info_to_task(&info, current, HANDLER_CURRENT);
}
EXPORT_SYMBOL(force_sig_mceerr);
