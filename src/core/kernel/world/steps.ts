// Runs one step of a scenario on a built world: injections call the tree's own entry, other steps change the world.
import { assertNever } from '../../../base/assert.ts';
import type { Outcome } from '../../machine/outcome.ts';
import type { Failure, Step } from '../../scenario/schema.ts';
import { mountsOf } from '../fs/mounts.ts';
import type { KernelModel } from '../model.ts';
import { faultPage, naturalShift } from './faults.ts';
import { takeReference } from './gup.ts';
import { machineCheck } from './machine-check.ts';
import { mapFile, unmapFile } from './mappings.ts';
import { endTask, runOthers } from './signals.ts';
import { worldKey } from './state.ts';
import { defaultPid, buildTask, setCurrent, setPolicy } from './tasks.ts';
import type { TaskState, World } from './types.ts';

const PAGE = 4096n;
/** include/uapi/asm-generic/mman-common.h. */
const MADV_HWPOISON = 100n;
const INJECTOR = 'injector';

/** What a step was. `calls` are the entry functions that ran, with their outcomes; empty for steps that inject nothing. */
export interface StepOutcome {
  readonly injection: boolean;
  readonly title: string;
  readonly calls: readonly { readonly function: string; readonly outcome: Outcome }[];
  /** A step that could not be carried out at all (world code met a limit). */
  readonly problem?: Outcome;
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function taskNamed(kernel: KernelModel, label: string): TaskState | undefined {
  const task = kernel.part(worldKey).tasks.get(label);
  return task?.state === 'alive' ? task : undefined;
}

/** The task that injects when no process of the scenario does: it maps nothing. A task that an oops killed is replaced. */
function injector(kernel: KernelModel): TaskState {
  const known = taskNamed(kernel, INJECTOR);
  if (known !== undefined) return known;
  return buildTask(kernel, INJECTOR, undefined, { comm: 'mfinject', pid: defaultPid(60), mm: true });
}

/** An oops ends the task that ran: it leaves the task list and keeps its locks. */
function afterCall(kernel: KernelModel, task: TaskState, outcome: Outcome): void {
  if (outcome.kind === 'fault') endTask(kernel, task.label, 'killed');
}

function callEntry(kernel: KernelModel, name: string, args: readonly bigint[], unit?: string): Outcome {
  const target = kernel.program.functionAddress(name, unit);
  if (target === undefined) {
    return {
      kind: 'limit',
      limit: { kind: 'unresolved-symbol', name, text: `this tree has no function ${name}`, place: undefined, stack: [] },
    };
  }
  return kernel.machine.call(target, args);
}

/** memory_failure() itself; a reference that its caller would have taken (MF_COUNT_INCREASED) is taken first. */
function failPage(kernel: KernelModel, failure: Failure): Outcome {
  const counted = kernel.constant('MF_COUNT_INCREASED', 'mm/memory-failure.c') ?? 1n;
  if ((failure.flags & counted) !== 0n) {
    const taken = kernel.machine.attempt(() => takeReference(kernel, failure.pfn));
    if (taken.kind !== 'value') return taken;
  }
  return callEntry(kernel, 'memory_failure', [failure.pfn, failure.flags], 'mm/memory-failure.c');
}

type Calls = { readonly function: string; readonly outcome: Outcome }[];

function runMadvise(world: World, step: Extract<Step, { kind: 'madvise' }>): Calls {
  const { kernel } = world;
  const task = taskNamed(kernel, step.process);
  const map = task?.maps.find((m) => m.name === step.map);
  if (task === undefined || map === undefined) return [];
  setCurrent(kernel, task.task);
  const start = map.start + step.page * PAGE;
  const unit = 'mm/madvise.c';
  kernel.program.loadUnit(unit);
  if (kernel.program.functionAddress('madvise_inject_error', unit) !== undefined) {
    const outcome = callEntry(kernel, 'madvise_inject_error', [MADV_HWPOISON, start, start + step.count * PAGE], unit);
    afterCall(kernel, task, outcome);
    return [{ function: 'madvise_inject_error', outcome }];
  }
  return failAll(world, task, step.failures ?? []);
}

function failAll(world: World, task: TaskState, failures: readonly Failure[]): Calls {
  const calls: Calls = [];
  setCurrent(world.kernel, task.task);
  for (const failure of failures) {
    const outcome = failPage(world.kernel, failure);
    calls.push({ function: 'memory_failure', outcome });
    afterCall(world.kernel, task, outcome);
    if (outcome.kind !== 'value') break;
  }
  return calls;
}

/** A machine check: the record goes through the tree's decode chain or task work where it has them. */
function runMachineCheck(world: World, task: TaskState, failures: readonly Failure[]): Calls {
  const { kernel } = world;
  const calls: Calls = [];
  setCurrent(kernel, task.task);
  for (const failure of failures) {
    const entry = machineCheck(kernel, task, failure);
    const call = entry.kind === 'value' ? entry.value : undefined;
    const outcome = call === undefined ? failPage(kernel, failure) : callEntry(kernel, call.name, call.args, call.unit);
    calls.push({ function: call?.name ?? 'memory_failure', outcome });
    afterCall(kernel, task, outcome);
    if (outcome.kind !== 'value') break;
  }
  return calls;
}

function runInject(world: World, step: Extract<Step, { kind: 'inject' }>): Calls {
  const { kernel } = world;
  const task = step.by === undefined ? injector(kernel) : taskNamed(kernel, step.by);
  if (task === undefined) return [];
  if (step.via === 'mce') return runMachineCheck(world, task, step.failures);
  const unit = 'mm/hwpoison-inject.c';
  if (
    step.via !== 'hwpoison-inject' ||
    !kernel.program.loadUnit(unit) ||
    kernel.program.functionAddress('hwpoison_inject', unit) === undefined
  ) {
    return failAll(world, task, step.failures);
  }
  setCurrent(kernel, task.task);
  const calls: Calls = [];
  for (const failure of step.failures) {
    const outcome = callEntry(kernel, 'hwpoison_inject', [0n, failure.pfn], unit);
    calls.push({ function: 'hwpoison_inject', outcome });
    afterCall(kernel, task, outcome);
    if (outcome.kind !== 'value') break;
  }
  return calls;
}

/** The driver core runs the driver's release actions: the disk goes away, and with it the dax_device. */
function runUnbind(world: World, step: Extract<Step, { kind: 'unbind' }>): Calls {
  const { kernel } = world;
  const device = kernel.part(worldKey).devices.get(step.device);
  if (device === undefined) return [];
  const task = buildTask(kernel, `unbind ${step.device}`, undefined, { comm: 'sh', pid: defaultPid(61), mm: true });
  setCurrent(kernel, task.task);
  const unit = 'drivers/nvdimm/pmem.c';
  const release = kernel.program.functionAddress('pmem_release_disk', unit);
  const [name, argument] = release === undefined ? ['kill_dax', device.daxDevice] : ['pmem_release_disk', device.driver];
  const outcome = callEntry(kernel, name, [argument], release === undefined ? undefined : unit);
  afterCall(kernel, task, outcome);
  endTask(kernel, task.label, 'exited');
  return [{ function: name, outcome }];
}

/** Address of a structure of the world: `dax_device:pmem0`. */
function structureNamed(kernel: KernelModel, text: string): bigint {
  const colon = text.indexOf(':');
  const name = text.slice(colon + 1);
  const device = kernel.part(worldKey).devices.get(name);
  switch (text.slice(0, colon)) {
    case 'dax_device':
      return device?.daxDevice ?? 0n;
    case 'pmem_device':
      return device?.driver ?? 0n;
    case 'gendisk':
      return device?.gendisk ?? 0n;
    case 'super_block':
      return mountsOf(kernel).find((mount) => mount.fs.mountpoint === name)?.sb ?? 0n;
    default:
      return 0n;
  }
}

function runCall(world: World, step: Extract<Step, { kind: 'call' }>): Calls {
  const { kernel } = world;
  const task = step.by === undefined ? injector(kernel) : taskNamed(kernel, step.by);
  if (task === undefined) return [];
  setCurrent(kernel, task.task);
  if (step.file !== undefined) kernel.program.loadUnit(step.file);
  const args = step.args.map((argument) =>
    typeof argument === 'bigint' ? BigInt.asUintN(64, argument) : structureNamed(kernel, argument),
  );
  const outcome = callEntry(kernel, step.function, args, step.file);
  afterCall(kernel, task, outcome);
  return [{ function: step.function, outcome }];
}

function access(world: World, step: Extract<Step, { kind: 'access' }>): void {
  const { kernel, scenario } = world;
  const task = taskNamed(kernel, step.process);
  const map = task?.maps.find((m) => m.name === step.map);
  if (task === undefined || map === undefined) return;
  setCurrent(kernel, task.task);
  for (let page = step.page; page < step.page + step.count; page++) {
    faultPage(kernel, scenario, task, map, {
      page,
      write: step.how === 'write',
      pfn: undefined,
      shift: naturalShift(scenario, map, page),
      anonymous: false,
    });
  }
}

/** `0x4001b`, or `0x4001b+0x240 (64 bytes)` where the hardware knows more than the page. */
function frameText({ pfn, at, lsb }: Failure): string {
  return lsb === undefined || lsb >= 12 ? hex(pfn) : `${hex(pfn)}+0x${(at ?? 0).toString(16)} (${1 << lsb} bytes)`;
}

/** Title of an injection for results and lists. */
export function titleOf(step: Step): string {
  switch (step.kind) {
    case 'madvise':
      return `${step.process} poisons page ${step.page}${step.count > 1n ? `..${step.page + step.count - 1n}` : ''} of ${step.map} (madvise)`;
    case 'inject':
      return `${step.via === 'memory_failure' ? 'memory_failure' : step.via} pfn ${step.failures.map(frameText).join(', ')}`;
    case 'unbind':
      return `unbind ${step.device}`;
    case 'call':
      return `${step.function}(${step.args.map((a) => (typeof a === 'bigint' ? hex(a) : a)).join(', ')})`;
    case 'access':
      return `${step.process} ${step.how}s page ${step.page} of ${step.map}`;
    case 'map':
      return `${step.process} maps ${step.map.path}`;
    case 'unmap':
      return `${step.process} unmaps ${step.map}`;
    case 'exit':
      return `${step.process} exits`;
    case 'unlink':
      return `${step.path} is removed`;
    case 'policy':
      return `${step.process} sets its kill policy to ${step.mcePolicy}`;
    default:
      return assertNever(step);
  }
}

/** True for steps that become entries of the result. */
export function isInjection(step: Step): boolean {
  return step.kind === 'madvise' || step.kind === 'inject' || step.kind === 'unbind' || (step.kind === 'call' && step.injection);
}

/** Carries out one step; never throws for what the simulated kernel or a limit does. */
export function runStep(world: World, step: Step): StepOutcome {
  const { kernel } = world;
  const injection = isInjection(step);
  let calls: Calls = [];
  const outcome = kernel.machine.attempt(() => {
    switch (step.kind) {
      case 'madvise':
        calls = runMadvise(world, step);
        break;
      case 'inject':
        calls = runInject(world, step);
        break;
      case 'unbind':
        calls = runUnbind(world, step);
        break;
      case 'call':
        calls = runCall(world, step);
        break;
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
        break;
      case 'exit':
        endTask(kernel, step.process, 'exited');
        break;
      case 'unlink':
        break;
      case 'policy':
        setPolicy(kernel, step.process, step.mcePolicy);
        break;
      default:
        assertNever(step);
    }
    runOthers(kernel, 0n);
  });
  return { injection, title: titleOf(step), calls, ...(outcome.kind === 'value' ? {} : { problem: outcome }) };
}
