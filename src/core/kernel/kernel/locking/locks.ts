// kernel/locking, include/linux/spinlock_api_*.h: spinlocks, rwlocks, mutexes, semaphores, rwsems. Observed, never waited for.
import type { IntrinsicCall, IntrinsicResult } from '../../../machine/intrinsic.ts';
import { listInit } from '../../world/list.ts';
import { acquire, mightSleep, release, tryAcquire, type LockKind } from '../../locks.ts';
import { intrinsics, nothing, type KernelIntrinsic, type KernelModel } from '../../model.ts';

type Body = (call: IntrinsicCall, kernel: KernelModel) => IntrinsicResult;
const IF = 0x200n;
const why = 'locks are observed, not waited for';

const take =
  (kind: LockKind, mode: 'exclusive' | 'shared', sleeps: boolean): Body =>
  (call, kernel) =>
    acquire(call, kernel, kind, mode, call.u64(0), sleeps) ?? 0;
const drop =
  (kind: LockKind): Body =>
  (call, kernel) => {
    release(call, kernel, kind, call.u64(0));
    return undefined;
  };
const attempt =
  (kind: LockKind, mode: 'exclusive' | 'shared'): Body =>
  (call, kernel) =>
    tryAcquire(call, kernel, kind, mode, call.u64(0));

/** spin_lock_irqsave and friends: the interrupt flag is part of what must be balanced. */
const takeSaving =
  (kind: LockKind, mode: 'exclusive' | 'shared'): Body =>
  (call, kernel) => {
    const flags = kernel.locks.irqsDisabled ? 0n : IF;
    kernel.locks.irqsDisabled = true;
    return acquire(call, kernel, kind, mode, call.u64(0), false) ?? flags;
  };
const takeIrq =
  (kind: LockKind, mode: 'exclusive' | 'shared'): Body =>
  (call, kernel) => {
    kernel.locks.irqsDisabled = true;
    return acquire(call, kernel, kind, mode, call.u64(0), false);
  };
const dropIrq =
  (kind: LockKind): Body =>
  (call, kernel) => {
    kernel.locks.irqsDisabled = false;
    release(call, kernel, kind, call.u64(0));
    return undefined;
  };
const dropRestoring =
  (kind: LockKind): Body =>
  (call, kernel) => {
    kernel.locks.irqsDisabled = (call.u64(1) & IF) === 0n;
    release(call, kernel, kind, call.u64(0));
    return undefined;
  };

/** `_raw_x` and the inlined `__raw_x` have one meaning. */
const both = (prototype: (prefix: string) => string): readonly string[] => [prototype('_raw'), prototype('__raw')];

function spinlocks(): KernelIntrinsic[] {
  const file = 'kernel/locking/spinlock.c';
  const lock = 'raw_spinlock_t *lock';
  return [
    ...intrinsics(
      [...both((p) => `void ${p}_spin_lock(${lock})`), ...both((p) => `void ${p}_spin_lock_bh(${lock})`)],
      file,
      why,
      take('spinlock', 'exclusive', false),
    ),
    ...intrinsics(['void _raw_spin_lock_nested(raw_spinlock_t *lock, int subclass)'], file, why, take('spinlock', 'exclusive', false)),
    ...intrinsics(
      both((p) => `void ${p}_spin_lock_irq(${lock})`),
      file,
      why,
      takeIrq('spinlock', 'exclusive'),
    ),
    ...intrinsics(
      both((p) => `unsigned long ${p}_spin_lock_irqsave(${lock})`),
      file,
      why,
      takeSaving('spinlock', 'exclusive'),
    ),
    ...intrinsics(
      [...both((p) => `int ${p}_spin_trylock(${lock})`), ...both((p) => `int ${p}_spin_trylock_bh(${lock})`)],
      file,
      why,
      attempt('spinlock', 'exclusive'),
    ),
    ...intrinsics(
      [...both((p) => `void ${p}_spin_unlock(${lock})`), ...both((p) => `void ${p}_spin_unlock_bh(${lock})`)],
      file,
      why,
      drop('spinlock'),
    ),
    ...intrinsics(
      both((p) => `void ${p}_spin_unlock_irq(${lock})`),
      file,
      why,
      dropIrq('spinlock'),
    ),
    ...intrinsics(
      both((p) => `void ${p}_spin_unlock_irqrestore(${lock}, unsigned long flags)`),
      file,
      why,
      dropRestoring('spinlock'),
    ),
    ...intrinsics(['int _atomic_dec_and_lock(atomic_t *atomic, spinlock_t *lock)'], 'lib/dec_and_lock.c', why, (call, kernel) => {
      const { memory } = call.machine;
      const value = memory.readS32(call.u64(0));
      const taken = value === 1 ? acquire(call, kernel, 'spinlock', 'exclusive', call.u64(1), false) : undefined;
      if (taken !== undefined) return taken;
      memory.writeU32(call.u64(0), value - 1);
      return value === 1 ? 1 : 0;
    }),
    ...intrinsics(['void queued_spin_lock_slowpath(struct qspinlock *lock, u32 val)'], 'kernel/locking/qspinlock.c', why, nothing),
  ];
}

