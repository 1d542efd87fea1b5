// Casts, unary and postfix operators and primary expressions (C11 6.5.1 to 6.5.4), with GNU's additions.

import { compatible } from '../ctype/compatible.ts';
import { alignOf, sizeOf } from '../ctype/layout.ts';
import { describeType } from '../ctype/print.ts';
import type { CType } from '../ctype/types.ts';
import { ULONG, VOID_POINTER, isVla, unqualified } from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import { asBuiltin } from './builtins.ts';
import type { Expr } from './ast.ts';
import { functionDesignator, parseCall } from './calls.ts';
import { addressOf, bitFieldWidth, intConstant, isPlace, rvalue } from './convert.ts';
import { parseChar, parseNumber } from './literals.ts';
import { compoundLiteral } from './compound-literal.ts';
import { labelFor } from './labels.ts';
import { cast, comma, increment, unary } from './operators.ts';
import type { Node, Parser } from './parser.ts';
import { dereference, elementScale, memberOf, pointerAdd } from './pointers.ts';
import { functionName, parseString } from './strings.ts';
import { parseStatementExpression } from './statement-expression.ts';
import { Word } from './words.ts';

/** cast-expression; a parenthesised type followed by `{` is a compound literal. */
export function parseCast(p: Parser): Node {
  if (p.kind[p.i] !== Token.LParen || !p.startsType(p.i + 1)) return parseUnary(p);
  const at = p.i++;
  const type = p.grammar.typeName(p);
  p.expect(Token.RParen);
  if (p.kind[p.i] === Token.LBrace) return parsePostfix(p, compoundLiteral(p, type, at));
  p.enter();
  const operand = parseCast(p);
  p.leave();
  return cast(p, operand, type, at);
}

function parseUnary(p: Parser): Node {
  const at = p.i;
  switch (p.kind[at] ?? Token.End) {
    case Token.And: {
      p.i++;
      const operand = parseOperand(p);
      if (!isPlace(operand)) return p.refuse('address of something that is no place', at);
      return addressOf(p, operand, at);
    }
    case Token.Star:
      p.i++;
      return dereference(p, parseOperand(p), at);
    case Token.Minus:
      p.i++;
      return unary(p, '-', parseOperand(p), at);
    case Token.Not:
      p.i++;
      return unary(p, '!', parseOperand(p), at);
    case Token.Tilde:
      p.i++;
      return unary(p, '~', parseOperand(p), at);
    case Token.Plus:
      p.i++;
      return unary(p, '+', parseOperand(p), at);
    case Token.Increment:
    case Token.Decrement: {
      const subtract = p.kind[p.i++] === Token.Decrement;
      return increment(p, parseOperand(p), subtract, true, at);
    }
    case Token.AndAnd:
      p.i++;
      return { kind: 'label-address', label: labelFor(p, p.name(), at), type: VOID_POINTER, at };
    case Token.Identifier:
      switch (p.word(at)) {
        case Word.Sizeof:
        case Word.Alignof:
          p.i++;
          return sizeofOperator(p, p.word(at) === Word.Sizeof, at);
        case Word.Extension:
          p.i++;
          return parseCast(p);
        case Word.Real:
        case Word.Imag:
          return p.refuse('complex numbers');
        default:
      }
  }
  return parsePostfix(p, parsePrimary(p));
}

function parseOperand(p: Parser): Node {
  p.enter();
  const node = parseCast(p);
  p.leave();
  return node;
}

function sizeofOperator(p: Parser, size: boolean, at: number): Expr {
  let type: CType;
  let operandAlign = 0;
  const sizesBefore = p.fn?.vlaSizes.length ?? 0;
  if (p.kind[p.i] === Token.LParen && p.startsType(p.i + 1)) {
    p.i++;
    type = p.grammar.typeName(p);
    p.expect(Token.RParen);
    if (p.kind[p.i] === Token.LBrace) type = parsePostfix(p, compoundLiteral(p, type, at)).type;
  } else {
    const node = parseUnary(p);
    if (node.kind === 'member' && node.bits !== undefined) p.refuse('sizeof a bit-field', at);
    type = node.type;
    operandAlign = alignOfNode(node);
  }
  if (!size) return intConstant(BigInt(Math.max(operandAlign, alignOf(type))), ULONG, at);
  const bytes = sizeOf(type);
  if (bytes !== undefined) return intConstant(BigInt(bytes), ULONG, at);
  if (!isVla(type)) return p.refuse(`sizeof incomplete ${describeType(type)}`, at);
  const value = elementScale(p, type, at) as Expr;
  // Sizes that this very type name introduced are evaluated here.
  return takeVlaSizes(p, sizesBefore).reduceRight<Expr>((rest, first) => comma(first, rest, at), value);
}

function alignOfNode(node: Node): number {
  if (node.kind === 'variable') return node.variable.align;
  if (node.kind === 'object') return node.object.attributes.align;
  return 0;
}

