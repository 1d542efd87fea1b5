// Kernel functions that a small hosted program may declare and call: allocation, locks, RCU, sleeping, BUG and WARN.
// The program's own types stand for the kernel's, so nothing here looks into a lock.
import { bindIntrinsics, prototypeName, type IntrinsicResult } from '../machine/intrinsic.ts';
import type { Fault } from '../machine/outcome.ts';
import type { HostedExtension } from '../program/run-c.ts';
import { printkIntrinsics } from './kernel/printk/printk.ts';
import { acquire, leakedLockSites, mightSleep, release, tryAcquire, type LockKind } from './locks.ts';
import { slabIntrinsics } from './mm/slab.ts';
import { intrinsic, KernelModel, nothing, type KernelIntrinsic } from './model.ts';

const reason = 'a program that declares it means the kernel function of that name';
type Run = KernelIntrinsic['run'];

const define = (prototype: string, file: string, run: Run): KernelIntrinsic => intrinsic(prototype, file, reason, run);

/** How a kind of lock is taken and released. */
interface LockFamily {
  readonly kind: LockKind;
  readonly file: string;
  readonly sleeps: boolean;
  readonly mode: 'exclusive' | 'shared';
  readonly take: readonly string[];
  readonly attempt: readonly string[];
  readonly drop: readonly string[];
}

const interruptVariants = (name: string, ...more: readonly string[]): readonly string[] => [
  name,
  ...['_irq', '_bh', ...more].map((suffix) => name + suffix),
];

const spinning = (prefix: string, kind: LockKind, mode: LockFamily['mode']): LockFamily => ({
  kind,
  file: 'include/linux/spinlock.h',
  sleeps: false,
  mode,
  take: interruptVariants(`${prefix}_lock`, '_irqsave', '_nested'),
  attempt: interruptVariants(`${prefix}_trylock`),
  drop: interruptVariants(`${prefix}_unlock`, '_irqrestore'),
});

const families: readonly LockFamily[] = [
  spinning('spin', 'spinlock', 'exclusive'),
  spinning('raw_spin', 'spinlock', 'exclusive'),
  spinning('read', 'rwlock', 'shared'),
  spinning('write', 'rwlock', 'exclusive'),
  {
    kind: 'mutex',
    file: 'kernel/locking/mutex.c',
    sleeps: true,
    mode: 'exclusive',
    take: ['mutex_lock', 'mutex_lock_interruptible', 'mutex_lock_killable', 'mutex_lock_nested'],
    attempt: ['mutex_trylock'],
    drop: ['mutex_unlock'],
  },
  {
    kind: 'rwsem',
    file: 'kernel/locking/rwsem.c',
    sleeps: true,
    mode: 'shared',
    take: ['down_read', 'down_read_interruptible', 'down_read_killable'],
    attempt: ['down_read_trylock'],
    drop: ['up_read'],
  },
  {
    kind: 'rwsem',
    file: 'kernel/locking/rwsem.c',
    sleeps: true,
    mode: 'exclusive',
    take: ['down_write', 'down_write_killable'],
    attempt: ['down_write_trylock'],
    drop: ['up_write'],
  },
];

function locksOf(family: LockFamily): readonly KernelIntrinsic[] {
  const { kind, file, sleeps, mode } = family;
  return [
    ...family.take.map((name) =>
      define(`int ${name}(void *lock)`, file, (call, kernel) => acquire(call, kernel, kind, mode, call.u64(0), sleeps) ?? 0),
    ),
    ...family.attempt.map((name) =>
      define(`int ${name}(void *lock)`, file, (call, kernel) => tryAcquire(call, kernel, kind, mode, call.u64(0))),
    ),
    ...family.drop.map((name) =>
      define(`void ${name}(void *lock)`, file, (call, kernel) => {
        release(call, kernel, kind, call.u64(0));
        return undefined;
      }),
    ),
  ];
}

