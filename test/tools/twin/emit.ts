// Writes a preprocessed unit as C text for gcc: everything it declares, and the bodies of the functions that are wanted.

import { Token } from '../../../src/core/preprocessor/token-kind.ts';
import type { TokenStream } from '../../../src/core/preprocessor/token-stream.ts';
import type { UnitApi } from '../../../src/core/unit/api.ts';

/** Specifiers that would hide a function from the other side, or make gcc merge it into its caller. */
const HIDING = new Set(['static', 'inline', '__inline', '__inline__']);
const ATTRIBUTE = new Set(['__attribute__', '__attribute']);
/** A call that is left over is no error here: the machine meets it too. */
const REFUSING = new Set(['error', '__error__', 'warning', '__warning__']);

/** Index behind the bracket group that opens at `i`. */
function skipGroup(tokens: TokenStream, i: number): number {
  let depth = 0;
  for (; i < tokens.length; i++) {
    const kind = tokens.kind[i] ?? 0;
    if (kind > Token.RBracket || kind < Token.LParen) continue;
    // Opening kinds are even, closing ones odd.
    if ((kind & 1) === 0) depth++;
    else if (--depth === 0) return i + 1;
  }
  return i;
}

/** Tokens [from, to) as text, without attributes that make gcc refuse a call. */
function plainText(tokens: TokenStream, from: number, to: number, into: string[]): void {
  for (let i = from; i < to; i++) {
    const word = tokens.spelling(i);
    if (ATTRIBUTE.has(word) && (REFUSING.has(tokens.spelling(i + 3)) || isOfAssertion(tokens, i))) {
      i = skipGroup(tokens, i + 1) - 1;
      continue;
    }
    if (isTrapFlags(tokens, i)) {
      // WARN() hands its flags to asm as a constant, which takes an optimiser to see.
      let end = i;
      while (end < to && tokens.kind[end] !== Token.Semicolon) end++;
      into.push('enum { __flags = ', tokens.text(i + 3, end), ' } ');
      i = end - 1;
    } else if (tokens.kind[i] === Token.Pragma) into.push('\n', word, '\n');
    else into.push(word, ' ');
  }
}

/** A failed assertion goes on: gcc must not take its call for one that never returns. */
function isOfAssertion(tokens: TokenStream, i: number): boolean {
  if (!/^_*noreturn_*$/.test(tokens.spelling(i + 3))) return false;
  for (let k = i + 4; k < i + 16; k++) if (tokens.spelling(k).startsWith('__compiletime_assert_')) return true;
  return false;
}

function isTrapFlags(tokens: TokenStream, i: number): boolean {
  return tokens.spelling(i + 1) === '__flags' && /^(__auto_type|auto)$/.test(tokens.spelling(i));
}

/** A declaration's tokens where nothing hides its names: no static, no inline, and no attributes outside of brackets. */
function openText(tokens: TokenStream, from: number, to: number, keepAttributes: boolean, into: string[]): void {
  for (let i = from; i < to;) {
    const word = tokens.spelling(i);
    const kind = tokens.kind[i] ?? 0;
    if (HIDING.has(word)) i++;
    else if (ATTRIBUTE.has(word) && (!keepAttributes || REFUSING.has(tokens.spelling(i + 3)) || hides(tokens, i)))
      i = skipGroup(tokens, i + 1);
    else if (kind === Token.LParen || kind === Token.LBrace || kind === Token.LBracket) {
      const end = Math.min(skipGroup(tokens, i), to);
      plainText(tokens, i, end, into);
      i = end;
    } else {
      into.push(word, ' ');
      i++;
    }
  }
}

/** `section` attributes put constant and variable objects together, which gcc accepts only for what it knows of. */
function hides(tokens: TokenStream, i: number): boolean {
  return /^_*section_*$/.test(tokens.spelling(i + 3));
}

interface Declaration {
  readonly end: number;
  /** Opening brace of a function's body, or -1. */
  readonly body: number;
  readonly typedef: boolean;
  /** Names an identifier that the unit knows as a function, outside of brackets. */
  readonly functions: readonly string[];
}

/** One declaration at file scope, from its first token on. */
function readDeclaration(tokens: TokenStream, start: number, isFunction: (name: string) => boolean): Declaration {
  const functions: string[] = [];
  let typedef = false;
  let value = false;
  for (let i = start; i < tokens.length;) {
    const kind = tokens.kind[i] ?? 0;
    const word = tokens.spelling(i);
    if (kind === Token.Semicolon) return { end: i + 1, body: -1, typedef, functions };
    if (kind === Token.Assign) value = true;
    else if (kind === Token.Comma) value = false;
    if (word === 'typedef') typedef = true;
    if (word === 'struct' || word === 'union' || word === 'enum') {
      i++;
      while (ATTRIBUTE.has(tokens.spelling(i))) i = skipGroup(tokens, i + 1);
      if (tokens.kind[i] === Token.Identifier) i++;
      if (tokens.kind[i] === Token.LBrace) i = skipGroup(tokens, i);
      continue;
    }
    if (kind === Token.LBrace && !value) return { end: skipGroup(tokens, i), body: i, typedef, functions };
    if (kind === Token.Identifier && !value && !ATTRIBUTE.has(word) && isFunction(word)) functions.push(word);
    i = kind === Token.LParen || kind === Token.LBrace || kind === Token.LBracket ? skipGroup(tokens, i) : i + 1;
  }
  return { end: tokens.length, body: -1, typedef, functions };
}

/** What an optimiser knows about an object's size is nothing that a program means: "unknown" is an answer, and the machine's. */
const PRELUDE = [
  '#define __builtin_object_size(p, type) ((type) & 2 ? 0UL : ~0UL)',
  '#define __builtin_dynamic_object_size(p, type) ((type) & 2 ? 0UL : ~0UL)',
].join('\n');

/** The unit as C text. Functions outside of `wanted` are declared only. */
export function emitUnit(unit: UnitApi, wanted: ReadonlySet<string>): string {
  const { tokens } = unit;
  const out: string[] = [PRELUDE, '\n'];
  const known = new Map<string, boolean>();
  const isFunction = (name: string): boolean => {
    let answer = known.get(name);
    if (answer === undefined) known.set(name, (answer = unit.lookup(name)?.kind === 'function'));
    return answer;
  };
  for (let i = 0; i < tokens.length;) {
    const kind = tokens.kind[i];
    const word = tokens.spelling(i);
    if (kind === Token.Pragma) {
      out.push('\n', word, '\n');
      i++;
      continue;
    }
    if (kind === Token.Semicolon) {
      i++;
      continue;
    }
    if (/^(asm|__asm__|__asm|_Static_assert|static_assert)$/.test(word)) {
      while (tokens.kind[i] !== Token.LParen && i < tokens.length) i++;
      i = skipGroup(tokens, i);
      continue;
    }
    const declaration = readDeclaration(tokens, i, isFunction);
    const { end, body, typedef, functions } = declaration;
    if (typedef) plainText(tokens, i, end, out);
    else if (body >= 0) {
      openText(tokens, i, body, false, out);
      const name = functions.at(-1);
      if (name !== undefined && wanted.has(name)) {
        out.push('\n');
        plainText(tokens, body, end, out);
      } else out.push(';');
    } else if (functions.length > 0) openText(tokens, i, end, false, out);
    else openText(tokens, i, end, true, out);
    out.push('\n');
    i = end;
  }
  return out.join('');
}
