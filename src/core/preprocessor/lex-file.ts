// Lexes a file and pairs its directives, so that a false #if is skipped in one step.

import type { Interner } from '../../base/interner.ts';
import type { Directive, DirectiveName, LexedFile } from './lexed-file.ts';
import type { Lexed, Lexer } from './lexer.ts';
import { Flag, Token } from './token-kind.ts';

const names: ReadonlySet<string> = new Set<DirectiveName>([
  'define',
  'undef',
  'include',
  'include_next',
  'if',
  'ifdef',
  'ifndef',
  'elif',
  'elifdef',
  'elifndef',
  'else',
  'endif',
  'error',
  'warning',
  'pragma',
  'line',
]);

function isDirectiveName(text: string): text is DirectiveName {
  return names.has(text);
}

/** Lexes `text`; `base` is the linear location of its first character. */
export function lexFile(path: string, text: string, base: number, lexer: Lexer, interner: Interner, keepText = false): LexedFile {
  const lexed = lexer.lex(text);
  const directives: Directive[] = [];
  const unbalanced: { directive: number; message: string }[] = [];
  /** Last branch of each open group. */
  const open: number[] = [];
  for (const hash of lexed.hashes) {
    const number = directives.length;
    const directive = directiveAt(lexed, hash, interner);
    directives.push(directive);
    lexed.meta[hash] = ((lexed.meta[hash] ?? 0) & ~255) | Token.Directive;
    lexed.id[hash] = number;
    switch (directive.name) {
      case 'if':
      case 'ifdef':
      case 'ifndef':
        open.push(number);
        break;
      case 'elif':
      case 'elifdef':
      case 'elifndef':
      case 'else':
      case 'endif': {
        const before = directives[open.pop() ?? -1];
        if (before === undefined) unbalanced.push({ directive: number, message: `#${directive.name} without #if` });
        else before.next = number;
        if (directive.name !== 'endif' && before !== undefined) open.push(number);
        break;
      }
      case 'include':
      case 'include_next':
        markHeaderName(lexed, directive, text, interner);
        break;
      default:
    }
  }
  for (const number of open) unbalanced.push({ directive: number, message: `unterminated #${directives[number]?.name ?? 'if'}` });
  return {
    path,
    text: keepText ? text : '',
    base,
    count: lexed.count,
    meta: lexed.meta,
    id: lexed.id,
    offset: lexed.offset,
    directives,
    unbalanced,
    guard: guardOf(lexed, directives),
  };
}

function directiveAt(lexed: Lexed, hash: number, interner: Interner): Directive {
  let end = hash + 1;
  while ((((lexed.meta[end] ?? 0) >> 8) & Flag.LineStart) === 0) end++;
  let name: DirectiveName = 'empty';
  if (end > hash + 1) {
    const kind = (lexed.meta[hash + 1] ?? 0) & 255;
    const text = kind === Token.Identifier ? interner.text(lexed.id[hash + 1] ?? 0) : '';
    name = isDirectiveName(text) ? text : kind === Token.Number ? 'line' : 'other';
  }
  return { name, hash, operands: Math.min(hash + 2, end), end, next: -1, macro: undefined };
}

/** C11 6.4.7: after #include a `<` or `"` starts a header name, which is not lexed like other tokens. */
function markHeaderName(lexed: Lexed, directive: Directive, text: string, interner: Interner): void {
  const at = directive.operands;
  if (at >= directive.end) return;
  const start = lexed.offset[at] ?? 0;
  const open = text[start];
  if (open !== '<' && open !== '"') return;
  const close = text.indexOf(open === '<' ? '>' : '"', start + 1);
  const line = text.indexOf('\n', start);
  if (close < 0 || (line >= 0 && close > line)) return;
  lexed.meta[at] = ((lexed.meta[at] ?? 0) & ~255) | Token.HeaderName;
  lexed.id[at] = interner.intern(text.slice(start, close + 1));
}

/** Name of the macro in `#ifndef X … #endif` (or `#if !defined(X)`) around the whole file, else -1. */
function guardOf(lexed: Lexed, directives: readonly Directive[]): number {
  const first = directives[0];
  if (first?.hash !== 0 || first.next < 0) return -1;
  const last = directives[first.next];
  if (last?.name !== 'endif' || last.end !== lexed.count) return -1;
  const kind = (i: number): number => (lexed.meta[first.operands + i] ?? 0) & 255;
  const size = first.end - first.operands;
  if (first.name === 'ifndef' && size === 1 && kind(0) === Token.Identifier) return lexed.id[first.operands] ?? -1;
  if (first.name === 'if' && size === 5 && kind(0) === Token.Not && kind(2) === Token.LParen && kind(3) === Token.Identifier) {
    return lexed.id[first.operands + 3] ?? -1;
  }
  return -1;
}