const readSections: readonly KernelIntrinsic[] = [
  ...['', '_bh', '_sched'].flatMap((suffix) => [
    define(`void rcu_read_lock${suffix}(void)`, 'include/linux/rcupdate.h', (call, kernel) =>
      acquire(call, kernel, 'rcu', 'shared', 0n, false),
    ),
    define(`void rcu_read_unlock${suffix}(void)`, 'include/linux/rcupdate.h', (call, kernel) => {
      release(call, kernel, 'rcu', 0n);
      return undefined;
    }),
  ]),
  define(
    'int srcu_read_lock(struct srcu_struct *ssp)',
    'include/linux/srcu.h',
    (call, kernel) => acquire(call, kernel, 'srcu', 'shared', call.u64(0), false) ?? 0,
  ),
  define('void srcu_read_unlock(struct srcu_struct *ssp, int idx)', 'include/linux/srcu.h', (call, kernel) => {
    release(call, kernel, 'srcu', call.u64(0));
    return undefined;
  }),
];

const sleeping: readonly KernelIntrinsic[] = [
  'void might_sleep(void)',
  'void msleep(unsigned int ms)',
  'void usleep_range(unsigned long min, unsigned long max)',
  'void ssleep(unsigned int seconds)',
  'void schedule(void)',
  'int cond_resched(void)',
  'void synchronize_rcu(void)',
  'void synchronize_srcu(struct srcu_struct *ssp)',
  'unsigned long copy_from_user(void *to, const void *from, unsigned long n)',
  'unsigned long copy_to_user(void *to, const void *from, unsigned long n)',
].map((prototype) =>
  define(prototype, 'kernel/sched/core.c', (call, kernel) => {
    mightSleep(call, kernel);
    if (call.name.startsWith('copy_')) call.machine.memory.copy(call.u64(0), call.u64(1), Number(call.u64(2)));
    return 0;
  }),
);

/** A lock is what is taken, not what its initialiser wrote. */
const initialisers: readonly KernelIntrinsic[] = ['spin_lock_init', 'raw_spin_lock_init', 'rwlock_init', 'mutex_init', 'init_rwsem'].map(
  (name) => define(`void ${name}(void *lock)`, 'include/linux/spinlock.h', nothing),
);

function bug(call: Parameters<Run>[0], kernel: KernelModel): IntrinsicResult {
  return { kind: 'fault', fault: { kind: 'bug', text: `kernel BUG at ${kernel.describe(call.site)}!` } };
}

function warning(call: Parameters<Run>[0], kernel: KernelModel): IntrinsicResult {
  if (!call.bool(0)) return 0;
  call.warn({ kind: 'warning', text: `WARNING: at ${kernel.describe(call.site)} ${call.caller ?? '?'}`, fatal: false });
  return 1;
}

const complaints: readonly KernelIntrinsic[] = [
  define('void BUG(void)', 'include/asm-generic/bug.h', bug),
  define('void BUG_ON(int condition)', 'include/asm-generic/bug.h', (call, kernel) => (call.bool(0) ? bug(call, kernel) : undefined)),
  ...['WARN_ON', 'WARN_ON_ONCE', 'WARN', 'WARN_ONCE'].map((name) =>
    define(`int ${name}(int condition, ...)`, 'include/asm-generic/bug.h', warning),
  ),
];

const hostedIntrinsics: readonly KernelIntrinsic[] = [
  ...slabIntrinsics,
  ...printkIntrinsics,
  ...families.flatMap(locksOf),
  ...readSections,
  ...sleeping,
  ...initialisers,
  ...complaints,
];

const names: ReadonlySet<string> = new Set(hostedIntrinsics.map(({ prototype }) => prototypeName(prototype)));

/** The kernel functions for a program that names any of them. */
export function kernelForHosted(text: string): HostedExtension | undefined {
  if (!(text.match(/[A-Za-z_]\w*/g) ?? []).some((word) => names.has(word))) return undefined;
  const kernel = new KernelModel();
  return {
    intrinsics: bindIntrinsics(hostedIntrinsics, kernel).all,
    bind: (machine, program) => {
      kernel.bind(machine, program);
    },
    atEnd: () =>
      leakedLockSites(kernel, kernel.current).map(({ text, site }): Fault => {
        return { kind: 'lock', text, fatal: false, place: site?.place, stack: site === undefined ? [] : [site] };
      }),
  };
}
