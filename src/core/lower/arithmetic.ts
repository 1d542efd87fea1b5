// Arithmetic, comparison, conversion and tests of integers and pointers, with immediate forms where they fit.
import type { CType } from '../ctype/types.ts';
import { op, wideOperations } from '../machine/ir.ts';
import type { BinaryExpr, BinaryOp, Expr } from '../unit/ast.ts';
import type { Context } from './context.ts';
import { Refused, widthOf } from './context.ts';
import { fitsWord, isUnsigned } from './convert.ts';
import { floatBinary, floatTruth } from './floats.ts';
import { keep, rightFirst } from './keep.ts';
import { wideArithmetic, wideCompare } from './wide.ts';
import { lowWord } from './words.ts';

/** Value of a constant operand; undefined for everything else. */
function constantOf(cx: Context, e: Expr): bigint | undefined {
  return e.kind === 'int' && !cx.held.has(e) ? e.value : undefined;
}

const commutative: ReadonlySet<BinaryOp> = new Set(['+', '*', '&', '|', '^', '==', '!=']);

function registerOp(name: BinaryOp, wide: boolean, unsigned: boolean, at: number): number {
  switch (name) {
    case '+':
      return wide ? op.ADD64 : op.ADD32;
    case '-':
      return wide ? op.SUB64 : op.SUB32;
    case '*':
      return wide ? op.MUL64 : op.MUL32;
    case '&':
      return wide ? op.AND64 : op.AND32;
    case '|':
      return wide ? op.OR64 : op.OR32;
    case '^':
      return wide ? op.XOR64 : op.XOR32;
    case '<<':
      return wide ? op.SHL64 : op.SHL32;
    case '>>':
      return wide ? (unsigned ? op.SHR64 : op.SAR64) : unsigned ? op.SHR32 : op.SAR32;
    case '/':
      return wide ? (unsigned ? op.DIVU64 : op.DIVS64) : unsigned ? op.DIVU32 : op.DIVS32;
    case '%':
      return wide ? (unsigned ? op.REMU64 : op.REMS64) : unsigned ? op.REMU32 : op.REMS32;
    case '==':
    case '!=':
    case '<':
    case '>':
    case '<=':
    case '>=':
      throw new Refused('comparison as arithmetic', at);
  }
}

/** Immediate form and its operand, when there is one. */
function immediateOp(name: BinaryOp, wide: boolean, unsigned: boolean, value: bigint): readonly [number, number] | undefined {
  const bits = wide ? 64n : 32n;
  const k = wide ? value : BigInt.asIntN(32, value);
  switch (name) {
    case '<<':
      return value >= 0n && value < bits ? [wide ? op.SHLI64 : op.SHLI32, Number(value)] : undefined;
    case '>>':
      if (value < 0n || value >= bits) return undefined;
      return [wide ? (unsigned ? op.SHRI64 : op.SARI64) : unsigned ? op.SHRI32 : op.SARI32, Number(value)];
    case '*': {
      if (k > 0n && (k & (k - 1n)) === 0n) return [wide ? op.SHLI64 : op.SHLI32, k.toString(2).length - 1];
      return wide ? undefined : [op.MULI32, Number(k)];
    }
    case '/':
    case '%': {
      if (!unsigned || k <= 0n || (k & (k - 1n)) !== 0n || !fitsWord(k)) return undefined;
      if (name === '/') return [wide ? op.SHRI64 : op.SHRI32, k.toString(2).length - 1];
      return [wide ? op.ANDI64 : op.ANDI32, Number(k) - 1];
    }
    case '+':
    case '-':
    case '&':
    case '|':
    case '^': {
      const signedK = wide ? BigInt.asIntN(64, k) : k;
      const used = name === '-' ? -signedK : signedK;
      if (!fitsWord(used)) return undefined;
      const n = Number(used);
      switch (name) {
        case '+':
        case '-':
          return [wide ? op.ADDI64 : op.ADDI32, n];
        case '&':
          return [wide ? op.ANDI64 : op.ANDI32, n];
        case '|':
          return [wide ? op.ORI64 : op.ORI32, n];
        default:
          return [wide ? op.XORI64 : op.XORI32, n];
      }
    }
    case '==':
    case '!=':
    case '<':
    case '>':
    case '<=':
    case '>=':
      return undefined;
  }
}

