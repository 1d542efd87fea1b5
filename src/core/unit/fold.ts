// Constant folding with the exact widths of the target; -fwrapv, so signed arithmetic wraps.

import type { CType, IntType } from '../ctype/types.ts';
import type { BinaryOp, UnaryOp } from './ast.ts';

/** `value` as an integer type holds it. Pointers are 64-bit unsigned, _Bool is 0 or 1. */
export function wrap(value: bigint, type: CType): bigint {
  if (type.kind !== 'int') return BigInt.asUintN(64, value);
  if (type.name === '_Bool') return value === 0n ? 0n : 1n;
  return type.signed ? BigInt.asIntN(type.size * 8, value) : BigInt.asUintN(type.size * 8, value);
}

/** Result of an integer operation on constants of one type, not yet wrapped; undefined when C leaves it undefined. */
export function foldBinary(op: BinaryOp, a: bigint, b: bigint, type: CType): bigint | undefined {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? undefined : a / b;
    case '%':
      return b === 0n ? undefined : a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return inWidth(b, type) ? a << b : undefined;
    case '>>':
      return inWidth(b, type) ? a >> b : undefined;
    case '==':
      return a === b ? 1n : 0n;
    case '!=':
      return a !== b ? 1n : 0n;
    case '<':
      return a < b ? 1n : 0n;
    case '>':
      return a > b ? 1n : 0n;
    case '<=':
      return a <= b ? 1n : 0n;
    case '>=':
      return a >= b ? 1n : 0n;
  }
}

function inWidth(count: bigint, type: CType): boolean {
  return count >= 0n && count < BigInt((type as IntType).size * 8);
}

/** Result of a unary operation on a constant, not yet wrapped. */
export function foldUnary(op: UnaryOp, a: bigint): bigint {
  switch (op) {
    case '-':
      return -a;
    case '~':
      return ~a;
    case '!':
      return a === 0n ? 1n : 0n;
  }
}

/** Floating arithmetic on constants, in double (float results are rounded by the caller). */
export function foldFloat(op: BinaryOp, a: number, b: number): { value: number; truth: boolean } | undefined {
  switch (op) {
    case '+':
      return { value: a + b, truth: false };
    case '-':
      return { value: a - b, truth: false };
    case '*':
      return { value: a * b, truth: false };
    case '/':
      return { value: a / b, truth: false };
    case '==':
      return { value: a === b ? 1 : 0, truth: true };
    case '!=':
      return { value: a !== b ? 1 : 0, truth: true };
    case '<':
      return { value: a < b ? 1 : 0, truth: true };
    case '>':
      return { value: a > b ? 1 : 0, truth: true };
    case '<=':
      return { value: a <= b ? 1 : 0, truth: true };
    case '>=':
      return { value: a >= b ? 1 : 0, truth: true };
    default:
      return undefined;
  }
}
