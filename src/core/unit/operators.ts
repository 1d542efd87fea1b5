// Typed operators: operand conversions, result types and folding (C11 6.5.3 to 6.5.17).

import { describeType } from '../ctype/print.ts';
import type { CType, FloatType } from '../ctype/types.ts';
import { INT, VOID, isArithmetic, isScalar, qualsOf, unqualified, VOLATILE } from '../ctype/types.ts';
import type { BinaryOp, Expr, LValue, UnaryOp } from './ast.ts';
import {
  assignable,
  conditionalPointer,
  convert,
  intConstant,
  isModifiable,
  isPlace,
  promote,
  rvalue,
  scalar,
  usualType,
} from './convert.ts';
import { foldBinary, foldFloat, foldUnary, wrap } from './fold.ts';
import { narrow, oddBinary, oddWidth } from './odd-width.ts';
import type { Node, Parser } from './parser.ts';
import { elementScale, indexValue, pointerAdd, pointerDifference } from './pointers.ts';

function isComparison(op: BinaryOp): boolean {
  return op === '==' || op === '!=' || op === '<' || op === '>' || op === '<=' || op === '>=';
}

/** `a op b` on values. */
export function binary(p: Parser, op: BinaryOp, a: Node, b: Node, at: number): Expr {
  const left = rvalue(a);
  const right = rvalue(b);
  if (left.type.kind === 'pointer' || right.type.kind === 'pointer') return pointerBinary(p, op, left, right, at);
  if (!isArithmetic(left.type) || !isArithmetic(right.type)) {
    const odd = isArithmetic(left.type) ? right : left;
    return p.refuse(`operator ${op} on ${describeType(odd.type)}`, at);
  }
  if (oddWidth(left) !== undefined || oddWidth(right) !== undefined) {
    const odd = oddBinary(op, left, right, isComparison(op), at);
    if (odd !== undefined) return odd;
  }
  const l = promote(left);
  const r = promote(right);
  if (op === '<<' || op === '>>') {
    if (l.type.kind !== 'int' || r.type.kind !== 'int') return p.refuse('shift of a floating value', at);
    if (l.kind === 'int' && r.kind === 'int') {
      const value = foldBinary(op, l.value, r.value, l.type);
      if (value !== undefined) return intConstant(value, l.type, at);
    }
    return { kind: 'binary', op, left: l, right: r, type: l.type, at };
  }
  const common = usualType(l.type as typeof INT, r.type as typeof INT);
  if (common.kind === 'float' && (op === '%' || op === '&' || op === '|' || op === '^')) p.refuse(`operator ${op} on a floating value`, at);
  const lc = convert(l, common, at);
  const rc = convert(r, common, at);
  const type = isComparison(op) ? INT : common;
  if (lc.kind === 'int' && rc.kind === 'int') {
    const value = foldBinary(op, lc.value, rc.value, common);
    if (value !== undefined) return intConstant(value, type, at);
  }
  if (lc.kind === 'float' && rc.kind === 'float') {
    const folded = floatResult(op, lc.value, rc.value, common as FloatType, at);
    if (folded !== undefined) return folded;
  }
  return { kind: 'binary', op, left: lc, right: rc, type, at };
}

function floatResult(op: BinaryOp, a: number, b: number, type: FloatType, at: number): Expr | undefined {
  const folded = foldFloat(op, a, b);
  // gcc leaves what gives a NaN to the processor, which signs it.
  if (folded === undefined || Number.isNaN(folded.value)) return undefined;
  if (folded.truth) return intConstant(BigInt(folded.value), INT, at);
  return { kind: 'float', value: type.size === 4 ? Math.fround(folded.value) : folded.value, type, at };
}

function pointerBinary(p: Parser, op: BinaryOp, left: Expr, right: Expr, at: number): Expr {
  const bothPointers = left.type.kind === 'pointer' && right.type.kind === 'pointer';
  if (op === '+' && !bothPointers) {
    return left.type.kind === 'pointer' ? pointerAdd(p, left, right, false, at) : pointerAdd(p, right, left, false, at);
  }
  if (op === '-' && left.type.kind === 'pointer') {
    return bothPointers ? pointerDifference(p, left, right, at) : pointerAdd(p, left, right, true, at);
  }
  if (!isComparison(op)) return p.refuse(`operator ${op} on a pointer`, at);
  if (!isScalar(left.type) || !isScalar(right.type) || left.type.kind === 'float' || right.type.kind === 'float') {
    return p.refuse(`comparison of ${describeType(left.type)} with ${describeType(right.type)}`, at);
  }
  const type = left.type.kind === 'pointer' ? left.type : right.type;
  // Two pointer types compare as addresses; the cast says so to whoever reads the tree.
  const lc = convert(left, type, at);
  const rc = convert(right, type, at);
  if (lc.kind === 'int' && rc.kind === 'int') {
    return intConstant(foldBinary(op, lc.value, rc.value, lc.type) ?? 0n, INT, at);
  }
  if ((op === '==' || op === '!=') && neverNull(lc, rc)) return intConstant(op === '!=' ? 1n : 0n, INT, at);
  return { kind: 'binary', op, left: lc, right: rc, type: INT, at };
}