/** `left op right` in the computation type; shifts take their count from the low word of the right operand. */
export function arithmetic(
  cx: Context,
  name: BinaryOp,
  type: CType,
  left: Expr,
  right: Expr,
  into: number | undefined,
  at: number,
): number {
  const width = widthOf(type, at);
  if (width === 'float') return floatBinary(cx, name, left, right, into, at);
  if (width === 128) return wideArithmetic(cx, name, type, left, right, into, at);
  const wide = width === 64;
  const unsigned = isUnsigned(type);
  const before = cx.top;
  let l = left;
  let r = right;
  if (commutative.has(name) && constantOf(cx, l) !== undefined) [l, r] = [r, l];
  const k = constantOf(cx, r);
  if (k === -1n && !unsigned && (name === '/' || name === '%')) return byMinusOne(cx, name, l, wide, into);
  const immediate = k === undefined ? undefined : immediateOp(name, wide, unsigned, k);
  if (immediate !== undefined) {
    const a = cx.value(l);
    cx.top = before;
    const d = into ?? cx.pair();
    cx.mark(at);
    cx.emit(immediate[0], d, a, immediate[1]);
    return d;
  }
  if (commutative.has(name) && rightFirst(l, r)) [l, r] = [r, l];
  const a = keep(cx, cx.value(l), r);
  const b = cx.value(r);
  cx.top = before;
  const d = into ?? cx.pair();
  cx.mark(at);
  cx.emit(registerOp(name, wide, unsigned, at), d, a, b);
  return d;
}

/** gcc makes a constant divisor of -1 a negation, which does not trap; the remainder is 0. */
function byMinusOne(cx: Context, name: '/' | '%', left: Expr, wide: boolean, into: number | undefined): number {
  const before = cx.top;
  const a = cx.value(left);
  cx.top = before;
  const d = into ?? cx.pair();
  if (name === '/') cx.emit(wide ? op.NEG64 : op.NEG32, d, a);
  else cx.emit(wide ? op.CONST64 : op.CONST32, d, 0, ...(wide ? [0] : []));
  return d;
}

/** Comparison to 0 or 1. */
export function compare(cx: Context, e: BinaryExpr, into: number | undefined): number {
  if (e.left.type.kind === 'float') return floatBinary(cx, e.op, e.left, e.right, into, e.at);
  const before = cx.top;
  if (widthOf(e.left.type, e.at) === 128) {
    const d = into ?? cx.pair();
    wideCompare(cx, e.op, e, d);
    cx.top = into === undefined ? d + 2 : before;
    return d;
  }
  const width = operandWidth(e);
  const wide = width === 64;
  const unsigned = isUnsigned(e.left.type);
  const swap = e.op === '>' || e.op === '>=';
  if (rightFirst(e.left, e.right)) {
    const right = keep(cx, cx.value(e.right), e.left);
    const left = cx.value(e.left);
    cx.top = before;
    const d = into ?? cx.pair();
    cx.mark(e.at);
    cx.emit(compareOp(e.op, wide, unsigned), d, swap ? right : left, swap ? left : right);
    return d;
  }
  const a = keep(cx, cx.value(e.left), e.right);
  const zero = constantOf(cx, e.right) === 0n && (e.op === '==' || e.op === '!=');
  const b = zero ? -1 : cx.value(e.right);
  cx.top = before;
  const d = into ?? cx.pair();
  cx.mark(e.at);
  if (zero) {
    cx.emit(e.op === '==' ? (wide ? op.EQZ64 : op.EQZ32) : wide ? op.NEZ64 : op.NEZ32, d, a);
    return d;
  }
  cx.emit(compareOp(e.op, wide, unsigned), d, swap ? b : a, swap ? a : b);
  return d;
}

function operandWidth(e: BinaryExpr): 32 | 64 {
  const width = widthOf(e.left.type, e.at);
  if (width === 128) throw new Refused('__int128 arithmetic', e.at);
  if (width === 'float') throw new Refused('floating point', e.at);
  return width;
}

/** `>` and `>=` are `<` and `<=` with the operands swapped. */
function compareOp(name: BinaryOp, wide: boolean, unsigned: boolean): number {
  switch (name) {
    case '==':
      return wide ? op.EQ64 : op.EQ32;
    case '!=':
      return wide ? op.NE64 : op.NE32;
    case '<':
    case '>':
      return wide ? (unsigned ? op.LTU64 : op.LTS64) : unsigned ? op.LTU32 : op.LTS32;
    default:
      return wide ? (unsigned ? op.LEU64 : op.LES64) : unsigned ? op.LEU32 : op.LES32;
  }
}

const negated: Readonly<Partial<Record<BinaryOp, BinaryOp>>> = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };

