// Keeping a value safe while later operands are evaluated.
import { op } from '../machine/ir.ts';
import { VOLATILE } from '../ctype/types.ts';
import type { Expr, LValue } from '../unit/ast.ts';
import type { Context } from './context.ts';
import { sizeOfComplete } from './sizes.ts';

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

/** True when evaluating does more than give a value: calls, assigns, reads what is volatile. */
export function hasEffects(e: Expr): boolean {
  switch (e.kind) {
    case 'int':
    case 'float':
    case 'function':
    case 'label-address':
      return false;
    case 'load':
    case 'decay':
    case 'address':
      return (e.kind === 'load' && (e.place.type.quals & VOLATILE) !== 0) || placeHasEffects(e.place);
    case 'unary':
    case 'cast':
      return hasEffects(e.operand);
    case 'binary':
    case 'pointer-difference':
    case 'logical':
      return hasEffects(e.left) || hasEffects(e.right);
    case 'pointer-add':
      return hasEffects(e.pointer) || hasEffects(e.index);
    case 'cond':
      return hasEffects(e.condition) || hasEffects(e.then) || hasEffects(e.otherwise);
    case 'elvis':
      return hasEffects(e.value) || hasEffects(e.otherwise);
    default:
      return true;
  }
}

function placeHasEffects(place: LValue): boolean {
  switch (place.kind) {
    case 'variable':
    case 'object':
    case 'string':
      return false;
    case 'deref':
      return hasEffects(place.pointer);
    case 'member':
      return placeHasEffects(place.base);
    case 'literal':
    case 'temporary':
      return true;
  }
}

/** True for a plain variable (seen through conversions that keep its size): gcc reads it last, after what else is computed. */
function isPlainVariable(e: Expr): boolean {
  if (e.kind === 'cast') return sizeOfComplete(e.type) === sizeOfComplete(e.operand.type) && isPlainVariable(e.operand);
  return e.kind === 'load' && (e.place.kind === 'variable' || e.place.kind === 'object');
}

/** True when gcc evaluates the right operand of a commutative operator or a comparison first, and that could be seen. */
export function rightFirst(left: Expr, right: Expr): boolean {
  return isPlainVariable(left) && !isPlainVariable(right) && hasEffects(right);
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
