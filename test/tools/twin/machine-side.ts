// The machine's half of the twin: one program for many worlds, whose calls are recorded in full.

import { bootSymbols } from '../../../src/core/kernel/boot-globals.ts';
import { KernelModel } from '../../../src/core/kernel/model.ts';
import { kernelAsmModels, kernelRegistry } from '../../../src/core/kernel/registry.ts';
import { worldKey } from '../../../src/core/kernel/world/state.ts';
import type { World, WorldState } from '../../../src/core/kernel/world/types.ts';
import { buildWorld } from '../../../src/core/kernel/world/world.ts';
import type { Snapshot } from '../../../src/core/machine/api.ts';
import type { Intrinsic, IntrinsicRegistry, IntrinsicResult } from '../../../src/core/machine/intrinsic.ts';
import type { Machine } from '../../../src/core/machine/machine.ts';
import { high, low } from '../../../src/core/machine/memory.ts';
import type { Outcome } from '../../../src/core/machine/outcome.ts';
import { PAGE, type LazyRegion } from '../../../src/core/machine/paging.ts';
import type { CallEntry, Probe } from '../../../src/core/machine/probe.ts';
import type { FunctionEntry } from '../../../src/core/program/functions.ts';
import { Program } from '../../../src/core/program/program.ts';
import type { UnitLoader } from '../../../src/core/program/unit-loader.ts';
import type { Scenario } from '../../../src/core/scenario/schema.ts';
import type { FileSource } from '../../../src/core/source/file-source.ts';
import { Op, Words } from './recording.ts';
import { watchMemory } from './watch-memory.ts';

/** Memory functions: both sides do them their own way, and memory is compared anyway. */
const PLAIN = /^(__)?(builtin_)?(memcpy|memmove|memset|memset16|memset32|memset64|memcpy_flushcache|clear_page|copy_page|strlen)$/;
/** Instructions that one call may take. */
const CALL_STEPS = 3_000_000;
/** Instructions of a world and its calls. */
const STEPS = 20_000_000;
/** Faults of memory that is or, in the twin's address space, may be there: hardware does not notice them. */
const UNSEEN: ReadonlySet<string> = new Set([
  'out-of-bounds',
  'use-after-free',
  'use-after-return',
  'use-after-scope',
  'read-only-write',
  'wild-pointer',
]);
/** Checks that gcc decides when it compiles. */
const COMPILE_TIME = /^__compiletime_assert_/;

/** True for functions whose calls are not compared. */
export function isPlain(name: string): boolean {
  return PLAIN.test(name) || COMPILE_TIME.test(name);
}

/** Parts of the program and of its memory that no other tool needs to see. */
interface Inside {
  readonly functions: { readonly entries: readonly FunctionEntry[] };
  readonly objects: {
    readonly external: ReadonlyMap<string, bigint>;
    readonly internal: ReadonlyMap<string, ReadonlyMap<string, bigint>>;
    readonly strings: ReadonlyMap<string, bigint>;
  };
}
interface InsidePages {
  readonly frameOf: Int32Array;
  readonly pageKeys: readonly number[];
  readonly data8: Uint8Array;
  readonly shadow8: Uint8Array;
  readonly regions: readonly LazyRegion[];
}

/** A page of memory: its address, bytes, and what is known of each byte (0: initialised). */
export interface PageCopy {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  readonly shadow: Uint8Array;
}

/** One call with everything that must come out the same natively. */
export interface RecordedCall {
  readonly id: number;
  readonly args: readonly bigint[];
  readonly ops: Words;
  readonly outcome: Outcome;
  /** Pages that the call touched first, as they were before it; `zero` pages are new memory. */
  readonly extra: readonly PageCopy[];
  readonly zero: readonly bigint[];
  /** Pages that changed, as they are afterwards. */
  readonly changed: readonly PageCopy[];
  readonly signals: number;
  readonly shutdowns: number;
}

/** A call that the world's builder made, and the memory that it started from. */
export interface CapturedCall {
  readonly name: string;
  readonly pages: readonly PageCopy[];
  readonly call: RecordedCall;
}

export interface BuiltWorld {
  readonly world: Outcome<World>;
  readonly captured: readonly CapturedCall[];
}

export class MachineSide {
  readonly kernel: KernelModel;
  readonly program: Program;
  readonly machine: Machine;
  private readonly start: Snapshot;
  private world: Snapshot | undefined;
  private ops: Words | undefined;
  /** Inside the body of an intrinsic, where reads and writes count. */
  private inBody = false;
  private readonly registry: IntrinsicRegistry;

  constructor(source: FileSource, loader: UnitLoader) {
    this.kernel = new KernelModel();
    this.registry = kernelRegistry(this.kernel);
    this.program = new Program(
      { source, intrinsics: this.observed(this.registry), asmModels: kernelAsmModels(this.kernel), linkerSymbols: bootSymbols() },
      loader,
    );
    this.machine = this.program.newMachine({ steps: STEPS });
    this.kernel.bind(this.machine, this.program);
    watchMemory(this.machine.memory, () => (this.inBody ? this.ops : undefined));
    this.watchCalls();
    this.start = this.machine.snapshot();
  }

