// __COUNTER__ inside headers: the number is filled in behind the expansion, so that a copy of the header gets its own numbers.

import type { Interner } from '../../base/interner.ts';

/** Digits that stand for "the counter" in tokens on their way through an expansion; eight more say how far into it. */
const mark = '704187338815';
const pattern = new RegExp(`${mark}(\\d{8})`, 'g');

/** A token whose spelling holds numbers of the counter. */
export interface CounterToken {
  /** Position in the unit. */
  readonly at: number;
  /** Interned spelling with stand-ins. */
  readonly template: number;
  /** What the counter was when the expansion began. */
  readonly base: number;
}

/** Stand-in for the counter's `distance`-th number since the expansion began. */
export function standIn(distance: number): string {
  return mark + String(distance).padStart(8, '0');
}

/** True for a spelling with a stand-in. */
export function hasStandIn(text: string): boolean {
  return text.includes(mark);
}

/** Interned spelling with the numbers filled in. */
export function fillIn(interner: Interner, template: number, base: number): number {
  return interner.intern(interner.text(template).replace(pattern, (_all, distance: string) => String(base + Number(distance))));
}
