// String literals of the program as places.

import { CHAR, CHAR_UNSIGNED, CONST, addQuals, arrayOf } from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import type { StringPlace } from './ast-places.ts';
import { parseStrings } from './literals.ts';
import type { Parser } from './parser.ts';

/** Adjacent string literals at the cursor as one place. */
export function parseString(p: Parser): StringPlace {
  const at = p.i;
  const texts: string[] = [];
  for (; p.kind[p.i] === Token.String; p.i++) texts.push(p.tokens.spelling(p.i));
  const value = parseStrings(texts, p.file.target);
  if (value === undefined) return p.refuse('escape sequence in a string', at);
  return { kind: 'string', bytes: value.bytes, type: arrayOf(value.element, value.bytes.length / value.element.size), at };
}

/** Text of string literals at the cursor, one character per byte. */
export function parseText(p: Parser): string {
  if (p.kind[p.i] !== Token.String) p.unexpected('a string');
  const { bytes } = parseString(p);
  let text = '';
  for (const byte of bytes.subarray(0, -1)) text += String.fromCharCode(byte);
  return text;
}

/** `__func__` and its GNU names (C11 6.4.2.2). */
export function functionName(p: Parser, at: number): StringPlace {
  const text = p.fn?.name ?? '';
  const bytes = new Uint8Array(text.length + 1);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const char = p.file.target.unsignedChar ? CHAR_UNSIGNED : CHAR;
  return { kind: 'string', bytes, type: arrayOf(addQuals(char, CONST), bytes.length), at };
}
