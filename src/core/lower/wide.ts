// __int128: values in two neighbouring register pairs, computed by the machine's WIDE instruction.
import type { CType } from '../ctype/types.ts';
import { ULONG } from '../ctype/types.ts';
import { op, wideOperations } from '../machine/ir.ts';
import type { BinaryOp, BinaryExpr, Expr, IncrementExpr } from '../unit/ast.ts';
import { constant, convert, isUnsigned } from './convert.ts';
import type { Context, Location } from './context.ts';
import { Refused } from './context.ts';
import { load, store } from './locations.ts';

type WideName = (typeof wideOperations)[number];

function nameOf(operator: BinaryOp, unsigned: boolean): WideName {
  switch (operator) {
    case '+':
      return 'add';
    case '-':
      return 'sub';
    case '*':
      return 'mul';
    case '/':
      return unsigned ? 'divu' : 'divs';
    case '%':
      return unsigned ? 'remu' : 'rems';
    case '&':
      return 'and';
    case '|':
      return 'or';
    case '^':
      return 'xor';
    case '<<':
      return 'shl';
    case '>>':
      return unsigned ? 'shr' : 'sar';
    case '==':
    case '!=':
      return 'eq';
    case '<':
    case '>':
      return unsigned ? 'ltu' : 'lts';
    case '<=':
    case '>=':
      return unsigned ? 'leu' : 'les';
  }
}

function wide(cx: Context, name: WideName, d: number, a: number, b: number): void {
  cx.emit(op.WIDE, wideOperations.indexOf(name), d, a, b);
}

/** `left op right` in 128 bits; a shift's count is a value of its own type. */
export function wideArithmetic(
  cx: Context,
  operator: BinaryOp,
  type: CType,
  left: Expr,
  right: Expr,
  into: number | undefined,
  at: number,
): number {
  const d = into ?? cx.room(type);
  const before = cx.top;
  const a = cx.value(left);
  let b = cx.value(right);
  if ((operator === '<<' || operator === '>>') && right.type.kind === 'int' && right.type.size < 16)
    b = convert(cx, b, right.type, ULONG, undefined, at);
  cx.mark(at);
  wide(cx, nameOf(operator, isUnsigned(type)), d, a, b);
  cx.top = before;
  return d;
}

/** Comparison of 128-bit values to 0 or 1. */
export function wideCompare(cx: Context, operator: BinaryOp, e: BinaryExpr, d: number): void {
  const a = cx.value(e.left);
  const b = cx.value(e.right);
  const swap = operator === '>' || operator === '>=';
  cx.mark(e.at);
  wide(cx, nameOf(operator, isUnsigned(e.left.type)), d, swap ? b : a, swap ? a : b);
  if (operator === '!=') cx.emit(op.XORI32, d, d, 1);
}

/** `++` and `--`. */
export function wideIncrement(cx: Context, e: IncrementExpr, location: Location, into: number | undefined): number {
  if (typeof e.step !== 'number') throw new Refused('step of an __int128', e.at);
  const { type } = e.place;
  const old = load(cx, location, type, undefined, undefined, e.at);
  const step = constant(cx, BigInt(e.step), 128, undefined, e.at);
  const sum = cx.room(type);
  wide(cx, e.subtract ? 'sub' : 'add', sum, old, step);
  store(cx, location, type, undefined, sum, e.at);
  return convert(cx, e.prefix ? sum : old, type, type, into, e.at);
}
