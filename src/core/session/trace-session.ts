// Answers `trace`: reads the scenario, builds program and world, runs the steps, and judges what happened.

import { Interner } from '../../base/interner.ts';
import { chooseConfig, withoutTracepoints } from '../preprocessor/kernel/choose-config.ts';
import { KernelPreprocessor } from '../preprocessor/kernel/kernel-preprocessor.ts';
import { growRemoved } from '../scenario/grow.ts';
import { presetList } from '../scenario/presets/presets.ts';
import type { Scenario, Step } from '../scenario/schema.ts';
import type { FileSource } from '../source/file-source.ts';
import type { ProbeRead } from '../trace/recorder.ts';
import type { TraceResult } from '../trace/result.ts';
import type { PresetInfo, SetupCall, TraceAnswer, TraceRequest } from './engine-api.ts';
import { runScenario } from './run-steps.ts';
import { scenarioOf } from './scenario-of.ts';
import { startSimulation } from './simulation.ts';
import { UnitCache } from './unit-cache.ts';

export interface TraceSessionOptions {
  readonly source: FileSource;
  /** What messages call the tree. */
  readonly name?: string;
  /** The tree without unsaved edits, to tell when an intrinsic stands for an edited function. */
  readonly base?: FileSource;
  /** A configuration that the user named. */
  readonly config?: { readonly path: string; readonly text: string };
  readonly progress?: (phase: string) => void;
}

/** How a trace is to be recorded beyond what a user asks for. */
export interface TraceDetail {
  readonly all: boolean;
  /** Count what a comparison needs. */
  readonly measure?: boolean;
  readonly reads?: ReadonlyMap<string, readonly ProbeRead[]>;
}

/** Traces over one tree; programs and units are kept from one trace to the next. */
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
    const given = scenarioOf(request.scenario, request.log);
    if (typeof given === 'string') return { kind: 'refused', message: given };
    const scenario = { ...given, value: withSetup(request.grow === true ? growRemoved(given.value) : given.value, request.setup ?? []) };
    const missing = this.missingTree();
    if (missing !== undefined) return { kind: 'refused', message: missing };
    const result = this.run(scenario.value, { all: request.all === true, measure: request.measure === true }, cancelled, scenario.notes);
    return result === undefined ? { kind: 'cancelled' } : { kind: 'result', result, milliseconds: 0 };
  }

  /** Runs a scenario that was read already; undefined when cancelled. */
  run(
    scenario: Scenario,
    detail: TraceDetail,
    cancelled: () => boolean = () => false,
    notes: readonly string[] = [],
  ): TraceResult | undefined {
    this.options.progress?.('building the world');
    const units = this.loader();
    try {
      return this.simulate(scenario, detail, cancelled, notes, units);
    } finally {
      units.rest();
    }
  }

  private simulate(
    scenario: Scenario,
    detail: TraceDetail,
    cancelled: () => boolean,
    notes: readonly string[],
    units: UnitCache,
  ): TraceResult | undefined {
    const simulation = startSimulation(scenario, {
      source: this.options.source,
      loader: units,
      all: detail.all,
      ...(detail.reads === undefined ? {} : { reads: detail.reads }),
    });
    return runScenario(scenario, simulation, {
      cancelled,
      progress: this.options.progress,
      edits: { source: this.options.source, base: this.options.base },
      notes: [...notes, ...simulation.notes],
      measure: detail.measure,
    });
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
    return this.options.source.exists(file) ? undefined : `${this.options.name ?? 'this'} is no kernel tree: it has no ${file}`;
  }
}

/** The scenario with calls of functions before its first step: what a driver's initialisation would do. */
function withSetup(scenario: Scenario, functions: readonly SetupCall[]): Scenario {
  if (functions.length === 0) return scenario;
  const calls = functions.map(({ name, file }): Step => ({
    kind: 'call',
    function: name,
    ...(file === undefined ? {} : { file }),
    args: [],
    failed: [],
    injection: false,
  }));
  return { ...scenario, steps: [...calls, ...scenario.steps] };
}
