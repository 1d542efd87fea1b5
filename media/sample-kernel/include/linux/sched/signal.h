/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SCHED_SIGNAL_H
#define _LINUX_SCHED_SIGNAL_H

#include <linux/atomic.h>
#include <linux/spinlock.h>

#define SIGBUS 7
#define SIGKILL 9

/* What SIGBUS says about failed memory: consumed (AR) or merely present (AO). */
#define BUS_MCEERR_AR 4
#define BUS_MCEERR_AO 5

#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)

struct task_struct;

typedef struct {
	unsigned long sig[1];
} sigset_t;

union __sifields {
	struct {
		pid_t _pid;
		u32 _uid;
	} _kill;
	struct {
		void __user *_addr;
		short _addr_lsb;	/* log2 of the bytes that are lost */
	} _sigfault;
};

typedef struct kernel_siginfo {
	struct {
		int si_signo;
		int si_errno;
		int si_code;
		union __sifields _sifields;
	};
} kernel_siginfo_t;

#define si_addr _sifields._sigfault._addr
#define si_addr_lsb _sifields._sigfault._addr_lsb

struct sigaction {
	void (*sa_handler)(int);
	unsigned long sa_flags;
	void (*sa_restorer)(void);
	sigset_t sa_mask;
};

struct k_sigaction {
	struct sigaction sa;
};

struct sighand_struct {
	spinlock_t siglock;
	struct k_sigaction action[64];
};

struct sigpending {
	struct list_head list;
	sigset_t signal;
};

struct sigqueue {
	struct list_head list;
	kernel_siginfo_t info;
};

struct signal_struct {
	int nr_threads;
	struct list_head thread_head;
	struct sigpending shared_pending;
	unsigned int flags;
};

enum pid_type {
	PIDTYPE_PID,
	PIDTYPE_TGID,
};

#define SEND_SIG_PRIV ((struct kernel_siginfo *)1)

/* Tracepoint. */
void trace_signal_generate(int sig, struct kernel_siginfo *info, struct task_struct *task,
			   int group, int result);

int send_sig_mceerr(int code, void __user *addr, short lsb, struct task_struct *t);
int force_sig_mceerr(int code, void __user *addr, short lsb);
int do_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p,
		     enum pid_type type);

#endif
