// The seam between macro expansion and the unit it happens in.

import type { Macro } from './macro.ts';

/** What expansion asks of the unit around it. */
export interface ExpansionHost {
  /** Handles directive `number` of the current file, and moves `pos` behind it. */
  directive(number: number): void;
  /** Pushes what a computed macro expands to; false leaves its name alone. */
  builtin(macro: Macro, nameLocation: number, lineLocation: number, expansion: number): boolean;
  /** A name pasted while the expansion holds numbers of __COUNTER__: the name that stands for it. */
  pastedWithCounter(id: number): number;
  problem(kind: 'macro', location: number, message: string): void;
}
