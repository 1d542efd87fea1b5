// Pointer arithmetic.
import { op } from '../machine/ir.ts';
import type { PointerAddExpr, PointerDifferenceExpr } from '../unit/ast.ts';
import type { Context } from './context.ts';
import { Refused } from './context.ts';
import { constant, fitsWord } from './convert.ts';
import { keep } from './keep.ts';
import { moved } from './moves.ts';

/** `pointer ± index * scale`; with a `bound` the index is checked against it. */
export function pointerAdd(cx: Context, e: PointerAddExpr, into: number | undefined, bound?: number): number {
  const before = cx.top;
  const { index, scale } = e;
  if (index.kind === 'int' && !cx.held.has(index) && typeof scale === 'number') {
    const distance = index.value * BigInt(scale) * (e.subtract ? -1n : 1n);
    const base = cx.value(e.pointer);
    cx.top = before;
    if (distance === 0n) return into === undefined ? base : moved(cx, base, into);
    const d = into ?? cx.pair();
    if (fitsWord(distance)) {
      cx.emit(op.ADDI64, d, base, Number(distance));
    } else {
      const k = constant(cx, distance, 64, undefined, e.at);
      cx.emit(op.ADD64, d, base, k);
    }
    return d;
  }
  const base = cx.value(e.pointer);
  const kept = keep(cx, base, index);
  let a: number;
  let code: number = op.LEA64;
  if (index.kind === 'cast' && index.operand.type.kind === 'int' && index.operand.type.size <= 4 && typeof scale === 'number') {
    a = cx.value(index.operand);
    code = index.operand.type.signed ? op.LEAS : op.LEAU;
    if (bound !== undefined) cx.emit(op.CHECK_INDEX32, a, bound);
  } else {
    a = cx.value(index);
    if (bound !== undefined) cx.emit(op.CHECK_INDEX, a, bound);
  }
  if (typeof scale !== 'number') {
    const s = cx.value(scale);
    const product = cx.pair();
    cx.emit(op.MUL64, product, a, s);
    cx.top = before;
    const d = into ?? cx.pair();
    cx.emit(e.subtract ? op.SUB64 : op.ADD64, d, kept, product);
    return d;
  }
  cx.top = before;
  const d = into ?? cx.pair();
  cx.mark(e.at);
  cx.emit(code, d, kept, a, e.subtract ? -scale : scale);
  return d;
}

/** `(left - right) / scale`. */
export function pointerDifference(cx: Context, e: PointerDifferenceExpr, into: number | undefined): number {
  const before = cx.top;
  const left = keep(cx, cx.value(e.left), e.right);
  const right = cx.value(e.right);
  const { scale } = e;
  const bytes = cx.pair();
  cx.emit(op.SUB64, bytes, left, right);
  if (typeof scale === 'number' && scale > 0 && (scale & (scale - 1)) === 0) {
    cx.top = before;
    const d = into ?? cx.pair();
    if (scale === 1) cx.emit(op.MOV64, d, bytes);
    else cx.emit(op.SARI64, d, bytes, 31 - Math.clz32(scale));
    return d;
  }
  if (scale === 0) throw new Refused('difference of pointers to an empty type', e.at);
  const by = typeof scale === 'number' ? constant(cx, BigInt(scale), 64, undefined, e.at) : cx.value(scale);
  cx.top = before;
  const d = into ?? cx.pair();
  cx.emit(op.DIVS64, d, bytes, by);
  return d;
}
