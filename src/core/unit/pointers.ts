// Pointer arithmetic and member access, with sizes in bytes made explicit.

import { findField, isComplete, sizeOf } from '../ctype/layout.ts';
import { describeType } from '../ctype/print.ts';
import type { CType } from '../ctype/types.ts';
import { LONG, ULONG, addQuals, qualsOf, unqualified } from '../ctype/types.ts';
import type { Expr, LValue } from './ast.ts';
import { convert, intConstant, isPlace, promote, rvalue } from './convert.ts';
import { wrap } from './fold.ts';
import type { Node, Parser } from './parser.ts';

/** Bytes of one element of pointer arithmetic; an expression when the element is a VLA. */
export function elementScale(p: Parser, element: CType, at: number): number | Expr {
  const size = sizeOf(element);
  if (size !== undefined) return size;
  if (element.kind === 'array') {
    if (element.sizeLocal !== undefined) return vlaSize(p, element.sizeLocal, at);
    return p.refuse('arithmetic on a pointer to an array of unknown length', at);
  }
  return p.refuse(`arithmetic on a pointer to incomplete ${describeType(element)}`, at);
}

/** The hidden local that holds a VLA's size in bytes, read. */
function vlaSize(p: Parser, sizeLocal: number, at: number): Expr {
  const variable = p.fn?.locals[sizeLocal];
  if (variable === undefined) return p.refuse('size of a variable array outside of its function', at);
  return { kind: 'load', place: { kind: 'variable', variable, type: ULONG, at }, type: ULONG, at };
}

/** `count * scale` as unsigned long. */
export function multiply(count: Expr, scale: number | Expr, at: number): Expr {
  const factor = typeof scale === 'number' ? intConstant(BigInt(scale), ULONG, at) : scale;
  if (count.kind === 'int' && factor.kind === 'int') return intConstant(count.value * factor.value, ULONG, at);
  return { kind: 'binary', op: '*', left: count, right: factor, type: ULONG, at };
}

/** An index of pointer arithmetic as a 64-bit integer: sign- or zero-extended by its own type. */
export function indexValue(e: Expr): Expr {
  const promoted = promote(e);
  return convert(promoted, promoted.type.kind === 'int' && promoted.type.signed ? LONG : ULONG, e.at);
}

/** `pointer ± index`, folded when both are constants. */
export function pointerAdd(p: Parser, pointer: Expr, index: Expr, subtract: boolean, at: number): Expr {
  if (pointer.type.kind !== 'pointer') return p.refuse('pointer arithmetic without a pointer', at);
  if (index.type.kind !== 'int') return p.refuse(`pointer arithmetic with a ${describeType(index.type)}`, at);
  const scale = elementScale(p, pointer.type.to, at);
  const amount = indexValue(index);
  if (amount.kind === 'int' && typeof scale === 'number') {
    if (amount.value === 0n) return pointer;
    if (pointer.kind === 'int') {
      const bytes = amount.value * BigInt(scale);
      return { kind: 'int', value: wrap(subtract ? pointer.value - bytes : pointer.value + bytes, pointer.type), type: pointer.type, at };
    }
  }
  return { kind: 'pointer-add', pointer, index: amount, scale, subtract, type: pointer.type, at };
}

/** `left - right` of two pointers. */
export function pointerDifference(p: Parser, left: Expr, right: Expr, at: number): Expr {
  if (left.type.kind !== 'pointer') return p.refuse('pointer difference without a pointer', at);
  const scale = elementScale(p, left.type.to, at);
  if (left.kind === 'int' && right.kind === 'int' && typeof scale === 'number' && scale > 0) {
    return intConstant(BigInt.asIntN(64, left.value - right.value) / BigInt(scale), LONG, at);
  }
  return { kind: 'pointer-difference', left, right, scale, type: LONG, at };
}

/** `*pointer`. */
export function dereference(p: Parser, node: Node, at: number): LValue {
  const pointer = rvalue(node);
  if (pointer.type.kind !== 'pointer') return p.refuse(`dereference of a ${describeType(pointer.type)}`, at);
  return { kind: 'deref', pointer, type: pointer.type.to, at };
}

/** `base.name`, through anonymous members. */
export function memberOf(p: Parser, node: Node, name: number, at: number): LValue {
  const base = asPlace(node, at);
  const type = base.type;
  const text = p.text(name);
  if (type.kind !== 'record') return p.refuse(`member '${text}' of a ${describeType(type)}`, at);
  const found = findField(type.record, text);
  if (found === undefined) {
    const complete = isComplete(type.record);
    const broken = p.file.whyIncomplete(type.record);
    if (broken !== undefined) p.refuse(`${describeType(unqualified(type))} is not understood: ${broken.reason}`, broken.at);
    return p.refuse(`${describeType(unqualified(type))} ${complete ? 'has no member' : 'is incomplete: no member'} '${text}'`, at);
  }
  const { field } = found;
  return {
    kind: 'member',
    base,
    name: text,
    offset: found.offset,
    bits: field.bits,
    type: addQuals(field.type, qualsOf(type)),
    at,
  };
}

function asPlace(node: Node, at: number): LValue {
  if (isPlace(node)) return node;
  // A record value: its members are read from a temporary (also from a plain load, which needs no copy).
  return node.kind === 'load' ? node.place : { kind: 'temporary', value: node, type: node.type, at };
}
