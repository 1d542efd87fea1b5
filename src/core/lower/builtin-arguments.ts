// Arguments of builtins.
import type { BuiltinExpr, Expr } from '../unit/ast.ts';
import { Refused } from './context.ts';

/** The nth argument. */
export function arg(e: BuiltinExpr, n: number): Expr {
  const a = e.args[n];
  if (a === undefined) throw new Refused(`${e.name} without argument ${n + 1}`, e.at);
  return a;
}
