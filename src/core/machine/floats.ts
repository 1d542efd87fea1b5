// Floating point of hosted programs as SSE2 computes it: IEEE 754 doubles, floats rounded after each operation.
import { doubleBits, doubleOf, floatBits, floatFromInteger, floatOf } from '../../base/floats.ts';
import type { floatOperations } from './ir.ts';

export type FloatOperation = (typeof floatOperations)[number];

/** What cvttsd2si gives where the value does not fit. */
const indefinite = 1n << 63n;

/** Truncated to 64 signed bits. */
function toSigned64(value: number): bigint {
  return value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(Math.trunc(value)) : indefinite;
}

/** Truncated to an integer of these bits as gcc's code for x86-64 does it; C leaves open what does not fit. */
function toInteger(value: number, kind: 's32' | 's64' | 'u64'): bigint {
  switch (kind) {
    case 's32':
      return value > -(2 ** 31) - 1 && value < 2 ** 31 ? BigInt(Math.trunc(value)) : 1n << 31n;
    case 's64':
      return toSigned64(value);
    case 'u64':
      return value >= 2 ** 63 ? toSigned64(value - 2 ** 63) ^ indefinite : toSigned64(value);
  }
}

/** Bits of a NaN that an operation on these operands gives: the first NaN operand, quiet, or the processor's own. */
function nanBits(size: 4 | 8, a: bigint, b: bigint): bigint {
  const quiet = size === 8 ? 1n << 51n : 1n << 22n;
  const number = (bits: bigint): number => (size === 8 ? doubleOf(bits) : floatOf(Number(BigInt.asIntN(32, bits))));
  if (Number.isNaN(number(a))) return a | quiet;
  if (Number.isNaN(number(b))) return b | quiet;
  return size === 8 ? 0xfff8000000000000n : 0xffc00000n;
}

/** Result bits of an operation on operand bits. */
export function floatOperation(kind: FloatOperation, a: bigint, b: bigint): bigint {
  const dash = kind.indexOf('-from-');
  if (dash >= 0) return convertBits(kind.slice(0, dash), kind.slice(dash + 6), a);
  const size = kind.endsWith('64') ? 8 : 4;
  const number = (bits: bigint): number => (size === 8 ? doubleOf(bits) : floatOf(Number(BigInt.asIntN(32, bits))));
  const [x, y] = [number(a), number(b)];
  const truth = (value: boolean): bigint => (value ? 1n : 0n);
  const result = (value: number): bigint => (Number.isNaN(value) ? nanBits(size, a, b) : size === 8 ? doubleBits(value) : floatBits(value));
  switch (kind.slice(0, -2)) {
    case 'add':
      return result(x + y);
    case 'sub':
      return result(x - y);
    case 'mul':
      return result(x * y);
    case 'div':
      return result(x / y);
    case 'neg':
      return a ^ (size === 8 ? 1n << 63n : 1n << 31n);
    case 'eq':
      return truth(x === y);
    case 'ne':
      return truth(x !== y);
    case 'lt':
      return truth(x < y);
    case 'le':
      return truth(x <= y);
    default:
      return truth(x !== 0);
  }
}

function convertBits(to: string, from: string, a: bigint): bigint {
  if (from.startsWith('f')) {
    const value = from === 'f64' ? doubleOf(a) : floatOf(Number(BigInt.asIntN(32, a)));
    if (to === 'f64') {
      // The payload of a NaN keeps its place at the top.
      return Number.isNaN(value) ? ((a & 0x80000000n) << 32n) | 0x7ff8000000000000n | ((a & 0x3fffffn) << 29n) : doubleBits(value);
    }
    if (to === 'f32') {
      return Number.isNaN(value) ? ((a >> 32n) & 0x80000000n) | 0x7fc00000n | ((a >> 29n) & 0x3fffffn) : floatBits(value);
    }
    return toInteger(value, to as 's32' | 's64' | 'u64');
  }
  const bits = Number(from.slice(1));
  const integer = from.startsWith('s') ? BigInt.asIntN(bits, a) : BigInt.asUintN(bits, a);
  return to === 'f64' ? doubleBits(Number(integer)) : floatBits(floatFromInteger(integer, 4));
}
