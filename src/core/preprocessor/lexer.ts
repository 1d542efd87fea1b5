// Splits a file's text into preprocessing tokens (C11 5.1.1.2 phases 1 to 3, with GNU's `$` in names); knows no macros.

import { hashSeed, hashStep, type Interner } from '../../base/interner.ts';
import { Flag, punctuators, Token } from './token-kind.ts';

const charClass = { white: 1, newline: 2, name: 3, digit: 4, quote: 5, backslash: 6, punctuator: 7 } as const;

/** Class of each character below 128; anything above may be part of a name. */
const classes = new Uint8Array(128);
for (const c of ' \t\f\v\r\0') classes[c.charCodeAt(0)] = charClass.white;
classes[10] = charClass.newline;
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$') classes[c.charCodeAt(0)] = charClass.name;
for (const c of '0123456789') classes[c.charCodeAt(0)] = charClass.digit;
classes[34] = charClass.quote;
classes[39] = charClass.quote;
classes[92] = charClass.backslash;
for (const p of punctuators) classes[p.charCodeAt(0)] = charClass.punctuator;

/** A punctuator by its UTF-16 units; 0 where it is shorter. */
interface Punctuator {
  readonly text: string;
  readonly kind: number;
  readonly second: number;
  readonly third: number;
}

/** Punctuators by first character, longest first, so that the longest match wins (C11 6.4 paragraph 4). */
const byFirst: Punctuator[][] = [];
for (let c = 0; c < 128; c++) {
  byFirst.push(
    punctuators
      .map((text, i) => ({ text, kind: 16 + i }))
      .concat([
        { text: '<:', kind: Token.LBracket },
        { text: ':>', kind: Token.RBracket },
        { text: '<%', kind: Token.LBrace },
        { text: '%>', kind: Token.RBrace },
        { text: '%:', kind: Token.Hash },
      ])
      .filter((p) => p.text.charCodeAt(0) === c)
      .sort((x, y) => y.text.length - x.text.length)
      .map((p) => ({ ...p, second: p.text.charCodeAt(1) || 0, third: p.text.charCodeAt(2) || 0 })),
  );
}

/** Result of lexing; the arrays are `count + 1` long and end in `Token.End`. */
export interface Lexed {
  readonly count: number;
  readonly meta: Uint16Array;
  readonly id: Int32Array;
  readonly offset: Int32Array;
  /** Tokens that are a `#` at the start of a line. */
  readonly hashes: readonly number[];
}

/** Lexes texts one after the other; keeps its buffers between calls. */
export class Lexer {
  private readonly interner: Interner;
  /** Interned spelling of each entry of `byFirst`. */
  private readonly punctuatorIds: readonly (readonly number[])[];
  private meta = new Uint16Array(1 << 14);
  private id = new Int32Array(1 << 14);
  private offset = new Int32Array(1 << 14);
  private count = 0;
  private hashes: number[] = [];

  constructor(interner: Interner) {
    this.interner = interner;
    this.punctuatorIds = byFirst.map((list) => list.map((p) => interner.intern(p.text)));
  }

  /** Tokens of a whole text. */
  lex(text: string): Lexed {
    if (!this.scan(text)) {
      const joined = removeSplices(text);
      this.scan(joined.text, true);
      for (let i = 0; i < this.count; i++) this.offset[i] = joined.original(this.offset[i] ?? 0);
    }
    this.reserve();
    this.meta[this.count] = Token.End | (Flag.LineStart << 8);
    this.id[this.count] = -1;
    this.offset[this.count] = text.length;
    const size = this.count + 1;
    return {
      count: this.count,
      meta: this.meta.slice(0, size),
      id: this.id.slice(0, size),
      offset: this.offset.slice(0, size),
      hashes: this.hashes,
    };
  }

  private reserve(): void {
    if (this.count + 1 < this.meta.length) return;
    const size = this.meta.length * 2;
    const meta = new Uint16Array(size);
    meta.set(this.meta);
    this.meta = meta;
    const id = new Int32Array(size);
    id.set(this.id);
    this.id = id;
    const offset = new Int32Array(size);
    offset.set(this.offset);
    this.offset = offset;
  }

