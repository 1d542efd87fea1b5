// What the machine asks of the program it runs: code on demand, names, places.
import type { Place } from '../../base/place.ts';
import type { AsmModel, AsmSite } from './asm.ts';
import type { Intrinsic } from './intrinsic.ts';
import type { LoweredFunction } from './ir.ts';
import type { LimitNote, ObjectNote } from './outcome.ts';

export type ResolvedFunction =
  | { readonly kind: 'lowered'; readonly fn: LoweredFunction }
  | { readonly kind: 'intrinsic'; readonly intrinsic: Intrinsic }
  | { readonly kind: 'limit'; readonly limit: LimitNote };

/** Widths of a function's parameters and result in bits, negative for signed types; 0 for void. */
export interface Signature {
  readonly params: readonly number[];
  readonly returns: number;
}

export interface CodeProvider {
  /** Code of a function; loads and lowers what is needed. Asked once per function. */
  resolve(id: number): ResolvedFunction;
  nameOf(id: number): string;
  readonly functionCount: number;
  /** Number of a function by name, as seen from the unit of `caller` when given. */
  idOf(name: string, caller: number | undefined): number | undefined;
  signature(id: number): Signature;
  /** Place of a token of the unit that holds the function. */
  placeOf(id: number, token: number): Place | undefined;
  /** Names a global, a string or a function at an address. */
  describeAddress(address: bigint): ObjectNote | undefined;
  asmModel(site: AsmSite): AsmModel | undefined;
}
