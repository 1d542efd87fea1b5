// The machine's instructions and what a lowered function consists of. Everything is words in one Int32Array.
//
// A value lives in a register pair [slot] = low word, [slot + 1] = high word, relative to the frame pointer. Integers of at
// most 32 bits use the low word only and are kept extended from their own type (a `signed char` sign-extended, an
// `unsigned short` zero-extended); the high word is then undefined. Arguments are the callee's first registers: argument i is
// pair 2 * i of the window that starts at the call's `base`. Records of at most 8 bytes travel as their bytes in one pair;
// larger ones as the address of a copy, and are returned through a hidden first argument.
import { Bug } from '../../base/assert.ts';
import type { AsmSite } from './asm.ts';

/**
 * Name and operands of each instruction, in order of their numbers. Operand letters: d destination pair, a b c source pairs,
 * i immediate word, t target (absolute index into the code), n count, x index into a side table.
 */
export const instructions = [
  // Number 0 is never emitted: running into unwritten code is our bug.
  ['BAD', ''],
  ['MOV32', 'da'],
  ['MOV64', 'da'],
  ['CONST32', 'di'],
  ['CONST64', 'dii'],
  ['ADD32', 'dab'],
  ['SUB32', 'dab'],
  ['MUL32', 'dab'],
  ['AND32', 'dab'],
  ['OR32', 'dab'],
  ['XOR32', 'dab'],
  ['SHL32', 'dab'],
  ['SHR32', 'dab'],
  ['SAR32', 'dab'],
  ['DIVS32', 'dab'],
  ['DIVU32', 'dab'],
  ['REMS32', 'dab'],
  ['REMU32', 'dab'],
  ['NEG32', 'da'],
  ['NOT32', 'da'],
  ['ADDI32', 'dai'],
  ['MULI32', 'dai'],
  ['ANDI32', 'dai'],
  ['ORI32', 'dai'],
  ['XORI32', 'dai'],
  ['SHLI32', 'dai'],
  ['SHRI32', 'dai'],
  ['SARI32', 'dai'],
  ['ADD64', 'dab'],
  ['SUB64', 'dab'],
  ['MUL64', 'dab'],
  ['AND64', 'dab'],
  ['OR64', 'dab'],
  ['XOR64', 'dab'],
  ['SHL64', 'dab'],
  ['SHR64', 'dab'],
  ['SAR64', 'dab'],
  ['DIVS64', 'dab'],
  ['DIVU64', 'dab'],
  ['REMS64', 'dab'],
  ['REMU64', 'dab'],
  ['NEG64', 'da'],
  ['NOT64', 'da'],
  // The immediate of ADDI64, ANDI64, ORI64, XORI64 is sign-extended to 64 bits.
  ['ADDI64', 'dai'],
  ['ANDI64', 'dai'],
  ['ORI64', 'dai'],
  ['XORI64', 'dai'],
  ['SHLI64', 'dai'],
  ['SHRI64', 'dai'],
  ['SARI64', 'dai'],
  ['SX8', 'da'],
  ['SX16', 'da'],
  ['ZX8', 'da'],
  ['ZX16', 'da'],
  ['SX64', 'da'],
  ['ZX64', 'da'],
  ['EQ32', 'dab'],
  ['NE32', 'dab'],
  ['LTS32', 'dab'],
  ['LTU32', 'dab'],
  ['LES32', 'dab'],
  ['LEU32', 'dab'],
  ['EQ64', 'dab'],
  ['NE64', 'dab'],
  ['LTS64', 'dab'],
  ['LTU64', 'dab'],
  ['LES64', 'dab'],
  ['LEU64', 'dab'],
  ['EQZ32', 'da'],
  ['NEZ32', 'da'],
  ['EQZ64', 'da'],
  ['NEZ64', 'da'],
  ['JMP', 't'],
  ['JZ32', 'at'],
  ['JNZ32', 'at'],
  ['JZ64', 'at'],
  ['JNZ64', 'at'],
  ['JEQ32', 'abt'],
  ['JNE32', 'abt'],
  ['JLTS32', 'abt'],
  ['JLTU32', 'abt'],
  ['JLES32', 'abt'],
  ['JLEU32', 'abt'],
  ['JEQ64', 'abt'],
  ['JNE64', 'abt'],
  ['JLTS64', 'abt'],
  ['JLTU64', 'abt'],
  ['JLES64', 'abt'],
  ['JLEU64', 'abt'],
  ['JEQI32', 'ait'],
  ['JNEI32', 'ait'],
  ['JLTSI32', 'ait'],
  ['JGESI32', 'ait'],
  ['JLESI32', 'ait'],
  ['JGTSI32', 'ait'],
  // a - i must be in 0 … n - 1 to pick target n; otherwise t. The targets follow as words.
  ['SWITCH_DENSE', 'aint*'],
  // n entries of five words follow: low pair, high pair, target; compared as 64-bit; i = 1 when signed.
  ['SWITCH', 'aint*'],
  // Offsets are never negative.
  ['LD8S', 'dai'],
  ['LD8U', 'dai'],
  ['LD16S', 'dai'],
  ['LD16U', 'dai'],
  ['LD32', 'dai'],
  ['LD64', 'dai'],
  ['ST8', 'aib'],
  ['ST16', 'aib'],
  ['ST32', 'aib'],
  ['ST64', 'aib'],
  // The same at an absolute address (low, high).
  ['LDA8S', 'dii'],
  ['LDA8U', 'dii'],
  ['LDA16S', 'dii'],
  ['LDA16U', 'dii'],
  ['LDA32', 'dii'],
  ['LDA64', 'dii'],
  ['STA8', 'iib'],
  ['STA16', 'iib'],
  ['STA32', 'iib'],
  ['STA64', 'iib'],
  // d = a + b * i; LEA64 takes a 64-bit index, LEAS a signed and LEAU an unsigned 32-bit one.
  ['LEA64', 'dabi'],
  ['LEAS', 'dabi'],
  ['LEAU', 'dabi'],
  // Bit-fields: d or value, address a + i, then shift (0-7), width (1-64), signed.
  ['BFLD', 'daiiii'],
  ['BFST', 'aiiiib'],
  // Records: to, offset, from, offset, bytes; to, offset, bytes; small records as values of n bytes.
  ['COPY', 'aibii'],
  ['ZERO', 'aii'],
  ['LDN', 'dain'],
  ['STN', 'ainb'],
  // Function id or pointer pair, window base, number of arguments, destination pair or -1.
  ['CALL', 'xini'],
  ['CALLI', 'aini'],
  ['RET32', 'a'],
  ['RET64', 'a'],
  ['RETV', ''],
  ['RET_MISSING', ''],
  // Side table index of the site, window base: operand i in pair base + 2 * i, the label taken in the pair after them.
  ['ASM', 'xi'],
  // d = address of i bytes more on the stack, aligned to 16; saving and restoring the stack pointer.
  ['ALLOCA', 'da'],
  ['SAVE_SP', 'd'],
  ['RESTORE_SP', 'a'],
  // Bytes of the frame's memory (its pair, offset, size): a local begins, its scope ends, it loses its value.
  ['SCOPE_IN', 'ain'],
  ['SCOPE_OUT', 'ain'],
  ['FORGET', 'ain'],
  // Kind (see `unaryBuiltins`), then d, a.
  ['BUILTIN', 'xda'],
  // Kind 0 + 1 - 2 *; bits of the result type with 128 for signed; operand kinds likewise: d = overflow flag, e = result pair.
  ['OVERFLOW', 'xidiaibi'],
  // Fills the va_list at a from the variadic area.
  ['VA_START', 'a'],
  // Stops: see `traps`; the second word indexes the side table of texts or is -1.
  ['TRAP', 'xx'],
  // A register variable that may be unassigned: flag pair, index into `locals`.
  ['CHECK_SET', 'ax'],
  // Index (64-bit, 32-bit), bound, for arrays of known length: reports, then goes on.
  ['CHECK_INDEX', 'ai'],
  ['CHECK_INDEX32', 'ai'],
  // A library function writes into an array inside an object: its size argument (or where it wrote a string), bytes of the
  // array, index into `fieldWriters`; reports, then goes on.
  ['CHECK_FIELD', 'aix'],
  // 128-bit values live in two neighbouring pairs; kind is an index into `wideOperations`.
  ['WIDE', 'xdab'],
  // Floating point, hosted programs only: kind is an index into `floatOperations`.
  ['FLOAT', 'xdab'],
  // Returns from the outermost frame to the caller in TypeScript.
  ['HALT', ''],
] as const;