/** Jumps to `label` when the truth of `e` equals `sense`; falls through otherwise. */
export function jumpIf(cx: Context, e: Expr, label: number, sense: boolean): void {
  const before = cx.top;
  cx.mark(e.at);
  if (e.kind === 'unary' && e.op === '!') {
    jumpIf(cx, e.operand, label, !sense);
  } else if (e.kind === 'logical') {
    // `a && b` is false as soon as a is; `a || b` is true as soon as a is.
    if ((e.op === '&&') === sense) {
      const skip = cx.newLabel();
      jumpIf(cx, e.left, skip, !sense);
      jumpIf(cx, e.right, label, sense);
      cx.bind(skip);
    } else {
      jumpIf(cx, e.left, label, sense);
      jumpIf(cx, e.right, label, sense);
    }
  } else if (e.kind === 'int' && !cx.held.has(e)) {
    if ((e.value !== 0n) === sense) cx.jump(op.JMP, label);
  } else if (e.kind === 'binary' && negated[e.op] !== undefined && hasJumps(e.left.type, e.at)) {
    jumpComparison(cx, e, label, sense);
  } else if (e.kind === 'cast' && e.implicit && isTruthKept(e.operand.type, e.type)) {
    jumpIf(cx, e.operand, label, sense);
  } else if (e.kind === 'comma') {
    cx.effect(e.left);
    jumpIf(cx, e.right, label, sense);
  } else if (
    e.kind === 'builtin' &&
    (e.name === '__builtin_expect' || e.name === '__builtin_expect_with_probability') &&
    e.args[0] !== undefined
  ) {
    jumpIf(cx, e.args[0], label, sense);
  } else {
    const v = cx.value(e);
    const a = e.type.kind === 'float' ? floatTruth(cx, v, e.type, undefined, e.at) : v;
    const width = widthOf(e.type, e.at);
    if (width === 128) cx.emit(op.WIDE, wideOperations.indexOf('nez'), a, a, a);
    cx.jump(width === 64 ? (sense ? op.JNZ64 : op.JZ64) : sense ? op.JNZ32 : op.JZ32, label, a);
  }
  cx.top = before;
}

/** True when comparisons of this type have jumps of their own; with a NaN `!(a < b)` is not `a >= b`. */
function hasJumps(type: CType, at: number): boolean {
  const width = widthOf(type, at);
  return width === 32 || width === 64;
}

/** True when the conversion keeps zero zero and everything else not zero. */
function isTruthKept(from: CType, to: CType): boolean {
  if (from.kind !== 'int' && from.kind !== 'pointer') return false;
  const fromSize = from.kind === 'pointer' ? 8 : from.size;
  return (to.kind === 'int' && (to.name === '_Bool' || to.size >= fromSize)) || (to.kind === 'pointer' && fromSize <= 8);
}

function jumpComparison(cx: Context, e: BinaryExpr, label: number, sense: boolean): void {
  const wide = operandWidth(e) === 64;
  const unsigned = isUnsigned(e.left.type);
  const name = sense ? e.op : (negated[e.op] as BinaryOp);
  const k = constantOf(cx, e.right);
  if (k === 0n && (name === '==' || name === '!=')) {
    const a = cx.value(e.left);
    cx.mark(e.at);
    if (wide) cx.jump(name === '==' ? op.JZ64 : op.JNZ64, label, a);
    else cx.jump(name === '==' ? op.JZ32 : op.JNZ32, label, a);
    return;
  }
  const immediate = k === undefined || wide ? undefined : immediateJump(name, unsigned);
  if (k !== undefined && immediate !== undefined) {
    const a = cx.value(e.left);
    cx.mark(e.at);
    cx.jump(immediate, label, a, lowWord(k));
    return;
  }
  const reversed = rightFirst(e.left, e.right);
  const first = reversed ? keep(cx, cx.value(e.right), e.left) : keep(cx, cx.value(e.left), e.right);
  const second = cx.value(reversed ? e.left : e.right);
  const [a, b] = reversed ? [second, first] : [first, second];
  const swap = name === '>' || name === '>=';
  cx.mark(e.at);
  cx.jump(jumpOp(name, wide, unsigned), label, swap ? b : a, swap ? a : b);
}

function immediateJump(name: BinaryOp, unsigned: boolean): number | undefined {
  switch (name) {
    case '==':
      return op.JEQI32;
    case '!=':
      return op.JNEI32;
    case '<':
      return unsigned ? undefined : op.JLTSI32;
    case '>=':
      return unsigned ? undefined : op.JGESI32;
    case '<=':
      return unsigned ? undefined : op.JLESI32;
    case '>':
      return unsigned ? undefined : op.JGTSI32;
    default:
      return undefined;
  }
}

function jumpOp(name: BinaryOp, wide: boolean, unsigned: boolean): number {
  switch (name) {
    case '==':
      return wide ? op.JEQ64 : op.JEQ32;
    case '!=':
      return wide ? op.JNE64 : op.JNE32;
    case '<':
    case '>':
      return wide ? (unsigned ? op.JLTU64 : op.JLTS64) : unsigned ? op.JLTU32 : op.JLTS32;
    default:
      return wide ? (unsigned ? op.JLEU64 : op.JLES64) : unsigned ? op.JLEU32 : op.JLES32;
  }
}
