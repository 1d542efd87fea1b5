// GNU statement expressions `({ … })`.

import { Token } from '../preprocessor/token-kind.ts';
import { VOID } from '../ctype/types.ts';
import type { Block, Expr } from './ast.ts';
import type { Parser } from './parser.ts';

/** At `(` followed by `{`. The value of the last statement is the value of the whole. */
export function parseStatementExpression(p: Parser): Expr {
  const at = p.i++;
  if (p.fn === undefined) p.refuse('a statement expression outside of a function', at);
  p.enter();
  const block = p.grammar.block(p);
  p.leave();
  p.expect(Token.RParen);
  const last = block.items[block.items.length - 1];
  if (last?.kind !== 'expression') return { kind: 'statement-expr', block, result: undefined, type: VOID, at };
  const rest: Block = { ...block, items: block.items.slice(0, -1) };
  if (last.expr.type.kind === 'void') return { kind: 'statement-expr', block, result: undefined, type: VOID, at };
  return { kind: 'statement-expr', block: rest, result: last.expr, type: last.expr.type, at };
}