  /** True when the machine has a model of a function instead of its body. */
  isIntrinsic(name: string): boolean {
    return this.registry.find(name) !== undefined;
  }

  // ---- worlds -----------------------------------------------------------------------------------------------------

  /**
   * Builds a world; every call starts from it. The builder runs functions of the tree: those that `capture` picks are recorded
   * with the pages that they start from.
   */
  build(scenario: Scenario, capture?: (name: string) => boolean): BuiltWorld {
    if (this.world !== undefined) this.machine.release(this.world);
    this.machine.restore(this.start);
    const captured: CapturedCall[] = [];
    const { machine } = this;
    const plain = machine.call.bind(machine);
    let busy = false;
    if (capture !== undefined) {
      machine.call = (target, given) => {
        const args = given ?? [];
        const id = busy ? 0 : machine.targetId(target);
        const name = this.functions[id]?.name ?? '';
        if (busy || this.isIntrinsic(name) || !capture(name)) return plain(target, args);
        busy = true;
        const start = machine.snapshot();
        const pages = this.worldPages();
        const call = this.record(
          id,
          args,
          () => plain(target, args),
          (outcome) => ({ outcome, ...this.memorySince(start) }),
        );
        machine.release(start);
        busy = false;
        captured.push({ name, pages, call });
        return call.outcome;
      };
    }
    const world = buildWorld(this.kernel, scenario);
    machine.call = plain;
    this.seal();
    return { world, captured };
  }

  /** Makes the present state the one that calls start from. */
  seal(): void {
    this.world = this.machine.snapshot();
  }

  /** Every page that exists in the world. */
  worldPages(): readonly PageCopy[] {
    return this.machine.pages
      .presentPages()
      .filter((at) => !isStack(at))
      .map((at) => this.copyPage(at));
  }

  private copyPage(address: bigint): PageCopy {
    const { pages } = this.machine;
    const base = pages.forRead(low(address), high(address));
    return { address, bytes: pages.data8.slice(base, base + PAGE), shadow: pages.shadow8.slice(base, base + PAGE) };
  }

  // ---- calls ------------------------------------------------------------------------------------------------------

  /** Changes the world that calls start from. */
  change(work: () => void): void {
    if (this.world === undefined) throw new Error('no world');
    this.machine.restore(this.world);
    this.machine.attempt(work);
    this.machine.release(this.world);
    this.seal();
  }

  /** Devices, tasks and inodes as they are now. */
  worldState(): WorldState {
    if (this.world !== undefined) this.machine.restore(this.world);
    return this.kernel.part(worldKey);
  }

  /** Runs a function from the world's state and records it; `keep` makes the state afterwards the world. */
  call(
    name: string,
    unit: string | undefined,
    args: readonly bigint[],
    keep: boolean,
    before: () => void,
    steps = CALL_STEPS,
  ): RecordedCall {
    const { machine, world } = this;
    if (world === undefined) throw new Error('no world');
    machine.restore(world);
    // What happens before the call is part of the state that the call starts from.
    before();
    const start = machine.snapshot();
    (machine.budgets as { steps: number }).steps = machine.steps + steps;
    const target = this.program.functionAddress(name, unit) ?? 0n;
    return this.record(
      machine.targetId(target),
      args,
      () => machine.call(target, args),
      (outcome) => {
        const end = keep && outcome.kind === 'value' ? machine.snapshot() : undefined;
        const memory = this.memorySince(start);
        machine.release(start);
        (machine.budgets as { steps: number }).steps = STEPS;
        if (end !== undefined) {
          machine.release(world);
          this.world = end;
        }
        return { outcome, ...memory };
      },
    );
  }

  /** Records what happens while `run` runs; `after` looks at memory then. */
  private record(
    id: number,
    args: readonly bigint[],
    run: () => Outcome,
    after: (outcome: Outcome) => Pick<RecordedCall, 'outcome' | 'extra' | 'zero' | 'changed'>,
  ): RecordedCall {
    const { machine, kernel } = this;
    const ops = new Words();
    this.ops = ops;
    machine.probe = this.probe(ops);
    let signals = 0;
    let shutdowns = 0;
    const listener = kernel.onEvent;
    kernel.onEvent = (event) => {
      if (event.kind === 'signal') signals++;
      if (event.kind === 'shutdown') shutdowns++;
    };
    const outcome = run();
    machine.probe = undefined;
    kernel.onEvent = listener;
    this.ops = undefined;
    this.inBody = false;
    if (outcome.kind === 'value') ops.push(Op.End, 0);
    else if (outcome.kind === 'fault' && !UNSEEN.has(outcome.fault.kind)) ops.push(Op.Fault, outcome.fault.address ?? 0n);
    else ops.push(Op.Limit, 0);
    return { id, args, ops, ...after(outcome), signals, shutdowns };
  }

