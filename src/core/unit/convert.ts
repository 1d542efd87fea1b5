// C's conversions as explicit nodes: lvalue conversion, promotions, usual arithmetic conversions, assignment (C11 6.3, 6.5.16).

import { floatFromInteger } from '../../base/floats.ts';
import { compatible, sameValueType } from '../ctype/compatible.ts';
import { isComplete, sizeOf } from '../ctype/layout.ts';
import { describeType } from '../ctype/print.ts';
import type { CType, FloatType, IntType, PointerType } from '../ctype/types.ts';
import {
  CONST,
  DOUBLE,
  INT,
  INT128,
  LLONG,
  LONG,
  UINT,
  UINT128,
  ULLONG,
  ULONG,
  addQuals,
  isArithmetic,
  isScalar,
  pointerTo,
  qualsOf,
  unqualified,
} from '../ctype/types.ts';
import type { Expr, LValue } from './ast.ts';
import { wrap } from './fold.ts';
import type { Node, Parser } from './parser.ts';

/** True for nodes that are places. */
export function isPlace(node: Node): node is LValue {
  switch (node.kind) {
    case 'variable':
    case 'object':
    case 'deref':
    case 'member':
    case 'string':
    case 'literal':
    case 'temporary':
      return true;
    default:
      return false;
  }
}

/** An integer constant, wrapped to its type. */
export function intConstant(value: bigint, type: CType, at: number): Expr {
  return { kind: 'int', value: wrap(value, type), type: unqualified(type), at };
}

/** The value of a node: places are loaded, arrays and functions become pointers (C11 6.3.2.1). */
export function rvalue(node: Node): Expr {
  if (!isPlace(node)) return node;
  const type = node.type;
  if (type.kind === 'array') return decay(node, type.element);
  if (type.kind === 'function') {
    // A designator is a deref of the function's address: taking its value gives the address back.
    if (node.kind === 'deref') return node.pointer;
  }
  if (node.kind === 'temporary') return node.value;
  return { kind: 'load', place: node, type: unqualified(type), at: node.at };
}

function decay(place: LValue, element: CType): Expr {
  const type = pointerTo(element);
  const constant = constantAddress(place);
  if (constant !== undefined) return { kind: 'int', value: constant, type, at: place.at };
  markAddressed(place);
  return { kind: 'decay', place, type, at: place.at };
}

/** Address of a place, folded when it is a constant such as &((struct s *)0)->m. */
export function addressOf(p: Parser, place: LValue, at: number): Expr {
  const type = pointerTo(place.type);
  if (place.kind === 'deref') {
    if (place.type.kind === 'function') return place.pointer;
    if (sameValueType(place.pointer.type, type)) return place.pointer;
    return { kind: 'cast', operand: place.pointer, implicit: true, type, at };
  }
  if (place.kind === 'member' && place.bits !== undefined) p.refuse(`address of the bit-field '${place.name}'`, at);
  const constant = constantAddress(place);
  if (constant !== undefined) return { kind: 'int', value: constant, type, at };
  markAddressed(place);
  return { kind: 'address', place, type, at };
}

/** Address of a place that hangs on a constant pointer. */
function constantAddress(place: LValue): bigint | undefined {
  if (place.kind === 'deref') return place.pointer.kind === 'int' ? place.pointer.value : undefined;
  if (place.kind !== 'member' || place.bits !== undefined) return undefined;
  const base = constantAddress(place.base);
  return base === undefined ? undefined : BigInt.asUintN(64, base + BigInt(place.offset));
}

/** Notes that a local variable must live in memory. */
export function markAddressed(place: LValue): void {
  let at = place;
  while (at.kind === 'member') at = at.base;
  if (at.kind === 'variable') at.variable.addressed = true;
}

/** C11 6.3.2.3p3: an integer constant 0, or one cast to `void *`. */
function isNullPointerConstant(e: Expr): boolean {
  if (e.kind !== 'int' || e.value !== 0n) return false;
  return e.type.kind === 'int' || (e.type.kind === 'pointer' && e.type.to.kind === 'void' && e.type.to.quals === 0);
}

