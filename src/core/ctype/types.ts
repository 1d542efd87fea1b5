// C types of the simulated machine (gnu11 on x86-64, LP64), as plain data shared by parser, lowering and memory.

/** Bits of `quals`. */
export const CONST = 1;
export const VOLATILE = 2;
export const RESTRICT = 4;
export const ATOMIC = 8;

interface TypeBase {
  /** Bit set of CONST, VOLATILE, RESTRICT, ATOMIC of this very level. */
  readonly quals: number;
  /** Alignment in bytes set by an attribute on a typedef (`aligned`), 0 when the natural one holds. */
  readonly userAlign: number;
}

export interface VoidType extends TypeBase {
  readonly kind: 'void';
}

/** Names of the integer types; two types of one size are still different types (`long`, `long long`). */
export type IntName =
  | '_Bool'
  | 'char'
  | 'signed char'
  | 'unsigned char'
  | 'short'
  | 'unsigned short'
  | 'int'
  | 'unsigned int'
  | 'long'
  | 'unsigned long'
  | 'long long'
  | 'unsigned long long'
  | '__int128'
  | 'unsigned __int128';

/** Integers, `_Bool`, and enumerations (which compute exactly like the integer type that carries them). */
export interface IntType extends TypeBase {
  readonly kind: 'int';
  readonly name: IntName;
  /** Bytes in memory. */
  readonly size: 1 | 2 | 4 | 8 | 16;
  readonly signed: boolean;
  /** C11 6.3.1.1 rank: _Bool 0, char 1, short 2, int 3, long 4, long long 5, __int128 6. */
  readonly rank: number;
  /** The enumeration this type stands for; its underlying type is what the other fields say. */
  readonly enumeration: EnumInfo | undefined;
}

/** Types are known; arithmetic on them is for `daxtrace run` only (the kernel never computes in floating point). */
export interface FloatType extends TypeBase {
  readonly kind: 'float';
  readonly name: 'float' | 'double' | 'long double';
  readonly size: 4 | 8 | 16;
}

export interface PointerType extends TypeBase {
  readonly kind: 'pointer';
  readonly to: CType;
}

/** `length` undefined: incomplete (`[]`, flexible member). A VLA keeps its size in bytes in a hidden local variable. */
export interface ArrayType extends TypeBase {
  readonly kind: 'array';
  readonly element: CType;
  readonly length: number | undefined;
  /** Id (in the function's `locals`) of the hidden `unsigned long` that holds this array's size in bytes; only for VLAs. */
  readonly sizeLocal: number | undefined;
}

export interface FunctionType extends TypeBase {
  readonly kind: 'function';
  readonly returns: CType;
  /** Adjusted parameter types (arrays and functions are pointers), unqualified at top level. */
  readonly params: readonly CType[];
  readonly variadic: boolean;
  /** False for `f()`: nothing is known of the parameters. */
  readonly prototyped: boolean;
}

export interface RecordType extends TypeBase {
  readonly kind: 'record';
  /** Identity of the struct or union; two RecordTypes are the same type when this is the same object. */
  readonly record: RecordInfo;
}

/** `__attribute__((vector_size(n)))`: layout only, arithmetic is refused. */
export interface VectorType extends TypeBase {
  readonly kind: 'vector';
  readonly element: CType;
  readonly size: number;
}

export type CType = VoidType | IntType | FloatType | PointerType | ArrayType | FunctionType | RecordType | VectorType;

/** Who can still complete a record that so far is only known by its tag (a translation unit). */
export interface RecordCompleter {
  /** Parses and lays out `record` when the unit has its definition; leaves it incomplete otherwise. */
  complete(record: RecordInfo): void;
}

/** A struct or union. Read it through `fieldsOf`, `sizeOf`, `alignOf` in layout.ts, which complete it on demand. */
export interface RecordInfo {
  readonly keyword: 'struct' | 'union';
  readonly tag: string | undefined;
  /** Token index of the definition, or of the first mention. */
  at: number;
  state: 'declared' | 'completing' | 'complete';
  fields: readonly Field[];
  /** Bytes; valid when complete. */
  size: number;
  /** Bytes; valid when complete. */
  align: number;
  /** gcc's transparent_union: an argument of any member's type may be passed. */
  transparent: boolean;
  /** Undefined once complete or when nobody can complete it. */
  completer: RecordCompleter | undefined;
}

export interface Field {
  /** Undefined for anonymous struct/union members; unnamed bit-fields are not listed. */
  readonly name: string | undefined;
  readonly type: CType;
  /** Bytes from the start of the record; for a bit-field the byte that holds its first bit. */
  readonly offset: number;
  readonly bits: BitRange | undefined;
}

/** A bit-field's place: `shift` bits (0-7) above the field's byte offset, `width` bits wide, little-endian, may span 9 bytes when packed. */
export interface BitRange {
  readonly shift: number;
  readonly width: number;
}