  /** One pass over the text; false when a line splice inside a token asks for a pass over the joined text. */
  private scan(text: string, joined = false): boolean {
    const interner = this.interner;
    const length = text.length;
    this.count = 0;
    this.hashes = [];
    let flags: number = Flag.LineStart;
    let i = 0;
    while (i < length) {
      const c = text.charCodeAt(i);
      const start = i;
      switch (c < 128 ? classes[c] : charClass.name) {
        case charClass.white:
          i++;
          flags |= Flag.White;
          continue;
        case charClass.newline:
          i++;
          flags = Flag.LineStart;
          continue;
        case charClass.name: {
          let hash = hashStep(hashSeed, c);
          let d = 0;
          for (i++; i < length; i++) {
            d = text.charCodeAt(i);
            if (d < 128) {
              const k = classes[d];
              if (k !== charClass.name && k !== charClass.digit) break;
            }
            hash = hashStep(hash, d);
          }
          if ((d === 34 || d === 39) && isEncodingPrefix(text, start, i)) {
            i = endOfQuoted(text, i, d);
            if (i === -1 && !joined) return false;
            if (i >= 0) {
              this.push(d === 34 ? Token.String : Token.Char, interner.internSlice(text, start, i), start, flags);
              break;
            }
            i = -i - 1;
          }
          if (this.count + 1 >= this.meta.length) this.reserve();
          const n = this.count++;
          this.meta[n] = Token.Identifier | (flags << 8);
          this.id[n] = interner.internHashed(text, start, i, hash);
          this.offset[n] = start;
          break;
        }
        case charClass.digit:
          i = endOfNumber(text, i + 1);
          this.push(Token.Number, interner.internSlice(text, start, i), start, flags);
          break;
        case charClass.quote: {
          const end = endOfQuoted(text, i, c);
          if (end === -1 && !joined) return false;
          if (end < 0) {
            i++;
            this.push(Token.Other, interner.internSlice(text, start, i), start, flags);
          } else {
            i = end;
            this.push(c === 34 ? Token.String : Token.Char, interner.internSlice(text, start, i), start, flags);
          }
          break;
        }
        case charClass.backslash: {
          const next = endOfSplice(text, i);
          if (next > 0) {
            if (!joined && i > 0 && next < length && !isWhite(text.charCodeAt(i - 1)) && !isWhite(text.charCodeAt(next))) return false;
            i = next;
            continue;
          }
          i++;
          this.push(Token.Other, interner.internSlice(text, start, i), start, flags);
          break;
        }
        case charClass.punctuator: {
          const d = i + 1 < length ? text.charCodeAt(i + 1) : 0;
          if (c === 47 && d === 42) {
            const end = text.indexOf('*/', i + 2);
            i = end < 0 ? length : end + 2;
            flags |= Flag.White;
            continue;
          }
          if (c === 47 && d === 47) {
            i = endOfLineComment(text, i + 2);
            flags |= Flag.White;
            continue;
          }
          if (c === 46 && d >= 48 && d <= 57) {
            i = endOfNumber(text, i + 2);
            this.push(Token.Number, interner.internSlice(text, start, i), start, flags);
            break;
          }
          i = this.punctuator(text, i, flags);
          break;
        }
        default:
          i++;
          this.push(Token.Other, interner.internSlice(text, start, i), start, flags);
      }
      flags = 0;
    }
    return true;
  }

  private punctuator(text: string, start: number, flags: number): number {
    const first = text.charCodeAt(start);
    const candidates = byFirst[first] ?? [];
    const last = candidates.length - 1;
    let match = last;
    if (last > 0) {
      const second = text.charCodeAt(start + 1);
      const third = text.charCodeAt(start + 2);
      match = 0;
      for (; match < last; match++) {
        const p = candidates[match];
        if (p !== undefined && (p.second === 0 || p.second === second) && (p.third === 0 || p.third === third)) break;
      }
    }
    const found = candidates[match];
    if (found === undefined) return start + 1;
    if (found.kind === Token.Hash && (flags & Flag.LineStart) !== 0) this.hashes.push(this.count);
    this.push(found.kind, this.punctuatorIds[first]?.[match] ?? 0, start, flags);
    return start + found.text.length;
  }

  private push(kind: number, id: number, offset: number, flags: number): void {
    if (this.count + 1 >= this.meta.length) this.reserve();
    const n = this.count++;
    this.meta[n] = kind | (flags << 8);
    this.id[n] = id;
    this.offset[n] = offset;
  }
}

function isWhite(c: number): boolean {
  return c < 128 && (classes[c] === charClass.white || classes[c] === charClass.newline);
}

/** L, u, U and u8 before a quote (C11 6.4.4.4, 6.4.5). */
function isEncodingPrefix(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (end - start === 1) return first === 76 || first === 85 || first === 117;
  return end - start === 2 && first === 117 && text.charCodeAt(start + 1) === 56;
}

/** C11 6.4.8: digits, names, periods and signs after an exponent. */
function endOfNumber(text: string, from: number): number {
  let i = from;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 43 || c === 45) {
      const before = text.charCodeAt(i - 1) | 32;
      if (before !== 101 && before !== 112) break;
    } else if (c !== 46) {
      const k = c < 128 ? classes[c] : charClass.name;
      if (k !== charClass.name && k !== charClass.digit) break;
    }
  }
  return i;
}

/** Index after the closing quote. -1 when a splice lies inside; below -1 when the literal is not closed on its line. */
function endOfQuoted(text: string, open: number, quote: number): number {
  for (let i = open + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) return i + 1;
    if (c === 10) break;
    if (c === 92) {
      if (endOfSplice(text, i) > 0) return -1;
      i++;
      if (text.charCodeAt(i) === 10) break;
    }
  }
  return -open - 2;
}

/** Index after a backslash-newline at `at` (GNU allows blanks between), or 0 when it is none. */
function endOfSplice(text: string, at: number): number {
  let i = at + 1;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === 10) return i + 1;
    if (c !== 32 && c !== 9 && c !== 13) return 0;
    i++;
  }
  return 0;
}

function endOfLineComment(text: string, from: number): number {
  let at = from;
  for (;;) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    let before = end - 1;
    while (before >= from && (text.charCodeAt(before) === 13 || text.charCodeAt(before) === 32)) before--;
    if (before < from || text.charCodeAt(before) !== 92) return end;
    at = end + 1;
  }
}

/** C11 5.1.1.2 phase 2, with the way back from an offset in the joined text to one in the original. */
function removeSplices(text: string): { text: string; original(offset: number): number } {
  const cuts: number[] = [];
  const shifts: number[] = [];
  let joined = '';
  let from = 0;
  let removed = 0;
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 1)) {
    const end = endOfSplice(text, at);
    if (end === 0) continue;
    joined += text.slice(from, at);
    from = end;
    removed += end - at;
    cuts.push(joined.length);
    shifts.push(removed);
    at = end - 1;
  }
  joined += text.slice(from);
  let hint = 0;
  return {
    text: joined,
    original(offset) {
      if (hint > 0 && (cuts[hint - 1] ?? 0) > offset) hint = 0;
      while (hint < cuts.length && (cuts[hint] ?? 0) <= offset) hint++;
      return offset + (hint === 0 ? 0 : (shifts[hint - 1] ?? 0));
    },
  };
}
