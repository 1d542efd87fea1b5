// gcc's builtins with fixed types: those lowering executes itself, and library functions behind a `__builtin_` name.

import type { CType } from '../ctype/types.ts';
import {
  CHAR_POINTER,
  CONST,
  DOUBLE,
  INT,
  LLONG,
  LONG,
  UINT,
  ULLONG,
  ULONG,
  USHORT,
  VOID,
  VOID_POINTER,
  addQuals,
  pointerTo,
} from '../ctype/types.ts';

export interface BuiltinSignature {
  readonly returns: CType;
  readonly params: readonly CType[];
  readonly variadic?: boolean;
}

const constVoid = pointerTo(addQuals(VOID, CONST));
const constChar = pointerTo(addQuals(CHAR_POINTER.to, CONST));

/** `builtin` nodes with these arguments, by name without `__builtin_`. */
export const computed: ReadonlyMap<string, BuiltinSignature> = new Map(
  Object.entries<BuiltinSignature>({
    bswap16: { returns: USHORT, params: [USHORT] },
    bswap32: { returns: UINT, params: [UINT] },
    bswap64: { returns: ULONG, params: [ULONG] },
    ctz: { returns: INT, params: [UINT] },
    ctzl: { returns: INT, params: [ULONG] },
    ctzll: { returns: INT, params: [ULLONG] },
    clz: { returns: INT, params: [UINT] },
    clzl: { returns: INT, params: [ULONG] },
    clzll: { returns: INT, params: [ULLONG] },
    ffs: { returns: INT, params: [INT] },
    ffsl: { returns: INT, params: [LONG] },
    ffsll: { returns: INT, params: [LLONG] },
    popcount: { returns: INT, params: [UINT] },
    popcountl: { returns: INT, params: [ULONG] },
    popcountll: { returns: INT, params: [ULLONG] },
    parity: { returns: INT, params: [UINT] },
    parityl: { returns: INT, params: [ULONG] },
    parityll: { returns: INT, params: [ULLONG] },
    unreachable: { returns: VOID, params: [] },
    trap: { returns: VOID, params: [] },
    return_address: { returns: VOID_POINTER, params: [UINT] },
    frame_address: { returns: VOID_POINTER, params: [UINT] },
    extract_return_addr: { returns: VOID_POINTER, params: [VOID_POINTER] },
    alloca: { returns: VOID_POINTER, params: [ULONG] },
  }),
);

const strings: BuiltinSignature = { returns: CHAR_POINTER, params: [CHAR_POINTER, constChar] };
const counted: BuiltinSignature = { returns: CHAR_POINTER, params: [CHAR_POINTER, constChar, ULONG] };

/** Calls of a library function, by name without `__builtin_`. */
export const library: ReadonlyMap<string, BuiltinSignature> = new Map(
  Object.entries<BuiltinSignature>({
    memcpy: { returns: VOID_POINTER, params: [VOID_POINTER, constVoid, ULONG] },
    memmove: { returns: VOID_POINTER, params: [VOID_POINTER, constVoid, ULONG] },
    memset: { returns: VOID_POINTER, params: [VOID_POINTER, INT, ULONG] },
    memcmp: { returns: INT, params: [constVoid, constVoid, ULONG] },
    bcmp: { returns: INT, params: [constVoid, constVoid, ULONG] },
    memchr: { returns: VOID_POINTER, params: [constVoid, INT, ULONG] },
    strlen: { returns: ULONG, params: [constChar] },
    strnlen: { returns: ULONG, params: [constChar, ULONG] },
    strcmp: { returns: INT, params: [constChar, constChar] },
    strncmp: { returns: INT, params: [constChar, constChar, ULONG] },
    strcpy: strings,
    strcat: strings,
    strncpy: counted,
    strncat: counted,
    strchr: { returns: CHAR_POINTER, params: [constChar, INT] },
    strrchr: { returns: CHAR_POINTER, params: [constChar, INT] },
    strstr: { returns: CHAR_POINTER, params: [constChar, constChar] },
    printf: { returns: INT, params: [constChar], variadic: true },
    sprintf: { returns: INT, params: [CHAR_POINTER, constChar], variadic: true },
    snprintf: { returns: INT, params: [CHAR_POINTER, ULONG, constChar], variadic: true },
    puts: { returns: INT, params: [constChar] },
    putchar: { returns: INT, params: [INT] },
    malloc: { returns: VOID_POINTER, params: [ULONG] },
    calloc: { returns: VOID_POINTER, params: [ULONG, ULONG] },
    free: { returns: VOID, params: [VOID_POINTER] },
    abort: { returns: VOID, params: [] },
    exit: { returns: VOID, params: [INT] },
    abs: { returns: INT, params: [INT] },
    labs: { returns: LONG, params: [LONG] },
    llabs: { returns: LLONG, params: [LLONG] },
    isdigit: { returns: INT, params: [INT] },
    isspace: { returns: INT, params: [INT] },
    isalpha: { returns: INT, params: [INT] },
    isxdigit: { returns: INT, params: [INT] },
    toupper: { returns: INT, params: [INT] },
    tolower: { returns: INT, params: [INT] },
    fabs: { returns: DOUBLE, params: [DOUBLE] },
  }),
);

/** Value of a bit-counting builtin on a constant; undefined when it has none (clz of 0). */
export function foldComputed(name: string, value: bigint, bits: number): bigint | undefined {
  const unsigned = BigInt.asUintN(bits, value);
  const text = unsigned.toString(2);
  const ones = BigInt(text.replaceAll('0', '').length);
  const trailing = unsigned === 0n ? -1n : BigInt(text.length - 1 - text.lastIndexOf('1'));
  if (name.startsWith('bswap')) return swapBytes(unsigned, bits);
  if (name.startsWith('popcount')) return ones;
  if (name.startsWith('parity')) return ones & 1n;
  if (name.startsWith('ffs')) return trailing + 1n;
  if (unsigned === 0n) return undefined;
  if (name.startsWith('ctz')) return trailing;
  if (name.startsWith('clz')) return BigInt(bits - text.length);
  return undefined;
}

function swapBytes(value: bigint, bits: number): bigint {
  let result = 0n;
  for (let i = 0; i < bits; i += 8) result = (result << 8n) | ((value >> BigInt(i)) & 0xffn);
  return result;
}
