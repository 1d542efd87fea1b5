// SPDX-License-Identifier: GPL-2.0
/* How failed memory becomes a SIGBUS. */
#include <linux/sched.h>
#include <linux/slab.h>

static struct kmem_cache *sigqueue_cachep;

void __init signals_init(void)
{
	sigqueue_cachep = kmem_cache_create("sigqueue", sizeof(struct sigqueue), 8, 0, NULL);
}

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

static unsigned long sigmask(int sig)
{
	return 1UL << (sig - 1);
}

/* Values of the tracepoint's last argument. */
enum {
	TRACE_SIGNAL_DELIVERED,
	TRACE_SIGNAL_IGNORED,
	TRACE_SIGNAL_ALREADY_PENDING,
};

static bool sig_ignored(struct task_struct *t, int sig)
{
	/* A blocked signal stays: the handler may be another one when it is let in. */
	if (t->blocked.sig[0] & sigmask(sig))
		return false;
	return t->sighand->action[sig - 1].sa.sa_handler == SIG_IGN;
}

/* Queues one signal. Of two signals of one number the second is lost while the first is pending. */
static int __send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *t,
				enum pid_type type)
{
	struct sigpending *pending = type == PIDTYPE_PID ? &t->pending : &t->signal->shared_pending;
	int result = TRACE_SIGNAL_DELIVERED;
	struct sigqueue *q;

	if (sig != SIGKILL && sig_ignored(t, sig)) {
		result = TRACE_SIGNAL_IGNORED;
		goto out;
	}
	if (pending->signal.sig[0] & sigmask(sig)) {
		result = TRACE_SIGNAL_ALREADY_PENDING;
		goto out;
	}
	if (info != SEND_SIG_PRIV) {
		q = kmem_cache_alloc(sigqueue_cachep, GFP_ATOMIC);
		if (q) {
			q->info = *info;
			list_add_tail(&q->list, &pending->list);
		}
	}
	pending->signal.sig[0] |= sigmask(sig);
out:
	trace_signal_generate(sig, info, t, type != PIDTYPE_PID, result);
	return 0;
}

int do_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p,
		     enum pid_type type)
{
	int ret;

	spin_lock_irq(&p->sighand->siglock);
	ret = __send_signal_locked(sig, info, p, type);
	spin_unlock_irq(&p->sighand->siglock);
	return ret;
}

/* A signal that cannot be escaped: whoever blocks or ignores it gets the default action. */
static int force_sig_info_to_task(struct kernel_siginfo *info, struct task_struct *t)
{
	int sig = info->si_signo;
	struct k_sigaction *action;
	int ret;

	spin_lock_irq(&t->sighand->siglock);
	action = &t->sighand->action[sig - 1];
	if ((t->blocked.sig[0] & sigmask(sig)) || action->sa.sa_handler == SIG_IGN) {
		action->sa.sa_handler = SIG_DFL;
		t->blocked.sig[0] &= ~sigmask(sig);
	}
	ret = __send_signal_locked(sig, info, t, PIDTYPE_PID);
	spin_unlock_irq(&t->sighand->siglock);
	return ret;
}

/* Tells another task; it may block, ignore or merge the signal. */
int send_sig_mceerr(int code, void __user *addr, short lsb, struct task_struct *t)
{
	struct kernel_siginfo info;

	fill_mceerr(&info, code, addr, lsb);
	return do_send_sig_info(info.si_signo, &info, t, PIDTYPE_PID);
}
EXPORT_SYMBOL(send_sig_mceerr);

/* Tells the running task, which cannot go on without an answer. */
int force_sig_mceerr(int code, void __user *addr, short lsb)
{
	struct kernel_siginfo info;

	fill_mceerr(&info, code, addr, lsb);
	return force_sig_info_to_task(&info, current);
}
EXPORT_SYMBOL(force_sig_mceerr);