function rwlocks(): KernelIntrinsic[] {
  const file = 'kernel/locking/spinlock.c';
  return (['read', 'write'] as const).flatMap((side) => {
    const mode = side === 'read' ? 'shared' : 'exclusive';
    const lock = 'rwlock_t *lock';
    return [
      ...intrinsics(
        [...both((p) => `void ${p}_${side}_lock(${lock})`), ...both((p) => `void ${p}_${side}_lock_bh(${lock})`)],
        file,
        why,
        take('rwlock', mode, false),
      ),
      ...intrinsics(
        both((p) => `void ${p}_${side}_lock_irq(${lock})`),
        file,
        why,
        takeIrq('rwlock', mode),
      ),
      ...intrinsics(
        both((p) => `unsigned long ${p}_${side}_lock_irqsave(${lock})`),
        file,
        why,
        takeSaving('rwlock', mode),
      ),
      ...intrinsics(
        both((p) => `int ${p}_${side}_trylock(${lock})`),
        file,
        why,
        attempt('rwlock', mode),
      ),
      ...intrinsics(
        [...both((p) => `void ${p}_${side}_unlock(${lock})`), ...both((p) => `void ${p}_${side}_unlock_bh(${lock})`)],
        file,
        why,
        drop('rwlock'),
      ),
      ...intrinsics(
        both((p) => `void ${p}_${side}_unlock_irq(${lock})`),
        file,
        why,
        dropIrq('rwlock'),
      ),
      ...intrinsics(
        both((p) => `void ${p}_${side}_unlock_irqrestore(${lock}, unsigned long flags)`),
        file,
        why,
        dropRestoring('rwlock'),
      ),
    ];
  });
}

/** Keeps `mutex->owner` as mutex_is_locked() reads it. */
const mutexOwner = (call: IntrinsicCall, value: bigint): void => {
  call.machine.memory.writeU64(call.u64(0), value);
};

function mutexes(): KernelIntrinsic[] {
  const file = 'kernel/locking/mutex.c';
  const lock: Body = (call, kernel) => {
    const stopped = acquire(call, kernel, 'mutex', 'exclusive', call.u64(0), true);
    if (stopped !== undefined) return stopped;
    mutexOwner(call, kernel.current === 0n ? 1n : kernel.current);
    return 0;
  };
  return [
    ...intrinsics(['void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)'], file, why, (call, kernel) => {
      const view = kernel.view('struct mutex', call.u64(0)).clear();
      if (view.has('wait_list')) listInit(call.machine.memory, view.member('wait_list').address);
      return undefined;
    }),
    ...intrinsics(
      [
        'void mutex_lock(struct mutex *lock)',
        'int mutex_lock_interruptible(struct mutex *lock)',
        'int mutex_lock_killable(struct mutex *lock)',
        'void mutex_lock_io(struct mutex *lock)',
        'void mutex_lock_nested(struct mutex *lock, unsigned int subclass)',
        'int mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass)',
      ],
      file,
      why,
      lock,
    ),
    ...intrinsics(['int mutex_trylock(struct mutex *lock)'], file, why, (call, kernel) => {
      const got = tryAcquire(call, kernel, 'mutex', 'exclusive', call.u64(0));
      if (got === 1) mutexOwner(call, kernel.current === 0n ? 1n : kernel.current);
      return got;
    }),
    ...intrinsics(['void mutex_unlock(struct mutex *lock)'], file, why, (call, kernel) => {
      mutexOwner(call, 0n);
      release(call, kernel, 'mutex', call.u64(0));
      return undefined;
    }),
  ];
}

/** Count word of a rwsem as rwsem_is_locked() reads it: 256 per reader, 1 for a writer (kernel/locking/rwsem.c). */
const count = (call: IntrinsicCall, delta: bigint): void => {
  const at = call.u64(0);
  call.machine.memory.writeU64(at, call.machine.memory.readU64(at) + delta);
};
const READER = 256n;

