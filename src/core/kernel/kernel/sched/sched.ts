// kernel/sched: nobody else runs while a simulated call runs. Wake-ups are noted; going to sleep without anybody to wake us is a fault.
import type { IntrinsicResult } from '../../../machine/intrinsic.ts';
import { listInit } from '../../world/list.ts';
import { mightSleep } from '../../locks.ts';
import { afterOne, runUntil } from '../workqueue.ts';
import { intrinsic, intrinsics, nothing, type KernelIntrinsic, type KernelModel, type StateKey } from '../../model.ts';

const why = 'one simulated task runs at a time';
const CORE = 'kernel/sched/core.c';

const sleepForever = intrinsics(
  [
    'void schedule(void)',
    'void io_schedule(void)',
    'long schedule_timeout(long timeout)',
    'long schedule_timeout_uninterruptible(long timeout)',
    'void schedule_preempt_disabled(void)',
  ],
  CORE,
  why,
  () => ({ kind: 'fault', fault: { kind: 'lock', text: 'INFO: task blocked forever: it went to sleep and nobody is left to wake it' } }),
);

const queues = [
  intrinsic(
    'void __init_swait_queue_head(struct swait_queue_head *q, const char *name, struct lock_class_key *key)',
    'kernel/sched/swait.c',
    'the file is part of another unit',
    (call, kernel) => {
      listInit(call.machine.memory, kernel.view('struct swait_queue_head', call.u64(0)).member('task_list').address);
      return undefined;
    },
  ),
  intrinsic(
    'void __init_waitqueue_head(struct wait_queue_head *wq_head, const char *name, struct lock_class_key *key)',
    'kernel/sched/wait.c',
    'the file is part of another unit',
    (call, kernel) => {
      listInit(call.machine.memory, kernel.view('struct wait_queue_head', call.u64(0)).member('head').address);
      return undefined;
    },
  ),
];

const COMPLETION = 'kernel/sched/completion.c';
/** complete_all() leaves UINT_MAX. */
const ALL_DONE = 0xffffffff;

/** Work that was handed over runs until somebody completes. */
function waitFor(kernel: KernelModel, completion: bigint): IntrinsicResult {
  const done = kernel.view('struct completion', completion).member('done');
  const next = runUntil(kernel, () => done.readNumber() > 0, [completion]);
  if (next === 'stuck')
    return {
      kind: 'fault',
      fault: { kind: 'lock', text: 'INFO: task blocked forever: it waits for a completion that nobody will signal' },
    };
  if (next !== 'ready') return next;
  if (done.readNumber() !== ALL_DONE) done.write(done.read() - 1n);
  return undefined;
}

const wakeUps = [
  ...intrinsics(
    [
      'int wake_up_state(struct task_struct *p, unsigned int state)',
      'int wake_up_process(struct task_struct *tsk)',
      'int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags)',
    ],
    CORE,
    why,
    () => 1,
  ),
  ...intrinsics(
    [
      'void kick_process(struct task_struct *p)',
      'void __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive, void *key)',
      'void __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr)',
      'void __wake_up_sync(struct wait_queue_head *wq_head, unsigned int mode)',
      'void __wake_up_locked_key(struct wait_queue_head *wq_head, unsigned int mode, void *key)',
      'void wake_up_bit(void *word, int bit)',
      'void wake_up_var(void *var)',
      'void __wake_up_bit(struct wait_queue_head *wq_head, void *word, int bit)',
      'void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)',
      'void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state)',
      'void swake_up_one(struct swait_queue_head *q)',
    ],
    'kernel/sched/wait.c',
    why,
    nothing,
  ),
  ...intrinsics(
    [
      'bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state)',
      'long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state)',
    ],
    'kernel/sched/wait.c',
    why,
    () => 0,
  ),
  intrinsic('void complete(struct completion *x)', COMPLETION, why, (call, kernel) => {
    const done = kernel.view('struct completion', call.u64(0)).member('done');
    if (done.readNumber() !== ALL_DONE) done.write(done.read() + 1n);
    return undefined;
  }),
  intrinsic('void complete_all(struct completion *x)', COMPLETION, why, (call, kernel) => {
    kernel.view('struct completion', call.u64(0)).member('done').write(ALL_DONE);
    return undefined;
  }),
  ...intrinsics(
    ['void wait_for_completion(struct completion *x)', 'void wait_for_completion_io(struct completion *x)'],
    COMPLETION,
    why,
    (call, kernel) => {
      mightSleep(call, kernel);
      return waitFor(kernel, call.u64(0));
    },
    {
      resume: (call, kernel) => waitFor(kernel, afterOne(kernel, call.keep)[0] ?? 0n),
    },
  ),
];

