// Runs the steps of a scenario on a built world and collects what the result and the laws need.

import { assertNever } from '../../base/assert.ts';
import {
  compare,
  contains,
  distance,
  elementsOf,
  framesOf,
  pageBytes,
  type Pfn,
  physToPfn,
  type Stretch,
  userAddr,
} from '../../base/units.ts';
import { isInjection, runStep, settle } from '../kernel/world/steps.ts';
import { sleepsUnderLeaked } from '../kernel/locks.ts';
import { titleOf } from '../kernel/world/step-titles.ts';
import type { World } from '../kernel/world/types.ts';
import type { Outcome } from '../machine/outcome.ts';
import { presentFrame } from '../scenario/present-pages.ts';
import type { Scenario, Step } from '../scenario/schema.ts';
import type { InjectionResult, SignalEvent, Standing, TraceResult } from '../trace/result.ts';
import type { FailedPage, InjectionFacts } from '../verdict/facts.ts';
import { judge } from '../verdict/laws.ts';
import { type Edits, editedNotes, intrinsicUses } from './intrinsic-uses.ts';
import {
  candidatesOf,
  faultedIn,
  filesystemStates,
  labelOf,
  leaksOf,
  lifecycleLeaks,
  mappersIn,
  mappersOf,
  scenarioTasks,
  stateBefore,
} from './observe-world.ts';
import { measure, standingMemory, startMeasure } from './measure.ts';
import { runResult } from './run-result.ts';
import type { Simulation } from './simulation.ts';
import { stepLimit } from './step-limits.ts';
import { noAnswer } from './no-answer.ts';

export interface RunOptions {
  readonly cancelled: () => boolean;
  readonly progress: ((phase: string) => void) | undefined;
  readonly edits: Edits;
  readonly notes: readonly string[];
  /** Count what a comparison needs. */
  readonly measure?: boolean | undefined;
}

/**
 * Runs all steps of a scenario; undefined when cancelled. A world that could not be built, and a kernel whose state an edit has
 * made unreadable, are answers too.
 */
export function runScenario(scenario: Scenario, simulation: Simulation, options: RunOptions): TraceResult | undefined {
  const { world, machine } = simulation;
  if (world.kind !== 'value') return noAnswer(scenario, simulation, { what: 'the world could not be built', outcome: world }, options);
  const done = machine.attempt(() => runSteps(scenario, simulation, world.value, options));
  if (done.kind === 'value') return done.value;
  return noAnswer(scenario, simulation, { what: 'the state of the kernel could not be read', outcome: done }, options);
}

function runSteps(
  scenario: Scenario,
  simulation: Simulation,
  world: World,
  { cancelled, progress, edits, notes, measure: measured }: RunOptions,
): TraceResult | undefined {
  const { kernel } = simulation;
  const facts: InjectionFacts[] = [];
  const limits: string[] = [];
  const stepNotes: string[] = [];
  let standing: Standing | undefined;
  listen(simulation);
  for (const step of scenario.steps) {
    if (cancelled()) return undefined;
    // A limit in the middle of a call leaves locks and counts as they were there: what comes after it would be about that.
    const cut = facts.find(({ result }) => result.result.kind === 'limit' && result.calls.length > 0);
    if (cut !== undefined) {
      if (isInjection(step)) facts.push(notRun(facts.length + 1, titleOf(step), cut.result.n));
      continue;
    }
    if (!isInjection(step)) {
      const unsimulated = stepLimit(scenario, step);
      if (unsimulated !== undefined) limits.push(unsimulated);
      const outcome = runStep(world, step);
      const problem = outcome.problem ?? outcome.calls.find((call) => call.outcome.kind !== 'value')?.outcome;
      if (problem !== undefined) limits.push(`step "${outcome.title}": ${problemText(problem)}`);
      continue;
    }
    settle(world);
    progress?.(`injection ${facts.length + 1}`);
    if (measured === true) standing ??= standingMemory(simulation);
    const done = inject(simulation, world, step, facts.length + 1, { edits, measure: measured });
    facts.push(done.facts);
    stepNotes.push(...done.notes);
  }
  simulation.machine.probe = undefined;
  const injections = facts.map((fact) => fact.result);
  const uses = intrinsicUses(simulation, edits);
  return {
    scenario: { id: scenario.id, title: scenario.title },
    injections,
    processes: scenarioTasks(kernel).map((task) => ({
      label: task.label,
      state: task.state,
      signals: injections.flatMap((injection) => injection.signals.filter((signal) => signal.process === task.label)),
    })),
    filesystems: filesystemStates(kernel),
    intrinsics: uses,
    verdict: judge(scenario, facts, limits),
    ...(standing === undefined ? {} : { standing }),
    notes: [...notes, ...stepNotes, ...editedNotes(uses)],
  };
}

