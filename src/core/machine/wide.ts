// 128-bit arithmetic on BigInt: rare in the kernel (scaled time, checked products), so not worth words.
import type { wideOperations } from './ir.ts';

type WideName = Exclude<(typeof wideOperations)[number], 'from-s64' | 'from-u64'>;

const signed = (v: bigint): bigint => BigInt.asIntN(128, v);

/** Result of an operation on unsigned 128-bit patterns; comparisons give a boolean. Divisors are not zero. */
export function wideOperation(name: WideName, x: bigint, y: bigint): bigint | boolean {
  switch (name) {
    case 'add':
      return x + y;
    case 'sub':
      return x - y;
    case 'mul':
      return x * y;
    case 'divs':
      return signed(x) / signed(y);
    case 'divu':
      return x / y;
    case 'rems':
      return signed(x) % signed(y);
    case 'remu':
      return x % y;
    case 'and':
      return x & y;
    case 'or':
      return x | y;
    case 'xor':
      return x ^ y;
    case 'shl':
      return x << y;
    case 'shr':
      return x >> y;
    case 'sar':
      return signed(x) >> y;
    case 'neg':
      return -x;
    case 'not':
      return ~x;
    case 'eq':
      return x === y;
    case 'ne':
      return x !== y;
    case 'lts':
      return signed(x) < signed(y);
    case 'ltu':
      return x < y;
    case 'les':
      return signed(x) <= signed(y);
    case 'leu':
      return x <= y;
    case 'nez':
      return x !== 0n;
  }
}
