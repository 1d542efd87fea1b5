// Tokens of a short C text (a type name, a macro's body) that comes from outside a unit.

import type { Interner } from '../../base/interner.ts';
import { Token, punctuators } from '../preprocessor/token-kind.ts';
import type { TokenSource } from './parser.ts';

const pattern =
  /\s+|([A-Za-z_$][\w$]*)|(\.?[0-9](?:[eEpP][+-]|[\w.])*)|((?:u8|[LuU])?'(?:\\.|[^'\\])+')|((?:u8|[LuU])?"(?:\\.|[^"\\])*")|(\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|##|[^\s])/gy;

/** A text as tokens; undefined when it holds a character that starts none. */
export function tokensOfText(text: string, interner: Interner): TokenSource | undefined {
  const kinds: number[] = [];
  const ids: number[] = [];
  const spellings: string[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [all, name, number, char, string, punctuator] = match;
    if (all.trim() === '') continue;
    let kind: number;
    if (name !== undefined) kind = Token.Identifier;
    else if (number !== undefined) kind = Token.Number;
    else if (char !== undefined) kind = Token.Char;
    else if (string !== undefined) kind = Token.String;
    else kind = punctuators.indexOf(punctuator ?? '') + 16;
    if (kind < 16 && punctuator !== undefined) return undefined;
    kinds.push(kind);
    ids.push(interner.intern(all));
    spellings.push(all);
  }
  const length = kinds.length;
  // A few end tokens behind the text, so that the parser may look ahead.
  return {
    kind: Uint8Array.from([...kinds, 0, 0, 0, 0]),
    id: Int32Array.from([...ids, 0, 0, 0, 0]),
    length,
    interner,
    spelling: (i: number) => spellings[i] ?? '',
  };
}

/** Replaces the object-like macros of a text by their bodies, again and again, each at most once on its way down. */
export function expandText(text: string, macro: (name: string) => string | undefined, busy: readonly string[] = []): string {
  return text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\.?[0-9][\w.]*|[A-Za-z_$][\w$]*/g, (word) => {
    if (!/^[A-Za-z_$]/.test(word) || busy.includes(word)) return word;
    const body = macro(word);
    return body === undefined ? word : expandText(body, macro, [...busy, word]);
  });
}
