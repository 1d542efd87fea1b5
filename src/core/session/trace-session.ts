// Answers `trace`: reads the scenario, builds program and world, runs the steps, and judges what happened.

import { Interner } from '../../base/interner.ts';
import type { Fault } from '../machine/outcome.ts';
import { chooseConfig, withoutTracepoints } from '../preprocessor/kernel/choose-config.ts';
import { KernelPreprocessor } from '../preprocessor/kernel/kernel-preprocessor.ts';
import { runStep, type StepOutcome } from '../kernel/world/steps.ts';
import type { World } from '../kernel/world/types.ts';
import { findPreset, presetList } from '../scenario/presets/presets.ts';
import { describeProblems } from '../scenario/problem.ts';
import { parseScenario, readScenario } from '../scenario/read.ts';
import type { Scenario, Step } from '../scenario/schema.ts';
import type { FileSource } from '../source/file-source.ts';
import type { ProbeRead } from '../trace/recorder.ts';
import type { InjectionResult, IntrinsicUse, SignalEvent, TraceResult } from '../trace/result.ts';
import type { FailedPage, InjectionFacts } from '../verdict/facts.ts';
import { judge } from '../verdict/laws.ts';
import type { PresetInfo, ScenarioSource, TraceAnswer, TraceRequest } from './engine-api.ts';
import { candidatesOf, filesystemStates, labelOf, leaksOf, mappersOf, scenarioTasks, stateBefore } from './observe-world.ts';
import { runResult } from './run-result.ts';
import { type Simulation, startSimulation } from './simulation.ts';
import { UnitCache } from './unit-cache.ts';

export interface TraceSessionOptions {
  readonly source: FileSource;
  /** A configuration that the user named. */
  readonly config?: { readonly path: string; readonly text: string };
  readonly progress?: (phase: string) => void;
}

/** How a trace is to be recorded beyond what a user asks for. */
export interface TraceDetail {
  readonly all: boolean;
  readonly reads?: ReadonlyMap<string, readonly ProbeRead[]>;
}

export class TraceSession {
  private readonly options: TraceSessionOptions;
  private units: UnitCache | undefined;

  constructor(options: TraceSessionOptions) {
    this.options = options;
  }

  presets(): readonly PresetInfo[] {
    return presetList();
  }

  /** Tells that a file's text changed, or that it appeared or went. */
  changed(path: string): void {
    if (path === '.config' || path === 'Makefile') this.units = undefined;
    else this.units?.changed(path);
  }

  /** The whole answer; bad input is an answer too. */
  trace(request: TraceRequest, cancelled: () => boolean = () => false): TraceAnswer {
    const scenario = this.scenarioOf(request.scenario);
    if (typeof scenario === 'string') return { kind: 'refused', message: scenario };
    const missing = this.missingTree();
    if (missing !== undefined) return { kind: 'refused', message: missing };
    const result = this.run(scenario.value, { all: request.all === true }, cancelled, scenario.notes);
    return result === undefined ? { kind: 'cancelled' } : { kind: 'result', result, milliseconds: 0 };
  }

  /** Runs a scenario that was read already; undefined when cancelled. */
  run(scenario: Scenario, detail: TraceDetail, cancelled: () => boolean = () => false, notes: readonly string[] = []): TraceResult | undefined {
    this.options.progress?.('building the world');
    const simulation = startSimulation(scenario, { source: this.options.source, loader: this.loader(), all: detail.all, ...(detail.reads === undefined ? {} : { reads: detail.reads }) });
    const allNotes = [...notes, ...simulation.notes];
    if (simulation.world.kind !== 'value') return unbuilt(scenario, simulation, allNotes);
    return runSteps(scenario, simulation, simulation.world.value, cancelled, allNotes, this.options.progress);
  }

  private loader(): UnitCache {
    if (this.units === undefined) {
      const { config } = chooseConfig(this.options.source, this.options.config);
      const preprocessor = new KernelPreprocessor(this.options.source, withoutTracepoints(config), new Interner());
      this.units = new UnitCache(preprocessor, this.options.source, (phase) => this.options.progress?.(phase));
    }
    return this.units;
  }