  /** What changed since the state at the start. */
  private memorySince(start: Snapshot): Pick<RecordedCall, 'extra' | 'zero' | 'changed'> {
    const inside = this.machine.pages as unknown as InsidePages;
    const before = (start as Snapshot & { readonly pages: { readonly frameOf: Int32Array } }).pages.frameOf;
    const changed: PageCopy[] = [];
    const extra: PageCopy[] = [];
    const zero: bigint[] = [];
    inside.pageKeys.forEach((key, id) => {
      const frame = inside.frameOf[id] ?? -1;
      const old = id < before.length ? (before[id] ?? -1) : -1;
      if (frame < 0 || frame === old) return;
      const address = BigInt(key) << 12n;
      if (isStack(address)) return;
      changed.push(this.copyPage(address));
      if (old >= 0) return;
      // A page of a lazy region is made again as it was when it was touched first; any other is new memory.
      const bytes = new Uint8Array(PAGE);
      const shadow = new Uint8Array(PAGE);
      const region = inside.regions.find((r) => address >= r.start && address < r.end);
      if (region?.fill(address, bytes, shadow) === true) extra.push({ address, bytes, shadow });
      else zero.push(address);
    });
    return { extra, zero, changed };
  }

  private probe(ops: Words): Probe {
    const { entries } = (this.program as unknown as Inside).functions;
    const kinds = new Map<number, boolean>();
    const wants = (id: number): boolean => {
      let known = kinds.get(id);
      if (known === undefined) kinds.set(id, (known = !isPlain(entries[id]?.name ?? '')));
      return known;
    };
    const intrinsics: boolean[] = [];
    return {
      wants,
      enter: (call: CallEntry) => {
        const isIntrinsic = call.kind === 'intrinsic';
        intrinsics.push(isIntrinsic);
        ops.push(isIntrinsic ? Op.Intrinsic : Op.Enter, call.functionId, call.args.length, ...call.args);
      },
      leave: (_name, id, _depth, value) => {
        if (intrinsics.pop() === true) ops.push(Op.Result, value === undefined ? 0 : 1, value ?? 0n);
        else ops.push(Op.Leave, id, value === undefined ? 0 : 1, value ?? 0n);
      },
      log: () => undefined,
      fault: () => undefined,
      limit: () => undefined,
    };
  }

  // ---- watching intrinsics ----------------------------------------------------------------------------------------

  private observed(registry: IntrinsicRegistry): IntrinsicRegistry {
    const wrapped = new Map<string, Intrinsic>();
    const body = (intrinsic: Intrinsic, run: () => IntrinsicResult): IntrinsicResult => {
      if (this.ops === undefined || isPlain(intrinsic.name)) return run();
      this.inBody = true;
      try {
        const result = run();
        if (typeof result === 'object' && result.kind === 'call') this.recordCall(this.machine.targetId(result.target), result.args);
        return result;
      } finally {
        this.inBody = false;
      }
    };
    return {
      all: registry.all,
      find: (name) => {
        const found = registry.find(name);
        if (found === undefined) return undefined;
        let own = wrapped.get(name);
        if (own === undefined) {
          own = { ...found, run: (call) => body(found, () => found.run(call)), resume: (call) => body(found, () => found.resume(call)) };
          wrapped.set(name, own);
        }
        return own;
      },
    };
  }

  private recordCall(id: number, args: readonly bigint[]): void {
    this.ops?.push(Op.Call, id, args.length, ...args);
  }

  /** A function that an intrinsic calls is interpreted: its own accesses do not count. */
  private watchCalls(): void {
    const { machine } = this;
    const nested = machine.callNested.bind(machine);
    machine.callNested = (target, args) => {
      if (this.ops === undefined || !this.inBody) return nested(target, args);
      this.recordCall(machine.targetId(target), args);
      this.inBody = false;
      const result = nested(target, args);
      this.inBody = true;
      return result;
    };
  }

  // ---- tables for the native side ---------------------------------------------------------------------------------

  get functions(): readonly FunctionEntry[] {
    return (this.program as unknown as Inside).functions.entries;
  }

  /** Addresses of string literals by their bytes, one character for each. */
  get strings(): ReadonlyMap<string, bigint> {
    return (this.program as unknown as Inside).objects.strings;
  }

  /** Addresses of objects: name, unit ('' when external). */
  *objects(): Generator<{ readonly name: string; readonly unit: string; readonly address: bigint }> {
    const { external, internal } = (this.program as unknown as Inside).objects;
    for (const [name, address] of external) yield { name, unit: '', address };
    for (const [unit, table] of internal) for (const [name, address] of table) yield { name, unit, address };
  }
}

/** Stacks of the machine's tasks lie at the start of vmalloc space. */
function isStack(address: bigint): boolean {
  return address >= 0xffffc90000000000n && address < 0xffffc90100000000n;
}
