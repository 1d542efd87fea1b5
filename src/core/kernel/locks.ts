// Observed locks: who holds what since when, so that leaks, double unlocks, self-deadlocks and sleeping in atomic context become faults.
import type { IntrinsicCall, IntrinsicResult } from '../machine/intrinsic.ts';
import { describeObject } from '../machine/objects.ts';
import type { StackEntry } from '../machine/outcome.ts';
import type { KernelModel } from './model.ts';

export type LockKind = 'spinlock' | 'rwlock' | 'mutex' | 'rwsem' | 'semaphore' | 'rcu' | 'srcu' | 'percpu-rwsem' | 'page-lock';

/** One lock that is held. */
export interface HeldLock {
  readonly kind: LockKind;
  readonly address: bigint;
  readonly mode: 'exclusive' | 'shared';
  /** Task that took it. */
  readonly owner: bigint;
  /** `function at path:line`. */
  readonly at: string;
  /** The same as data. */
  readonly site: StackEntry | undefined;
  /** Text of the report of a sleep under it: the kernel says so once, not at each further sleep. */
  readonly sleep?: string;
  /** That it was not released was reported. */
  readonly leaked?: boolean;
}

const ATOMIC: ReadonlySet<LockKind> = new Set(['spinlock', 'rwlock']);

/** Kinds whose order matters: who waits for one may hold another. Semaphores and page locks are handed from task to task. */
const ORDERED: ReadonlySet<LockKind> = new Set(['spinlock', 'rwlock', 'mutex', 'rwsem', 'percpu-rwsem']);

/** A lock that was taken while another one was held. */
interface Order {
  readonly first: HeldLock;
  readonly then: HeldLock;
}

interface SavedLocks {
  readonly held: readonly HeldLock[];
  readonly irqDepth: number;
  readonly orders: ReadonlyMap<string, Order>;
}

/** Plain data; no rule of its own about what is a fault except through `acquire` and `release`. */
export class LockTable {
  private held: HeldLock[] = [];
  /** Replaced, never changed: snapshots share it. */
  private orders: ReadonlyMap<string, Order> = new Map();
  irqsDisabled = false;

  /** In order of taking. */
  get all(): readonly HeldLock[] {
    return this.held;
  }

  holders(address: bigint): readonly HeldLock[] {
    return this.held.filter((h) => h.address === address);
  }

  /** True when the task may not sleep. RCU read sections of a preemptible RCU allow preemption but no sleep. */
  atomic(task: bigint): HeldLock | undefined {
    return this.held.find((h) => h.owner === task && (ATOMIC.has(h.kind) || h.kind === 'rcu'));
  }

  heldBy(task: bigint): readonly HeldLock[] {
    return this.held.filter((h) => h.owner === task);
  }

  add(lock: HeldLock): void {
    this.held = [...this.held, lock];
  }

  /** Remembers under which locks one is waited for; gives the case where the other was waited for under it. */
  order(lock: HeldLock): { readonly now: HeldLock; readonly before: Order } | undefined {
    if (!ORDERED.has(lock.kind)) return undefined;
    for (const first of this.held) {
      if (first.owner !== lock.owner || !ORDERED.has(first.kind) || first.address === lock.address) continue;
      // Readers do not wait for each other.
      if (first.mode === 'shared' && lock.mode === 'shared') continue;
      const key = `${first.address} ${lock.address}`;
      if (this.orders.has(key)) continue;
      this.orders = new Map([...this.orders, [key, { first, then: lock }]]);
      const before = this.orders.get(`${lock.address} ${first.address}`);
      if (before !== undefined) return { now: first, before };
    }
    return undefined;
  }

  /** Removes the newest holding of that lock (by that owner, if it has one); false when nobody holds it. */
  remove(kind: LockKind, address: bigint, owner: bigint): boolean {
    let index = this.held.findLastIndex((h) => h.kind === kind && h.address === address && h.owner === owner);
    if (index < 0) index = this.held.findLastIndex((h) => h.kind === kind && h.address === address);
    if (index < 0) return false;
    this.held = this.held.filter((_, i) => i !== index);
    return true;
  }

  /** Remembers what was reported about a lock. */
  report(lock: HeldLock, what: Pick<HeldLock, 'sleep' | 'leaked'>): void {
    this.held = this.held.map((h) => (h === lock ? { ...h, ...what } : h));
  }

