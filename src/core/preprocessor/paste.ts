// The ## operator on two spellings (C11 6.10.3.3) and the # operator's text (6.10.3.2).

import type { Interner } from '../../base/interner.ts';
import { Lexer } from './lexer.ts';
import { stride, type TokenBuffer } from './token-buffer.ts';
import { Flag, Token } from './token-kind.ts';

interface Pasted {
  readonly kind: number;
  readonly id: number;
}

const identifierTail = /^[A-Za-z0-9_$\u0080-\uffff]*$/;
const identifierStart = /^[A-Za-z_$\u0080-\uffff]/;
/** One lexer and one memory of results per interner: the same two spellings are pasted again in every unit. */
const lexers = new WeakMap<Interner, { lexer: Lexer; known: Map<number, Pasted | undefined> }>();

/** The one token that two spellings make, or undefined when they make none. */
export function pasteIds(interner: Interner, left: number, right: number): Pasted | undefined {
  let state = lexers.get(interner);
  if (state === undefined) {
    state = { lexer: new Lexer(interner), known: new Map() };
    lexers.set(interner, state);
  }
  const key = left * 0x200_0000 + right;
  const known = state.known.get(key);
  if (known !== undefined || state.known.has(key)) return known;
  const pasted = paste(interner, state.lexer, interner.text(left), interner.text(right));
  state.known.set(key, pasted);
  return pasted;
}

function paste(interner: Interner, lexer: Lexer, left: string, right: string): Pasted | undefined {
  const text = left + right;
  if (identifierStart.test(left) && identifierTail.test(text)) return { kind: Token.Identifier, id: interner.intern(text) };
  if (left === '/' && right !== '=') return undefined;
  const lexed = lexer.lex(text);
  if (lexed.count !== 1 || text.includes('\n')) return undefined;
  return { kind: (lexed.meta[0] ?? 0) & 255, id: lexed.id[0] ?? 0 };
}

/** The string literal that # makes of tokens [start, start + count). */
export function stringify(interner: Interner, tokens: TokenBuffer, start: number, count: number): number {
  let text = '"';
  /** White-space source: -1 none yet, else the flags of the token or padding that decides. */
  let source = -1;
  for (let i = start; i < start + count; i++) {
    const meta = tokens.data[i * stride] ?? 0;
    const kind = meta & 255;
    const flags = meta >> 8;
    if (kind === Token.Padding) {
      const noSource = (flags & Flag.NoSource) !== 0;
      if (source === -1 || ((source & Flag.White) === 0 && noSource)) source = noSource ? -1 : flags;
      continue;
    }
    if (text.length > 1) {
      if (source === -1) source = flags;
      if ((source & Flag.White) !== 0) text += ' ';
    }
    source = -1;
    const spelling = interner.text(tokens.data[i * stride + 1] ?? 0);
    text += kind === Token.String || kind === Token.Char ? spelling.replace(/[\\"]/g, '\\$&') : spelling;
  }
  // An odd number of backslashes at the end would swallow the closing quote; GNU cpp drops the last one.
  if ((/\\*$/.exec(text)?.[0].length ?? 0) % 2 === 1) text = text.slice(0, -1);
  return interner.intern(`${text}"`);
}