/** Pending sizes of variable arrays as assignments to their hidden locals, taken off the list. */
function takeVlaSizes(p: Parser, from: number): Expr[] {
  const fn = p.fn;
  if (fn === undefined) return [];
  return fn.vlaSizes.splice(from).map(({ variable, size }) => ({
    kind: 'assign',
    place: { kind: 'variable', variable, type: ULONG, at: size.at },
    value: size,
    type: ULONG,
    at: size.at,
  }));
}

function parsePostfix(p: Parser, first: Node): Node {
  let node = first;
  for (;;) {
    const at = p.i;
    switch (p.kind[at]) {
      case Token.LBracket: {
        p.i++;
        const index = rvalue(p.grammar.expression(p));
        p.expect(Token.RBracket);
        const base = rvalue(node);
        if (base.type.kind === 'vector') p.refuse('subscript of a vector', at);
        const [pointer, amount] = base.type.kind === 'pointer' ? [base, index] : [index, base];
        node = dereference(p, pointerAdd(p, pointer, amount, false, at), at);
        break;
      }
      case Token.LParen:
        node = parseCall(p, node);
        break;
      case Token.Dot:
        p.i++;
        node = memberOf(p, node, p.name(), at);
        break;
      case Token.Arrow:
        p.i++;
        node = memberOf(p, dereference(p, node, at), p.name(), at);
        break;
      case Token.Increment:
      case Token.Decrement:
        p.i++;
        node = increment(p, node, p.kind[at] === Token.Decrement, false, at);
        break;
      default:
        return node;
    }
  }
}

function parsePrimary(p: Parser): Node {
  const at = p.i;
  switch (p.kind[at]) {
    case Token.Identifier:
      return identifier(p, at);
    case Token.Number: {
      p.i++;
      const number = parseNumber(p.tokens.spelling(at));
      if (number === undefined) return p.refuse(`number '${p.tokens.spelling(at)}'`, at);
      if (number.kind === 'int') return { kind: 'int', value: number.value, type: number.type, at };
      const size = number.name === 'float' ? 4 : number.name === 'double' ? 8 : 16;
      return { kind: 'float', value: number.value, type: { kind: 'float', name: number.name, size, quals: 0, userAlign: 0 }, at };
    }
    case Token.Char: {
      p.i++;
      const char = parseChar(p.tokens.spelling(at), p.file.target);
      if (char === undefined) return p.refuse(`character ${p.tokens.spelling(at)}`, at);
      return { kind: 'int', value: char.value, type: char.type, at };
    }
    case Token.String:
      return parseString(p);
    case Token.LParen: {
      if (p.kind[at + 1] === Token.LBrace) return parseStatementExpression(p);
      p.i++;
      p.enter();
      const node = p.grammar.expression(p);
      p.leave();
      p.expect(Token.RParen);
      return node;
    }
    default:
      return p.unexpected('');
  }
}

function identifier(p: Parser, at: number): Node {
  const word = p.word(at);
  if (word !== Word.None) {
    if (word === Word.Generic) return genericSelection(p);
    if (word >= Word.Func && word <= Word.PrettyFunction) {
      p.i++;
      return functionName(p, at);
    }
    return p.unexpected('');
  }
  const name = p.name();
  const entity = p.lookup(name);
  if (entity === undefined) {
    const builtin = asBuiltin(p, name, at);
    if (builtin !== undefined) return builtin;
    return p.refuse(`unknown name '${p.text(name)}'`, at);
  }
  switch (entity.kind) {
    case 'local':
      return { kind: 'variable', variable: entity, type: entity.type, at };
    case 'object':
      return { kind: 'object', object: entity, type: entity.type, at };
    case 'function':
      return functionDesignator(entity, at);
    case 'enumerator':
      return { kind: 'int', value: entity.value, type: entity.type, at };
    case 'typedef':
      return p.refuse(`type name '${p.text(name)}' where a value is needed`, at);
  }
}

/** `_Generic(value, type: …, default: …)`: the selected expression stands for the whole (C11 6.5.1.1). */
function genericSelection(p: Parser): Node {
  const at = p.i++;
  p.expect(Token.LParen);
  const value = rvalue(p.grammar.assignment(p));
  const control = unqualified(value.type);
  // gcc gives a bit-field a type of its own width, which matches nothing.
  const width = bitFieldWidth(value);
  const ownType = width !== undefined && control.kind === 'int' && width !== control.size * 8;
  let chosen: Node | undefined;
  let fallback: Node | undefined;
  while (p.accept(Token.Comma)) {
    let matches = false;
    let isDefault = false;
    if (p.acceptWord(Word.Default)) {
      isDefault = true;
    } else {
      const type = p.grammar.typeName(p);
      matches = !ownType && chosen === undefined && type.quals === 0 && compatible(type, control);
    }
    p.expect(Token.Colon);
    const node = p.grammar.assignment(p);
    if (matches) chosen = node;
    else if (isDefault) fallback = node;
  }
  p.expect(Token.RParen);
  return chosen ?? fallback ?? p.refuse(`no association of _Generic for ${describeType(control)}`, at);
}
