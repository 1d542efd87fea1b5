// Runs one step of a scenario on a built world: injections call the tree's own entry, other steps change the world.
import { assertNever } from '../../../base/assert.ts';
import { elementsOf } from '../../../base/units.ts';
import type { Outcome } from '../../machine/outcome.ts';
import type { Step } from '../../scenario/schema.ts';
import { discardBlocks, dropUnused, evictUnused, unlinkFile } from '../fs/eviction.ts';
import { drainWork } from '../kernel/workqueue.ts';
import { missingEntry, runCall, runInject, runMadvise, runOnFrames } from './entries.ts';
import { faultPage, naturalShift } from './faults.ts';
import { isLifecycle, type LifecycleOutcome, runLifecycle } from './lifecycle.ts';
import { mapFile, unmapFile } from './mappings.ts';
import { runRace } from './race.ts';
import { runScrub } from './scrub.ts';
import { unknownRam } from './ram.ts';
import { endTask, runOthers } from './signals.ts';
import { type Calls, taskNamed } from './step-calls.ts';
import { titleOf } from './step-titles.ts';
import { setCurrent, setEarlyKill, setPolicy } from './tasks.ts';
import type { World } from './types.ts';

/** What a step was. `calls` are the entry functions that ran, with their outcomes; empty for steps that inject nothing. */
export interface StepOutcome {
  readonly injection: boolean;
  readonly title: string;
  readonly calls: Calls;
  /** Work that was handed to a kernel thread, which ran when the step was done. */
  readonly work: Calls;
  /** A step that could not be carried out at all (world code met a limit). */
  readonly problem?: Outcome;
  /** What a step without a number of its own came to. */
  readonly value?: string;
  readonly text?: string;
  /** Why nothing is known about it. */
  readonly unknown?: string;
  readonly notes?: readonly string[];
}

function access(world: World, step: Extract<Step, { kind: 'access' }>): void {
  const { kernel, scenario } = world;
  const task = taskNamed(kernel, step.process);
  const map = task?.maps.find((m) => m.name === step.map);
  if (task === undefined || map === undefined) return;
  setCurrent(kernel, task.task);
  const write = step.how === 'write';
  // A write to a private mapping makes a copy in RAM, page by page (fs/dax.c falls back from 2 MiB).
  const anonymous = write && map.scenario.sharing === 'private';
  for (const page of elementsOf({ start: step.page, length: step.count })) {
    const shift = anonymous ? 12 : naturalShift(scenario, map, page);
    faultPage(kernel, scenario, task, map, { page, write, pfn: undefined, shift, anonymous });
  }
}

/** True for steps that become entries of the result. */
export function isInjection(step: Step): boolean {
  switch (step.kind) {
    case 'madvise':
    case 'inject':
    case 'kill':
    case 'claim':
    case 'release':
    case 'unpoison':
    case 'soft-offline':
    case 'scrub':
    case 'race':
    case 'command':
      return true;
    case 'unbind':
    case 'rebind':
    case 'mount':
    case 'unmount':
    case 'call':
      return step.injection;
    case 'access':
    case 'map':
    case 'unmap':
    case 'exit':
    case 'policy':
    case 'unlink':
    case 'discard':
    case 'drop-caches':
    case 'sysctl':
      return false;
    default:
      return assertNever(step);
  }
}

function notesOf(note: string | undefined): { readonly notes?: readonly string[] } {
  return note === undefined ? {} : { notes: [note] };
}

function act(world: World, step: Step): LifecycleOutcome {
  const { kernel } = world;
  if (isLifecycle(step)) return runLifecycle(world, step);
  switch (step.kind) {
    case 'madvise':
      return { calls: runMadvise(world, step) };
    case 'inject': {
      const unknown = unknownRam(
        world.scenario,
        step.failures.map((failure) => failure.pfn),
      );
      if (unknown !== undefined)
        return { calls: [], unknown: `frame 0x${unknown.toString(16)} is ordinary RAM, and the scenario does not say who uses it` };
      return { calls: runInject(world, step), ...notesOf(missingEntry(kernel, step)) };
    }
    case 'unpoison':
    case 'soft-offline':
      return { calls: runOnFrames(world, step) };
    case 'scrub':
      return { calls: runScrub(world, step) };
    case 'race':
      return runRace(world, step);
    case 'call':
      return { calls: runCall(world, step) };
    case 'access':
      access(world, step);
      break;
    case 'map': {
      const task = taskNamed(kernel, step.process);
      if (task !== undefined) mapFile(kernel, task, step.map);
      break;
    }
    case 'unmap':
      unmapFile(kernel, step.process, step.map);
      evictUnused(kernel, world.scenario);
      break;
    case 'exit':
      endTask(kernel, step.process, 'exited');
      evictUnused(kernel, world.scenario);
      break;
    case 'unlink':
      unlinkFile(kernel, world.scenario, step.path);
      break;
    case 'discard':
      discardBlocks(kernel, step.path, step.start, step.length);
      break;
    case 'drop-caches':
      dropUnused(kernel);
      break;
    case 'sysctl':
      setEarlyKill(kernel, step.earlyKill);
      break;
    case 'command':
      return { calls: [], unknown: 'a shell command that no step stands for is not simulated' };
    case 'policy':
      setPolicy(kernel, step.process, step.mcePolicy);
      break;
    default:
      return assertNever(step);
  }
  return { calls: [] };
}

/** What the kernel does by itself between two steps: inodes that a killed process was the last to use go. */
export function settle({ kernel, scenario }: World): void {
  kernel.machine.attempt(() => evictUnused(kernel, scenario));
}

/** Carries out one step; never throws for what the simulated kernel or a limit does. */
export function runStep(world: World, step: Step): StepOutcome {
  const { kernel } = world;
  let done: LifecycleOutcome = { calls: [] };
  let work: Calls = [];
  kernel.failed = undefined;
  const outcome = kernel.machine.attempt(() => {
    done = act(world, step);
    work = drainWork(kernel);
    runOthers(kernel, 0n);
  });
  const { failed } = kernel;
  return {
    ...done,
    injection: isInjection(step),
    title: titleOf(step),
    calls: [...done.calls, ...(failed === undefined ? [] : [failed])],
    work,
    ...(outcome.kind === 'value' || failed !== undefined ? {} : { problem: outcome }),
  };
}
