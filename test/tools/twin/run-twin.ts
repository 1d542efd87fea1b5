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
import { MachineSide, type RecordedCall } from './machine-side.ts';
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
  readonly mutate?: NativeOptions['mutate'];
  readonly onDifference?: (difference: TwinDifference) => void;
  readonly onProgress?: (text: string) => void;
}

export interface TwinDifference {
  readonly world: number;
  readonly event: number;
  readonly call: string;
  /** The machine's last operations before the difference. */
  readonly machine: readonly string[];
  readonly native: string;
}

export interface TwinResult {
  runs: number;
  worlds: number;
  agreed: number;
  differing: number;
  limited: number;
  operations: number;
  bytes: number;
  reordered: number;
  signals: number;
  shutdowns: number;
  functions: number;
  units: number;
  starts: number;
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

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Opens one tree for both sides. */
function open(options: TwinOptions): { readonly machine: MachineSide; readonly native: NativeSide } {
  const source = new DiskSource(options.root);
  const given = options.config === undefined ? undefined : { path: options.config, text: readFileSync(options.config, 'utf8') };
  const { config } = chooseConfig(source, given);
  const preprocessor = new KernelPreprocessor(source, withoutTracepoints(config), new Interner());
  const units = new UnitCache(preprocessor, source, () => undefined);
  const machine = new MachineSide(source, units);
  const native = new NativeSide(machine, units, {
    optimise: options.optimise,
    unsignedChar: preprocessor.unsignedChar,
    ...(options.mutate === undefined ? {} : { mutate: options.mutate }),
  });
  return { machine, native };
}

/** Runs until `runs` calls were compared. */
export async function runTwin(options: TwinOptions): Promise<TwinResult> {
  const { machine, native } = open(options);
  const result: TwinResult = {
    ...{ runs: 0, worlds: 0, agreed: 0, differing: 0, limited: 0, operations: 0, bytes: 0, reordered: 0 },
    ...{ signals: 0, shutdowns: 0, functions: 0, units: 0, starts: 0 },
    events: new Map(),
    outcomes: new Map(),
    limits: new Map(),
    skipped: new Map(),
  };
  try {
    discover(options, machine);
    for (let n = options.onlyWorld ?? 0; result.runs < options.runs; n++) {
      if (result.worlds + n > options.runs * 20 + 1000) break;
      const random = randomOf(options, n);
      const world = buildNumbered(options, machine, random, n);
      if (typeof world === 'string') count(result.skipped, world);
      else {
        result.worlds++;
        await runWorld(options, machine, native, random, world, n, result);
      }
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

/** The world behind a number, or why there is none. */
function buildNumbered(options: TwinOptions, machine: MachineSide, random: Seeded, n: number): World | string {
  const scenario = randomWorld(random, `twin-${options.seed}-${n}`);
  const built = typeof scenario === 'string' ? undefined : machine.build(scenario);
  if (typeof scenario === 'string') return scenario.replace(/\d+/g, 'N').slice(0, 100);
  if (built?.kind !== 'value') return built?.kind === 'limit' ? built.limit.text.replace(/\d+/g, 'N').slice(0, 300) : 'fault';
  machine.change(() => {
    buildTask(machine.kernel, 'injector', undefined, { comm: 'mfinject', pid: defaultPid(60), mm: true });
  });
  return built.value;
}

function randomOf(options: TwinOptions, n: number): Seeded {
  return new Seeded(Math.imul(options.seed, 0x9e3779b1) + n);
}

function discover(options: TwinOptions, machine: MachineSide): void {
  let runs = 0;
  for (let n = options.onlyWorld ?? 0; runs < Math.min(DISCOVERY, options.runs) && n < (options.onlyWorld ?? 200) + 1; n++) {
    const random = randomOf(options, n);
    const world = buildNumbered(options, machine, random, n);
    for (let k = 0; k < EVENTS && typeof world !== 'string'; k++) {
      const event = randomEvent(random, { ...world, state: machine.worldState() });
      if (event === undefined) continue;
      runs++;
      machine.call(event.function, event.unit, event.args, k % ADVANCE === ADVANCE - 1, () => {
        prepareEvent(world, event);
      });
    }
  }
}

async function runWorld(
  options: TwinOptions,
  machine: MachineSide,
  native: NativeSide,
  random: Seeded,
  world: World,
  n: number,
  result: TwinResult,
): Promise<void> {
  native.setWorld(machine.worldPages());
  for (let k = 0; k < EVENTS && result.runs < options.runs; k++) {
    const current = { ...world, state: machine.worldState() };
    const event = randomEvent(random, current);
    if (event === undefined) continue;
    const keep = k % ADVANCE === ADVANCE - 1;
    const call = machine.call(event.function, event.unit, event.args, keep, () => {
      prepareEvent(world, event);
    });
    const answer = await native.run(call);
    result.runs++;
    count(result.events, event.function);
    count(result.outcomes, outcomeText(call));
    result.operations += answer.operations;
    result.bytes += answer.bytes;
    result.reordered += answer.reordered;
    result.signals += call.signals;
    result.shutdowns += call.shutdowns;
    if (answer.kind === 'same') result.agreed++;
    else if (answer.kind === 'limit') {
      result.limited++;
      count(result.limits, call.outcome.kind === 'limit' ? call.outcome.limit.text.slice(0, 100) : '?');
    } else {
      result.differing++;
      options.onDifference?.({
        world: n,
        event: k,
        call: callText(event),
        machine: machineLines(machine, call, answer.text),
        native: answer.text,
      });
    }
    if (keep) {
      machine.change(() => {
        runOthers(machine.kernel, 0n);
      });
      native.setWorld(machine.worldPages());
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

function callText(event: TwinEvent): string {
  return `${event.function}(${event.args.map((a) => `0x${a.toString(16)}`).join(', ')})`;
}

function machineLines(machine: MachineSide, call: RecordedCall, native: string): readonly string[] {
  const at = /^op (\d+)/.exec(native);
  return describeOps(call.ops, at === null ? call.ops.length : Number(at[1]), 16, (id) => machine.functions[id]?.name ?? '?');
}
