// kernel/signal.c is interpreted; the tracepoint in it is where a trace learns of a signal.
import { intrinsic, intrinsics, nothing, type KernelIntrinsic, type KernelModel, type SignalRecord } from '../model.ts';

/** Sender's shorthand for "no siginfo": SEND_SIG_NOINFO 0, SEND_SIG_PRIV 1 (include/linux/sched/signal.h). */
const SPECIAL = 1n;
const SI_KERNEL = 0x80;

function record(kernel: KernelModel, signo: number, info: bigint, task: bigint, group: boolean, result: number): SignalRecord {
  const pid = kernel.view('struct task_struct', task).member('pid').readNumber();
  const base = { task, pid, signo, group, result };
  if (info <= SPECIAL) return { ...base, code: info === SPECIAL ? SI_KERNEL : 0, addr: 0n, lsb: 0 };
  const siginfo = kernel.view('struct kernel_siginfo', info);
  return {
    ...base,
    code: siginfo.member('si_code').readNumber(),
    addr: siginfo.member('_sifields._sigfault._addr').read(),
    lsb: siginfo.member('_sifields._sigfault._addr_lsb').readNumber(),
  };
}

export const signalIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic(
    'void trace_signal_generate(int sig, struct kernel_siginfo *info, struct task_struct *task, int group, int result)',
    'include/trace/events/signal.h',
    'tracepoint: reports what was sent',
    (call, kernel) => {
      kernel.emit({ kind: 'signal', signal: record(kernel, call.s32(0), call.u64(1), call.u64(2), call.s32(3) !== 0, call.s32(4)) });
      return undefined;
    },
  ),
  intrinsic(
    'long inc_rlimit_get_ucounts(struct ucounts *ucounts, enum rlimit_type type, bool override_rlimit)',
    'kernel/ucount.c',
    'limits of the user are not part of a scenario',
    () => 1n,
    { fidelity: { partial: 'RLIMIT_SIGPENDING is never reached' } },
  ),
  intrinsic(
    'void dec_rlimit_put_ucounts(struct ucounts *ucounts, enum rlimit_type type)',
    'kernel/ucount.c',
    'limits of the user are not part of a scenario',
    nothing,
  ),
  ...intrinsics(
    ['void force_fatal_sig(int sig)', 'void signalfd_notify(struct task_struct *tsk, int sig)'],
    'kernel/signal.c',
    'no signalfd',
    nothing,
  ),
];
