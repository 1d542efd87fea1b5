// Constants in registers and conversions between scalar types.
import type { CType } from '../ctype/types.ts';
import { LONG, ULONG } from '../ctype/types.ts';
import { op, wideOperations } from '../machine/ir.ts';
import type { Context, Width } from './context.ts';
import { Refused, widthOf } from './context.ts';
import { convertFloat } from './floats.ts';
import { highWord, lowWord } from './words.ts';

/** True when the value is its own low word sign-extended. */
export function fitsWord(value: bigint): boolean {
  return BigInt.asIntN(32, value) === value;
}

/** A constant in a pair. */
export function constant(cx: Context, value: bigint, width: Width, into: number | undefined, at: number): number {
  if (width === 'float') throw new Refused('an integer constant of a floating type', at);
  const d = into ?? cx.pairs(width === 128 ? 2 : 1);
  if (width === 128) cx.emit(op.CONST64, d + 2, lowWord(value >> 64n), highWord(value >> 64n));
  if (width === 32) cx.emit(op.CONST32, d, lowWord(value));
  else cx.emit(op.CONST64, d, lowWord(value), highWord(value));
  return d;
}

/** Unsigned integer or pointer: how comparisons, divisions and right shifts read the bits. */
export function isUnsigned(type: CType): boolean {
  return type.kind === 'pointer' || (type.kind === 'int' && !type.signed);
}

/**
 * Converts a scalar. Gives the same pair when nothing changes; `inPlace` names a temporary that may be overwritten.
 */
export function convert(cx: Context, slot: number, from: CType, to: CType, into: number | undefined, at: number, inPlace?: number): number {
  const fromWidth = widthOf(from, at);
  const toWidth = widthOf(to, at);
  if (fromWidth === 'float' || toWidth === 'float') return convertFloat(cx, slot, from, to, into, at);
  if (fromWidth === 128 || toWidth === 128) return convertWide(cx, slot, from, to, into, at);
  const code = conversionOp(from, fromWidth, to);
  if (code === undefined) {
    if (into === undefined || into === slot) return slot;
    cx.emit(toWidth === 64 ? op.MOV64 : op.MOV32, into, slot);
    return into;
  }
  const d = into ?? inPlace ?? cx.pair();
  cx.emit(code, d, slot);
  return d;
}

function conversionOp(from: CType, fromWidth: 32 | 64, to: CType): number | undefined {
  const fromInt = from.kind === 'int' ? from : undefined;
  if (to.kind === 'int' && to.name === '_Bool') {
    if (fromInt?.name === '_Bool') return undefined;
    return fromWidth === 64 ? op.NEZ64 : op.NEZ32;
  }
  const toSize = to.kind === 'int' ? to.size : 8;
  if (toSize === 8) {
    if (fromWidth === 64) return undefined;
    return fromInt?.signed === true ? op.SX64 : op.ZX64;
  }
  if (toSize === 4) return undefined;
  const toSigned = to.kind === 'int' && to.signed;
  if (fromInt !== undefined && fromInt.size <= toSize) {
    const keeps = fromInt.size === toSize ? fromInt.signed === toSigned : !fromInt.signed || toSigned;
    if (keeps) return undefined;
  }
  if (toSize === 1) return toSigned ? op.SX8 : op.ZX8;
  return toSigned ? op.SX16 : op.ZX16;
}

/** Conversion from or to 128 bits. */
function convertWide(cx: Context, slot: number, from: CType, to: CType, into: number | undefined, at: number): number {
  const fromWide = from.kind === 'int' && from.size === 16;
  const toWide = to.kind === 'int' && to.size === 16;
  if (fromWide && toWide) {
    if (into === undefined || into === slot) return slot;
    cx.emit(op.MOV64, into, slot);
    cx.emit(op.MOV64, into + 2, slot + 2);
    return into;
  }
  if (toWide) {
    const signed = from.kind === 'int' && from.signed;
    const d = into ?? cx.room(to);
    const before = cx.top;
    const full = convert(cx, slot, from, signed ? LONG : ULONG, undefined, at);
    cx.top = before;
    cx.emit(op.WIDE, wideOperations.indexOf(signed ? 'from-s64' : 'from-u64'), d, full, full);
    return d;
  }
  if (to.kind === 'int' && to.name === '_Bool') {
    const d = into ?? cx.pair();
    cx.emit(op.WIDE, wideOperations.indexOf('nez'), d, slot, slot);
    return d;
  }
  return convert(cx, slot, ULONG, to, into, at);
}