  /** Forgets the locks that lie in freed memory; gives them. */
  removeWithin(address: bigint, size: number): readonly HeldLock[] {
    // What comes to lie there later is another lock.
    const gone = (lock: bigint): boolean => lock >= address && lock < address + BigInt(size);
    const kept = [...this.orders].filter(([, { first, then }]) => !gone(first.address) && !gone(then.address));
    if (kept.length < this.orders.size) this.orders = new Map(kept);
    const within = (h: HeldLock): boolean => h.kind !== 'rcu' && h.address >= address && h.address < address + BigInt(size);
    const found = this.held.filter(within);
    if (found.length > 0) this.held = this.held.filter((h) => !within(h));
    return found;
  }

  save(): unknown {
    const saved: SavedLocks = { held: this.held, irqDepth: this.irqsDisabled ? 1 : 0, orders: this.orders };
    return saved;
  }

  load(state: unknown): void {
    const saved = state as SavedLocks;
    this.held = [...saved.held];
    this.irqsDisabled = saved.irqDepth > 0;
    this.orders = saved.orders;
  }
}

/** Innermost function that is no inlined helper of a header. */
function where(call: IntrinsicCall, kernel: KernelModel): Pick<HeldLock, 'at' | 'site'> {
  const site = call.machine.backtrace().find((e) => e.place !== undefined && !e.place.path.endsWith('.h'));
  if (site === undefined) return { at: `${call.caller ?? '?'} at ${kernel.describe(call.site)}`, site };
  return { at: `${site.function} at ${kernel.describe(site.place)}`, site };
}

function describeLock(kernel: KernelModel, lock: Pick<HeldLock, 'kind' | 'address'>): string {
  return lock.kind === 'rcu' ? 'an RCU read section' : `${lock.kind} ${lockName(kernel, lock.address)}`;
}

function lockName(kernel: KernelModel, address: bigint): string {
  return kernel.program.symbolize(address) ?? `0x${address.toString(16)}`;
}

/** A call that may sleep: other tasks get their turn; under a spinlock it is the bug that __might_sleep() reports. */
export function mightSleep(call: IntrinsicCall, kernel: KernelModel): void {
  if (!reportAtomic(call, kernel)) kernel.onQuiet?.();
}

/** Reports a call that may sleep where nobody may, once for each lock; true when it is so. */
export function reportAtomic(call: IntrinsicCall, kernel: KernelModel): boolean {
  const lock = kernel.locks.atomic(kernel.current);
  if (lock === undefined) return false;
  if (lock.sleep !== undefined) return true;
  const text = `BUG: sleeping function called from invalid context: ${call.name} with ${describeLock(kernel, lock)} taken in ${lock.at}`;
  kernel.locks.report(lock, { sleep: text });
  call.warn({ kind: 'lock', text, fatal: false });
  return true;
}

/** Memory with locks in it is freed: those still held are reported (debug_check_no_locks_freed) and forgotten. */
export function reportFreedLocks(call: IntrinsicCall, kernel: KernelModel, address: bigint, size: number): void {
  for (const lock of kernel.locks.removeWithin(address, size)) {
    const object = call.machine.heap.objectAt(lock.address);
    call.warn({
      kind: 'lock',
      text: `WARNING: held lock freed! ${lock.kind} ${lockName(kernel, lock.address)} in ${object?.name ?? 'memory'}, taken in ${lock.at}`,
      fatal: false,
      address: lock.address,
      ...(object === undefined ? {} : { object: describeObject(object, lock.address) }),
    });
  }
}

/** Touches the lock's first word, so that one in freed or foreign memory is a fault as in the kernel. */
function touch(call: IntrinsicCall, kind: LockKind, address: bigint): void {
  if (kind === 'rcu' || kind === 'page-lock') return;
  const { memory } = call.machine;
  if (!memory.isAddressable(address, 4)) memory.readU32(address);
}

/** Far more than any path nests (lockdep: 48): what takes more does so in an endless loop. */
const MOST_HELD = 1024;

