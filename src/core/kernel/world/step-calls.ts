// What all kinds of steps share: tasks that act, calls of the tree's entry functions, and what an oops does to the task that ran.
import type { Outcome } from '../../machine/outcome.ts';
import type { KernelModel } from '../model.ts';
import { endTask } from './signals.ts';
import { worldKey } from './state.ts';
import { buildTask, defaultPid, setCurrent } from './tasks.ts';
import type { TaskState } from './types.ts';

/** Entry functions that ran, with their outcomes. */
export type Calls = { readonly function: string; readonly outcome: Outcome }[];

/** Tasks that are no processes of the scenario; they map nothing. */
const HELPERS = {
  injector: { comm: 'mfinject', pid: 60 },
  admin: { comm: 'mount', pid: 62 },
  worker: { comm: 'kworker/0:1', pid: 63 },
} as const;

/** A living task by its label. */
export function taskNamed(kernel: KernelModel, label: string): TaskState | undefined {
  const task = kernel.part(worldKey).tasks.get(label);
  return task?.state === 'alive' ? task : undefined;
}

/** A task that acts when no process of the scenario does. One that an oops killed is replaced. */
export function helperTask(kernel: KernelModel, label: keyof typeof HELPERS): TaskState {
  const { comm, pid } = HELPERS[label];
  return taskNamed(kernel, label) ?? buildTask(kernel, label, undefined, { comm, pid: defaultPid(pid), mm: label !== 'worker' });
}

/** An oops ends the task that ran: it leaves the task list and keeps its locks. */
export function afterCall(kernel: KernelModel, task: TaskState, outcome: Outcome): void {
  if (outcome.kind === 'fault') endTask(kernel, task.label, 'killed');
}

/** Calls a function of the tree; one that it lacks is a limit that names it. */
export function callEntry(kernel: KernelModel, name: string, args: readonly bigint[], unit?: string): Outcome {
  const target = kernel.program.functionAddress(name, unit);
  if (target === undefined) {
    return {
      kind: 'limit',
      limit: { kind: 'unresolved-symbol', name, text: `this tree has no function ${name}`, place: undefined, stack: [] },
    };
  }
  const known = kernel.program.functionAt(target)?.params.length ?? args.length;
  return kernel.machine.call(target, args.slice(0, known));
}

/** Makes a task current, calls, and lets an oops kill it. */
export function callAs(kernel: KernelModel, task: TaskState, name: string, args: readonly bigint[], unit?: string): Calls {
  setCurrent(kernel, task.task);
  const outcome = callEntry(kernel, name, args, unit);
  afterCall(kernel, task, outcome);
  return [{ function: name, outcome }];
}
