// What a listener hears while the machine runs; a machine without a probe pays nothing for it.
import type { Place } from '../../base/place.ts';
import type { Fault, Limit } from './outcome.ts';

export type CalleeKind = 'interpreted' | 'intrinsic';

/** A call as it starts. Arguments are raw 64-bit patterns (unsigned); a record by value larger than 8 bytes is its address. */
export interface CallEntry {
  readonly function: string;
  readonly kind: CalleeKind;
  /** Program-wide number of the function, for `Program.describeFunction`. */
  readonly functionId: number;
  /** Number of frames below this one; the outermost call has 0. */
  readonly depth: number;
  /** Where the call stands in the caller; undefined for a call from TypeScript. */
  readonly site: Place | undefined;
  readonly caller: string | undefined;
  readonly args: readonly bigint[];
}

/** Everything a trace is made of, in order. */
export interface Probe {
  /** Return false to skip materialising arguments for this function (hot helpers); default all are reported. */
  wants?(functionId: number): boolean;
  enter(call: CallEntry): void;
  /** `value` is the raw 64-bit result; undefined for void functions. */
  leave(functionName: string, functionId: number, depth: number, value: bigint | undefined): void;
  /** A line of the simulated kernel's log (or of stdout in hosted programs). */
  log(line: string): void;
  fault(fault: Fault): void;
  limit(limit: Limit): void;
  /** A write into a watched interval (`Machine.watch`), after it happened. */
  watch?(name: string, address: bigint, size: number): void;
}
