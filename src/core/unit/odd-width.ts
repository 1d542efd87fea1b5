// Bit-fields wider than int: gcc gives them a type of exactly their width, and computes in it (c_build_bitfield_integer_type).

import type { IntType } from '../ctype/types.ts';
import { INT, unqualified } from '../ctype/types.ts';
import type { BinaryOp, Expr } from './ast.ts';
import { bitFieldWidth, convert, intConstant, promote } from './convert.ts';

/** Widths of results computed from such bit-fields. */
const results = new WeakMap<Expr, number>();

/** 33 to 63 for a value whose type is a bit-field's own width; undefined for all others. */
export function oddWidth(e: Expr): number | undefined {
  if (e.type.kind !== 'int' || e.type.size !== 8) return undefined;
  const width = bitFieldWidth(e) ?? results.get(e);
  return width !== undefined && width > 32 && width < 64 ? width : undefined;
}

/** `e`, a 64-bit value, cut to `width` bits and sign- or zero-extended as `type` says. */
export function narrow(e: Expr, type: IntType, width: number): Expr {
  let result: Expr;
  if (e.kind === 'int') {
    const value = type.signed ? BigInt.asIntN(width, e.value) : BigInt.asUintN(width, e.value);
    result = intConstant(value, type, e.at);
  } else if (type.signed) {
    const count = intConstant(BigInt(64 - width), INT, e.at);
    const raised: Expr = { kind: 'binary', op: '<<', left: e, right: count, type, at: e.at };
    result = { kind: 'binary', op: '>>', left: raised, right: count, type, at: e.at };
  } else {
    const mask = intConstant((1n << BigInt(width)) - 1n, type, e.at);
    result = { kind: 'binary', op: '&', left: e, right: mask, type, at: e.at };
  }
  results.set(result, width);
  return result;
}

/** `left op right` when one of them has an odd width; undefined when the other operand's type is wider and decides alone. */
export function oddBinary(op: BinaryOp, left: Expr, right: Expr, comparison: boolean, at: number): Expr | undefined {
  const lw = oddWidth(left);
  const rw = oddWidth(right);
  if (op === '<<' || op === '>>') {
    if (lw === undefined) return undefined;
    const type = unqualified(left.type) as IntType;
    return narrow({ kind: 'binary', op, left, right: promote(right), type, at }, type, lw);
  }
  const l = lw === undefined ? promote(left) : left;
  const r = rw === undefined ? promote(right) : right;
  if (l.type.kind !== 'int' || r.type.kind !== 'int') return undefined;
  const lp = lw ?? l.type.size * 8;
  const rp = rw ?? r.type.size * 8;
  const width = Math.max(lp, rp);
  if (width >= 64) return undefined;
  let type = lp >= rp ? l.type : r.type;
  if (lp === rp && !r.type.signed) type = r.type;
  const lc = narrow(convert(l, type, at), type, width);
  const rc = narrow(convert(r, type, at), type, width);
  if (comparison) return { kind: 'binary', op, left: lc, right: rc, type: INT, at };
  return narrow({ kind: 'binary', op, left: lc, right: rc, type, at }, type, width);
}
