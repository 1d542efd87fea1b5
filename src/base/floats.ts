// Floating-point numbers and their bits (IEEE 754).

const view = new DataView(new ArrayBuffer(8));

/** The number that 64 bits stand for. */
export function doubleOf(bits: bigint): number {
  view.setBigUint64(0, BigInt.asUintN(64, bits));
  return view.getFloat64(0);
}

/** The number that 32 bits stand for. */
export function floatOf(bits: number): number {
  view.setInt32(0, bits);
  return view.getFloat32(0);
}

/** Bits of a number as a double. */
export function doubleBits(value: number): bigint {
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

/** Bits of a number as a float, which it is rounded to. */
export function floatBits(value: number): bigint {
  view.setFloat32(0, value);
  return BigInt(view.getUint32(0));
}

/** An integer rounded once to a float of this size (bytes): going through a double would round twice. */
export function floatFromInteger(value: bigint, size: number): number {
  if (size !== 4) return Number(value);
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 1n << 53n) return Math.fround(Number(value));
  const distance = BigInt(magnitude.toString(2).length - 53);
  // What is cut off matters only as "something": the last bit kept says so.
  const sticky = (magnitude & ((1n << distance) - 1n)) !== 0n ? 1n : 0n;
  const rounded = Math.fround(Number((magnitude >> distance) | sticky)) * 2 ** Number(distance);
  return value < 0n ? -rounded : rounded;
}
