// Assignments: simple, compound, increments; of register variables, memory and bit-fields.
import type { CType } from '../ctype/types.ts';
import { op } from '../machine/ir.ts';
import type { AssignExpr, CompoundAssignExpr, Expr, IncrementExpr } from '../unit/ast.ts';
import { arithmetic } from './arithmetic.ts';
import type { Context } from './context.ts';
import { widthOf } from './context.ts';
import { convert } from './convert.ts';
import { noteStored } from './escapes.ts';
import { floatIncrement } from './float-increment.ts';
import { hasEffects, keep } from './keep.ts';
import { addressOf, load, pinned, store } from './locations.ts';
import { moved, moveScalar } from './moves.ts';
import { pointerAdd } from './pointers.ts';
import { wideIncrement } from './wide.ts';
import { sizeOfComplete } from './sizes.ts';

/** `place = value`. */
export function assign(cx: Context, e: AssignExpr, into: number | undefined): number {
  if (e.type.kind === 'record') {
    const from = cx.recordAt(e);
    return from.kind === 'memory' && into === undefined ? from.base : addressOf(cx, from, into, e.at);
  }
  const { place } = e;
  const bits = place.kind === 'member' ? place.bits : undefined;
  noteStored(cx, place, e.value);
  const location = cx.locate(place);
  if (location.kind === 'register') {
    cx.value(e.value, location.slot);
    cx.assigned(location.slot, true);
    if (into !== undefined && into !== location.slot) {
      cx.emit(sizeOfComplete(place.type) === 8 ? op.MOV64 : op.MOV32, into, location.slot);
      return into;
    }
    return location.slot;
  }
  const v = cx.value(e.value, into);
  cx.mark(e.at);
  store(cx, location, place.type, bits, v, e.at);
  if (bits !== undefined) return truncated(cx, v, place.type, bits.width, into);
  return v;
}

/** A bit-field's value as reading it back would give it. */
function truncated(cx: Context, v: number, type: CType, width: number, into: number | undefined): number {
  const size = sizeOfComplete(type) * 8;
  if (type.kind !== 'int' || type.name === '_Bool' || width === size) return v;
  const d = into ?? cx.pair();
  const wide = size === 64;
  const distance = (wide ? 64 : 32) - width;
  cx.emit(wide ? op.SHLI64 : op.SHLI32, d, v, distance);
  cx.emit(wide ? (type.signed ? op.SARI64 : op.SHRI64) : type.signed ? op.SARI32 : op.SHRI32, d, d, distance);
  return d;
}

/** `place op= value`. As gcc: a value with effects is computed before anything of the place. */
export function compoundAssign(cx: Context, e: CompoundAssignExpr, into: number | undefined): number {
  if (hasEffects(e.value) && !cx.held.has(e.value)) {
    const slot = cx.value(e.value, cx.room(e.value.type));
    return compoundAssign(cx, { ...e, value: heldExpr(cx, e.value, slot) }, into);
  }
  const { place } = e;
  const bits = place.kind === 'member' ? place.bits : undefined;
  const location = pinned(cx, cx.locate(place));
  const placeType = place.type;
  if (e.scale !== undefined) {
    const pointer: Expr = { kind: 'load', place: { ...place }, type: placeType, at: e.at };
    const old = keep(cx, load(cx, location, placeType, undefined, undefined, e.at), e.value);
    const held = heldExpr(cx, pointer, old);
    const d = location.kind === 'register' ? location.slot : (into ?? cx.pair());
    const result = pointerAdd(
      cx,
      { kind: 'pointer-add', pointer: held, index: e.value, scale: e.scale, subtract: e.op === '-', type: placeType, at: e.at },
      d,
    );
    store(cx, location, placeType, undefined, result, e.at);
    return into === undefined || into === result ? result : moved(cx, result, into);
  }
  const old = load(cx, location, placeType, bits, undefined, e.at);
  const converted = convert(cx, old, placeType, e.computeType, undefined, e.at);
  const held = heldExpr(cx, e, keep(cx, converted, e.value), e.computeType);
  const direct = location.kind === 'register' && sameRepresentation(placeType, e.computeType) ? location.slot : undefined;
  const computed = arithmetic(cx, e.op, e.computeType, held, e.value, direct, e.at);
  const back = direct ?? convert(cx, computed, e.computeType, placeType, into, e.at);
  store(cx, location, placeType, bits, back, e.at);
  const result = bits !== undefined ? truncated(cx, back, placeType, bits.width, into) : back;
  return into === undefined || into === result ? result : moveScalar(cx, result, placeType, into);
}

/** `++` and `--`; `wanted` when the value is used. */
export function increment(cx: Context, e: IncrementExpr, into: number | undefined, wanted: boolean): number {
  const { place } = e;
  const bits = place.kind === 'member' ? place.bits : undefined;
  const location = pinned(cx, cx.locate(place));
  const width = widthOf(place.type, e.at);
  if (width === 'float') return floatIncrement(cx, e, location, into);
  if (width === 128) return wideIncrement(cx, e, location, into);
  const wide = width === 64;
  let old = load(cx, location, place.type, bits, undefined, e.at);
  if (wanted && !e.prefix && location.kind === 'register') {
    const copy = into ?? cx.pair();
    cx.emit(wide ? op.MOV64 : op.MOV32, copy, old);
    old = copy;
  }
  const sum = location.kind === 'register' ? location.slot : cx.pair();
  if (typeof e.step === 'number') {
    cx.emit(wide ? op.ADDI64 : op.ADDI32, sum, location.kind === 'register' ? location.slot : old, e.subtract ? -e.step : e.step);
  } else {
    const step = cx.value(e.step);
    cx.emit(e.subtract ? op.SUB64 : op.ADD64, sum, old, step);
  }
  narrow(cx, sum, place.type);
  store(cx, location, place.type, bits, sum, e.at);
  if (!wanted) return sum;
  const result = e.prefix ? (bits === undefined ? sum : truncated(cx, sum, place.type, bits.width, undefined)) : old;
  return into === undefined || into === result ? result : moveScalar(cx, result, place.type, into);
}

/** Brings a 32-bit result back into the range of a narrower type, in place. */
function narrow(cx: Context, slot: number, type: CType): void {
  if (type.kind !== 'int' || type.size >= 4) return;
  if (type.name === '_Bool') cx.emit(op.NEZ32, slot, slot);
  else if (type.size === 1) cx.emit(type.signed ? op.SX8 : op.ZX8, slot, slot);
  else cx.emit(type.signed ? op.SX16 : op.ZX16, slot, slot);
}

/** An expression that stands for a value already in a pair. */
function heldExpr(cx: Context, like: Expr, slot: number, type: CType = like.type): Expr {
  const e: Expr = { kind: 'int', value: 0n, type, at: like.at };
  cx.held.set(e, slot);
  return e;
}

function sameRepresentation(a: CType, b: CType): boolean {
  if (b.kind === 'float') return false;
  return (a.kind === 'pointer' || (a.kind === 'int' && a.size >= 4 && a.name !== '_Bool')) && sizeOfComplete(a) === sizeOfComplete(b);
}
