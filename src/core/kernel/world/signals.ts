// What happens to pending signals when a task gets to run: handlers take them, default actions kill, blocked ones wait.
import type { KernelModel } from '../model.ts';
import { listEntries, listRemove } from './list.ts';
import { inodeOf } from './inodes.ts';
import { worldKey } from './state.ts';
import { exitTask } from './tasks.ts';
import type { TaskState } from './types.ts';
import { removeMapping } from './mappings.ts';

const SIGKILL = 9;

/** Signals whose default action is to be ignored (include/linux/signal.h SIG_KERNEL_IGNORE_MASK): CONT, CHLD, WINCH, URG. */
const IGNORED: ReadonlySet<number> = new Set([18, 17, 28, 23]);

/** Takes what is pending of one queue; the rest stays. */
function drain(kernel: KernelModel, queue: bigint, blocked: bigint): number[] {
  const pending = kernel.view('struct sigpending', queue);
  const set = pending.member('signal.sig').index(0);
  const deliverable = set.read() & ~blocked;
  if (deliverable === 0n) return [];
  const signals: number[] = [];
  for (let signo = 1; signo <= 64; signo++) if (((deliverable >> BigInt(signo - 1)) & 1n) !== 0n) signals.push(signo);
  set.write(set.read() & ~deliverable);
  const entryType = kernel.program.typeNamed('struct sigqueue');
  if (entryType !== undefined) {
    const head = pending.member('list').address;
    for (const entry of listEntries(kernel.machine.memory, head)) {
      const q = kernel.machine.view(entryType, entry - BigInt(kernel.machine.view(entryType, 0n).offsetOf('list')));
      if (!signals.includes(q.member('info.si_signo').readNumber())) continue;
      listRemove(kernel.machine.memory, entry);
      kernel.machine.heap.free(q.address);
    }
  }
  return signals;
}

/** True when the default or forced action of a pending signal ends the process. */
function isFatal(kernel: KernelModel, task: TaskState, signo: number): boolean {
  if (signo === SIGKILL) return true;
  const sighand = kernel.view('struct task_struct', task.task).member('sighand').follow();
  const handler = sighand.member(`action[${signo - 1}].sa.sa_handler`).read();
  return handler === 0n && !IGNORED.has(signo);
}

/** Gives a task its turn: every deliverable signal is handled. A fatal one kills it and removes its mappings. */
function deliverSignals(kernel: KernelModel, label: string): void {
  const task = kernel.part(worldKey).tasks.get(label);
  if (task?.state !== 'alive' || task.scenario === undefined) return;
  const view = kernel.view('struct task_struct', task.task);
  const blocked = view.member('blocked.sig').index(0).read() & ~(1n << BigInt(SIGKILL - 1));
  // A task that would die needs the locks of its mappings' files first.
  const busy = task.maps.some((map) => mappingLocked(kernel, map.path));
  if (busy && pendingFatal(kernel, task, blocked)) return;
  const taken = [
    ...drain(kernel, view.member('pending').address, blocked),
    ...drain(kernel, view.member('signal').follow().member('shared_pending').address, blocked),
  ];
  if (!taken.some((signo) => isFatal(kernel, task, signo))) return;
  endTask(kernel, label, 'killed');
}

/** True when somebody holds the lock of a file's interval tree. */
function mappingLocked(kernel: KernelModel, path: string): boolean {
  const inode = inodeOf(kernel, path);
  if (inode === undefined) return false;
  const space = kernel.view('struct address_space', inode.mapping);
  return space.has('i_mmap_rwsem') && kernel.locks.holders(space.member('i_mmap_rwsem').address).length > 0;
}

function pendingFatal(kernel: KernelModel, task: TaskState, blocked: bigint): boolean {
  const view = kernel.view('struct task_struct', task.task);
  const sets = [view.member('pending'), view.member('signal').follow().member('shared_pending')].map(
    (q) => q.member('signal.sig').index(0).read() & ~blocked,
  );
  for (let signo = 1; signo <= 64; signo++) {
    if (sets.some((set) => ((set >> BigInt(signo - 1)) & 1n) !== 0n) && isFatal(kernel, task, signo)) return true;
  }
  return false;
}

/** Ends a process: its mappings leave their files' trees, it leaves the task list. */
export function endTask(kernel: KernelModel, label: string, state: 'killed' | 'exited'): void {
  const task = kernel.part(worldKey).tasks.get(label);
  if (task?.state !== 'alive') return;
  for (const map of task.maps) removeMapping(kernel, task, map);
  exitTask(kernel, label, state);
}

/** Every task but the current one runs: called when the current task holds no lock, and at the end of a step for all. */
export function runOthers(kernel: KernelModel, current: bigint): void {
  for (const [label, task] of kernel.part(worldKey).tasks) if (task.task !== current) deliverSignals(kernel, label);
}
