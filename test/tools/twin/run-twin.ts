// Machine and native code side by side over many random worlds: the loop behind the command and behind the test.

import { readFileSync } from 'node:fs';
import { Interner } from '../../../src/base/interner.ts';
import { runOthers } from '../../../src/core/kernel/world/signals.ts';
import { buildTask, defaultPid } from '../../../src/core/kernel/world/tasks.ts';
import type { World } from '../../../src/core/kernel/world/types.ts';
import { chooseConfig, withoutTracepoints } from '../../../src/core/preprocessor/kernel/choose-config.ts';
import { KernelPreprocessor } from '../../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { UnitCache } from '../../../src/core/session/unit-cache.ts';
import { DiskSource } from '../../../src/node/disk-source.ts';
import { Seeded } from '../seeded.ts';
import { prepareEvent, randomEvent, type TwinEvent } from './events.ts';
import { helpersOf, randomArguments, type Helper } from './helpers.ts';
import { MachineSide, type CapturedCall, type RecordedCall } from './machine-side.ts';
import { NativeSide, type NativeOptions } from './native-side.ts';
import { describeOps } from './recording.ts';
import { randomWorld } from './worlds.ts';

export interface TwinOptions {
  /** Folder of the kernel tree. */
  readonly root: string;
  /** Configuration file; without it the tree's own or the built-in profile. */
  readonly config: string | undefined;
  readonly runs: number;
  readonly seed: number;
  readonly optimise: string;
  readonly onlyWorld?: number | undefined;
  /** Calls of functions of numbers in one world. */
  readonly helperCalls?: number | undefined;
  readonly mutate?: NativeOptions['mutate'];
  readonly onDifference?: (difference: TwinDifference) => void;
  readonly onProgress?: (text: string) => void;
}

export interface TwinDifference {
  readonly world: number;
  readonly call: string;
  /** The machine's last operations before the difference. */
  readonly machine: readonly string[];
  readonly native: string;
}

/** How calls of one kind fared. */
export interface Tally {
  runs: number;
  agreed: number;
  differing: number;
  /** Agreed until the machine met a limit of its own, which ends the call. */
  limited: number;
}

export interface TwinResult extends Tally {
  worlds: number;
  operations: number;
  bytes: number;
  reordered: number;
  signals: number;
  shutdowns: number;
  functions: number;
  units: number;
  starts: number;
  /** Calls that the builder of the worlds made. */
  readonly builders: Tally & { readonly names: Map<string, number> };
  /** Functions of numbers with random arguments. */
  readonly helpers: Tally & { readonly names: Map<string, number> };
  readonly events: Map<string, number>;
  readonly outcomes: Map<string, number>;
  readonly limits: Map<string, number>;
  readonly skipped: Map<string, number>;
}

/** Calls that only the machine makes at first, to learn which functions are to be compiled. */
const DISCOVERY = 150;
/** Events in one world; after some of them the world stays as they left it. */
const EVENTS = 12;
const ADVANCE = 4;
/** Calls of the builder that are compared in one world, at most. */
const CAPTURES = 3;
/** Functions of numbers that take part, and their calls in one world. */
const HELPERS = 400;
const HELPER_CALLS = 6;
const HELPER_STEPS = 100_000;

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

const tally = (): Tally => ({ runs: 0, agreed: 0, differing: 0, limited: 0 });

/** Runs until `runs` scenarios were compared. */
export async function runTwin(options: TwinOptions): Promise<TwinResult> {
  return new TwinRun(options).run();
}

class TwinRun {
  private readonly options: TwinOptions;
  private readonly machine: MachineSide;
  private readonly native: NativeSide;
  private readonly units: UnitCache;
  private helpers: readonly Helper[] = [];
  private readonly result: TwinResult = {
    ...tally(),
    ...{ worlds: 0, operations: 0, bytes: 0, reordered: 0, signals: 0, shutdowns: 0, functions: 0, units: 0, starts: 0 },
    builders: { ...tally(), names: new Map() },
    helpers: { ...tally(), names: new Map() },
    events: new Map(),
    outcomes: new Map(),
    limits: new Map(),
    skipped: new Map(),
  };