export type Mnemonic = (typeof instructions)[number][0];

const numbers = new Map<string, number>(instructions.map(([name], i) => [name, i]));

/** Number of an instruction. */
export function opcode(name: Mnemonic): number {
  const n = numbers.get(name);
  if (n === undefined) throw new Bug(`no instruction ${name}`);
  return n;
}

/** Functions that are told how many bytes to write, by the number of that argument; -1: they write a string. The first argument is where. */
export const fieldWriters: readonly (readonly [name: string, size: number])[] = [
  ['memcpy', 2],
  ['memmove', 2],
  ['memset', 2],
  ['mempcpy', 2],
  ['strncpy', 2],
  ['strcpy', -1],
  ['strcat', -1],
  ['strncat', -1],
  ['stpcpy', -1],
  ['sprintf', -1],
  ['snprintf', -1],
];

/** Names of the instruction numbers, for lowering: `op.ADD32`. */
export const op = Object.fromEntries(numbers) as Readonly<Record<Mnemonic, number>>;

export const unaryBuiltins = [
  'clz32',
  'clz64',
  'ctz32',
  'ctz64',
  'ffs32',
  'ffs64',
  'popcount32',
  'popcount64',
  'parity32',
  'parity64',
  'bswap16',
  'bswap32',
  'bswap64',
  'return-address',
  'frame-address',
  'clrsb32',
  'clrsb64',
] as const;

