// Two tasks at once: one function of the tree is stopped inside a function, at each of its instructions in turn, while another task calls a second one.
import type { TaskId } from '../../machine/api.ts';
import type { Outcome } from '../../machine/outcome.ts';
import { stopWithLimit } from '../../machine/outcome.ts';
import type { Step } from '../../scenario/schema.ts';
import type { KernelModel } from '../model.ts';
import type { LifecycleOutcome } from './lifecycle.ts';
import { structureNamed } from './named-structures.ts';
import { afterCall, helperTask } from './step-calls.ts';
import type { TaskState, World } from './types.ts';

type RaceStep = Extract<Step, { kind: 'race' }>;

/** One side of the race, ready to be begun. */
interface Side {
  readonly name: string;
  readonly target: bigint;
  readonly args: readonly bigint[];
  readonly task: TaskState;
  readonly thread: TaskId;
}

/** What became of one order of events. */
interface Trial {
  readonly first: Outcome | undefined;
  readonly second: Outcome | undefined;
}

/** Instructions of the first call that are looked at, and points at which it is stopped. */
const MOST_STEPS = 200_000;
const MOST_POINTS = 200;

function sideOf(kernel: KernelModel, call: RaceStep['first'], task: TaskState, thread: TaskId): Side {
  if (call.file !== undefined) kernel.program.loadUnit(call.file);
  const target = kernel.program.functionAddress(call.function, call.file);
  if (target === undefined) return stopWithLimit('unresolved-symbol', `this tree has no function ${call.function}`, call.function);
  const args = call.args.map((argument) =>
    typeof argument === 'bigint' ? BigInt.asUintN(64, argument) : structureNamed(kernel, argument),
  );
  return {
    name: call.function,
    target,
    args: args.slice(0, kernel.program.functionAt(target)?.params.length ?? args.length),
    task,
    thread,
  };
}

/** Instruction counts of the first call at which it stands in `inside` itself. */
function pointsOf(kernel: KernelModel, first: Side, inside: string): readonly number[] {
  const { machine } = kernel;
  const points: number[] = [];
  kernel.current = first.task.task;
  machine.begin(first.target, first.args, first.thread);
  for (let step = 1; step < MOST_STEPS && points.length < MOST_POINTS; step++) {
    if (machine.run(1) !== undefined) break;
    if (machine.backtrace()[0]?.function === inside) points.push(step);
  }
  return points;
}

/** The first call up to a point, the whole second one, the rest of the first. */
function race(kernel: KernelModel, first: Side, second: Side, point: number): Trial {
  const { machine } = kernel;
  kernel.current = first.task.task;
  machine.begin(first.target, first.args, first.thread);
  const early = machine.run(point);
  if (early !== undefined) return { first: early, second: undefined };
  kernel.current = second.task.task;
  machine.begin(second.target, second.args, second.thread);
  const done = machine.run();
  kernel.current = first.task.task;
  machine.switchTo(first.thread);
  // A fault of the second task leaves the first one where it stands.
  return { first: done?.kind === 'value' ? machine.run() : undefined, second: done };
}

const isBlocked = (outcome: Outcome | undefined): boolean => outcome?.kind === 'fault' && outcome.fault.text.includes('blocked forever');
const hasFault = (trial: Trial): boolean =>
  [trial.first, trial.second].some((outcome) => outcome !== undefined && outcome.kind !== 'value');

/** Tries every point, then records the first one at which something goes wrong, or else the last. */
export function runRace({ kernel }: World, step: RaceStep): LifecycleOutcome {
  const { machine } = kernel;
  const home = machine.task;
  const first = sideOf(kernel, step.first, helperTask(kernel, 'injector'), machine.newTask());
  const second = sideOf(kernel, step.second, helperTask(kernel, 'admin'), machine.newTask());
  const start = machine.snapshot();
  const { probe } = machine;
  const { onEvent } = kernel;
  machine.probe = undefined;
  kernel.onEvent = undefined;
  const possible: number[] = [];
  const points = pointsOf(kernel, first, step.inside);
  let worst: number | undefined;
  for (const point of points) {
    machine.restore(start);
    const trial = race(kernel, first, second, point);
    if (isBlocked(trial.second)) continue;
    possible.push(point);
    if (!hasFault(trial)) continue;
    worst = point;
    break;
  }
  machine.restore(start);
  machine.probe = probe;
  kernel.onEvent = onEvent;
  const chosen = worst ?? possible.at(-1);
  if (chosen === undefined) {
    machine.switchTo(home);
    machine.release(start);
    const why =
      points.length === 0
        ? `${first.name}() never stands in ${step.inside}()`
        : `${second.name}() always waits until ${first.name}() is done`;
    return { calls: [], value: '0', text: why };
  }
  const { first: one, second: two } = race(kernel, first, second, chosen);
  machine.switchTo(home);
  machine.release(start);
  const calls = [
    ...(one === undefined ? [] : [{ function: first.name, outcome: one }]),
    ...(two === undefined ? [] : [{ function: second.name, outcome: two }]),
  ];
  if (one !== undefined) afterCall(kernel, first.task, one);
  if (two !== undefined) afterCall(kernel, second.task, two);
  const at = `${possible.indexOf(chosen) + 1} of ${possible.length} orders`;
  if (worst !== undefined || one?.kind !== 'value') return { calls };
  return { calls, value: String(BigInt.asIntN(32, one.value)), text: `${first.name}() returned; ${at}, none of which ends badly` };
}