  constructor(options: TwinOptions) {
    this.options = options;
    const source = new DiskSource(options.root);
    const given = options.config === undefined ? undefined : { path: options.config, text: readFileSync(options.config, 'utf8') };
    const { config } = chooseConfig(source, given);
    const preprocessor = new KernelPreprocessor(source, withoutTracepoints(config), new Interner());
    this.units = new UnitCache(preprocessor, source, () => undefined);
    this.machine = new MachineSide(source, this.units);
    this.native = new NativeSide(this.machine, this.units, {
      optimise: options.optimise,
      unsignedChar: preprocessor.unsignedChar,
      ...(options.mutate === undefined ? {} : { mutate: options.mutate }),
    });
  }

  async run(): Promise<TwinResult> {
    const { options, result, native } = this;
    try {
      this.discover();
      for (let n = options.onlyWorld ?? 0; result.runs < options.runs; n++) {
        if (n > options.runs * 20 + 1000) break;
        await this.runWorld(n);
        if (options.onlyWorld !== undefined) break;
        if (n % 20 === 0) options.onProgress?.(`world ${n}: ${result.runs} runs, ${result.differing} differing`);
      }
    } finally {
      result.functions = native.compiledFunctions;
      result.units = native.compiledUnits;
      result.starts = native.starts;
      native.stop();
    }
    return result;
  }

  private randomOf(n: number): Seeded {
    return new Seeded(Math.imul(this.options.seed, 0x9e3779b1) + n);
  }

  /** The world behind a number, or why there is none. */
  private build(
    random: Seeded,
    n: number,
    capture?: (name: string) => boolean,
  ): { world: World | string; captured: readonly CapturedCall[] } {
    const scenario = randomWorld(random, `twin-${this.options.seed}-${n}`);
    if (typeof scenario === 'string') return { world: scenario.replace(/\d+/g, 'N').slice(0, 100), captured: [] };
    const { world, captured } = this.machine.build(scenario, capture);
    if (world.kind !== 'value')
      return { world: world.kind === 'limit' ? world.limit.text.replace(/\d+/g, 'N').slice(0, 300) : 'fault', captured: [] };
    this.machine.change(() => {
      buildTask(this.machine.kernel, 'injector', undefined, { comm: 'mfinject', pid: defaultPid(60), mm: true });
    });
    return { world: world.value, captured };
  }

  /** Runs the machine alone for a while. */
  private discover(): void {
    const { options, machine } = this;
    const first = options.onlyWorld ?? 0;
    let runs = 0;
    for (let n = first; runs < Math.min(DISCOVERY, options.runs) && n < first + (options.onlyWorld === undefined ? 200 : 1); n++) {
      const random = this.randomOf(n);
      const { world } = this.build(random, n);
      for (let k = 0; k < EVENTS && typeof world !== 'string'; k++) {
        const event = randomEvent(random, { ...world, state: machine.worldState() });
        if (event === undefined) continue;
        runs++;
        machine.call(event.function, event.unit, event.args, k % ADVANCE === ADVANCE - 1, () => {
          prepareEvent(world, event);
        });
      }
    }
    const random = this.randomOf(-1);
    const share = options.helperCalls === undefined ? Math.min(HELPERS, options.runs) : options.helperCalls === 0 ? 0 : HELPERS;
    this.helpers = helpersOf(machine, this.units, share, random).filter((helper) => {
      const call = machine.call(helper.name, helper.unit, randomArguments(random, helper.widths), false, () => undefined, HELPER_STEPS);
      return call.outcome.kind === 'value' && call.ops.length < 100_000;
    });
  }

