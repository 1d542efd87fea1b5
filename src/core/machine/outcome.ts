// What a run can end with: values, faults of the simulated kernel, limits of ours. All plain data.
import type { Place } from '../../base/place.ts';

/** One function of the chain of calls, innermost first. `place` is where it stood. */
export interface StackEntry {
  readonly function: string;
  readonly place: Place | undefined;
}

/** The object a fault concerns, with its history. */
export interface ObjectNote {
  /** `kmalloc-64 'struct to_kill'`, `local 'rec' of xfs_dax_failure_fn`, `global 'pmem_ops'`. */
  readonly name: string;
  readonly size: number;
  /** Byte offset of the access from the object's start; may be negative or past the end. */
  readonly offset: number;
  readonly allocatedAt?: StackEntry | undefined;
  readonly freedAt?: StackEntry | undefined;
}

export type FaultKind =
  | 'null-pointer'
  | 'user-pointer'
  | 'wild-pointer'
  | 'out-of-bounds'
  | 'read-only-write'
  | 'use-after-free'
  | 'use-after-return'
  | 'use-after-scope'
  | 'double-free'
  | 'bad-free'
  | 'uninitialised-read'
  | 'division-by-zero'
  | 'bad-shift'
  | 'index-out-of-bounds'
  | 'stack-exhausted'
  | 'missing-return-value'
  | 'bad-call'
  | 'unreachable'
  /** BUG(), WARN(), lock and reference faults: raised by kernel models. */
  | 'bug'
  | 'warning'
  | 'lock'
  | 'leak';

/** A fault of the simulated kernel. */
export interface Fault {
  readonly kind: FaultKind;
  /** As the kernel would print it: `BUG: kernel NULL pointer dereference, address: 0000000000000010`. */
  readonly text: string;
  /** The run cannot go on (an oops); a warning lets it continue. */
  readonly fatal: boolean;
  readonly address?: bigint | undefined;
  readonly object?: ObjectNote | undefined;
  readonly place: Place | undefined;
  /** Innermost function first. */
  readonly stack: readonly StackEntry[];
}

export type LimitKind =
  | 'steps'
  | 'memory'
  | 'depth'
  | 'unmodelled-function'
  | 'unmodelled-asm'
  | 'refused-function'
  | 'unresolved-symbol'
  | 'missing-type'
  | 'missing-member'
  | 'missing-text'
  | 'model';

/** Something this machine does not model; the run ends and its result is unknown. */
export interface Limit {
  readonly kind: LimitKind;
  /** Name of the function, symbol or asm template that stopped the run, when there is one. */
  readonly name?: string | undefined;
  /** Sentence for the user: what stopped the run and what was looked for. */
  readonly text: string;
  readonly place: Place | undefined;
  readonly stack: readonly StackEntry[];
}

/** How a call from TypeScript ended. `value` is the raw 64-bit result (unsigned). */
export type Outcome<T = bigint> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'limit'; readonly limit: Limit };

/** A fault as an intrinsic states it; the machine adds place and chain of calls. */
export interface FaultNote {
  readonly kind: FaultKind;
  readonly text: string;
  /** Default true. */
  readonly fatal?: boolean | undefined;
  readonly address?: bigint | undefined;
  readonly object?: ObjectNote | undefined;
}

/** A limit as an intrinsic or view states it; the machine adds place and chain of calls. */
export interface LimitNote {
  readonly kind: LimitKind;
  readonly text: string;
  readonly name?: string | undefined;
}

/**
 * Unwinds TypeScript code that works on simulated memory (memory accessors, views, intrinsics) when it meets a fault or a
 * limit. Caught at the border (`Machine.attempt`, the call of an intrinsic) and turned into data there; never seen outside.
 */
export class MachineStop extends Error {
  override readonly name = 'MachineStop';
  readonly reason:
    | { readonly kind: 'fault'; readonly note: FaultNote }
    | { readonly kind: 'limit'; readonly note: LimitNote }
    | { readonly kind: 'exit'; readonly code: number };
  /** Chain of calls where the unwinding started; set by the machine. */
  stack0: readonly StackEntry[] | undefined = undefined;

  constructor(reason: MachineStop['reason']) {
    super(reason.kind === 'exit' ? 'exit' : reason.note.text);
    this.reason = reason;
  }
}

/** Stops the running intrinsic or world builder with a limit. */
export function stopWithLimit(kind: LimitKind, text: string, name?: string): never {
  throw new MachineStop({ kind: 'limit', note: { kind, text, name } });
}

/** Stops the running intrinsic with a fault of the simulated kernel. */
export function stopWithFault(note: FaultNote): never {
  throw new MachineStop({ kind: 'fault', note });
}
