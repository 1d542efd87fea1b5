// Values and types of C literals: numbers (C11 6.4.4), character constants and strings, as gcc on x86-64 reads them.

import { floatFromInteger } from '../../base/floats.ts';
import type { IntType, TargetOptions } from '../ctype/types.ts';
import { CHAR, CHAR_UNSIGNED, INT, LLONG, LONG, UINT, ULLONG, ULONG, USHORT } from '../ctype/types.ts';

export type NumberValue =
  | { readonly kind: 'int'; readonly value: bigint; readonly type: IntType }
  | { readonly kind: 'float'; readonly value: number; readonly name: 'float' | 'double' | 'long double' };

const numbers = new Map<string, NumberValue | undefined>();

/** A pp-number as a constant; undefined when it is none. Remembered by text: a unit repeats few numbers often. */
export function parseNumber(text: string): NumberValue | undefined {
  let known = numbers.get(text);
  if (known === undefined && !numbers.has(text)) {
    known = readNumber(text);
    numbers.set(text, known);
  }
  return known;
}

function readNumber(text: string): NumberValue | undefined {
  const integer = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)([uUlL]*)$/.exec(text);
  if (integer === null) return readFloat(text);
  const digits = integer[1] ?? '';
  const suffix = (integer[2] ?? '').toLowerCase();
  if (!/^(u?(l|ll)?|(l|ll)u)$/.test(suffix)) return undefined;
  const octal = /^0[0-9]+$/.test(digits);
  if (octal && /[89]/.test(digits)) return undefined;
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  const type = integerType(value, /^[1-9]/.test(digits), suffix);
  return type === undefined ? undefined : { kind: 'int', value, type };
}

/** C11 6.4.4.1p5; values beyond unsigned long long are refused. */
function integerType(value: bigint, decimal: boolean, suffix: string): IntType | undefined {
  const unsigned = suffix.includes('u');
  const candidates: IntType[] = [];
  if (!suffix.includes('l')) {
    if (!unsigned) candidates.push(INT);
    if (unsigned || !decimal) candidates.push(UINT);
  }
  if (!suffix.includes('ll')) {
    if (!unsigned) candidates.push(LONG);
    if (unsigned || !decimal) candidates.push(ULONG);
  }
  if (!unsigned) candidates.push(LLONG);
  candidates.push(ULLONG);
  return candidates.find((type) => value < 1n << BigInt(type.size * 8 - (type.signed ? 1 : 0)));
}

function readFloat(text: string): NumberValue | undefined {
  const match = /^((?:[0-9]*\.?[0-9]+|[0-9]+\.)(?:[eE][+-]?[0-9]+)?)([fFlL]?)$/.exec(text);
  const suffix = (match?.[2] ?? '').toLowerCase();
  const name = suffix === 'f' ? 'float' : suffix === 'l' ? 'long double' : 'double';
  if (match !== null) {
    const value = Number(match[1]);
    return { kind: 'float', value: name === 'float' ? Math.fround(value) : value, name };
  }
  const hex = /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)([fFlL]?)$/.exec(text);
  if (hex === null) return undefined;
  const ending = (hex[4] ?? '').toLowerCase();
  const hexName = ending === 'f' ? 'float' : ending === 'l' ? 'long double' : 'double';
  const whole = floatFromInteger(BigInt(`0x0${hex[1] ?? ''}${hex[2] ?? ''}`), hexName === 'float' ? 4 : 8);
  const value = whole * 2 ** (Number(hex[3]) - 4 * (hex[2] ?? '').length);
  return { kind: 'float', value: hexName === 'float' ? Math.fround(value) : value, name: hexName };
}

const simpleEscapes: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
  E: 27,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

