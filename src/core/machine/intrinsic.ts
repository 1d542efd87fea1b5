// How a kernel function is modelled in TypeScript: its declaration, what its body gets, what it may answer.
import type { UnitName } from '../../base/unit-name.ts';
import type { Place } from '../../base/place.ts';
import type { FaultNote, LimitNote } from './outcome.ts';
import type { MachineApi } from './api.ts';

/** Address of a function, or its name (looked up as an external function, then as a static one of the calling unit). */
export type CallTarget = bigint | string;

/**
 * What a body answers. A plain value is the result (`number` is sign-extended from 32 bits, `true` is 1).
 * Records of at most 8 bytes are returned as their bytes in a bigint; larger ones are written to `call.resultAddress`.
 * `call` makes the machine call a function first and then `resume` the intrinsic with its result: plain data, so a snapshot
 * may be taken in between. `exit` ends a hosted program.
 */
export type IntrinsicResult =
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a body of a void function just ends
  | void
  | undefined
  | bigint
  | number
  | boolean
  | { readonly kind: 'fault'; readonly fault: FaultNote }
  | { readonly kind: 'limit'; readonly limit: LimitNote }
  | {
      readonly kind: 'call';
      readonly target: CallTarget;
      readonly args: readonly bigint[];
      readonly state: number;
      readonly keep: readonly bigint[];
    }
  | { readonly kind: 'exit'; readonly code: number };

/** Asks the machine to call `target` and then `resume` the intrinsic in `state` with the kept values. */
export function callThen(target: CallTarget, args: readonly bigint[], state = 0, keep: readonly bigint[] = []): IntrinsicResult {
  return { kind: 'call', target, args, state, keep };
}

/** One call of an intrinsic, valid only while its body runs. */
export interface IntrinsicCall {
  readonly machine: MachineApi;
  readonly name: string;
  /** Arguments given at the call, variadic ones included. */
  readonly argCount: number;
  /** Raw 64-bit argument: pointers, unsigned long. Arguments narrower than 64 bits have undefined upper halves here: use u32/s32. */
  u64(index: number): bigint;
  s64(index: number): bigint;
  u32(index: number): number;
  s32(index: number): number;
  bool(index: number): boolean;
  /** NUL-terminated string that the argument points to, decoded as UTF-8. */
  string(index: number): string;
  /** Where a record result larger than 8 bytes is to be written. */
  readonly resultAddress: bigint;
  /** Function and place of the call. */
  readonly caller: string | undefined;
  readonly site: Place | undefined;
  /**
   * Calls a function now and gives its raw 64-bit result. Simple, but runs nested: no snapshot is possible inside it;
   * use `callThen` where the callee is what the user studies. Faults and limits inside end the whole run.
   */
  run(target: CallTarget, args: readonly bigint[]): bigint;
  /** Writes a line to the simulated kernel's log. */
  log(line: string): void;
  /** Reports a fault that does not end the run (WARN, lock misuse). */
  warn(fault: FaultNote): void;
}

export interface ResumedCall extends IntrinsicCall {
  readonly state: number;
  readonly keep: readonly bigint[];
  /** Raw 64-bit result of the function that `callThen` asked for. */
  readonly result: bigint;
}

export type Fidelity = 'exact' | { readonly partial: string };

/** Declaration and body of one intrinsic. `K` is the kernel model that bodies work with; it is bound by the registry's owner. */
export interface IntrinsicDefinition<K> {
  /** C prototype, as in the kernel; the name in it is the intrinsic's name. */
  readonly prototype: string;
  /** File of the kernel that defines the function. */
  readonly file: string;
  /** Unit of each parameter by name, for traces. */
  readonly params?: Readonly<Record<string, UnitName>>;
  readonly returns?: UnitName;
  readonly fidelity: Fidelity;
  /** Why it is not interpreted. */
  readonly reason: string;
  run(call: IntrinsicCall, kernel: K): IntrinsicResult;
  resume?(call: ResumedCall, kernel: K): IntrinsicResult;
}

/** Keeps the type of the kernel model while a definition is written. */
export function defineIntrinsic<K>(definition: IntrinsicDefinition<K>): IntrinsicDefinition<K> {
  return definition;
}

/** An intrinsic bound to its kernel model, as the machine calls it. */
export interface Intrinsic {
  readonly name: string;
  readonly prototype: string;
  readonly file: string;
  readonly params: Readonly<Record<string, UnitName>>;
  readonly returns: UnitName | undefined;
  readonly fidelity: Fidelity;
  readonly reason: string;
  run(call: IntrinsicCall): IntrinsicResult;
  resume(call: ResumedCall): IntrinsicResult;
}

/** Who answers for a function name. An intrinsic wins over a definition in the tree. */
export interface IntrinsicRegistry {
  find(name: string): Intrinsic | undefined;
  readonly all: readonly Intrinsic[];
}

/** The function's name inside a C prototype: the identifier before the first parenthesis that is not `__attribute__`. */
export function prototypeName(prototype: string): string {
  const match = /([A-Za-z_]\w*)\s*\(/.exec(prototype);
  return match?.[1] ?? prototype;
}

/** A registry of definitions that all work on one kernel model. Later definitions of a name replace earlier ones. */
export function bindIntrinsics<K>(definitions: readonly IntrinsicDefinition<K>[], kernel: K): IntrinsicRegistry {
  const byName = new Map<string, Intrinsic>();
  for (const d of definitions) {
    const name = prototypeName(d.prototype);
    byName.set(name, {
      name,
      prototype: d.prototype,
      file: d.file,
      params: d.params ?? {},
      returns: d.returns,
      fidelity: d.fidelity,
      reason: d.reason,
      run: (call) => d.run(call, kernel),
      resume: (call) =>
        d.resume === undefined
          ? { kind: 'limit', limit: { kind: 'model', text: `${name} asked for a call but has no resume`, name } }
          : d.resume(call, kernel),
    });
  }
  return { find: (name) => byName.get(name), all: [...byName.values()] };
}
