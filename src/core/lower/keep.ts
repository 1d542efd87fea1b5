// Keeping a value safe while later operands are evaluated.
import { op } from '../machine/ir.ts';
import type { Expr } from '../unit/ast.ts';
import type { Context } from './context.ts';

/**
 * A pair that still holds `slot`'s value after `later` was evaluated: a variable's own pair is copied when `later` might
 * assign it.
 */
export function keep(cx: Context, slot: number, later: Expr): number {
  if (!cx.isVariable(slot) || later.kind === 'int' || later.kind === 'load') return slot;
  if (!mayAssign(later)) return slot;
  const copy = cx.pair();
  cx.emit(op.MOV64, copy, slot);
  return copy;
}

/** True when evaluating may assign a local variable. Errs on the side of true. */
export function mayAssign(e: Expr): boolean {
  switch (e.kind) {
    case 'int':
    case 'float':
    case 'function':
    case 'label-address':
      return false;
    case 'load':
    case 'decay':
    case 'address':
      return e.place.kind !== 'variable' && e.place.kind !== 'object' && e.place.kind !== 'string';
    case 'unary':
    case 'cast':
      return mayAssign(e.operand);
    case 'binary':
    case 'pointer-difference':
    case 'logical':
      return mayAssign(e.left) || mayAssign(e.right);
    case 'pointer-add':
      return mayAssign(e.pointer) || mayAssign(e.index);
    default:
      return true;
  }
}
