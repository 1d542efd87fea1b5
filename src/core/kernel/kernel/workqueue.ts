// kernel/workqueue.c and whatever else runs later (irq_work, RCU callbacks): kept in order, run by a kernel thread when the task waits or ends.
import { callThen, type CallTarget, type IntrinsicCall, type IntrinsicResult } from '../../machine/intrinsic.ts';
import type { Outcome } from '../../machine/outcome.ts';
import type { Probe } from '../../machine/probe.ts';
import { mightSleep } from '../locks.ts';
import { intrinsic, intrinsics, nothing, type KernelIntrinsic, type KernelModel, type StateKey } from '../model.ts';

/** Something that was handed to another context. `object`: the work_struct, irq_work or rcu_head. */
interface Pending {
  readonly kind: 'work' | 'irq_work' | 'rcu';
  readonly target: CallTarget;
  readonly argument: bigint;
  readonly object: bigint;
}

interface PendingState {
  readonly queue: Pending[];
}

const key: StateKey<PendingState> = {
  name: 'pending work',
  create: () => ({ queue: [] }),
  clone: (state) => ({ queue: [...state.queue] }),
};

/** WORK_STRUCT_PENDING_BIT (include/linux/workqueue.h). */
const PENDING = 1n;
/** More work than any path hands over: a work that queues itself would never end. */
const MOST = 256;

function add(kernel: KernelModel, pending: Pending): void {
  kernel.part(key).queue.push(pending);
}

/** Takes the oldest one that `wanted` accepts, and clears its pending bit, as a worker does before it calls the function. */
function take(kernel: KernelModel, wanted: (pending: Pending) => boolean = () => true): Pending | undefined {
  const { queue } = kernel.part(key);
  const at = queue.findIndex(wanted);
  const [found] = at < 0 ? [] : queue.splice(at, 1);
  if (found?.kind === 'work') setPending(kernel, found.object, false);
  return found;
}

function setPending(kernel: KernelModel, work: bigint, on: boolean): void {
  const data = kernel.view('struct work_struct', work).firstMember('data.counter', 'data');
  data.write(on ? data.read() | PENDING : data.read() & ~PENDING);
}

/** queue_work_on(): false when it is queued already. */
function queueWork(call: IntrinsicCall, kernel: KernelModel, work: bigint): IntrinsicResult {
  const view = kernel.view('struct work_struct', work);
  if ((view.firstMember('data.counter', 'data').read() & PENDING) !== 0n) return false;
  const target = view.member('func').read();
  if (target === 0n) {
    call.warn({ kind: 'lock', text: `WARNING: work without a function was queued by ${call.caller ?? '?'}`, fatal: false });
    return false;
  }
  setPending(kernel, work, true);
  add(kernel, { kind: 'work', target, argument: work, object: work });
  return true;
}

/** Work of a delayed_work: its first member. */
function workOf(kernel: KernelModel, delayed: bigint): bigint {
  return kernel.view('struct delayed_work', delayed).member('work').address;
}

/** What the kernel runs later, while the current task waits: state 0, kept: the task that waits, then what `ready` needs. */
function runOne(kernel: KernelModel, pending: Pending, keep: readonly bigint[]): IntrinsicResult {
  const waiting = kernel.current;
  kernel.current = kernel.workerTask?.() ?? waiting;
  return callThen(pending.target, [pending.argument], 0, [waiting, ...keep]);
}

/** Runs pending work one by one until `isReady` says so; undefined when nothing is left to run. */
export function runUntil(
  kernel: KernelModel,
  isReady: () => boolean,
  keep: readonly bigint[],
  wanted?: (pending: Pending) => boolean,
): IntrinsicResult | 'ready' | 'stuck' {
  if (isReady()) return 'ready';
  const next = take(kernel, wanted);
  return next === undefined ? 'stuck' : runOne(kernel, next, keep);
}

/** The task that waited goes on; gives what was kept for it. */
export function afterOne(kernel: KernelModel, keep: readonly bigint[]): readonly bigint[] {
  kernel.current = keep[0] ?? kernel.current;
  return keep.slice(1);
}

/** Tells of faults, limits and log lines, not of calls. */
function faultsOnly(probe: Probe): Probe {
  return {
    wants: () => false,
    enter: () => undefined,
    leave: () => undefined,
    log: (line) => {
      probe.log(line);
    },
    fault: (fault) => {
      probe.fault(fault);
    },
    limit: (limit) => {
      probe.limit(limit);
    },
  };
}

