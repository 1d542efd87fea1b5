// Arguments of a function-like macro.

import type { Macro } from './macro.ts';

/** One argument in the arena: tokens as written, closed by a `Token.End`, and as expanded once that was asked for. */
export interface Argument {
  start: number;
  count: number;
  /** Start in the arena; -1 before it is needed. */
  expandedStart: number;
  expandedCount: number;
}

/** Checks the number of arguments; undefined when it is wrong. A missing variadic argument has count -1: it swallows the comma before it (GNU). */
export function fitArguments(macro: Macro, given: readonly Argument[]): Argument[] | undefined {
  const args = [...given];
  const wanted = macro.parameters?.length ?? 0;
  const [first] = args;
  if (wanted === 0 && args.length === 1 && first?.count === 0) return [];
  const missing = macro.variadic && (args.length < wanted || (args.length === 1 && wanted === 1 && first?.count === 0));
  if (args.length !== wanted && !(missing && args.length + 1 >= wanted)) return undefined;
  if (missing) {
    if (args.length === wanted) args.pop();
    args.push({ start: 0, count: -1, expandedStart: 0, expandedCount: 0 });
  }
  return args;
}
