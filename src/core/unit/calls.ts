// Function calls and designators (C11 6.5.2.2).

import { sizeOf } from '../ctype/layout.ts';
import { describeType } from '../ctype/print.ts';
import type { FunctionType } from '../ctype/types.ts';
import { pointerTo, unqualified } from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import type { Expr, FunctionRef, LValue } from './ast.ts';
import { assignable, promoteArgument, rvalue } from './convert.ts';
import type { Node, Parser } from './parser.ts';

/** A function's name: the place behind its address, so that typeof, `&` and calls each see what they need. */
export function functionDesignator(fn: FunctionRef, at: number): LValue {
  const pointer: Expr = { kind: 'function', fn, type: pointerTo(fn.type), at };
  return { kind: 'deref', pointer, type: fn.type, at };
}

/** At `(` behind a callee. */
export function parseCall(p: Parser, node: Node): Expr {
  const at = p.i;
  const callee = rvalue(node);
  const type = callee.type.kind === 'pointer' ? callee.type.to : callee.type;
  if (type.kind !== 'function') return p.refuse(`call of a ${describeType(callee.type)}`, at);
  return makeCall(p, callee, type, parseArguments(p), at);
}

/** Parenthesised arguments. */
export function parseArguments(p: Parser): Node[] {
  const args: Node[] = [];
  p.expect(Token.LParen);
  if (p.accept(Token.RParen)) return args;
  p.enter();
  do args.push(p.grammar.assignment(p));
  while (p.accept(Token.Comma));
  p.leave();
  p.expect(Token.RParen);
  return args;
}

/** A call with its arguments converted to the parameters, or promoted. */
export function makeCall(p: Parser, callee: Expr, type: FunctionType, nodes: readonly Node[], at: number): Expr {
  const args: Expr[] = [];
  const { params } = type;
  if (type.prototyped && nodes.length < params.length) p.refuse('call with too few arguments', at);
  if (type.prototyped && !type.variadic && nodes.length > params.length) p.refuse('call with too many arguments', at);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    const param = params[i];
    if (node === undefined) continue;
    if (param !== undefined) {
      args.push(assignable(p, node, param, at));
      continue;
    }
    const value = rvalue(node);
    if (value.type.kind === 'void') p.refuse('a void argument', at);
    args.push(promoteArgument(value));
  }
  const returns = unqualified(type.returns);
  if (returns.kind === 'record' && sizeOf(returns) === undefined) p.refuse(`call that returns incomplete ${describeType(returns)}`, at);
  return { kind: 'call', callee, functionType: type, args, type: returns, at };
}