export interface EnumInfo {
  readonly tag: string | undefined;
  readonly at: number;
  /** False while only `enum tag` was seen. */
  complete: boolean;
  members: readonly EnumMember[];
}

export interface EnumMember {
  readonly name: string;
  readonly value: bigint;
}

function int(name: IntName, size: IntType['size'], signed: boolean, rank: number): IntType {
  return { kind: 'int', name, size, signed, rank, enumeration: undefined, quals: 0, userAlign: 0 };
}

export const VOID: VoidType = { kind: 'void', quals: 0, userAlign: 0 };
export const BOOL = int('_Bool', 1, false, 0);
/** x86-64: plain char is signed; the kernel adds -funsigned-char from 6.2 on (see `TargetOptions.unsignedChar`). */
export const CHAR = int('char', 1, true, 1);
export const CHAR_UNSIGNED = int('char', 1, false, 1);
export const SCHAR = int('signed char', 1, true, 1);
export const UCHAR = int('unsigned char', 1, false, 1);
export const SHORT = int('short', 2, true, 2);
export const USHORT = int('unsigned short', 2, false, 2);
export const INT = int('int', 4, true, 3);
export const UINT = int('unsigned int', 4, false, 3);
export const LONG = int('long', 8, true, 4);
export const ULONG = int('unsigned long', 8, false, 4);
export const LLONG = int('long long', 8, true, 5);
export const ULLONG = int('unsigned long long', 8, false, 5);
export const INT128 = int('__int128', 16, true, 6);
export const UINT128 = int('unsigned __int128', 16, false, 6);
export const FLOAT: FloatType = { kind: 'float', name: 'float', size: 4, quals: 0, userAlign: 0 };
export const DOUBLE: FloatType = { kind: 'float', name: 'double', size: 8, quals: 0, userAlign: 0 };
export const LONG_DOUBLE: FloatType = { kind: 'float', name: 'long double', size: 16, quals: 0, userAlign: 0 };

/** What the compiler's command line decides about types. */
export interface TargetOptions {
  /** -funsigned-char: kernels from v6.2 on. */
  readonly unsignedChar: boolean;
  /** -fshort-wchar: wchar_t is unsigned short, as the whole kernel is built. */
  readonly shortWchar: boolean;
}

/** Pointer without qualifiers of its own. */
export function pointerTo(to: CType): PointerType {
  return { kind: 'pointer', to, quals: 0, userAlign: 0 };
}

/** Array of `length` elements; undefined makes it incomplete or flexible. */
export function arrayOf(element: CType, length: number | undefined): ArrayType {
  return { kind: 'array', element, length, sizeLocal: undefined, quals: 0, userAlign: 0 };
}

/** Function type; `prototyped` is false for `f()`, which says nothing about its parameters (C11 6.7.6.3). */
export function functionType(returns: CType, params: readonly CType[], variadic: boolean, prototyped: boolean): FunctionType {
  return { kind: 'function', returns, params, variadic, prototyped, quals: 0, userAlign: 0 };
}

/** The struct or union type without qualifiers. */
export function recordType(record: RecordInfo): RecordType {
  return { kind: 'record', record, quals: 0, userAlign: 0 };
}

export const VOID_POINTER = pointerTo(VOID);
export const CHAR_POINTER = pointerTo(CHAR);

/** The same type with exactly these qualifiers (arrays pass them on to their elements, C11 6.7.3p9). */
export function withQuals(type: CType, quals: number): CType {
  if (type.kind === 'array') {
    const element = withQuals(type.element, quals);
    return element === type.element ? type : { ...type, element };
  }
  return type.quals === quals ? type : { ...type, quals };
}

/** Adds qualifiers to those the type has. */
export function addQuals(type: CType, quals: number): CType {
  return quals === 0 ? type : withQuals(type, qualsOf(type) | quals);
}

/** Qualifiers of a type; those of an array are its element's. */
export function qualsOf(type: CType): number {
  return type.kind === 'array' ? qualsOf(type.element) : type.quals;
}

/** The type without qualifiers and without a typedef's alignment: the type a value has. */
export function unqualified(type: CType): CType {
  if (type.kind === 'array') return withQuals(type, 0);
  return type.quals === 0 && type.userAlign === 0 ? type : { ...type, quals: 0, userAlign: 0 };
}

/** Integer or floating. */
export function isArithmetic(type: CType): type is IntType | FloatType {
  return type.kind === 'int' || type.kind === 'float';
}

/** Arithmetic or pointer: what a condition may test. */
export function isScalar(type: CType): type is IntType | FloatType | PointerType {
  return type.kind === 'int' || type.kind === 'float' || type.kind === 'pointer';
}

/** True when the size is known at run time only (C11 6.7.6.2). */
export function isVla(type: CType): boolean {
  return type.kind === 'array' && (type.sizeLocal !== undefined || isVla(type.element));
}