/** True for `&object == NULL` where gcc knows the answer (static assertions and __builtin_choose_expr rely on it). */
function neverNull(a: Expr, b: Expr): boolean {
  const address = a.kind === 'int' ? b : a;
  const zero = a.kind === 'int' ? a : b;
  if (zero.kind !== 'int' || zero.value !== 0n) return false;
  if (address.kind !== 'address' && address.kind !== 'decay') return false;
  let place = address.place;
  while (place.kind === 'member') place = place.base;
  return place.kind === 'variable' || place.kind === 'string' || (place.kind === 'object' && !place.object.attributes.weak);
}

/** `-a`, `~a`, `+a` after promotion; `!a` of any scalar. */
export function unary(p: Parser, op: UnaryOp | '+', node: Node, at: number): Expr {
  if (op === '!') {
    const e = scalar(p, node);
    if (e.kind === 'int') return intConstant(e.value === 0n ? 1n : 0n, INT, at);
    if (e.kind === 'float') return intConstant(e.value === 0 ? 1n : 0n, INT, at);
    if (e.kind === 'function' && !e.fn.attributes.weak) return intConstant(0n, INT, at);
    return { kind: 'unary', op, operand: e, type: INT, at };
  }
  const raw = rvalue(node);
  if (!isArithmetic(raw.type)) return p.refuse(`operator ${op} on ${describeType(raw.type)}`, at);
  const width = oddWidth(raw);
  if (width !== undefined && op !== '+' && raw.type.kind === 'int') {
    return narrow({ kind: 'unary', op, operand: raw, type: raw.type, at }, raw.type, width);
  }
  const e = promote(raw);
  if (op === '+') return e;
  if (e.type.kind === 'float') {
    if (op === '~') return p.refuse('operator ~ on a floating value', at);
    if (e.kind === 'float') return { kind: 'float', value: -e.value, type: e.type, at };
  }
  if (e.kind === 'int') return intConstant(foldUnary(op, e.value), e.type, at);
  return { kind: 'unary', op, operand: e, type: e.type, at };
}

/** `a && b`, `a || b`. */
export function logical(p: Parser, op: '&&' | '||', a: Node, b: Node, at: number): Expr {
  const left = scalar(p, a);
  const right = scalar(p, b);
  const l = truth(left);
  const r = truth(right);
  if (l !== undefined) {
    if (l === (op === '||')) return intConstant(l ? 1n : 0n, INT, at);
    if (r !== undefined) return intConstant(r ? 1n : 0n, INT, at);
  }
  return { kind: 'logical', op, left, right, type: INT, at };
}

/** Whether a value is a constant that is (not) zero; undefined when it is no constant. */
export function truth(e: Expr): boolean | undefined {
  if (e.kind === 'int') return e.value !== 0n;
  if (e.kind === 'float') return e.value !== 0;
  if (e.kind === 'function' && !e.fn.attributes.weak) return true;
  if (e.kind === 'decay' && e.place.kind === 'string') return true;
  return undefined;
}

/** `c ? a : b`; `a` undefined for the GNU form `c ?: b`. */
export function conditional(p: Parser, c: Node, a: Node | undefined, b: Node, at: number): Expr {
  const condition = scalar(p, c);
  const then = a === undefined ? condition : rvalue(a);
  const otherwise = rvalue(b);
  const type = conditionalType(p, then, otherwise, at);
  const known = truth(condition);
  const l = type.kind === 'record' ? then : convert(then, type, at);
  const r = type.kind === 'record' ? otherwise : convert(otherwise, type, at);
  if (known !== undefined) return known ? l : r;
  if (a === undefined) return { kind: 'elvis', value: condition, otherwise: r, type, at };
  return { kind: 'cond', condition, then: l, otherwise: r, type, at };
}

function conditionalType(p: Parser, a: Expr, b: Expr, at: number): CType {
  const l = a.type;
  const r = b.type;
  if (isArithmetic(l) && isArithmetic(r)) return usualType(promote(a).type as typeof INT, promote(b).type as typeof INT);
  // gcc: one void operand makes the whole void.
  if (l.kind === 'void' || r.kind === 'void') return VOID;
  if (l.kind === 'pointer' || r.kind === 'pointer') {
    if ((l.kind === 'pointer' || l.kind === 'int') && (r.kind === 'pointer' || r.kind === 'int')) return conditionalPointer(a, b);
  }
  if (l.kind === 'record' && r.kind === 'record' && l.record === r.record) return l;
  return p.refuse(`conditional between ${describeType(l)} and ${describeType(r)}`, at);
}