function rwsems(): KernelIntrinsic[] {
  const file = 'kernel/locking/rwsem.c';
  const sem = 'struct rw_semaphore *sem';
  const down =
    (mode: 'exclusive' | 'shared'): Body =>
    (call, kernel) => {
      const stopped = acquire(call, kernel, 'rwsem', mode, call.u64(0), true);
      if (stopped !== undefined) return stopped;
      count(call, mode === 'shared' ? READER : 1n);
      return 0;
    };
  const tryDown =
    (mode: 'exclusive' | 'shared'): Body =>
    (call, kernel) => {
      const got = tryAcquire(call, kernel, 'rwsem', mode, call.u64(0));
      if (got === 1) count(call, mode === 'shared' ? READER : 1n);
      return got;
    };
  const up =
    (delta: bigint): Body =>
    (call, kernel) => {
      const known = kernel.locks.holders(call.u64(0)).length > 0;
      if (known) count(call, delta);
      release(call, kernel, 'rwsem', call.u64(0));
      return undefined;
    };
  return [
    ...intrinsics(
      [
        `void down_read(${sem})`,
        `int down_read_interruptible(${sem})`,
        `int down_read_killable(${sem})`,
        `void down_read_nested(${sem}, int subclass)`,
        `int down_read_killable_nested(${sem}, int subclass)`,
      ],
      file,
      why,
      down('shared'),
    ),
    ...intrinsics(
      [
        `void down_write(${sem})`,
        `int down_write_killable(${sem})`,
        `void down_write_nested(${sem}, int subclass)`,
        `int down_write_killable_nested(${sem}, int subclass)`,
      ],
      file,
      why,
      down('exclusive'),
    ),
    ...intrinsics([`int down_read_trylock(${sem})`], file, why, tryDown('shared')),
    ...intrinsics([`int down_write_trylock(${sem})`], file, why, tryDown('exclusive')),
    ...intrinsics([`void up_read(${sem})`], file, why, up(-READER)),
    ...intrinsics([`void up_write(${sem})`], file, why, up(-1n)),
    ...intrinsics([`void __init_rwsem(${sem}, const char *name, struct lock_class_key *key)`], file, why, (call, kernel) => {
      const view = kernel.view('struct rw_semaphore', call.u64(0)).clear();
      if (view.has('wait_list')) listInit(call.machine.memory, view.member('wait_list').address);
      return undefined;
    }),
    ...intrinsics([`void downgrade_write(${sem})`], file, why, (call, kernel) => {
      kernel.locks.remove('rwsem', call.u64(0), kernel.current);
      count(call, READER - 1n);
      return acquire(call, kernel, 'rwsem', 'shared', call.u64(0), false);
    }),
  ];
}

function semaphores(): KernelIntrinsic[] {
  const file = 'kernel/locking/semaphore.c';
  const sem = 'struct semaphore *sem';
  /** `count` follows the raw spinlock in every version; reading it by name keeps that true. */
  const value = (call: IntrinsicCall, kernel: KernelModel) => kernel.view('struct semaphore', call.u64(0)).member('count');
  const down: Body = (call, kernel) => {
    mightSleep(call, kernel);
    const left = value(call, kernel);
    if (left.readNumber() === 0) return acquire(call, kernel, 'mutex', 'exclusive', call.u64(0), false) ?? 0;
    left.write(left.read() - 1n);
    return acquire(call, kernel, 'semaphore', 'exclusive', call.u64(0), false) ?? 0;
  };
  return [
    ...intrinsics([`void down(${sem})`, `int down_interruptible(${sem})`, `int down_killable(${sem})`], file, why, down),
    ...intrinsics([`int down_trylock(${sem})`], file, why, (call, kernel) => {
      const left = value(call, kernel);
      if (left.readNumber() === 0) return 1;
      left.write(left.read() - 1n);
      return acquire(call, kernel, 'semaphore', 'exclusive', call.u64(0), false) ?? 0;
    }),
    ...intrinsics([`void up(${sem})`], file, why, (call, kernel) => {
      const left = value(call, kernel);
      left.write(left.read() + 1n);
      release(call, kernel, 'semaphore', call.u64(0));
      return undefined;
    }),
  ];
}

function percpuRwsems(): KernelIntrinsic[] {
  const file = 'kernel/locking/percpu-rwsem.c';
  const sem = 'struct percpu_rw_semaphore *sem';
  return [
    ...intrinsics([`void percpu_down_read(${sem})`], file, why, take('percpu-rwsem', 'shared', true)),
    ...intrinsics([`bool percpu_down_read_trylock(${sem})`], file, why, attempt('percpu-rwsem', 'shared')),
    ...intrinsics([`void percpu_up_read(${sem})`, `void percpu_up_write(${sem})`], file, why, drop('percpu-rwsem')),
    ...intrinsics([`void percpu_down_write(${sem})`], file, why, take('percpu-rwsem', 'exclusive', true)),
    ...intrinsics([`int __percpu_init_rwsem(${sem}, const char *name, struct lock_class_key *rwsem_key)`], file, why, () => 0),
    ...intrinsics([`void percpu_free_rwsem(${sem})`], file, why, nothing),
  ];
}

export const lockingIntrinsics: readonly KernelIntrinsic[] = [
  ...spinlocks(),
  ...rwlocks(),
  ...mutexes(),
  ...rwsems(),
  ...semaphores(),
  ...percpuRwsems(),
];
