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
import { PAGE } from '../../../src/core/machine/paging.ts';
import type { CallEntry, Probe } from '../../../src/core/machine/probe.ts';
import type { FunctionEntry } from '../../../src/core/program/functions.ts';
import { Program } from '../../../src/core/program/program.ts';
import type { UnitLoader } from '../../../src/core/program/unit-loader.ts';
import type { Scenario } from '../../../src/core/scenario/schema.ts';
import type { FileSource } from '../../../src/core/source/file-source.ts';
import { Op, Words } from './recording.ts';

/** Memory functions: both sides do them their own way, and memory is compared anyway. */
const PLAIN = /^(__)?(builtin_)?(memcpy|memmove|memset|memset16|memset32|memset64|memcpy_flushcache|clear_page|copy_page|strlen)$/;
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

export class MachineSide {
  readonly kernel: KernelModel;
  readonly program: Program;
  readonly machine: Machine;
  private readonly start: Snapshot;
  private world: Snapshot | undefined;
  private ops: Words | undefined;
  /** Inside the body of an intrinsic, where reads and writes count. */
  private inBody = false;

  constructor(source: FileSource, loader: UnitLoader) {
    this.kernel = new KernelModel();
    const registry = kernelRegistry(this.kernel);
    this.program = new Program(
      { source, intrinsics: this.observed(registry), asmModels: kernelAsmModels(this.kernel), linkerSymbols: bootSymbols() },
      loader,
    );
    this.machine = this.program.newMachine({ steps: 1_000_000_000_000 });
    this.kernel.bind(this.machine, this.program);
    this.watchMemory();
    this.watchCalls();
    this.start = this.machine.snapshot();
  }

  // ---- worlds -----------------------------------------------------------------------------------------------------

  /** Builds a world; every call starts from it. */
  build(scenario: Scenario): Outcome<World> {
    if (this.world !== undefined) this.machine.release(this.world);
    this.machine.restore(this.start);
    const world = buildWorld(this.kernel, scenario);
    this.seal();
    return world;
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
  call(name: string, unit: string | undefined, args: readonly bigint[], keep: boolean, before: () => void): RecordedCall {
    const { machine, kernel } = this;
    const { world } = this;
    if (world === undefined) throw new Error('no world');
    machine.restore(world);
    // What happens before the call is part of the state that the call starts from.
    before();
    const start = machine.snapshot();
    const id = machine.targetId(this.program.functionAddress(name, unit) ?? 0n);
    const ops = new Words();
    this.ops = ops;
    machine.probe = this.probe(ops);
    let signals = 0;
    let shutdowns = 0;
    kernel.onEvent = (event) => {
      if (event.kind === 'signal') signals++;
      if (event.kind === 'shutdown') shutdowns++;
    };
    const outcome = machine.call(this.program.functionAddress(name, unit) ?? 0n, args);
    machine.probe = undefined;
    kernel.onEvent = undefined;
    this.ops = undefined;
    this.inBody = false;
    if (outcome.kind === 'value') ops.push(Op.End, 0);
    else if (outcome.kind === 'fault') ops.push(Op.Fault, outcome.fault.address ?? 0n);
    else ops.push(Op.Limit, 0);
    const end = keep && outcome.kind === 'value' ? machine.snapshot() : undefined;
    const memory = this.memorySince(start);
    machine.release(start);
    if (end !== undefined) {
      machine.restore(end);
      machine.release(world);
      this.world = end;
    }
    return { id, args, ops, outcome, ...memory, signals, shutdowns };
  }

  /** Compares with the state at the start, and goes back to it. */
  private memorySince(start: Snapshot): Pick<RecordedCall, 'extra' | 'zero' | 'changed'> {
    const { pages } = this.machine;
    const inside = pages as unknown as InsidePages;
    const before = (start as Snapshot & { readonly pages: { readonly frameOf: Int32Array } }).pages.frameOf;
    const changed: PageCopy[] = [];
    const fresh: bigint[] = [];
    inside.pageKeys.forEach((key, id) => {
      const frame = inside.frameOf[id] ?? -1;
      const old = id < before.length ? (before[id] ?? -1) : -1;
      if (frame < 0 || frame === old) return;
      const address = BigInt(key) << 12n;
      if (isStack(address)) return;
      changed.push(this.copyPage(address));
      if (old < 0) fresh.push(address);
    });
    this.machine.restore(start);
    const extra: PageCopy[] = [];
    const zero: bigint[] = [];
    for (const address of fresh) {
      if (pages.forRead(low(address), high(address)) < 0) zero.push(address);
      else extra.push(this.copyPage(address));
    }
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

  private watchMemory(): void {
    const { memory } = this.machine;
    const plain = {
      readUnsigned: memory.readUnsigned.bind(memory),
      readBytes: memory.readBytes.bind(memory),
      writeUnsigned: memory.writeUnsigned.bind(memory),
      writeBytes: memory.writeBytes.bind(memory),
      fill: memory.fill.bind(memory),
      copy: memory.copy.bind(memory),
      open: memory.open.bind(memory),
    };
    const listening = (): Words | undefined => (this.inBody ? this.ops : undefined);
    const wrote = (address: bigint, size: number): void => {
      const ops = listening();
      if (ops === undefined || size === 0) return;
      ops.push(Op.Write, address, size);
      ops.pushBytes(plain.readBytes(address, size));
    };
    const read = (address: bigint, size: number): void => {
      const ops = listening();
      if (ops === undefined || size === 0 || !this.isInitialised(address, size)) return;
      ops.push(Op.Read, address, size);
      ops.pushBytes(plain.readBytes(address, size));
    };
    memory.readUnsigned = (address, size) => {
      const value = plain.readUnsigned(address, size);
      read(address, size);
      return value;
    };
    memory.readBytes = (address, size) => {
      const bytes = plain.readBytes(address, size);
      read(address, size);
      return bytes;
    };
    memory.writeUnsigned = (address, size, value) => {
      plain.writeUnsigned(address, size, value);
      wrote(address, size);
    };
    memory.writeBytes = (address, bytes) => {
      plain.writeBytes(address, bytes);
      wrote(address, bytes.length);
    };
    memory.fill = (address, size, byte) => {
      plain.fill(address, size, byte);
      listening()?.push(Op.Fill, address, size, byte);
    };
    memory.copy = (to, from, size) => {
      plain.copy(to, from, size);
      wrote(to, size);
    };
    memory.open = (address, size, zeroed) => {
      plain.open(address, size, zeroed);
      listening()?.push(Op.Fill, address, size, 0);
    };
  }

  private isInitialised(address: bigint, size: number): boolean {
    const { pages } = this.machine;
    for (let i = 0; i < size; i++) {
      const at = address + BigInt(i);
      const base = pages.forRead(low(at), high(at));
      if (base < 0 || pages.shadow8[base + (low(at) & (PAGE - 1))] !== 0) return false;
    }
    return true;
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
