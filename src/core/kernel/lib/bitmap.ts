// lib/bitmap.c: operations on arrays of unsigned long, done at once.
import type { IntrinsicCall, IntrinsicResult } from '../../machine/intrinsic.ts';
import { intrinsic, type KernelIntrinsic } from '../model.ts';

const why = 'plain loops over words';
const file = 'lib/bitmap.c';

function words(bits: number): number {
  return Math.ceil(bits / 64);
}

/** Value of `bits` bits, those behind the last one cut off. */
function read(call: IntrinsicCall, at: bigint, bits: number): bigint {
  let value = 0n;
  for (let i = 0; i < words(bits); i++) value |= call.machine.memory.readU64(at + BigInt(8 * i)) << BigInt(64 * i);
  return BigInt.asUintN(bits, value);
}

function write(call: IntrinsicCall, at: bigint, bits: number, value: bigint): void {
  for (let i = 0; i < words(bits); i++) call.machine.memory.writeU64(at + BigInt(8 * i), BigInt.asUintN(64, value >> BigInt(64 * i)));
}

/** `dst = a OP b`; tells whether a bit is left. */
const combine =
  (op: (a: bigint, b: bigint) => bigint) =>
  (call: IntrinsicCall): IntrinsicResult => {
    const bits = call.u32(3);
    const result = BigInt.asUintN(bits, op(read(call, call.u64(1), bits), read(call, call.u64(2), bits)));
    write(call, call.u64(0), bits, result);
    return result !== 0n;
  };

/** A question about two bitmaps. */
const ask =
  (test: (a: bigint, b: bigint) => boolean) =>
  (call: IntrinsicCall): IntrinsicResult => {
    const bits = call.u32(2);
    return test(read(call, call.u64(0), bits), read(call, call.u64(1), bits));
  };

/** Sets or clears `len` bits from `start`. */
const fill =
  (set: boolean) =>
  (call: IntrinsicCall): IntrinsicResult => {
    const start = call.u32(1);
    const count = call.s32(2);
    const bits = words(start + count) * 64;
    const mask = ((1n << BigInt(count)) - 1n) << BigInt(start);
    const old = read(call, call.u64(0), bits);
    write(call, call.u64(0), bits, set ? old | mask : old & ~mask);
    return undefined;
  };

const three = (name: string, type = 'bool'): string =>
  `${type} ${name}(unsigned long *dst, const unsigned long *bitmap1, const unsigned long *bitmap2, unsigned int bits)`;
const two = (name: string): string => `bool ${name}(const unsigned long *bitmap1, const unsigned long *bitmap2, unsigned int bits)`;

export const bitmapIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic(
    three('__bitmap_and'),
    file,
    why,
    combine((a, b) => a & b),
  ),
  intrinsic(
    three('__bitmap_andnot'),
    file,
    why,
    combine((a, b) => a & ~b),
  ),
  intrinsic(
    three('__bitmap_or', 'void'),
    file,
    why,
    combine((a, b) => a | b),
  ),
  intrinsic(
    three('__bitmap_xor', 'void'),
    file,
    why,
    combine((a, b) => a ^ b),
  ),
  intrinsic(
    two('__bitmap_equal'),
    file,
    why,
    ask((a, b) => a === b),
  ),
  intrinsic(
    two('__bitmap_intersects'),
    file,
    why,
    ask((a, b) => (a & b) !== 0n),
  ),
  intrinsic(
    two('__bitmap_subset'),
    file,
    why,
    ask((a, b) => (a & ~b) === 0n),
  ),
  intrinsic('void __bitmap_set(unsigned long *map, unsigned int start, int len)', file, why, fill(true)),
  intrinsic('void __bitmap_clear(unsigned long *map, unsigned int start, int len)', file, why, fill(false)),
  intrinsic(
    'unsigned int __bitmap_weight(const unsigned long *bitmap, unsigned int bits)',
    file,
    why,
    (call) => read(call, call.u64(0), call.u32(1)).toString(2).replaceAll('0', '').length,
  ),
];
