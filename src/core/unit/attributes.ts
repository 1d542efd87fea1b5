// `__attribute__((…))`: what changes layout, linkage or the flow of control is kept, the rest is read over.

import type { SymbolAttributes } from './symbol-attributes.ts';
import type { CType, IntType } from '../ctype/types.ts';
import { CHAR, INT, INT128, LONG, SCHAR, SHORT, UCHAR, UINT, UINT128, ULONG, USHORT } from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import { rvalue } from './convert.ts';
import { parseStrings } from './literals.ts';
import type { Parser } from './parser.ts';
import { Word } from './words.ts';

/** What the attributes of one declaration add up to. */
export interface Attributes {
  packed: boolean;
  /** Bytes, 0 = none. */
  aligned: number;
  mode: string | undefined;
  /** Bytes, 0 = none. */
  vectorSize: number;
  transparentUnion: boolean;
  section: string | undefined;
  alias: string | undefined;
  weak: boolean;
  noreturn: boolean;
  errorText: string | undefined;
  /** Token of the function named by cleanup(…), -1 = none. */
  cleanup: number;
  /** Priorities of constructor(…) and destructor(…). */
  startAt: number | undefined;
  stopAt: number | undefined;
}

/** Priority of constructors and destructors that state none: after all that do. */
const LAST_PRIORITY = 65535;

/** What a declaration without attributes has. */
export function noAttributes(): Attributes {
  return {
    packed: false,
    aligned: 0,
    mode: undefined,
    vectorSize: 0,
    transparentUnion: false,
    section: undefined,
    alias: undefined,
    weak: false,
    noreturn: false,
    errorText: undefined,
    cleanup: -1,
    startAt: undefined,
    stopAt: undefined,
  };
}

/** Attributes at the cursor, if any, added to `into` (made when first needed). */
export function parseAttributes(p: Parser, into: Attributes | undefined): Attributes | undefined {
  let result = into;
  while (p.word(p.i) === Word.Attribute) {
    p.i++;
    result ??= noAttributes();
    p.expect(Token.LParen);
    p.expect(Token.LParen);
    while (p.kind[p.i] !== Token.RParen) {
      if (p.kind[p.i] === Token.Comma) p.i++;
      else oneAttribute(p, result);
    }
    p.expect(Token.RParen);
    p.expect(Token.RParen);
  }
  return result;
}

/** Attributes behind one declarator: those of the specifiers and its own, without changing the former. */
export function parseMoreAttributes(p: Parser, common: Attributes | undefined): Attributes | undefined {
  if (p.word(p.i) !== Word.Attribute) return common;
  return parseAttributes(p, common === undefined ? undefined : { ...common });
}

/** Past attributes without reading them. */
export function skipAttributes(p: Parser): void {
  while (p.word(p.i) === Word.Attribute) {
    p.i++;
    p.skipGroup();
  }
}

function oneAttribute(p: Parser, into: Attributes): void {
  if (p.kind[p.i] !== Token.Identifier) p.unexpected('an attribute');
  const name = p.tokens.spelling(p.i++).replace(/^__(.*)__$/, '$1');
  const hasArguments = p.kind[p.i] === Token.LParen;
  const end = hasArguments ? groupEnd(p) : p.i;
  switch (name) {
    case 'packed':
      into.packed = true;
      break;
    case 'aligned':
      into.aligned = Math.max(into.aligned, hasArguments ? constantArgument(p) : 16);
      break;
    case 'vector_size':
      into.vectorSize = constantArgument(p);
      break;
    case 'mode':
      into.mode = p.tokens.spelling(p.i + 1).replace(/^__(.*)__$/, '$1');
      break;
    case 'transparent_union':
      into.transparentUnion = true;
      break;
    case 'section':
      into.section = stringArgument(p);
      break;
    case 'alias':
      into.alias = stringArgument(p);
      break;
    case 'weak':
      into.weak = true;
      break;
    case 'noreturn':
      into.noreturn = true;
      break;
    case 'error':
      into.errorText = stringArgument(p);
      break;
    case 'constructor':
      into.startAt = hasArguments ? constantArgument(p) : LAST_PRIORITY;
      break;
    case 'destructor':
      into.stopAt = hasArguments ? constantArgument(p) : LAST_PRIORITY;
      break;
    case 'cleanup':
      into.cleanup = p.i + 1;
      break;
    default:
  }
  p.i = end;
}

