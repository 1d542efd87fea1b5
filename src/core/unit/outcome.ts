// Answers of the program view: a thing, its absence, or a refusal with its reason (data, never an exception to callers).

import type { Place } from '../../base/place.ts';

/** Why a declaration or a function was not understood. */
export interface Refusal {
  /** One line, lower case, names the construct: "computed goto", "unknown type name 'foo_t'". */
  readonly reason: string;
  readonly place: Place;
  /** Token index. */
  readonly at: number;
}

export type Parsed<T> =
  { readonly kind: 'parsed'; readonly value: T } | { readonly kind: 'refused'; readonly refusal: Refusal } | { readonly kind: 'absent' };