  private missingTree(): string | undefined {
    const file = 'mm/memory-failure.c';
    return this.options.source.exists(file) ? undefined : `no kernel tree: it has no ${file}`;
  }

  private scenarioOf(source: ScenarioSource): { readonly value: Scenario; readonly notes: readonly string[] } | string {
    const read = (): ReturnType<typeof parseScenario> => {
      if (source.kind !== 'preset') return readScenario(source.text, source.kind);
      const preset = findPreset(source.name);
      if (preset !== undefined) return parseScenario(preset);
      return { kind: 'invalid', problems: [{ path: '', message: `there is no preset of that name; there are ${presetList().map((p) => p.name).join(', ')}` }] };
    };
    const checked = read();
    if (checked.kind === 'ok') return { value: checked.value, notes: checked.notes };
    return `${source.name}: ${describeProblems(checked.problems)}`;
  }
}

/** The world could not be built: every injection is unknown, with the reason. */
function unbuilt(scenario: Scenario, simulation: Simulation, notes: readonly string[]): TraceResult {
  const { world } = simulation;
  const reason = world.kind === 'limit' ? world.limit.text : world.kind === 'fault' ? world.fault.text : 'the world could not be built';
  const injections = scenario.steps.filter(isInjection).map((_step, i): InjectionResult => ({
    n: i + 1,
    title: 'not run',
    result: { kind: 'unknown', reason: `the world could not be built: ${reason}` },
    signals: [],
    shutdowns: [],
    calls: [],
    log: [],
    faults: [],
  }));
  return {
    scenario: { id: scenario.id, title: scenario.title },
    injections,
    processes: scenario.processes.map((process) => ({ label: process.label, state: 'alive', signals: [] })),
    filesystems: scenario.filesystems.map((fs) => ({ device: fs.device, mountpoint: fs.mountpoint, shutdown: false })),
    intrinsics: intrinsicUses(simulation),
    verdict: { kind: 'unknown', violations: [], reasons: [`the world could not be built: ${reason}`] },
    notes,
  };
}

function isInjection(step: Step): boolean {
  return step.kind === 'madvise' || step.kind === 'inject' || step.kind === 'unbind';
}

function runSteps(scenario: Scenario, simulation: Simulation, world: World, cancelled: () => boolean, notes: readonly string[], progress?: (phase: string) => void): TraceResult | undefined {
  const { kernel } = simulation;
  const facts: InjectionFacts[] = [];
  const limits: string[] = [];
  listen(simulation);
  for (const step of scenario.steps) {
    if (cancelled()) return undefined;
    if (!isInjection(step)) {
      const outcome = runStep(world, step);
      if (outcome.problem !== undefined) limits.push(`step "${outcome.title}": ${problemText(outcome)}`);
      continue;
    }
    progress?.(`injection ${facts.length + 1}`);
    facts.push(inject(simulation, world, step, facts.length + 1));
  }
  simulation.machine.probe = undefined;
  const injections = facts.map((fact) => fact.result);
  return {
    scenario: { id: scenario.id, title: scenario.title },
    injections,
    processes: scenarioTasks(kernel).map((task) => ({
      label: task.label,
      state: task.state === 'alive' ? 'alive' : 'killed',
      signals: injections.flatMap((injection) => injection.signals.filter((signal) => signal.process === task.label)),
    })),
    filesystems: filesystemStates(kernel),
    intrinsics: intrinsicUses(simulation),
    verdict: judge(scenario, facts, limits),
    notes,
  };
}

function problemText(outcome: StepOutcome): string {
  const { problem } = outcome;
  if (problem?.kind === 'limit') return problem.limit.text;
  return problem?.kind === 'fault' ? problem.fault.text : 'could not be carried out';
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
        recorder.shutdown({ device: event.device, ...(event.mountpoint === undefined ? {} : { mountpoint: event.mountpoint }), flags: `0x${event.flags.toString(16)}` });
        return;
      case 'unmap':
      case 'freeze':
      case 'thaw':
      case 'note':
    }
  };
}

