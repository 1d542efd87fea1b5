// Steps through which a failure enters the kernel: madvise, debugfs, machine check, firmware record, queue, or any function of the tree.
import { advance, pagesToBytes } from '../../../base/units.ts';
import type { Outcome } from '../../machine/outcome.ts';
import type { Failure, Scenario, Step } from '../../scenario/schema.ts';
import type { KernelModel } from '../model.ts';
import { firmwareRecord, prepareFirmware } from '../drivers/acpi/ghes.ts';
import { takeReference } from './gup.ts';
import { structureNamed } from './named-structures.ts';
import { machineCheck, prepareDecodeChain } from './machine-check.ts';
import { afterCall, callAs, callEntry, type Calls, helperTask, taskNamed } from './step-calls.ts';
import { setCurrent } from './tasks.ts';
import type { TaskState, World } from './types.ts';
import { addressOf } from './vma-places.ts';

/** include/uapi/asm-generic/mman-common.h. */
const MADV_HWPOISON = 100n;
const MADV_SOFT_OFFLINE = 101n;
const FAILURE = 'mm/memory-failure.c';
const MCE = 'arch/x86/kernel/cpu/mce/core.c';
const GHES = 'drivers/acpi/apei/ghes.c';
const DEBUGFS = 'mm/hwpoison-inject.c';

/** Runs `one` for each thing until one does not return. */
function each<T>(things: readonly T[], one: (thing: T) => Calls): Calls {
  const calls: Calls = [];
  for (const thing of things) {
    calls.push(...one(thing));
    if (calls.some((call) => call.outcome.kind !== 'value')) break;
  }
  return calls;
}

/** memory_failure() itself; a reference that its caller would have taken (MF_COUNT_INCREASED) is taken first. */
function failPage(kernel: KernelModel, failure: Failure): Outcome {
  const counted = kernel.constant('MF_COUNT_INCREASED', FAILURE) ?? 1n;
  if ((failure.flags & counted) !== 0n) {
    const taken = kernel.machine.attempt(() => takeReference(kernel, failure.pfn));
    if (taken.kind !== 'value') return taken;
  }
  return callEntry(kernel, 'memory_failure', [failure.pfn, failure.flags], FAILURE);
}

function failAll(world: World, task: TaskState, failures: readonly Failure[]): Calls {
  setCurrent(world.kernel, task.task);
  return each(failures, (failure) => {
    const outcome = failPage(world.kernel, failure);
    afterCall(world.kernel, task, outcome);
    return [{ function: 'memory_failure', outcome }];
  });
}

/** madvise(MADV_HWPOISON) and madvise(MADV_SOFT_OFFLINE). */
export function runMadvise(world: World, step: Extract<Step, { kind: 'madvise' }>): Calls {
  const { kernel } = world;
  const task = taskNamed(kernel, step.process);
  const map = task?.maps.find((m) => m.name === step.map);
  if (task === undefined || map === undefined) return [];
  const start = addressOf(map, step.page);
  const unit = 'mm/madvise.c';
  kernel.program.loadUnit(unit);
  const advice = step.advice === 'soft-offline' ? MADV_SOFT_OFFLINE : MADV_HWPOISON;
  // Nothing but the tree's own madvise() leaves a page that has not failed; memory_failure() itself would be something else.
  if (kernel.program.functionAddress('madvise_inject_error', unit) !== undefined || step.advice === 'soft-offline')
    return callAs(kernel, task, 'madvise_inject_error', [advice, start, advance(start, pagesToBytes(step.count))], unit);
  return failAll(world, task, step.failures ?? []);
}

/** Says which function of the entry the tree lacks, so that memory_failure() was called itself. */
export function missingEntry(kernel: KernelModel, step: Step): string | undefined {
  if (step.kind !== 'inject' || step.via === 'memory_failure') return undefined;
  const needed = {
    'hwpoison-inject': [DEBUGFS, 'hwpoison_inject'],
    mce: [MCE, 'uc_decode_notifier'],
    ghes: [GHES, 'ghes_proc'],
    queue: [FAILURE, 'memory_failure_queue'],
  } as const;
  const [unit, name] = needed[step.via];
  if (kernel.program.loadUnit(unit) && kernel.program.functionAddress(name, unit) !== undefined) return undefined;
  return `${unit} of this tree has no ${name}(): memory_failure() was called itself`;
}

