// What kernel models, recorders and sessions may do with a machine: the contract that machine.ts fulfils.
import type { Place } from '../../base/place.ts';
import type { CType } from '../ctype/types.ts';
import type { CallTarget } from './intrinsic.ts';
import type { Heap } from './heap.ts';
import type { Memory } from './memory.ts';
import type { Fault, FaultNote, Outcome, StackEntry } from './outcome.ts';
import type { Probe } from './probe.ts';
import type { View } from './view.ts';

/** Budgets of one run; reaching one is a limit. */
export interface Budgets {
  /** IR instructions. */
  readonly steps: number;
  /** Bytes of simulated memory that may be touched. */
  readonly memory: number;
  /** Frames. */
  readonly depth: number;
  /** Bytes of the stack of a simulated task. */
  readonly stack: number;
}

export const defaultBudgets: Budgets = { steps: 200_000_000, memory: 192 << 20, depth: 400, stack: 64 << 10 };

/** State of a part outside the machine (signals, buffer cache…) that must follow snapshots. Data must be immutable or copied. */
export interface MachineExtension {
  readonly name: string;
  save(): unknown;
  load(state: unknown): void;
}

/** A saved state. Opaque; `release` lets its memory pages go. */
export interface Snapshot {
  readonly id: number;
}

/** Number of a simulated task (thread of execution with its own stack); 0 is the first. */
export type TaskId = number;

export interface MachineApi {
  readonly memory: Memory;
  readonly heap: Heap;
  readonly budgets: Budgets;
  probe: Probe | undefined;
  /** Faults so far that did not end a run, and the one that did. */
  readonly faults: readonly Fault[];
  /** IR instructions executed so far. */
  readonly steps: number;

  /** Calls a function by name or address and runs it to completion. Arguments are raw 64-bit values (BigInt.asUintN is applied). */
  call(target: CallTarget, args?: readonly bigint[]): Outcome;
  /** Runs TypeScript code that works on simulated memory; a fault or limit it meets becomes the outcome. */
  attempt<T>(work: () => T): Outcome<T>;

  /** Starts a call without running it; `run` continues it. For stepping and for switching tasks. */
  begin(target: CallTarget, args?: readonly bigint[], task?: TaskId): void;
  /** Executes at most `steps` instructions of the current task; undefined while the call is not complete. */
  run(steps?: number): Outcome | undefined;
  /** Creates a task with its own stack. */
  newTask(): TaskId;
  /** Makes a task the one that `run` continues. */
  switchTo(task: TaskId): void;
  readonly task: TaskId;
  /** Where the current task stands, innermost first. */
  backtrace(): readonly StackEntry[];
  readonly place: Place | undefined;

  /** 64-bit words in the registers of the current task: where a pointer may be that no memory holds. */
  liveWords(): readonly bigint[];

  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
  release(snapshot: Snapshot): void;
  attach(extension: MachineExtension): void;

  /** Object of a C type at an address. */
  view(type: CType, address: bigint): View;
  /** Allocates and clears an object of a C type on the heap; `name` appears in faults. */
  create(type: CType, name: string): View;

  /** Reports writes into [address, address + size) to the probe; gives a function that ends it. */
  watch(name: string, address: bigint, size: number): () => void;
  /** Line of the simulated kernel's log. */
  log(line: string): void;
  /** Reports a fault that does not end the run. */
  warn(note: FaultNote): void;
}
