// Expressions by precedence (C11 6.5.5 to 6.5.17); unary and below live in unary.ts.

import { Token } from '../preprocessor/token-kind.ts';
import type { BinaryOp } from './ast.ts';
import { assign, binary, comma, compoundAssign, conditional, logical } from './operators.ts';
import type { Node, Parser } from './parser.ts';
import { parseCast } from './unary.ts';

interface Operator {
  readonly precedence: number;
  readonly op: BinaryOp | '&&' | '||';
}

const operators: (Operator | undefined)[] = [];
const table: readonly (readonly [number, number, Operator['op']])[] = [
  [Token.Star, 10, '*'],
  [Token.Slash, 10, '/'],
  [Token.Percent, 10, '%'],
  [Token.Plus, 9, '+'],
  [Token.Minus, 9, '-'],
  [Token.ShiftLeft, 8, '<<'],
  [Token.ShiftRight, 8, '>>'],
  [Token.Less, 7, '<'],
  [Token.Greater, 7, '>'],
  [Token.LessEqual, 7, '<='],
  [Token.GreaterEqual, 7, '>='],
  [Token.Equal, 6, '=='],
  [Token.NotEqual, 6, '!='],
  [Token.And, 5, '&'],
  [Token.Xor, 4, '^'],
  [Token.Or, 3, '|'],
  [Token.AndAnd, 2, '&&'],
  [Token.OrOr, 1, '||'],
];
for (let i = 0; i < 64; i++) operators.push(undefined);
for (const [kind, precedence, op] of table) operators[kind] = { precedence, op };

const assignments: (BinaryOp | undefined)[] = [];
for (let i = 0; i < 64; i++) assignments.push(undefined);
assignments[Token.PlusAssign] = '+';
assignments[Token.MinusAssign] = '-';
assignments[Token.StarAssign] = '*';
assignments[Token.SlashAssign] = '/';
assignments[Token.PercentAssign] = '%';
assignments[Token.AndAssign] = '&';
assignments[Token.OrAssign] = '|';
assignments[Token.XorAssign] = '^';
assignments[Token.ShiftLeftAssign] = '<<';
assignments[Token.ShiftRightAssign] = '>>';

/** expression: assignments joined by commas. */
export function parseExpression(p: Parser): Node {
  let node = parseAssignment(p);
  while (p.kind[p.i] === Token.Comma) {
    const at = p.i++;
    node = comma(node, parseAssignment(p), at);
  }
  return node;
}

/** assignment-expression. */
export function parseAssignment(p: Parser): Node {
  p.enter();
  const left = parseConditional(p);
  const kind = p.kind[p.i] ?? 0;
  let result: Node = left;
  if (kind === Token.Assign) {
    const at = p.i++;
    result = assign(p, left, parseAssignment(p), at);
  } else {
    const op = assignments[kind];
    if (op !== undefined) {
      const at = p.i++;
      result = compoundAssign(p, op, left, parseAssignment(p), at);
    }
  }
  p.leave();
  return result;
}

/** conditional-expression, which is also what a constant expression is. */
export function parseConditional(p: Parser): Node {
  const condition = parseBinary(p, parseCast(p), 1);
  if (p.kind[p.i] !== Token.Question) return condition;
  const at = p.i++;
  p.enter();
  let then: Node | undefined;
  if (p.kind[p.i] !== Token.Colon) then = parseExpression(p);
  p.expect(Token.Colon);
  const otherwise = parseConditional(p);
  p.leave();
  return conditional(p, condition, then, otherwise, at);
}

/** Operators of at least `lowest` precedence behind `first`. */
function parseBinary(p: Parser, first: Node, lowest: number): Node {
  let left = first;
  for (;;) {
    const operator = operators[p.kind[p.i] ?? 0];
    if (operator === undefined || operator.precedence < lowest) return left;
    const at = p.i++;
    let right = parseCast(p);
    for (;;) {
      const next = operators[p.kind[p.i] ?? 0];
      if (next === undefined || next.precedence <= operator.precedence) break;
      right = parseBinary(p, right, next.precedence);
    }
    const op = operator.op;
    left = op === '&&' || op === '||' ? logical(p, op, left, right, at) : binary(p, op, left, right, at);
  }
}