/** An injection that would have met a kernel stopped in the middle of another one. */
function notRun(n: number, title: string, cut: number): InjectionFacts {
  const reason = `not run: injection ${cut} ended in the middle`;
  return {
    result: { n, title, result: { kind: 'unknown', reason }, signals: [], shutdowns: [], calls: [], log: [], faults: [] },
    kind: 'failure',
    current: undefined,
    pages: [],
    removed: undefined,
    candidates: [],
    mounted: [],
    shutBefore: [],
    shutAfter: [],
    leaks: [],
  };
}

function problemText(problem: Outcome): string {
  if (problem.kind === 'limit') return problem.limit.text;
  return problem.kind === 'fault' ? problem.fault.text : 'could not be carried out';
}

/** Events of the kernel model that are no calls go to the recorder. */
function listen(simulation: Simulation): void {
  const { kernel, recorder } = simulation;
  kernel.onEvent = (event) => {
    switch (event.kind) {
      case 'signal':
        recorder.signal(signalEvent(simulation, event.signal));
        return;
      case 'shutdown':
        recorder.shutdown({
          device: event.device,
          ...(event.mountpoint === undefined ? {} : { mountpoint: event.mountpoint }),
          flags: `0x${event.flags.toString(16)}`,
        });
        return;
      case 'unmap':
      case 'freeze':
      case 'thaw':
      case 'note':
    }
  };
}

function signalEvent(
  simulation: Simulation,
  signal: {
    readonly task: bigint;
    readonly signo: number;
    readonly code: number;
    readonly addr: bigint;
    readonly lsb: number;
    readonly result: number;
  },
): SignalEvent {
  const { kernel } = simulation;
  const label = labelOf(kernel, signal.task) ?? `task 0x${signal.task.toString(16)}`;
  const address = userAddr(signal.addr);
  const map = scenarioTasks(kernel)
    .find((task) => task.label === label)
    ?.maps.find((candidate) => contains(candidate, address));
  return {
    process: label,
    signo: signal.signo,
    code: signal.code,
    addr: `0x${signal.addr.toString(16)}`,
    ...(map === undefined ? {} : { offset: Number(distance(map.start, address)), map: map.name }),
    lsb: signal.lsb,
    delivered: signal.result === 0,
  };
}

function inject(
  simulation: Simulation,
  world: World,
  step: Step,
  n: number,
  what: Pick<RunOptions, 'measure' | 'edits'>,
): { readonly facts: InjectionFacts; readonly notes: readonly string[] } {
  const { kernel, recorder, machine } = simulation;
  const faulted = faultedIn(kernel, world.scenario, step);
  const frames = [...new Set([...failedFrames(simulation, step), ...faulted.map((mapper) => mapper.pfn)])];
  const before = frames.map((pfn) => ({ pfn, mappers: [...mappersOf(kernel, pfn), ...faulted.filter((mapper) => mapper.pfn === pfn)] }));
  const candidates = candidatesOf(kernel);
  const mounted = filesystemStates(kernel).flatMap(({ mountpoint }) => (mountpoint === undefined ? [] : [mountpoint]));
  const shutBefore = downDevices(simulation);
  const stock = stateBefore(kernel);
  const removed = removedFrames(simulation, world.scenario, step);
  const mappedBefore = removed === undefined ? [] : mappersIn(kernel, removed);
  const start = what.measure === true ? startMeasure(simulation, world.scenario, step, frames) : undefined;
  recorder.start();
  machine.probe = recorder;
  const outcome = runStep(world, step);
  machine.probe = undefined;
  const recording = recorder.finish();
  const ended = [...outcome.calls, ...outcome.work].every((call) => call.outcome.kind === 'value');
  const explained = ended ? sleepsUnderLeaked(kernel, kernel.current) : new Set();
  const pages = before.map(({ pfn, mappers }): FailedPage => {
    const partial = isPartial(step, pfn) ? { partial: true } : {};
    return { pfn, ...partial, mappersBefore: mappers, mappersAfter: mappersOf(kernel, pfn) };
  });
  const traced: InjectionResult = {
    n,
    title: outcome.title,
    result: runResult(outcome, recording, simulation),
    signals: recording.signals,
    shutdowns: recording.shutdowns,
    calls: recording.calls,
    log: recording.log,
    faults: recording.faults.filter((fault) => !explained.has(fault.text)),
  };
  const current = step.kind === 'madvise' ? step.process : step.kind === 'inject' || step.kind === 'call' ? step.by : undefined;
  const measures =
    start === undefined
      ? undefined
      : measure(simulation, world.scenario, start, traced, { candidates, current, source: what.edits.source });
  const result = measures === undefined ? traced : { ...traced, measures };
  const kind = kindOf(step);
  const facts: InjectionFacts = {
    result,
    kind,
    current,
    pages,
    removed: removed === undefined ? undefined : { before: mappedBefore, after: mappersIn(kernel, removed) },
    candidates,
    mounted,
    shutBefore,
    shutAfter: downDevices(simulation),
    leaks: ended
      ? kind === 'lifecycle' || step.kind === 'race'
        ? lifecycleLeaks(kernel, stock, step)
        : leaksOf(kernel, stock, [kernel.current])
      : [],
  };
  return { facts, notes: outcome.notes ?? [] };
}