/** Takes a lock. Waiting for a lock that this task holds, or that a dead task holds, never ends: that is a fault. */
export function acquire(
  call: IntrinsicCall,
  kernel: KernelModel,
  kind: LockKind,
  mode: HeldLock['mode'],
  address: bigint,
  sleeps: boolean,
): IntrinsicResult {
  touch(call, kind, address);
  if (sleeps) mightSleep(call, kernel);
  const others = kernel.locks.holders(address).filter((h) => h.kind === kind);
  const conflict = kind === 'semaphore' ? undefined : others.find((h) => mode === 'exclusive' || h.mode === 'exclusive');
  if (conflict !== undefined && kind !== 'rcu' && kind !== 'srcu') {
    const name = lockName(kernel, address);
    const text =
      conflict.owner === kernel.current
        ? `WARNING: possible recursive locking detected: ${kind} ${name} is already held, taken in ${conflict.at}`
        : `INFO: task blocked forever: ${kind} ${name} is held by a task that will not release it, taken in ${conflict.at}`;
    return { kind: 'fault', fault: { kind: 'lock', text } };
  }
  if (kernel.locks.all.length >= MOST_HELD) {
    return {
      kind: 'limit',
      limit: { kind: 'model', name: call.name, text: `${call.name}: more than ${MOST_HELD} locks and read sections are held at once` },
    };
  }
  const lock: HeldLock = { kind, address, mode, owner: kernel.current, ...where(call, kernel) };
  reportOrder(call, kernel, lock);
  kernel.locks.add(lock);
  return undefined;
}

/** Two locks that are taken in either order: two CPUs may each wait for the other (lockdep's check_noncircular). */
function reportOrder(call: IntrinsicCall, kernel: KernelModel, lock: HeldLock): void {
  const circle = kernel.locks.order(lock);
  if (circle === undefined) return;
  const [mine, other] = [describeLock(kernel, lock), describeLock(kernel, circle.now)];
  call.warn({
    kind: 'lock',
    text:
      `WARNING: possible circular locking dependency detected: ${mine} is taken in ${lock.at} under ${other}, ` +
      `but ${other} was taken in ${circle.before.then.at} under ${mine}`,
    fatal: false,
  });
}

/** Tries to take a lock: 1 or 0. */
export function tryAcquire(call: IntrinsicCall, kernel: KernelModel, kind: LockKind, mode: HeldLock['mode'], address: bigint): number {
  touch(call, kind, address);
  const busy = kernel.locks.holders(address).some((h) => h.kind === kind && (mode === 'exclusive' || h.mode === 'exclusive'));
  if (busy) return 0;
  kernel.locks.add({ kind, address, mode, owner: kernel.current, ...where(call, kernel) });
  return 1;
}

/** Releases a lock; releasing what nobody holds is reported and goes on, as the kernel would. */
export function release(call: IntrinsicCall, kernel: KernelModel, kind: LockKind, address: bigint): void {
  touch(call, kind, address);
  if (!kernel.locks.remove(kind, address, kernel.current)) {
    const lock = describeLock(kernel, { kind, address });
    call.warn({ kind: 'lock', text: `WARNING: bad unlock balance detected: ${call.name} of ${lock} that is not held`, fatal: false });
    return;
  }
  if (kernel.locks.heldBy(kernel.current).length === 0) kernel.onQuiet?.();
}

/** Reports of sleeps under locks that the task still holds: the fault is that they are held, `leakedLocks` tells it. */
export function sleepsUnderLeaked(kernel: KernelModel, task: bigint): ReadonlySet<string> {
  return new Set(kernel.locks.heldBy(task).flatMap(({ sleep }) => sleep ?? []));
}

/** A lock that is still held, in lockdep's words, and where it was taken. */
export interface LeakedLock {
  readonly text: string;
  readonly site: StackEntry | undefined;
}

/** Locks and RCU sections that a task still holds when it returns to user space (lockdep_sys_exit); each is given once. */
export function leakedLockSites(kernel: KernelModel, task: bigint): readonly LeakedLock[] {
  const found = kernel.locks.heldBy(task).filter((h) => h.leaked !== true);
  for (const lock of found) kernel.locks.report(lock, { leaked: true });
  return found.map((h) => {
    const slept = h.sleep === undefined ? '' : `; ${/: (\w+) with /.exec(h.sleep)?.[1] ?? 'a function'} slept under it`;
    const text = `WARNING: lock held when returning to user space! ${describeLock(kernel, h)} is still held, taken in ${h.at}${slept}`;
    return { text, site: h.site };
  });
}

/** The same as texts. */
export function leakedLocks(kernel: KernelModel, task: bigint): readonly string[] {
  return leakedLockSites(kernel, task).map(({ text }) => text);
}