/** Token after the group at the cursor; the cursor stays. */
function groupEnd(p: Parser): number {
  const start = p.i;
  p.skipGroup();
  const end = p.i;
  p.i = start;
  return end;
}

function constantArgument(p: Parser): number {
  p.expect(Token.LParen);
  const at = p.i;
  const value = p.startsType(p.i) ? undefined : rvalue(p.grammar.conditional(p));
  if (value?.kind !== 'int') return p.refuse('attribute argument is not constant', at);
  return Number(value.value);
}

function stringArgument(p: Parser): string | undefined {
  const texts: string[] = [];
  for (let i = p.i + 1; p.kind[i] === Token.String; i++) texts.push(p.tokens.spelling(i));
  const bytes = texts.length === 0 ? undefined : parseStrings(texts, { unsignedChar: false, shortWchar: false })?.bytes;
  return bytes === undefined ? undefined : String.fromCharCode(...bytes.subarray(0, -1));
}

/** `_Alignas(type or constant)` behind its keyword, in bytes. */
export function parseAlignas(p: Parser, alignOfType: (type: CType) => number): number {
  if (p.startsType(p.i + 1)) {
    p.expect(Token.LParen);
    const type = p.grammar.typeName(p);
    p.expect(Token.RParen);
    return alignOfType(type);
  }
  const value = constantArgument(p);
  p.expect(Token.RParen);
  return value;
}

/** The integer type that `mode(…)` makes of a type of the same signedness. */
export function modeType(p: Parser, type: CType, mode: string): CType {
  if (type.kind !== 'int') return p.refuse(`mode(${mode}) on a type that is no integer`);
  const pick = (signed: IntType, unsigned: IntType): IntType => (type.signed ? signed : unsigned);
  switch (mode) {
    case 'QI':
    case 'byte':
      return type.name === 'char' ? CHAR : pick(SCHAR, UCHAR);
    case 'HI':
      return pick(SHORT, USHORT);
    case 'SI':
      return pick(INT, UINT);
    case 'DI':
    case 'word':
    case 'pointer':
      return pick(LONG, ULONG);
    case 'TI':
      return pick(INT128, UINT128);
    default:
      return p.refuse(`mode(${mode})`);
  }
}

const noSymbol: SymbolAttributes = {
  weak: false,
  noreturn: false,
  inline: false,
  threadLocal: false,
  alias: undefined,
  section: undefined,
  asmName: undefined,
  errorText: undefined,
  startAt: undefined,
  stopAt: undefined,
  align: 0,
};

/** The part of a declaration's attributes that its symbol keeps. */
export function symbolAttributes(
  attributes: Attributes | undefined,
  more: { inline: boolean; noreturn: boolean; threadLocal: boolean; asmName: string | undefined; align: number },
): SymbolAttributes {
  if (attributes === undefined && !more.inline && !more.noreturn && !more.threadLocal && more.asmName === undefined && more.align === 0) {
    return noSymbol;
  }
  return {
    weak: attributes?.weak ?? false,
    noreturn: more.noreturn || (attributes?.noreturn ?? false),
    inline: more.inline,
    threadLocal: more.threadLocal,
    alias: attributes?.alias,
    section: attributes?.section,
    asmName: more.asmName,
    errorText: attributes?.errorText,
    startAt: attributes?.startAt,
    stopAt: attributes?.stopAt,
    align: Math.max(more.align, attributes?.aligned ?? 0),
  };
}

/** Attributes of a name declared twice: whatever either says. */
export function mergeSymbolAttributes(a: SymbolAttributes, b: SymbolAttributes): SymbolAttributes {
  if (a === b || b === noSymbol) return a;
  if (a === noSymbol) return b;
  return {
    weak: a.weak || b.weak,
    noreturn: a.noreturn || b.noreturn,
    inline: a.inline || b.inline,
    threadLocal: a.threadLocal || b.threadLocal,
    alias: a.alias ?? b.alias,
    section: a.section ?? b.section,
    asmName: a.asmName ?? b.asmName,
    errorText: a.errorText ?? b.errorText,
    startAt: a.startAt ?? b.startAt,
    stopAt: a.stopAt ?? b.stopAt,
    align: Math.max(a.align, b.align),
  };
}