function signalEvent(simulation: Simulation, signal: { readonly task: bigint; readonly signo: number; readonly code: number; readonly addr: bigint; readonly lsb: number; readonly result: number }): SignalEvent {
  const { kernel } = simulation;
  const label = labelOf(kernel, signal.task) ?? `task 0x${signal.task.toString(16)}`;
  const map = scenarioTasks(kernel)
    .find((task) => task.label === label)
    ?.maps.find((candidate) => signal.addr >= candidate.start && signal.addr < candidate.end);
  return {
    process: label,
    signo: signal.signo,
    code: signal.code,
    addr: `0x${signal.addr.toString(16)}`,
    ...(map === undefined ? {} : { offset: Number(signal.addr - map.start), map: map.name }),
    lsb: signal.lsb,
    delivered: signal.result === 0,
  };
}

function inject(simulation: Simulation, world: World, step: Step, n: number): InjectionFacts {
  const { kernel, recorder, machine } = simulation;
  const frames = failedFrames(simulation, step);
  const before = frames.map((pfn) => ({ pfn, mappers: mappersOf(kernel, pfn) }));
  const candidates = candidatesOf(kernel);
  const shutBefore = downDevices(simulation);
  const stock = stateBefore(kernel);
  recorder.start();
  machine.probe = recorder;
  const faultsBefore = machine.faults.length;
  const outcome = runStep(world, step);
  machine.probe = undefined;
  const recording = recorder.finish();
  const faults: readonly Fault[] = machine.faults.slice(faultsBefore);
  const pages: FailedPage[] = before.map(({ pfn, mappers }) => ({ pfn, mappersBefore: mappers, mappersAfter: mappersOf(kernel, pfn) }));
  const result: InjectionResult = {
    n,
    title: outcome.title,
    result: runResult(outcome, recording, simulation),
    signals: recording.signals,
    shutdowns: recording.shutdowns,
    calls: recording.calls,
    log: recording.log,
    faults: recording.faults,
  };
  const ended = outcome.calls.every((call) => call.outcome.kind === 'value');
  void faults;
  return {
    result,
    kind: step.kind === 'unbind' ? 'unbind' : 'failure',
    current: step.kind === 'madvise' ? step.process : step.kind === 'inject' ? step.by : undefined,
    pages,
    candidates,
    shutBefore,
    shutAfter: downDevices(simulation),
    leaks: ended ? leaksOf(kernel, stock, [kernel.current]) : [],
  };
}

function downDevices(simulation: Simulation): readonly string[] {
  return filesystemStates(simulation.kernel).filter((fs) => fs.shutdown).map((fs) => fs.device);
}

/** Frames that a step fails; for madvise without frames the page table of its mapping tells. */
function failedFrames(simulation: Simulation, step: Step): readonly bigint[] {
  if (step.kind === 'inject') return step.failures.map((failure) => failure.pfn);
  if (step.kind !== 'madvise') return [];
  if (step.failures !== undefined) return step.failures.map((failure) => failure.pfn);
  const map = scenarioTasks(simulation.kernel)
    .find((task) => task.label === step.process)
    ?.maps.find((candidate) => candidate.name === step.map);
  const present = map?.scenario.pages ?? [];
  const frames: bigint[] = [];
  for (let page = step.page; page < step.page + step.count; page++) {
    const entry = present.find((candidate) => page >= candidate.page && page < candidate.page + (1n << BigInt(candidate.shift - 12)));
    if (entry !== undefined) frames.push(entry.pfn + (page - entry.page));
  }
  return frames;
}

/** Intrinsics that were called, sorted by name. */
function intrinsicUses(simulation: Simulation): readonly IntrinsicUse[] {
  return [...simulation.recorder.intrinsicCalls]
    .map(([name, calls]): IntrinsicUse => {
      const intrinsic = simulation.intrinsics.find(name);
      const fidelity = intrinsic === undefined || intrinsic.fidelity === 'exact' ? 'exact' : `partial: ${intrinsic.fidelity.partial}`;
      return { function: name, file: intrinsic?.file ?? '', fidelity, calls };
    })
    .sort((a, b) => (a.function < b.function ? -1 : 1));
}