export const traps = ['unreachable', 'bad-code', 'refused'] as const;

export const wideOperations = [
  'add',
  'sub',
  'mul',
  'divs',
  'divu',
  'rems',
  'remu',
  'and',
  'or',
  'xor',
  'shl',
  'shr',
  'sar',
  'neg',
  'not',
  'eq',
  'ne',
  'lts',
  'ltu',
  'les',
  'leu',
  'from-s64',
  'from-u64',
  'nez',
] as const;

export const floatOperations = [
  ...(['64', '32'] as const).flatMap((bits) =>
    (['add', 'sub', 'mul', 'div', 'neg', 'eq', 'ne', 'lt', 'le', 'nez'] as const).map((name) => `${name}${bits}` as const),
  ),
  ...(['f64', 'f32'] as const).flatMap((to) => (['s32', 'u32', 's64', 'u64'] as const).map((from) => `${to}-from-${from}` as const)),
  ...(['f64', 'f32'] as const).flatMap((from) => (['s32', 's64', 'u64'] as const).map((to) => `${to}-from-${from}` as const)),
  'f64-from-f32',
  'f32-from-f64',
] as const;

/** A local variable that lives in the frame's memory. */
export interface FrameObject {
  readonly name: string;
  /** Bytes from the frame's memory base. */
  readonly offset: number;
  readonly size: number;
}

/** A function as the machine runs it. */
export interface LoweredFunction {
  readonly name: string;
  /** Words; targets are relative to the first word until the machine places the code. */
  readonly code: Int32Array;
  /** Positions in `code` that hold targets. */
  readonly targets: Int32Array;
  /** Register words a frame needs at most. */
  readonly slots: number;
  readonly params: number;
  readonly variadic: boolean;
  readonly returnsValue: boolean;
  /** Bytes of frame memory, a multiple of 16. */
  readonly memory: number;
  /** Alignment of the frame memory, a power of two of at least 16. */
  readonly align: number;
  /** Pair that receives the address of the frame memory; valid when `memory` > 0. */
  readonly frameSlot: number;
  /** Something outside may point at the frame's memory, also after the function has returned. */
  readonly addressLeaves: boolean;
  /** Pair that receives the address of the variadic area. */
  readonly variadicSlot: number;
  /** Shadow words of the frame memory: uninitialised objects between red zones. */
  readonly shadow: Int32Array;
  readonly objects: readonly FrameObject[];
  /** Names of register variables that CHECK_SET reports. */
  readonly checked: readonly string[];
  /** Pairs (position in code, token index), ascending: the place of an instruction is that of the last entry not after it. */
  readonly places: Int32Array;
  readonly asm: readonly AsmSite[];
  /** Texts of TRAP. */
  readonly texts: readonly string[];
}
