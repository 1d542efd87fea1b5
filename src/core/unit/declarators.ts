// Declarators (C11 6.7.6): pointers, arrays, functions, nested in parentheses, named or abstract.

import { sizeOf } from '../ctype/layout.ts';
import { describeType } from '../ctype/print.ts';
import type { CType } from '../ctype/types.ts';
import { ATOMIC, CONST, RESTRICT, ULONG, VOLATILE, addQuals, arrayOf, functionType, pointerTo, unqualified } from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import type { Expr } from './ast.ts';
import { parseMoreAttributes, skipAttributes } from './attributes.ts';
import { convert, rvalue } from './convert.ts';
import { elementScale, multiply } from './pointers.ts';
import type { Parser } from './parser.ts';
import { Scope } from './parser.ts';
import { attributedType, parseSpecifiers } from './specifiers.ts';
import { Word } from './words.ts';

/** A parameter as written. */
export interface Param {
  /** Interned name, -1 without one. */
  readonly name: number;
  /** Adjusted type, with the qualifiers of the parameter itself. */
  readonly type: CType;
  readonly at: number;
  /** First token, when an array length depends on other parameters: the body's parser reads it again. */
  readonly variable?: number;
}

export interface Declarator {
  /** Interned name, -1 for abstract declarators. */
  readonly name: number;
  readonly type: CType;
  /** Token of the name, or where it would stand. */
  readonly at: number;
  /** Parameters of the function that the name itself is. */
  readonly params?: readonly Param[];
}

/** A declarator at the cursor applied to `base`. Attributes among the pointers are read over. */
export function parseDeclarator(p: Parser, base: CType): Declarator {
  let type = base;
  for (;;) {
    skipAttributes(p);
    if (p.kind[p.i] !== Token.Star) break;
    p.i++;
    type = pointerTo(type);
    type = addQuals(type, qualifiers(p));
  }
  if (p.kind[p.i] === Token.LParen && nested(p)) {
    const inner = p.i + 1;
    p.skipGroup();
    const outer = suffixes(p, type, false);
    const end = p.i;
    p.i = inner;
    const result = parseDeclarator(p, outer.type);
    p.expect(Token.RParen);
    p.i = end;
    // `(f)(int x)`: parentheses around the plain name.
    if (result.params === undefined && outer.params !== undefined && result.type === outer.type) return { ...result, params: outer.params };
    return result;
  }
  const at = p.i;
  const name = p.isName(p.i) ? p.name() : -1;
  return { name, at, ...suffixes(p, type, true) };
}

function qualifiers(p: Parser): number {
  let quals = 0;
  for (;;) {
    switch (p.word(p.i)) {
      case Word.Const:
        quals |= CONST;
        break;
      case Word.Volatile:
        quals |= VOLATILE;
        break;
      case Word.Restrict:
        quals |= RESTRICT;
        break;
      case Word.Atomic:
        quals |= ATOMIC;
        break;
      case Word.SegGs:
        break;
      case Word.Attribute:
        skipAttributes(p);
        continue;
      default:
        return quals;
    }
    p.i++;
  }
}

/** At `(`: true when it opens a nested declarator, false when it opens parameters. */
function nested(p: Parser): boolean {
  const next = p.kind[p.i + 1];
  if (next === Token.Star || next === Token.LParen || next === Token.LBracket) return true;
  if (next !== Token.Identifier) return false;
  return p.word(p.i + 1) === Word.Attribute || (p.isName(p.i + 1) && !p.startsType(p.i + 1));
}

/** `[…]` and `(…)` behind a name, innermost last. */
function suffixes(p: Parser, base: CType, named: boolean): { type: CType; params?: readonly Param[] } {
  if (p.kind[p.i] === Token.LBracket) {
    const at = p.i++;
    const length = arrayLength(p);
    const element = suffixes(p, base, named).type;
    return { type: arrayType(p, element, length, at) };
  }
  if (p.kind[p.i] !== Token.LParen) return { type: base };
  p.i++;
  const { params, variadic, prototyped } = parameters(p);
  const returns = suffixes(p, base, named).type;
  if (returns.kind === 'array' || returns.kind === 'function') p.refuse('a function that returns an array or a function');
  const type = functionType(
    unqualified(returns),
    params.map((param) => unqualified(param.type)),
    variadic,
    prototyped,
  );
  return { type, params };
}

function arrayLength(p: Parser): Expr | undefined {
  while (p.word(p.i) === Word.Static || p.word(p.i) === Word.Const || p.word(p.i) === Word.Restrict || p.word(p.i) === Word.Volatile) p.i++;
  if (p.accept(Token.RBracket)) return undefined;
  if (p.kind[p.i] === Token.Star && p.kind[p.i + 1] === Token.RBracket) {
    p.i += 2;
    return undefined;
  }
  const length = rvalue(p.grammar.assignment(p));
  if (length.type.kind !== 'int') p.refuse('array length is no integer', length.at);
  p.expect(Token.RBracket);
  return length;
}

