// Floating point of hosted programs; in units of a kernel tree it is refused by name.
import type { CType, FloatType } from '../ctype/types.ts';
import { doubleBits, floatBits } from '../../base/floats.ts';
import { floatOperations, op } from '../machine/ir.ts';
import type { BinaryOp, Expr } from '../unit/ast.ts';
import type { Context } from './context.ts';
import { Refused } from './context.ts';
import { keep, rightFirst } from './keep.ts';
import { moveScalar } from './moves.ts';
import { highWord, lowWord } from './words.ts';

type FloatOperation = (typeof floatOperations)[number];

/** Refuses what this machine does not compute: any floating point in kernel code, long double everywhere. */
export function floatSize(cx: Context, type: FloatType, at: number): 4 | 8 {
  if (!cx.linker.floatingPoint) throw new Refused('floating point', at);
  if (type.size === 16) throw new Refused('long double', at);
  return type.size === 4 ? 4 : 8;
}

/** Emits a floating operation by name. */
export function emitFloat(cx: Context, name: string, d: number, a: number, b: number, at: number): void {
  const kind = floatOperations.indexOf(name as FloatOperation);
  if (kind < 0) throw new Refused(`floating point operation ${name}`, at);
  cx.mark(at);
  cx.emit(op.FLOAT, kind, d, a, b);
}

/** A constant in a pair. */
export function floatConstant(cx: Context, value: number, type: FloatType, into: number | undefined, at: number): number {
  const size = floatSize(cx, type, at);
  const bits = size === 8 ? doubleBits(value) : floatBits(value);
  const d = into ?? cx.pair();
  if (size === 8) cx.emit(op.CONST64, d, lowWord(bits), highWord(bits));
  else cx.emit(op.CONST32, d, lowWord(bits));
  return d;
}

const names: Readonly<Partial<Record<BinaryOp, string>>> = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' };
const comparisons: Readonly<Partial<Record<BinaryOp, string>>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '>': 'lt',
  '<=': 'le',
  '>=': 'le',
};

/** `left op right`, arithmetic or a comparison that gives 1 or 0. */
export function floatBinary(cx: Context, name: BinaryOp, left: Expr, right: Expr, into: number | undefined, at: number): number {
  const { type } = left;
  if (type.kind !== 'float') throw new Refused('floating point', at);
  const size = floatSize(cx, type, at);
  const before = cx.top;
  const reversed = name !== '-' && name !== '/' && rightFirst(left, right);
  const first = reversed ? keep(cx, cx.value(right), left) : keep(cx, cx.value(left), right);
  const second = cx.value(reversed ? left : right);
  const [a, b] = reversed ? [second, first] : [first, second];
  cx.top = before;
  const d = into ?? cx.pair();
  const swap = name === '>' || name === '>=';
  emitFloat(cx, `${names[name] ?? comparisons[name] ?? name}${size * 8}`, d, swap ? b : a, swap ? a : b, at);
  return d;
}

/** `-operand`. */
export function floatNegate(cx: Context, operand: Expr & { readonly type: CType }, into: number | undefined, at: number): number {
  if (operand.type.kind !== 'float') throw new Refused('floating point', at);
  const before = cx.top;
  const a = cx.value(operand);
  cx.top = before;
  const d = into ?? cx.pair();
  emitFloat(cx, `neg${floatSize(cx, operand.type, at) * 8}`, d, a, a, at);
  return d;
}

/** 1 when a floating value is not zero (a NaN is not), else 0, in a new pair. */
export function floatTruth(cx: Context, slot: number, type: FloatType, into: number | undefined, at: number): number {
  const d = into ?? cx.pair();
  emitFloat(cx, `nez${floatSize(cx, type, at) * 8}`, d, slot, slot, at);
  return d;
}

/** Conversion between floating types, and from and to integers. */
export function convertFloat(cx: Context, slot: number, from: CType, to: CType, into: number | undefined, at: number): number {
  if (from.kind === 'float' && to.kind === 'float') {
    const [fromSize, toSize] = [floatSize(cx, from, at), floatSize(cx, to, at)];
    if (fromSize === toSize) return into === undefined || into === slot ? slot : moveScalar(cx, slot, to, into);
    const d = into ?? cx.pair();
    emitFloat(cx, `f${toSize * 8}-from-f${fromSize * 8}`, d, slot, slot, at);
    return d;
  }
  if (from.kind === 'float' && to.kind === 'int') {
    if (to.name === '_Bool') return floatTruth(cx, slot, from, into, at);
    if (to.size === 16) throw new Refused('floating point to __int128', at);
    const d = into ?? cx.pair();
    // gcc converts to the next wider signed type and takes the low bits; only 64 unsigned bits need code of their own.
    const kind = to.size === 8 ? (to.signed ? 's64' : 'u64') : to.size === 4 && !to.signed ? 's64' : 's32';
    emitFloat(cx, `${kind}-from-f${floatSize(cx, from, at) * 8}`, d, slot, slot, at);
    if (to.size === 1) cx.emit(to.signed ? op.SX8 : op.ZX8, d, d);
    if (to.size === 2) cx.emit(to.signed ? op.SX16 : op.ZX16, d, d);
    return d;
  }
  if (from.kind === 'int' && to.kind === 'float') {
    if (from.size === 16) throw new Refused('__int128 to floating point', at);
    const d = into ?? cx.pair();
    const kind = from.size === 8 ? (from.signed ? 's64' : 'u64') : from.size === 4 && !from.signed ? 'u32' : 's32';
    emitFloat(cx, `f${floatSize(cx, to, at) * 8}-from-${kind}`, d, slot, slot, at);
    return d;
  }
  throw new Refused('floating point and a pointer', at);
}