/** An entry of the tree, called for each failure; memory_failure() itself where the tree lacks what leads there. */
export function runInject(world: World, step: Extract<Step, { kind: 'inject' }>): Calls {
  const { kernel } = world;
  const task = step.by === undefined ? helperTask(kernel, 'injector') : taskNamed(kernel, step.by);
  if (task === undefined) return [];
  setCurrent(kernel, task.task);
  switch (step.via) {
    case 'memory_failure':
      return failAll(world, task, step.failures);
    case 'hwpoison-inject':
      if (!kernel.program.loadUnit(DEBUGFS) || kernel.program.functionAddress('hwpoison_inject', DEBUGFS) === undefined)
        return failAll(world, task, step.failures);
      return each(step.failures, ({ pfn }) => callAs(kernel, task, 'hwpoison_inject', [0n, pfn], DEBUGFS));
    case 'mce':
      return runMachineCheck(world, task, step.failures);
    case 'ghes':
      return each(step.failures, (failure) => {
        const entry = kernel.machine.attempt(() => firmwareRecord(kernel, failure));
        if (entry.kind !== 'value') return [{ function: 'ghes_proc', outcome: entry }];
        if (entry.value === undefined) return failAll(world, task, [failure]);
        return callAs(kernel, task, entry.value.name, entry.value.args, entry.value.unit);
      });
    case 'queue':
      if (kernel.program.functionAddress('memory_failure_queue', FAILURE) === undefined) return failAll(world, task, step.failures);
      return each(step.failures, ({ pfn, flags }) => callAs(kernel, task, 'memory_failure_queue', [pfn, flags], FAILURE));
  }
}

/** What boot would have initialised for the entries that a scenario uses. */
export function prepareEntries(kernel: KernelModel, { steps }: Scenario): void {
  const uses = (via: string): boolean => steps.some((step) => step.kind === 'inject' && step.via === via);
  // memory_failure_init(): the fifo of each CPU and its work.
  if ((uses('queue') || uses('ghes')) && kernel.program.functionAddress('memory_failure_init', FAILURE) !== undefined)
    kernel.run('memory_failure_init', [], FAILURE);
  if (uses('mce') || uses('ghes')) prepareDecodeChain(kernel);
  if (uses('ghes')) prepareFirmware(kernel);
}

/** A machine check: the record goes through the tree's decode chain or task work where it has them. */
function runMachineCheck(world: World, task: TaskState, failures: readonly Failure[]): Calls {
  const { kernel } = world;
  return each(failures, (failure) => {
    const entry = machineCheck(kernel, task, failure);
    if (entry.kind !== 'value') return [{ function: 'mce_log', outcome: entry }];
    if (entry.value === undefined) return failAll(world, task, [failure]);
    return callAs(kernel, task, entry.value.name, entry.value.args, entry.value.unit);
  });
}

/** unpoison_memory() and soft_offline_page() on frames, as debugfs and sysfs call them. */
export function runOnFrames(world: World, step: Extract<Step, { kind: 'unpoison' | 'soft-offline' }>): Calls {
  const { kernel } = world;
  const task = helperTask(kernel, 'injector');
  const [name, more] = step.kind === 'unpoison' ? ['unpoison_memory', []] : ['soft_offline_page', [0n]];
  return each(step.pfns, (pfn) => callAs(kernel, task, name, [pfn, ...more], FAILURE));
}

/** Any function of the tree. */
export function runCall(world: World, step: Extract<Step, { kind: 'call' }>): Calls {
  const { kernel } = world;
  const task = step.by === undefined ? helperTask(kernel, 'injector') : taskNamed(kernel, step.by);
  if (task === undefined) return [];
  if (step.file !== undefined) kernel.program.loadUnit(step.file);
  const args = step.args.map((argument) =>
    typeof argument === 'bigint' ? BigInt.asUintN(64, argument) : structureNamed(kernel, argument),
  );
  return callAs(kernel, task, step.function, args, step.file);
}