function arrayType(p: Parser, element: CType, length: Expr | undefined, at: number): CType {
  if (element.kind === 'function' || element.kind === 'void') p.refuse(`array of ${describeType(element)}`, at);
  const constantElement = sizeOf(element) !== undefined;
  if (length === undefined) return arrayOf(element, undefined);
  if (length.kind === 'int' && (constantElement || element.kind !== 'array')) {
    // gcc rejects a negative length; kernel macros rely on it to fail the build.
    if (length.value < 0n) p.refuse('array with a negative length', at);
    return arrayOf(element, Number(length.value));
  }
  const fn = p.fn;
  if (fn === undefined) {
    // A parameter: its outermost length does not matter, the others are worked out where the body begins.
    if (p.scope !== undefined) {
      p.variableLengths++;
      return arrayOf(element, undefined);
    }
    return p.refuse('array length is not constant', at);
  }
  const variable = p.addLocal('<array size>', ULONG, at);
  const size = multiply(convert(length, ULONG, at), elementScale(p, element, at), at);
  fn.vlaSizes.push({ variable, size });
  return { ...arrayOf(element, undefined), sizeLocal: variable.id };
}

/** Behind `(`: parameters up to `)`. */
function parameters(p: Parser): { params: Param[]; variadic: boolean; prototyped: boolean } {
  const params: Param[] = [];
  if (p.accept(Token.RParen)) return { params, variadic: false, prototyped: false };
  if (p.word(p.i) === Word.Void && p.kind[p.i + 1] === Token.RParen) {
    p.i += 2;
    return { params, variadic: false, prototyped: true };
  }
  const outer = p.scope;
  p.scope = new Scope(outer);
  let variadic = false;
  for (;;) {
    if (p.accept(Token.Ellipsis)) {
      variadic = true;
      break;
    }
    params.push(parameter(p, p.scope));
    if (!p.accept(Token.Comma)) break;
  }
  p.expect(Token.RParen);
  p.scope = outer;
  return { params, variadic, prototyped: true };
}

function parameter(p: Parser, scope: Scope): Param {
  const at = p.i;
  const before = p.variableLengths;
  if (p.isName(at) && !p.startsType(at)) p.refuse(`unknown type name '${p.tokens.spelling(at)}'`, at);
  const specs = parseSpecifiers(p);
  const declared = parseDeclarator(p, specs.type);
  const attributes = parseMoreAttributes(p, specs.attributes);
  const type = adjustParameter(attributedType(p, declared.type, attributes, false));
  if (declared.name >= 0) {
    // Seen by later parameters (`int a[sizeof(n)]`); the function body declares its own.
    scope.define(declared.name, {
      kind: 'local',
      id: -1,
      name: p.text(declared.name),
      type,
      parameter: true,
      cleanup: undefined,
      align: 0,
      register: undefined,
      addressed: false,
      at: declared.at,
    });
  }
  const isVariable = p.variableLengths > before && sizeOf(type.kind === 'pointer' ? type.to : type) === undefined;
  return { name: declared.name, type, at: declared.name >= 0 ? declared.at : at, ...(isVariable ? { variable: at } : {}) };
}

/** Type of a parameter whose array lengths depend on those before it, read again where these are variables. */
export function variableParameter(p: Parser, first: number): CType {
  const back = p.i;
  p.i = first;
  const specs = parseSpecifiers(p);
  const { type } = parseDeclarator(p, specs.type);
  p.i = back;
  return adjustParameter(type);
}

/** C11 6.7.6.3p7-8. */
function adjustParameter(type: CType): CType {
  if (type.kind === 'array') return pointerTo(type.element);
  if (type.kind === 'function') return pointerTo(type);
  return type;
}

/** A type name (C11 6.7.7) at the cursor. */
export function parseTypeName(p: Parser): CType {
  const specs = parseSpecifiers(p);
  if (specs.autoType) p.refuse('__auto_type in a type name', specs.at);
  const kind = p.kind[p.i];
  if (kind === Token.RParen || kind === Token.Comma || kind === Token.Colon) return attributedType(p, specs.type, specs.attributes, true);
  const declared = parseDeclarator(p, specs.type);
  if (declared.name >= 0) p.refuse('a name inside a type name', declared.at);
  const attributes = parseMoreAttributes(p, specs.attributes);
  return attributedType(p, declared.type, attributes, true);
}