/** What the laws are to expect of a step. */
function kindOf(step: Step): InjectionFacts['kind'] {
  switch (step.kind) {
    case 'unbind':
    case 'kill':
      return 'unbind';
    case 'rebind':
    case 'mount':
    case 'unmount':
    case 'claim':
    case 'release':
    case 'scrub':
      return 'lifecycle';
    case 'madvise':
    case 'inject':
    case 'call':
    case 'race':
    case 'unpoison':
    case 'soft-offline':
    case 'access':
    case 'map':
    case 'unmap':
    case 'exit':
    case 'policy':
    case 'unlink':
    case 'discard':
    case 'drop-caches':
    case 'sysctl':
    case 'command':
      return 'failure';
    default:
      return assertNever(step);
  }
}

function downDevices(simulation: Simulation): readonly string[] {
  return filesystemStates(simulation.kernel)
    .filter((fs) => fs.shutdown)
    .map((fs) => fs.device);
}

/**
 * Frames of a namespace that a step takes away, when everybody who maps them is to be reached: the tree tells removal from
 * failure (MF_MEM_PRE_REMOVE), and a filesystem with a reverse map holds the device.
 */
function removedFrames(simulation: Simulation, scenario: Scenario, step: Step): Stretch<'pages', 'memory'> | undefined {
  if (
    (step.kind !== 'unbind' && step.kind !== 'kill') ||
    simulation.kernel.constant('MF_MEM_PRE_REMOVE', 'mm/memory-failure.c') === undefined
  )
    return undefined;
  const device = scenario.pmem.find((candidate) => candidate.name === step.device);
  const holds = scenario.filesystems.some((fs) => fs.type === 'xfs' && fs.geometry?.rmapbt === true && fs.device === step.device);
  return device === undefined || !holds ? undefined : framesOf({ start: device.start, length: device.size });
}

/** True when the hardware named a part of the page only. */
function isPartial(step: Step, pfn: Pfn): boolean {
  if (step.kind === 'inject') return step.failures.some((failure) => failure.pfn === pfn && (failure.lsb ?? 12) < 12);
  return step.kind === 'call' && step.failed.some((range) => physToPfn(range.start) === pfn && compare(range.length, pageBytes()) < 0);
}

/** Frames that a step fails; for madvise without frames the page table of its mapping tells. */
function failedFrames(simulation: Simulation, step: Step): readonly Pfn[] {
  if (step.kind === 'inject') return step.failures.map((failure) => failure.pfn);
  if (step.kind === 'call' || step.kind === 'race') return step.failed.flatMap((range) => elementsOf(framesOf(range)));
  if (step.kind !== 'madvise' || step.advice === 'soft-offline') return [];
  if (step.failures !== undefined) return step.failures.map((failure) => failure.pfn);
  const map = scenarioTasks(simulation.kernel)
    .find((task) => task.label === step.process)
    ?.maps.find((candidate) => candidate.name === step.map);
  if (map === undefined) return [];
  return elementsOf({ start: step.page, length: step.count })
    .map((page) => presentFrame(map.scenario, page))
    .filter((frame) => frame !== undefined);
}
