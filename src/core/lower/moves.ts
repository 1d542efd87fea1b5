// Moving scalars between register pairs.
import type { CType } from '../ctype/types.ts';
import { op } from '../machine/ir.ts';
import type { Context } from './context.ts';
import { sizeOfComplete } from './sizes.ts';

/** Moves 64 bits. */
export function moved(cx: Context, from: number, into: number): number {
  cx.emit(op.MOV64, into, from);
  return into;
}

/** Moves a scalar of this type. */
export function moveScalar(cx: Context, from: number, type: CType, into: number): number {
  if (sizeOfComplete(type) === 16) cx.emit(op.MOV64, into + 2, from + 2);
  cx.emit(sizeOfComplete(type) >= 8 ? op.MOV64 : op.MOV32, into, from);
  return into;
}