/** Code units of the text between quotes: UTF-8 bytes, or units of `width` bytes for wide literals. Undefined for bad escapes. */
function units(body: string, width: number): number[] | undefined {
  const out: number[] = [];
  for (let i = 0; i < body.length;) {
    const point = body.codePointAt(i) ?? 0;
    if (point !== 92) {
      i += point > 0xffff ? 2 : 1;
      out.push(...encoded(point, width));
      continue;
    }
    const next = body[i + 1] ?? '';
    const simple = simpleEscapes[next];
    if (simple !== undefined) {
      out.push(simple);
      i += 2;
      continue;
    }
    const numeric = /^\\(?:x([0-9a-fA-F]+)|([0-7]{1,3}))/.exec(body.slice(i, i + 24));
    if (numeric !== null) {
      const value = numeric[1] !== undefined ? parseInt(numeric[1], 16) : parseInt(numeric[2] ?? '', 8);
      out.push(width === 1 ? value & 0xff : value);
      i += numeric[0].length;
      continue;
    }
    const universal = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(body.slice(i, i + 10));
    if (universal === null) return undefined;
    const value = parseInt(universal[1] ?? universal[2] ?? '', 16);
    out.push(...encoded(value, width));
    i += universal[0].length;
  }
  return out;
}

/** A character as UTF-8, UTF-16 or UTF-32, by the size of the units. */
function encoded(point: number, width: number): readonly number[] {
  if (width === 1) return utf8(point);
  if (width === 4 || point < 0x10000) return [point];
  return [0xd800 + ((point - 0x10000) >> 10), 0xdc00 + (point & 0x3ff)];
}

function utf8(point: number): number[] {
  if (point < 0x80) return [point];
  if (point < 0x800) return [0xc0 | (point >> 6), 0x80 | (point & 63)];
  if (point < 0x10000) return [0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)];
  return [0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)];
}

/** Element type of a literal by its prefix: L wchar_t, u char16_t, U char32_t. */
function elementOf(prefix: string, target: TargetOptions): IntType {
  switch (prefix) {
    case 'L':
      return target.shortWchar ? USHORT : INT;
    case 'u':
      return USHORT;
    case 'U':
      return UINT;
    default:
      return target.unsignedChar ? CHAR_UNSIGNED : CHAR;
  }
}

/** A character constant; several characters combine as gcc does (first one highest). */
export function parseChar(text: string, target: TargetOptions): { value: bigint; type: IntType } | undefined {
  const quote = text.indexOf("'");
  const prefix = text.slice(0, quote);
  const element = elementOf(prefix, target);
  const found = units(text.slice(quote + 1, -1), element.size);
  if (found === undefined || found.length === 0) return undefined;
  if (prefix !== '') return { value: BigInt(found[found.length - 1] ?? 0), type: element };
  let value = 0;
  for (const byte of found) value = (value << 8) | byte;
  if (found.length === 1) value = target.unsignedChar ? value : (value << 24) >> 24;
  return { value: BigInt(value | 0), type: INT };
}

export interface StringValue {
  /** With the terminating zero; little-endian when wide. */
  readonly bytes: Uint8Array;
  readonly element: IntType;
}

/** Adjacent string literals as one; undefined for bad escapes. Neighbours of a wide literal become wide (C11 6.4.5p5). */
export function parseStrings(texts: readonly string[], target: TargetOptions): StringValue | undefined {
  let element = elementOf('', target);
  for (const text of texts) {
    const prefix = text.slice(0, text.indexOf('"'));
    // u8 literals are arrays of plain char (C11 6.4.5p6).
    if (prefix !== 'u8' && prefix !== '') element = elementOf(prefix, target);
  }
  const all: number[] = [];
  for (const text of texts) {
    const found = units(text.slice(text.indexOf('"') + 1, -1), element.size);
    if (found === undefined) return undefined;
    for (const unit of found) all.push(unit);
  }
  all.push(0);
  const width = element.size;
  const bytes = new Uint8Array(all.length * width);
  for (let i = 0; i < all.length; i++) {
    for (let b = 0; b < width; b++) bytes[i * width + b] = ((all[i] ?? 0) >>> (8 * b)) & 0xff;
  }
  return { bytes, element };
}