const preemptKey: StateKey<{ count: number }> = { name: 'preempt_count', create: () => ({ count: 0 }), clone: (v) => ({ ...v }) };
/** preempt_count() of the one CPU. */
export function preemptCount(kernel: KernelModel): number {
  return kernel.part(preemptKey).count;
}

const PREEMPT = 'arch/x86/include/asm/preempt.h';
const percpu = 'per-CPU counter of the one CPU';

const preemptCounting = [
  intrinsic('int preempt_count(void)', PREEMPT, percpu, (_call, kernel) => kernel.part(preemptKey).count),
  intrinsic('void preempt_count_set(int pc)', PREEMPT, percpu, (call, kernel) => {
    kernel.part(preemptKey).count = call.s32(0);
    return undefined;
  }),
  intrinsic('void __preempt_count_add(int val)', PREEMPT, percpu, (call, kernel) => {
    kernel.part(preemptKey).count += call.s32(0);
    return undefined;
  }),
  intrinsic('void __preempt_count_sub(int val)', PREEMPT, percpu, (call, kernel) => {
    kernel.part(preemptKey).count -= call.s32(0);
    return undefined;
  }),
  intrinsic('bool __preempt_count_dec_and_test(void)', PREEMPT, percpu, (_call, kernel) => {
    kernel.part(preemptKey).count -= 1;
    return false;
  }),
  intrinsic('bool should_resched(int preempt_offset)', PREEMPT, percpu, () => false),
];

const preemption = [
  ...intrinsics(
    [
      'int __cond_resched(void)',
      'int __SCT__cond_resched(void)',
      'int __SCT__might_resched(void)',
      'int dynamic_cond_resched(void)',
      'int dynamic_might_resched(void)',
    ],
    CORE,
    why,
    () => 0,
  ),
  ...intrinsics(
    [
      'int __cond_resched_lock(spinlock_t *lock)',
      'int __cond_resched_rwlock_read(rwlock_t *lock)',
      'int __cond_resched_rwlock_write(rwlock_t *lock)',
    ],
    CORE,
    why,
    () => 0,
  ),
  ...intrinsics(
    [
      'void preempt_schedule(void)',
      'void preempt_schedule_notrace(void)',
      'void __SCT__preempt_schedule(void)',
      'void __SCT__preempt_schedule_notrace(void)',
      'void yield(void)',
      'void migrate_disable(void)',
      'void migrate_enable(void)',
    ],
    CORE,
    why,
    nothing,
  ),
  ...intrinsics(
    ['void __might_sleep(const char *file, int line)', 'void __might_resched(const char *file, int line, unsigned int offsets)'],
    CORE,
    why,
    (call, kernel) => {
      mightSleep(call, kernel);
      return undefined;
    },
  ),
  intrinsic('int task_curr(const struct task_struct *p)', CORE, why, (call, kernel) => (call.u64(0) === kernel.current ? 1 : 0)),
  ...intrinsics(
    [
      'void msleep(unsigned int msecs)',
      'void __udelay(unsigned long usecs)',
      'void __const_udelay(unsigned long xloops)',
      'void __ndelay(unsigned long nsecs)',
    ],
    'kernel/time/timer.c',
    'there is no time',
    nothing,
  ),
  ...intrinsics(
    ['ktime_t ktime_get(void)', 'ktime_t ktime_get_real_ns(void)', 'u64 sched_clock(void)', 'u64 local_clock(void)'],
    'kernel/time/timekeeping.c',
    'there is no time',
    () => 0n,
  ),
];

export const schedIntrinsics: readonly KernelIntrinsic[] = [...sleepForever, ...queues, ...wakeUps, ...preemptCounting, ...preemption];