function modifiable(p: Parser, node: Node, at: number): LValue {
  if (!isPlace(node)) return p.refuse('assignment to something that is no place', at);
  if (!isModifiable(node)) return p.refuse(`assignment to a place of type ${describeType(node.type)}`, at);
  return node;
}

/** `place = value`. */
export function assign(p: Parser, target: Node, value: Node, at: number): Expr {
  const place = modifiable(p, target, at);
  const converted = assignable(p, value, unqualified(place.type), at);
  return { kind: 'assign', place, value: converted, type: unqualified(place.type), at };
}

/** `place op= value`. */
export function compoundAssign(p: Parser, op: BinaryOp, target: Node, node: Node, at: number): Expr {
  const place = modifiable(p, target, at);
  const type = unqualified(place.type);
  const value = rvalue(node);
  if (type.kind === 'pointer') {
    if ((op !== '+' && op !== '-') || value.type.kind !== 'int') return p.refuse(`operator ${op}= on a pointer`, at);
    const scale = elementScale(p, type.to, at);
    return { kind: 'compound-assign', op, place, value: indexValue(value), computeType: type, scale, type, at };
  }
  if (!isArithmetic(type) || !isArithmetic(value.type)) {
    return p.refuse(`operator ${op}= on ${describeType(isArithmetic(type) ? value.type : type)}`, at);
  }
  const width = oddWidth(rvalue(place));
  if (width !== undefined && type.kind === 'int' && value.type.kind === 'int' && value.type.size < 8 && op !== '<<' && op !== '>>') {
    // Stored in the place's width, so computing in 64 bits gives the same bits once the operand has that width too.
    const operand = narrow(convert(promote(value), type, at), type, width);
    return { kind: 'compound-assign', op, place, value: operand, computeType: type, scale: undefined, type, at };
  }
  const left = promote(rvalue(place)).type as typeof INT;
  const right = promote(value);
  if (op === '<<' || op === '>>') {
    if (left.kind !== 'int' || right.type.kind !== 'int') return p.refuse('shift of a floating value', at);
    return { kind: 'compound-assign', op, place, value: right, computeType: left, scale: undefined, type, at };
  }
  const computeType = usualType(left, right.type as typeof INT);
  return { kind: 'compound-assign', op, place, value: convert(right, computeType, at), computeType, scale: undefined, type, at };
}

/** `++place`, `place--` and the like. */
export function increment(p: Parser, target: Node, subtract: boolean, prefix: boolean, at: number): Expr {
  const place = modifiable(p, target, at);
  const type = unqualified(place.type);
  if (!isScalar(type)) return p.refuse(`increment of ${describeType(type)}`, at);
  const step = type.kind === 'pointer' ? elementScale(p, type.to, at) : 1;
  return { kind: 'increment', place, step, subtract, prefix, type, at };
}

/** `a, b`. */
export function comma(a: Node, b: Node, at: number): Expr {
  const left = discard(a);
  const right = rvalue(b);
  return { kind: 'comma', left, right, type: right.type, at };
}

/** A value whose result nobody uses. A volatile place is still read. */
export function discard(node: Node): Expr {
  if (
    isPlace(node) &&
    (node.type.kind === 'record' || node.type.kind === 'array' || node.type.kind === 'void') &&
    (qualsOf(node.type) & VOLATILE) === 0
  ) {
    if (node.kind === 'temporary') return node.value;
    if (node.kind === 'deref' && node.type.kind === 'void') return node.pointer;
  }
  return rvalue(node);
}

/** Explicit cast (C11 6.5.4). */
export function cast(p: Parser, node: Node, to: CType, at: number): Expr {
  if (to.kind === 'void') {
    const e = discard(node);
    return e.type.kind === 'void' ? e : { kind: 'cast', operand: e, implicit: false, type: VOID, at };
  }
  const e = rvalue(node);
  const type = unqualified(to);
  if (type.kind === 'record') {
    if (e.type.kind === 'record' && e.type.record === type.record) return e;
    return p.refuse(`cast to ${describeType(type)}`, at);
  }
  if (!isScalar(type) || !isScalar(e.type)) return p.refuse(`cast from ${describeType(e.type)} to ${describeType(type)}`, at);
  if ((type.kind === 'pointer' && e.type.kind === 'float') || (type.kind === 'float' && e.type.kind === 'pointer')) {
    return p.refuse('cast between pointer and floating type', at);
  }
  if (e.kind === 'int' && type.kind !== 'float') return { kind: 'int', value: wrap(e.value, type), type, at };
  return convert(e, type, at, false);
}
