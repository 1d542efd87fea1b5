// A macro and its replacement list in the form that expansion reads (C11 6.10.3).

import { Flag, Token } from './token-kind.ts';
import type { LexedFile } from './lexed-file.ts';

/** Macros that the preprocessor computes. */
export type BuiltinMacro =
  | 'file'
  | 'base-file'
  | 'line'
  | 'counter'
  | 'include-level'
  | 'date'
  | 'time'
  | 'pragma'
  | 'has-attribute'
  | 'has-builtin'
  | 'has-include'
  | 'has-include-next';

/** Replacement list with `#` and `##` taken out and turned into flags. */
export interface MacroBody {
  /** Four numbers a token: kind | flags << 8, spelling, location, number of the parameter from 1 or 0. */
  readonly data: Int32Array;
  readonly count: number;
  /** No parameter, no ##: the list is copied as it is. */
  readonly plain: boolean;
  readonly hasVaOpt: boolean;
}

export interface Macro {
  /** Position in the session's list of macros, from 1. */
  readonly index: number;
  /** Interned name. */
  readonly name: number;
  /** Interned parameters; undefined when object-like. */
  readonly parameters: readonly number[] | undefined;
  readonly variadic: boolean;
  readonly file: LexedFile;
  /** The name in its #define. */
  readonly nameToken: number;
  /** Replacement list in the file's tokens. */
  readonly start: number;
  readonly end: number;
  readonly builtin: BuiltinMacro | undefined;
  /** Made when the macro is first expanded: most never are. */
  body: MacroBody | undefined;
}

/** Interned spellings that macro bodies give a meaning. */
export interface MacroWords {
  readonly vaArgs: number;
  readonly vaOpt: number;
}

/** Builds the replacement list of a macro (C11 6.10.3.2, 6.10.3.3; GNU cpp's rules for white space). */
export function macroBody(macro: Macro, words: MacroWords): MacroBody {
  const { file, start, end, parameters } = macro;
  const data = new Int32Array(Math.max(0, end - start) * 4);
  let count = 0;
  let plain = true;
  let hasVaOpt = false;
  let stringify = -1;
  for (let i = start; i < end; i++) {
    const meta = file.meta[i] ?? 0;
    const kind = meta & 255;
    let flags = (meta >> 8) & Flag.White;
    const id = file.id[i] ?? 0;
    if (kind === Token.HashHash && count > 0 && i + 1 < end) {
      data[(count - 1) * 4] = (data[(count - 1) * 4] ?? 0) | (Flag.PasteLeft << 8);
      plain = false;
      continue;
    }
    let parameter = 0;
    if (parameters !== undefined && kind === Token.Identifier) {
      parameter = parameters.indexOf(id) + 1;
      if (id === words.vaOpt && macro.variadic) {
        hasVaOpt = true;
        plain = false;
      }
    }
    if (parameter > 0) plain = false;
    if (kind === Token.Hash && parameters !== undefined && i + 1 < end && isParameter(macro, i + 1)) {
      stringify = flags;
      continue;
    }
    if (stringify >= 0) {
      flags = stringify | Flag.Stringify;
      stringify = -1;
    }
    if (count === 0) flags &= ~Flag.White;
    const at = count++ * 4;
    data[at] = kind | (flags << 8);
    data[at + 1] = id;
    data[at + 2] = file.base + (file.offset[i] ?? 0);
    data[at + 3] = parameter;
  }
  return { data: count * 4 === data.length ? data : data.slice(0, count * 4), count, plain, hasVaOpt };
}

function isParameter(macro: Macro, token: number): boolean {
  const kind = (macro.file.meta[token] ?? 0) & 255;
  return kind === Token.Identifier && (macro.parameters?.includes(macro.file.id[token] ?? -1) ?? false);
}

/** What reading a #define gave. */
export type ReadMacro = { readonly kind: 'macro'; readonly macro: Macro } | { readonly kind: 'problem'; readonly message: string };

/** Reads `NAME(params) list` from the operands of a #define; `index` becomes the macro's number. */
export function readMacro(file: LexedFile, operands: number, end: number, index: number, words: MacroWords): ReadMacro {
  if (operands >= end || kindAt(file, operands) !== Token.Identifier) return problem('macro names must be identifiers');
  const name = file.id[operands] ?? 0;
  let at = operands + 1;
  let parameters: number[] | undefined;
  let variadic = false;
  const touching = at < end && (((file.meta[at] ?? 0) >> 8) & Flag.White) === 0;
  if (touching && kindAt(file, at) === Token.LParen) {
    parameters = [];
    at++;
    for (;;) {
      const kind = at < end ? kindAt(file, at) : Token.End;
      if (kind === Token.RParen && parameters.length === 0) break;
      if (kind === Token.Ellipsis) {
        variadic = true;
        parameters.push(words.vaArgs);
        at++;
      } else if (kind === Token.Identifier) {
        parameters.push(file.id[at] ?? 0);
        at++;
        if (at < end && kindAt(file, at) === Token.Ellipsis) {
          variadic = true;
          at++;
        }
      } else return problem('expected a parameter name');
      if (at < end && kindAt(file, at) === Token.Comma && !variadic) at++;
      else if (at < end && kindAt(file, at) === Token.RParen) break;
      else return problem("expected ')' in the parameter list");
    }
    at++;
  }
  if (at < end && (kindAt(file, at) === Token.HashHash || kindAt(file, end - 1) === Token.HashHash)) {
    return problem("'##' cannot appear at either end of a macro expansion");
  }
  for (let i = at; parameters !== undefined && i < end; i++) {
    if (kindAt(file, i) !== Token.Hash) continue;
    const id = i + 1 < end && kindAt(file, i + 1) === Token.Identifier ? (file.id[i + 1] ?? -1) : -1;
    if (!parameters.includes(id) && !(variadic && id === words.vaOpt)) return problem("'#' is not followed by a macro parameter");
  }
  return {
    kind: 'macro',
    macro: { index, name, parameters, variadic, file, nameToken: operands, start: at, end, builtin: undefined, body: undefined },
  };
}

/** True when two definitions are the same (C11 6.10.3 paragraph 2), white space apart. */
export function sameMacro(a: Macro, b: Macro): boolean {
  if (a === b) return true;
  if (a.builtin !== undefined || b.builtin !== undefined || a.variadic !== b.variadic) return false;
  if (a.end - a.start !== b.end - b.start || a.parameters?.length !== b.parameters?.length) return false;
  if (a.parameters?.some((p, i) => p !== b.parameters?.[i]) ?? false) return false;
  for (let i = 0; i < a.end - a.start; i++) if (a.file.id[a.start + i] !== b.file.id[b.start + i]) return false;
  return true;
}

function kindAt(file: LexedFile, token: number): number {
  return (file.meta[token] ?? 0) & 255;
}

function problem(message: string): ReadMacro {
  return { kind: 'problem', message };
}
