// 64-bit multiplication and division on word pairs; BigInt only where a quotient needs more than 53 bits.

/** dest[d], dest[d + 1] = low 64 bits of a * b. */
export function multiply(dest: Int32Array, d: number, al: number, ah: number, bl: number, bh: number): void {
  const a0 = al & 0xffff;
  const a1 = al >>> 16;
  const b0 = bl & 0xffff;
  const b1 = bl >>> 16;
  const p00 = a0 * b0;
  // Each partial sum is below 2^53.
  const middle = a1 * b0 + a0 * b1 + p00 / 65536;
  const high = a1 * b1 + Math.floor(middle / 65536);
  dest[d + 1] = (high + Math.imul(al, bh) + Math.imul(ah, bl)) | 0;
  dest[d] = Math.imul(al, bl);
}

/** Quotient or remainder of a / b, truncating; b is not zero. The most negative value divided by -1 wraps. */
export function divide(
  dest: Int32Array,
  d: number,
  al: number,
  ah: number,
  bl: number,
  bh: number,
  signed: boolean,
  remainder: boolean,
): void {
  if (ah === 0 && bh === 0) {
    const x = al >>> 0;
    const y = bl >>> 0;
    dest[d] = remainder ? x % y : x / y;
    dest[d + 1] = 0;
    return;
  }
  if (signed && ah === al >> 31 && bh === bl >> 31) {
    const q = remainder ? al % bl : Math.trunc(al / bl);
    dest[d] = q;
    dest[d + 1] = Math.floor(q / 4294967296);
    return;
  }
  // Doubles are exact below 2^53.
  if (ah >= 0 && ah < 0x200000 && bh >= 0 && bh < 0x200000) {
    const x = ah * 4294967296 + (al >>> 0);
    const y = bh * 4294967296 + (bl >>> 0);
    const r = x % y;
    const q = remainder ? r : (x - r) / y;
    dest[d] = q | 0;
    dest[d + 1] = Math.floor(q / 4294967296);
    return;
  }
  let x = (BigInt(ah >>> 0) << 32n) | BigInt(al >>> 0);
  let y = (BigInt(bh >>> 0) << 32n) | BigInt(bl >>> 0);
  if (signed) {
    x = BigInt.asIntN(64, x);
    y = BigInt.asIntN(64, y);
  }
  const q = remainder ? x % y : x / y;
  dest[d] = Number(BigInt.asIntN(32, q));
  dest[d + 1] = Number(BigInt.asIntN(32, q >> 32n));
}