/** Converts a value to a scalar type (or to void), folding constants. The caller has checked that C allows it. */
export function convert(e: Expr, to: CType, at: number, implicit = true): Expr {
  const type = unqualified(to);
  if (sameValueType(e.type, type)) return e;
  if (e.kind === 'int' && (type.kind === 'int' || type.kind === 'pointer')) {
    return { kind: 'int', value: wrap(e.value, type), type, at: e.at };
  }
  if (e.kind === 'int' && type.kind === 'float') {
    return { kind: 'float', value: floatFromInteger(e.value, type.size), type, at: e.at };
  }
  if (e.type.kind === 'float' && type.kind === 'int') {
    // As gcc: a constant behind a comma or in a branch is converted as a constant.
    if (e.kind === 'comma') return { ...e, right: convert(e.right, type, at, implicit), type };
    if (e.kind === 'cond')
      return { ...e, then: convert(e.then, type, at, implicit), otherwise: convert(e.otherwise, type, at, implicit), type };
  }
  if (e.kind === 'float' && type.kind === 'int') {
    if (type.name === '_Bool') return intConstant(e.value !== 0 ? 1n : 0n, type, e.at);
    return intConstant(truncated(e.value, type), type, e.at);
  }
  if (e.kind === 'float' && type.kind === 'float') {
    return { kind: 'float', value: type.size === 4 ? Math.fround(e.value) : e.value, type, at: e.at };
  }
  return { kind: 'cast', operand: e, implicit, type, at };
}

/** A floating constant as an integer constant; C leaves open what does not fit, gcc takes the nearest value that does. */
function truncated(value: number, type: IntType): bigint {
  if (Number.isNaN(value)) return 0n;
  const bits = BigInt(type.size * 8);
  const least = type.signed ? -(1n << (bits - 1n)) : 0n;
  const most = type.signed ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n;
  if (value === -Infinity) return least;
  if (value === Infinity) return most;
  const whole = BigInt(Math.trunc(value));
  return whole < least ? least : whole > most ? most : whole;
}

/** Width of the bit-field a value was read from, which decides its promotion; undefined for other values. */
export function bitFieldWidth(e: Expr): number | undefined {
  switch (e.kind) {
    case 'load':
    case 'assign':
    case 'compound-assign':
    case 'increment':
      return e.place.kind === 'member' ? e.place.bits?.width : undefined;
    case 'comma':
      return bitFieldWidth(e.right);
    default:
      return undefined;
  }
}

/** Type after the integer promotions (C11 6.3.1.1p2). */
function promotedType(type: IntType, width: number | undefined): IntType {
  if (type.name === '_Bool' || type.rank < INT.rank) return INT;
  if (width !== undefined && type.rank <= LLONG.rank && width < 32) return INT;
  if (width === 32 && type.size === 8) return type.signed ? INT : UINT;
  return type.enumeration === undefined ? type : plain(type);
}

/** An enumeration's underlying type. */
function plain(type: IntType): IntType {
  for (const candidate of [INT, UINT, LONG, ULONG]) if (candidate.name === type.name) return candidate;
  return { ...type, enumeration: undefined };
}

/** Integer promotions (C11 6.3.1.1); other operands stay. */
export function promote(e: Expr): Expr {
  return e.type.kind === 'int' ? convert(e, promotedType(e.type, bitFieldWidth(e)), e.at) : e;
}

/** The common type of two promoted operands (C11 6.3.1.8). */
export function usualType(a: IntType | FloatType, b: IntType | FloatType): IntType | FloatType {
  if (a.kind === 'float' || b.kind === 'float') {
    if (a.kind !== 'float') return b;
    if (b.kind !== 'float') return a;
    return a.size >= b.size ? a : b;
  }
  if (a.name === b.name) return a;
  if (a.signed === b.signed) return a.rank >= b.rank ? a : b;
  const unsigned = a.signed ? b : a;
  const signed = a.signed ? a : b;
  if (unsigned.rank >= signed.rank) return unsigned;
  if (signed.size > unsigned.size) return signed;
  return signed === LONG ? ULONG : signed === LLONG ? ULLONG : signed === INT128 ? UINT128 : unsignedOf(signed);
}