/** Outcomes of everything that was handed over, run in order by the worker. RCU callbacks are nobody's business: only their faults are recorded. */
export function drainWork(kernel: KernelModel): { readonly function: string; readonly outcome: Outcome }[] {
  const { machine } = kernel;
  const done: { function: string; outcome: Outcome }[] = [];
  const before = kernel.current;
  for (let n = 0, next = take(kernel); next !== undefined && n < MOST; n++, next = take(kernel)) {
    const { probe } = machine;
    kernel.current = kernel.workerTask?.() ?? before;
    if (next.kind === 'rcu' && probe !== undefined) machine.probe = faultsOnly(probe);
    const outcome = machine.call(next.target, [next.argument]);
    machine.probe = probe;
    const name = typeof next.target === 'string' ? next.target : (kernel.program.functionAt(next.target)?.name ?? 'work');
    if (next.kind !== 'rcu' || outcome.kind !== 'value') done.push({ function: name, outcome });
    if (outcome.kind !== 'value') {
      kernel.onDeath?.(kernel.current);
      break;
    }
  }
  kernel.current = before;
  return done;
}

/** kvfree_call_rcu(): up to 6.3 the second argument is the offset of the head in its object, later the object. */
function freeLater(call: IntrinsicCall, kernel: KernelModel): IntrinsicResult {
  const [head, second] = [call.u64(0), call.u64(1)];
  const object = head !== 0n && second < 4096n ? head - second : second;
  add(kernel, { kind: 'rcu', target: 'kvfree', argument: object, object: head });
  return undefined;
}

const LATER = 'work runs when the task that queued it waits or is done';
const FILE = 'kernel/workqueue.c';
const isWork =
  (object: bigint) =>
  (pending: Pending): boolean =>
    pending.kind === 'work' && pending.object === object;
const isKind =
  (kind: Pending['kind']) =>
  (pending: Pending): boolean =>
    pending.kind === kind;

/** flush_work() and its kind: what `wanted` accepts is run first. */
function flush(prototype: string, wanted: (call: IntrinsicCall, kernel: KernelModel) => (pending: Pending) => boolean): KernelIntrinsic {
  const step = (call: IntrinsicCall, kernel: KernelModel, ran: boolean): IntrinsicResult => {
    const next = runUntil(kernel, () => false, [], wanted(call, kernel));
    return next === 'ready' || next === 'stuck' ? ran : next;
  };
  return intrinsic(
    prototype,
    FILE,
    LATER,
    (call, kernel) => {
      mightSleep(call, kernel);
      return step(call, kernel, false);
    },
    {
      resume: (call, kernel) => {
        afterOne(kernel, call.keep);
        return step(call, kernel, true);
      },
    },
  );
}

function cancel(kernel: KernelModel, work: bigint): boolean {
  return take(kernel, isWork(work)) !== undefined;
}

export const workIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic('bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)', FILE, LATER, (call, kernel) =>
    queueWork(call, kernel, call.u64(2)),
  ),
  ...intrinsics(
    [
      'bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)',
      'bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)',
    ],
    FILE,
    LATER,
    (call, kernel) => queueWork(call, kernel, workOf(kernel, call.u64(2))),
    { fidelity: { partial: 'the delay is zero: there is no time' } },
  ),
  flush('bool flush_work(struct work_struct *work)', (call) => isWork(call.u64(0))),
  flush('bool flush_delayed_work(struct delayed_work *dwork)', (call, kernel) => isWork(workOf(kernel, call.u64(0)))),
  flush('void __flush_workqueue(struct workqueue_struct *wq)', () => isKind('work')),
  flush('void drain_workqueue(struct workqueue_struct *wq)', () => isKind('work')),
  flush('void rcu_barrier(void)', () => isKind('rcu')),
  intrinsic('bool cancel_work_sync(struct work_struct *work)', FILE, LATER, (call, kernel) => cancel(kernel, call.u64(0))),
  intrinsic('bool cancel_delayed_work_sync(struct delayed_work *dwork)', FILE, LATER, (call, kernel) =>
    cancel(kernel, workOf(kernel, call.u64(0))),
  ),
  intrinsic('void schedule_on_each_cpu(work_func_t func)', FILE, 'per-CPU batches are empty', nothing),
  intrinsic('bool irq_work_queue(struct irq_work *work)', 'kernel/irq_work.c', LATER, (call, kernel) => {
    const work = call.u64(0);
    if (kernel.part(key).queue.some((pending) => pending.kind === 'irq_work' && pending.object === work)) return false;
    add(kernel, { kind: 'irq_work', target: kernel.view('struct irq_work', work).member('func').read(), argument: work, object: work });
    return true;
  }),
  ...intrinsics(
    ['void call_rcu(struct rcu_head *head, rcu_callback_t func)', 'void call_rcu_hurry(struct rcu_head *head, rcu_callback_t func)'],
    'kernel/rcu/tree.c',
    'a grace period is over when the task waits or is done',
    (call, kernel) => {
      add(kernel, { kind: 'rcu', target: call.u64(1), argument: call.u64(0), object: call.u64(0) });
      return undefined;
    },
  ),
  intrinsic(
    'void kvfree_call_rcu(struct rcu_head *head, void *ptr)',
    'kernel/rcu/tree.c',
    'a grace period is over when the task waits or is done',
    freeLater,
  ),
];
