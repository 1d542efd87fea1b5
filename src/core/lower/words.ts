// Words of a 64-bit pattern, signed as the registers hold them.

/** Low 32 bits. */
export const lowWord = (n: bigint): number => Number(BigInt.asIntN(32, n));
/** High 32 bits. */
export const highWord = (n: bigint): number => Number(BigInt.asIntN(32, n >> 32n));