function unsignedOf(type: IntType): IntType {
  switch (type.name) {
    case 'long':
      return ULONG;
    case 'long long':
      return ULLONG;
    case '__int128':
      return UINT128;
    default:
      return UINT;
  }
}

/** A value that a condition tests. */
export function scalar(p: Parser, node: Node): Expr {
  const e = rvalue(node);
  if (!isScalar(e.type)) p.refuse(`a ${describeType(e.type)} where a scalar is needed`, e.at);
  return e;
}

/** Value converted as if by assignment to `to` (C11 6.5.16.1); refuses what gcc rejects. */
export function assignable(p: Parser, node: Node, to: CType, at: number): Expr {
  const e = rvalue(node);
  const from = e.type;
  if (to.kind === 'int' || to.kind === 'float') {
    if (isArithmetic(from)) return convert(e, to, at);
    // gcc warns about a pointer made an integer without a cast, and goes on.
    if (from.kind === 'pointer' && to.kind === 'int') return convert(e, to, at);
  } else if (to.kind === 'pointer') {
    if (from.kind === 'pointer' || from.kind === 'int') return convert(e, to, at);
  } else if (to.kind === 'record') {
    if (from.kind === 'record' && from.record === to.record) return e;
    if (isComplete(to.record) && to.record.transparent) return transparent(p, e, to, at);
  } else if (to.kind === 'void') {
    return convert(e, to, at);
  } else if (to.kind === 'vector' && compatible(from, unqualified(to))) {
    return e;
  }
  return p.refuse(`a value of type ${describeType(from)} where ${describeType(to)} is needed`, at);
}

/** gcc transparent_union: the argument becomes the first member whose type takes it; all members have one representation. */
function transparent(p: Parser, e: Expr, to: CType & { kind: 'record' }, at: number): Expr {
  if (sizeOf(to) !== 8 || !isScalar(e.type)) p.refuse('argument for a transparent union', at);
  const variable = p.addLocal('<transparent union>', to, at);
  const initialiser = { size: 8, zero: false, items: [{ offset: 0, bits: undefined, type: e.type, value: e }] };
  return { kind: 'load', place: { kind: 'literal', variable, initialiser, type: to, at }, type: unqualified(to), at };
}

/** Result type of `c ? a : b` for two pointers (C11 6.5.15p6), with the null pointer constant rule. */
export function conditionalPointer(a: Expr, b: Expr): PointerType {
  const left = a.type as PointerType;
  const right = b.type as PointerType;
  if (left.kind !== 'pointer') return right;
  if (right.kind !== 'pointer') return left;
  if (isNullPointerConstant(a) && !isNullPointerConstant(b)) return right;
  if (isNullPointerConstant(b)) return left;
  const quals = qualsOf(left.to) | qualsOf(right.to);
  if (left.to.kind === 'void') return pointerTo(addQuals(left.to, quals));
  if (right.to.kind === 'void') return pointerTo(addQuals(right.to, quals));
  return pointerTo(addQuals(left.to, quals));
}

/** C11 6.5.2.2p6: what an argument without a parameter becomes. */
export function promoteArgument(e: Expr): Expr {
  if (e.type.kind === 'int') return promote(e);
  if (e.type.kind === 'float' && e.type.size === 4) return convert(e, DOUBLE, e.at);
  return e;
}

/** True when assignment to the place is allowed. */
export function isModifiable(place: LValue): boolean {
  return (qualsOf(place.type) & CONST) === 0 && place.type.kind !== 'array' && place.type.kind !== 'function';
}
