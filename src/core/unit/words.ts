// Keywords of gnu11 by interned spelling, so that the parser switches on small numbers.

import type { Interner } from '../../base/interner.ts';

/** Codes of keywords; 0 is a plain identifier. Specifiers of a declaration lie below `FirstOther`. */
export const Word = {
  None: 0,
  // type specifiers
  Void: 1,
  Char: 2,
  Short: 3,
  Int: 4,
  Long: 5,
  Float: 6,
  Double: 7,
  Signed: 8,
  Unsigned: 9,
  Bool: 10,
  Int128: 11,
  Complex: 12,
  Struct: 13,
  Union: 14,
  Enum: 15,
  Typeof: 16,
  AutoType: 17,
  VaList: 18,
  Atomic: 19,
  Float128: 20,
  TypeofUnqual: 21,
  Uint128: 22,
  // qualifiers
  Const: 30,
  Volatile: 31,
  Restrict: 32,
  SegGs: 33,
  // storage and function specifiers
  Typedef: 40,
  Extern: 41,
  Static: 42,
  Auto: 43,
  Register: 44,
  Inline: 45,
  Noreturn: 46,
  ThreadLocal: 47,
  Attribute: 48,
  Alignas: 49,
  Extension: 50,
  FirstOther: 60,
  Asm: 60,
  StaticAssert: 61,
  Sizeof: 62,
  Alignof: 63,
  Generic: 64,
  Label: 65,
  If: 66,
  Else: 67,
  While: 68,
  Do: 69,
  For: 70,
  Switch: 71,
  Case: 72,
  Default: 73,
  Break: 74,
  Continue: 75,
  Goto: 76,
  Return: 77,
  Real: 78,
  Imag: 79,
  Func: 80,
  Function: 81,
  PrettyFunction: 82,
} as const;

const spellings: readonly (readonly [number, string])[] = [
  [Word.Void, 'void'],
  [Word.Char, 'char'],
  [Word.Short, 'short'],
  [Word.Int, 'int'],
  [Word.Long, 'long'],
  [Word.Float, 'float'],
  [Word.Double, 'double'],
  [Word.Signed, 'signed __signed __signed__'],
  [Word.Unsigned, 'unsigned'],
  [Word.Bool, '_Bool'],
  [Word.Int128, '__int128 __int128_t'],
  [Word.Uint128, '__uint128_t'],
  [Word.Complex, '_Complex __complex__ __complex'],
  [Word.Struct, 'struct'],
  [Word.Union, 'union'],
  [Word.Enum, 'enum'],
  [Word.Typeof, 'typeof __typeof __typeof__'],
  [Word.TypeofUnqual, 'typeof_unqual __typeof_unqual__'],
  [Word.AutoType, '__auto_type'],
  [Word.VaList, '__builtin_va_list'],
  [Word.Atomic, '_Atomic'],
  [Word.Float128, '__float128 _Float128'],
  [Word.Const, 'const __const __const__'],
  [Word.Volatile, 'volatile __volatile __volatile__'],
  [Word.Restrict, 'restrict __restrict __restrict__'],
  [Word.SegGs, '__seg_gs __seg_fs'],
  [Word.Typedef, 'typedef'],
  [Word.Extern, 'extern'],
  [Word.Static, 'static'],
  [Word.Auto, 'auto'],
  [Word.Register, 'register'],
  [Word.Inline, 'inline __inline __inline__'],
  [Word.Noreturn, '_Noreturn'],
  [Word.ThreadLocal, '_Thread_local __thread'],
  [Word.Attribute, '__attribute__ __attribute'],
  [Word.Alignas, '_Alignas'],
  [Word.Extension, '__extension__'],
  [Word.Asm, 'asm __asm __asm__'],
  [Word.StaticAssert, '_Static_assert'],
  [Word.Sizeof, 'sizeof'],
  [Word.Alignof, '_Alignof __alignof __alignof__'],
  [Word.Generic, '_Generic'],
  [Word.Label, '__label__'],
  [Word.If, 'if'],
  [Word.Else, 'else'],
  [Word.While, 'while'],
  [Word.Do, 'do'],
  [Word.For, 'for'],
  [Word.Switch, 'switch'],
  [Word.Case, 'case'],
  [Word.Default, 'default'],
  [Word.Break, 'break'],
  [Word.Continue, 'continue'],
  [Word.Goto, 'goto'],
  [Word.Return, 'return'],
  [Word.Real, '__real__ __real'],
  [Word.Imag, '__imag__ __imag'],
  [Word.Func, '__func__'],
  [Word.Function, '__FUNCTION__'],
  [Word.PrettyFunction, '__PRETTY_FUNCTION__'],
];

/** Keyword codes of one interner. */
export class Words {
  /** Code by interned id; ids beyond its length are plain identifiers. */
  readonly codes: Uint8Array;

  constructor(interner: Interner) {
    const ids: [number, number][] = [];
    let last = 0;
    for (const [code, texts] of spellings) {
      for (const text of texts.split(' ')) {
        const id = interner.intern(text);
        ids.push([id, code]);
        last = Math.max(last, id);
      }
    }
    this.codes = new Uint8Array(last + 1);
    for (const [id, code] of ids) this.codes[id] = code;
  }

  /** Keyword code of an interned spelling, `Word.None` for identifiers. */
  code(id: number): number {
    return id < this.codes.length ? (this.codes[id] ?? 0) : 0;
  }
}

const perInterner = new WeakMap<Interner, Words>();

/** The keyword codes of an interner, made once. */
export function wordsOf(interner: Interner): Words {
  let words = perInterner.get(interner);
  if (words === undefined) {
    words = new Words(interner);
    perInterner.set(interner, words);
  }
  return words;
}
