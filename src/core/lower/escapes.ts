// Which locals may be pointed at after their block or their function has ended: seen from how their addresses are used.
import type { Expr, LocalVariable, LValue } from '../unit/ast.ts';
import type { Context } from './context.ts';

/** The local that a place is a part of, with the node that takes its address on the way, if any. */
export function rootVariable(place: LValue): LocalVariable | undefined {
  switch (place.kind) {
    case 'variable':
    case 'literal':
      return place.variable;
    case 'member':
      return rootVariable(place.base);
    case 'deref': {
      const address = addressTaken(place.pointer);
      return address === undefined ? undefined : rootVariable(address.place);
    }
    case 'object':
    case 'string':
    case 'temporary':
      return undefined;
  }
}

/** `a` in `a[i]`, `&x` in `*&x`: the address that a pointer is counted from. */
export function addressTaken(pointer: Expr): (Expr & { readonly kind: 'decay' | 'address' }) | undefined {
  switch (pointer.kind) {
    case 'decay':
    case 'address':
      return pointer;
    case 'pointer-add':
      return addressTaken(pointer.pointer);
    case 'cast':
      return pointer.type.kind === 'pointer' ? addressTaken(pointer.operand) : undefined;
    default:
      return undefined;
  }
}

/** True when a value may be, or hold, the address of a local in the frame's memory. */
function mayPointAtLocal(cx: Context, e: Expr): boolean {
  switch (e.kind) {
    case 'decay':
    case 'address': {
      const variable = rootVariable(e.place);
      return variable !== undefined && (cx.offsetOf[variable.id] as number) >= 0;
    }
    case 'load': {
      const variable = rootVariable(e.place);
      return variable !== undefined && cx.pointsAtLocal.has(variable.id);
    }
    case 'cast':
      return mayPointAtLocal(cx, e.operand);
    case 'pointer-add':
      return mayPointAtLocal(cx, e.pointer);
    case 'cond':
      return mayPointAtLocal(cx, e.then) || mayPointAtLocal(cx, e.otherwise);
    case 'elvis':
      return mayPointAtLocal(cx, e.value) || mayPointAtLocal(cx, e.otherwise);
    case 'comma':
      return mayPointAtLocal(cx, e.right);
    case 'assign':
      return mayPointAtLocal(cx, e.value);
    case 'statement-expr':
      return e.result !== undefined && mayPointAtLocal(cx, e.result);
    default:
      return false;
  }
}

/** A value goes to a place: an address of a local may get out of the function, or into another local. */
export function noteStored(cx: Context, place: LValue, value: Expr): void {
  if (!mayPointAtLocal(cx, value)) return;
  const variable = rootVariable(place);
  if (variable === undefined) cx.addressLeaves = true;
  else cx.pointsAtLocal.add(variable.id);
}

/** A local is initialised with a value. */
export function noteInitialised(cx: Context, variable: LocalVariable, value: Expr): void {
  if (mayPointAtLocal(cx, value)) cx.pointsAtLocal.add(variable.id);
}

/** A value leaves the function: as its result, or to a function that may keep it. */
export function noteLeaving(cx: Context, value: Expr): void {
  if (mayPointAtLocal(cx, value)) cx.addressLeaves = true;
}