  private async runWorld(n: number): Promise<void> {
    const { options, machine, native, result } = this;
    const random = this.randomOf(n);
    const draw = this.randomOf(n + 0x40000000);
    let captures = 0;
    const seen = result.builders.names;
    const { world, captured } = this.build(random, n, (name) => {
      // What was seldom compared comes first.
      const wanted = captures < CAPTURES && draw.below(4 + 40 * (seen.get(name) ?? 0)) === 0;
      if (wanted) captures++;
      return wanted;
    });
    if (typeof world === 'string') {
      count(result.skipped, world);
      return;
    }
    result.worlds++;
    for (const { name, pages, call } of captured) {
      native.setWorld(pages);
      count(seen, name);
      await this.compare(result.builders, call, `${name} while world ${n} is built`, n);
    }
    native.setWorld(machine.worldPages());
    for (let i = options.helperCalls ?? HELPER_CALLS; i > 0 && this.helpers.length > 0; i--) {
      const helper = draw.pick(this.helpers);
      const args = randomArguments(draw, helper.widths);
      count(result.helpers.names, helper.name);
      const call = machine.call(helper.name, helper.unit, args, false, () => undefined, HELPER_STEPS);
      await this.compare(result.helpers, call, callText({ function: helper.name, args }), n);
    }
    for (let k = 0; k < EVENTS && result.runs < options.runs; k++) {
      const event = randomEvent(random, { ...world, state: machine.worldState() });
      if (event === undefined) continue;
      const keep = k % ADVANCE === ADVANCE - 1;
      const call = machine.call(event.function, event.unit, event.args, keep, () => {
        prepareEvent(world, event);
      });
      count(result.events, event.function);
      count(result.outcomes, outcomeText(call));
      result.signals += call.signals;
      result.shutdowns += call.shutdowns;
      await this.compare(result, call, `event ${k}: ${callText(event)}`, n);
      if (!keep) continue;
      machine.change(() => {
        runOthers(machine.kernel, 0n);
      });
      native.setWorld(machine.worldPages());
    }
  }

  private async compare(into: Tally, call: RecordedCall, text: string, world: number): Promise<void> {
    const { options, machine, native, result } = this;
    const answer = await native.run(call);
    into.runs++;
    result.operations += answer.operations;
    result.bytes += answer.bytes;
    result.reordered += answer.reordered;
    if (answer.kind === 'same') into.agreed++;
    else if (answer.kind === 'limit') {
      into.limited++;
      count(result.limits, limitText(call));
    } else {
      into.differing++;
      options.onDifference?.({ world, call: text, machine: machineLines(machine, call, answer.text), native: answer.text });
    }
  }
}

function outcomeText({ outcome }: RecordedCall): string {
  if (outcome.kind === 'value') return BigInt.asIntN(32, outcome.value).toString();
  const where = outcome.kind === 'fault' ? outcome.fault.stack[0]?.function : undefined;
  return outcome.kind === 'fault'
    ? `fault in ${where ?? '?'}: ${outcome.fault.kind}: ${outcome.fault.text.replace(/[0-9a-f]{6,}/g, 'N').slice(0, 70)}`
    : outcome.kind;
}

function limitText({ outcome }: RecordedCall): string {
  const text = outcome.kind === 'limit' ? outcome.limit.text : outcome.kind === 'fault' ? outcome.fault.text : '?';
  return text.replace(/[0-9a-f]{6,}/g, 'N').slice(0, 100);
}

function callText(event: Pick<TwinEvent, 'function' | 'args'>): string {
  return `${event.function}(${event.args.map((a) => `0x${a.toString(16)}`).join(', ')})`;
}

function machineLines(machine: MachineSide, call: RecordedCall, native: string): readonly string[] {
  const at = /^op (\d+)/.exec(native);
  return describeOps(call.ops, at === null ? call.ops.length : Number(at[1]), 16, (id) => machine.functions[id]?.name ?? '?');
}
