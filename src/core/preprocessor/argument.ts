// Arguments of a function-like macro.

import type { Macro } from './macro.ts';
import type { MacroLog } from './macro-log.ts';
import { stride, type TokenBuffer } from './token-buffer.ts';
import { Token } from './token-kind.ts';

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

/** True when a name in the argument is a macro's; otherwise it expands to itself. */
export function mentionsMacro(arena: TokenBuffer, argument: Argument, macroOf: Int32Array, log: MacroLog): boolean {
  const { data } = arena;
  for (let i = argument.start * stride, end = i + argument.count * stride; i < end; i += stride) {
    if (((data[i] ?? 0) & 255) !== Token.Identifier) continue;
    const name = data[i + 1] ?? 0;
    const macro = macroOf[name] ?? 0;
    log.read(name, macro);
    if (macro !== 0) return true;
  }
  return false;
}

/** Moves collected arguments, which end at `ends`, from scratch to the arena, each closed by an end token. */
export function keepArguments(arena: TokenBuffer, scratch: TokenBuffer, begin: number, ends: readonly number[]): Argument[] {
  let from = begin;
  return ends.map((end) => {
    const start = arena.top;
    arena.append(scratch, from, end - from);
    arena.push(Token.End, 0, 0, 0);
    const argument = { start, count: end - from, expandedStart: -1, expandedCount: 0 };
    from = end;
    return argument;
  });
}
