// #if expressions in intmax_t and uintmax_t (C11 6.10.1); reads its tokens from the expander.

import type { Expander } from './expander.ts';
import { Token } from './token-kind.ts';

interface Value {
  readonly bits: bigint;
  readonly unsigned: boolean;
}

/** Thrown and caught in this file only: the expression is not one. */
class Malformed extends Error {}

export type Condition = { readonly kind: 'value'; readonly holds: boolean } | { readonly kind: 'problem'; readonly message: string };

const precedence = new Map<number, number>([
  [Token.Star, 10],
  [Token.Slash, 10],
  [Token.Percent, 10],
  [Token.Plus, 9],
  [Token.Minus, 9],
  [Token.ShiftLeft, 8],
  [Token.ShiftRight, 8],
  [Token.Less, 7],
  [Token.Greater, 7],
  [Token.LessEqual, 7],
  [Token.GreaterEqual, 7],
  [Token.Equal, 6],
  [Token.NotEqual, 6],
  [Token.And, 5],
  [Token.Xor, 4],
  [Token.Or, 3],
  [Token.AndAnd, 2],
  [Token.OrOr, 1],
]);

/** Evaluates the expression that `x` reads next, up to its `Token.End`. */
export function evaluateCondition(x: Expander): Condition {
  try {
    const reader = new ConditionReader(x);
    const value = reader.conditional(true);
    reader.end();
    return { kind: 'value', holds: value.bits !== 0n };
  } catch (error) {
    if (error instanceof Malformed) return { kind: 'problem', message: error.message };
    throw error;
  }
}

/** Deepest nesting of an expression. */
const maxDepth = 500;

class ConditionReader {
  private readonly x: Expander;
  private depth = 0;

  constructor(x: Expander) {
    this.x = x;
    x.next();
  }

  end(): void {
    if (this.x.kind !== Token.End) throw new Malformed(`unexpected '${this.spelling()}' in #if`);
  }

  conditional(live: boolean): Value {
    const condition = this.binary(1, live);
    if (this.x.kind !== Token.Question) return condition;
    this.x.next();
    const yes = this.conditional(live && condition.bits !== 0n);
    if (this.kindNow() !== Token.Colon) throw new Malformed("'?' without ':' in #if");
    this.x.next();
    const no = this.conditional(live && condition.bits === 0n);
    const unsigned = yes.unsigned || no.unsigned;
    return wrap(condition.bits !== 0n ? yes.bits : no.bits, unsigned);
  }

  private binary(least: number, live: boolean): Value {
    let left = this.unary(live);
    for (;;) {
      const operator = this.x.kind;
      const level = precedence.get(operator);
      if (level === undefined || level < least) return left;
      this.x.next();
      const skip = (operator === Token.AndAnd && left.bits === 0n) || (operator === Token.OrOr && left.bits !== 0n);
      const right = this.binary(level + 1, live && !skip);
      left = apply(operator, left, right, live);
    }
  }

  private unary(live: boolean): Value {
    if (++this.depth > maxDepth) throw new Malformed('#if nests too deeply');
    const value = this.operand(live);
    this.depth--;
    return value;
  }

  private operand(live: boolean): Value {
    const { x } = this;
    const kind = x.kind;
    switch (kind) {
      case Token.Plus:
      case Token.Minus:
      case Token.Tilde:
      case Token.Not: {
        x.next();
        const operand = this.unary(live);
        if (kind === Token.Plus) return operand;
        if (kind === Token.Minus) return wrap(-operand.bits, operand.unsigned);
        if (kind === Token.Tilde) return wrap(~operand.bits, operand.unsigned);
        return truth(operand.bits === 0n);
      }
      case Token.LParen: {
        x.next();
        const inner = this.conditional(live);
        if (x.kind !== Token.RParen) throw new Malformed("missing ')' in #if");
        x.next();
        return inner;
      }
      case Token.Number: {
        const value = numberValue(this.spelling());
        x.next();
        return value;
      }
      case Token.Char: {
        const value = charValue(this.spelling());
        x.next();
        return value;
      }
      case Token.Identifier: {
        if (this.spelling() === 'defined') return this.defined();
        x.next();
        // C11 6.10.1 paragraph 4: a name that is no macro is 0.
        return truth(false);
      }
      case Token.End:
        throw new Malformed('#if with no expression');
      default:
        throw new Malformed(`'${this.spelling()}' is not valid in #if`);
    }
  }

  private defined(): Value {
    const { x } = this;
    x.preventExpansion++;
    x.next();
    const parenthesised = x.kind === Token.LParen;
    if (parenthesised) x.next();
    const found = x.kind === Token.Identifier && x.isMacro(x.id);
    const isName = x.kind === Token.Identifier;
    if (isName && parenthesised) x.next();
    const closed = !parenthesised || x.kind === Token.RParen;
    x.preventExpansion--;
    if (!isName || !closed) throw new Malformed("operator 'defined' requires an identifier");
    x.next();
    return truth(found);
  }

  /** The kind after reading on; the field's type would still be narrowed to the token before. */
  private kindNow(): number {
    return this.x.kind;
  }

  private spelling(): string {
    return this.x.kind === Token.End ? 'end of line' : this.x.interner.text(this.x.id);
  }
}

function wrap(bits: bigint, unsigned: boolean): Value {
  return { bits: unsigned ? BigInt.asUintN(64, bits) : BigInt.asIntN(64, bits), unsigned };
}

function truth(holds: boolean): Value {
  return { bits: holds ? 1n : 0n, unsigned: false };
}

function apply(operator: number, a: Value, b: Value, live: boolean): Value {
  switch (operator) {
    case Token.AndAnd:
      return truth(a.bits !== 0n && b.bits !== 0n);
    case Token.OrOr:
      return truth(a.bits !== 0n || b.bits !== 0n);
    case Token.ShiftLeft:
      return shift(a, b.bits);
    case Token.ShiftRight:
      return shift(a, -b.bits);
    default:
  }
  const unsigned = a.unsigned || b.unsigned;
  const x = wrap(a.bits, unsigned).bits;
  const y = wrap(b.bits, unsigned).bits;
  switch (operator) {
    case Token.Star:
      return wrap(x * y, unsigned);
    case Token.Slash:
    case Token.Percent:
      if (y === 0n) {
        if (live) throw new Malformed('division by zero in #if');
        return wrap(0n, unsigned);
      }
      return wrap(operator === Token.Slash ? x / y : x % y, unsigned);
    case Token.Plus:
      return wrap(x + y, unsigned);
    case Token.Minus:
      return wrap(x - y, unsigned);
    case Token.Less:
      return truth(x < y);
    case Token.Greater:
      return truth(x > y);
    case Token.LessEqual:
      return truth(x <= y);
    case Token.GreaterEqual:
      return truth(x >= y);
    case Token.Equal:
      return truth(x === y);
    case Token.NotEqual:
      return truth(x !== y);
    case Token.And:
      return wrap(x & y, unsigned);
    case Token.Xor:
      return wrap(x ^ y, unsigned);
    default:
      return wrap(x | y, unsigned);
  }
}

/** Left for a positive, right for a negative count, as GNU cpp's num_lshift and num_rshift do. */
function shift(a: Value, count: bigint): Value {
  if (count >= 64n) return wrap(0n, a.unsigned);
  if (count <= -64n) return wrap(!a.unsigned && a.bits < 0n ? -1n : 0n, a.unsigned);
  return wrap(count >= 0n ? a.bits << count : a.bits >> -count, a.unsigned);
}

function numberValue(spelling: string): Value {
  const match = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)([uUlL]*)$/.exec(spelling);
  const digits = match?.[1];
  const suffix = (match?.[2] ?? '').toLowerCase();
  if (digits === undefined || !['', 'u', 'l', 'ul', 'lu', 'll', 'ull', 'llu'].includes(suffix)) {
    throw new Malformed(`'${spelling}' is no integer constant in #if`);
  }
  if (/^0[0-9]+$/.test(digits) && /[89]/.test(digits)) throw new Malformed(`invalid digit in octal constant ${digits}`);
  const bits = BigInt(/^0[0-9]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const decimal = !digits.startsWith('0');
  // C11 6.4.4.1: a constant too large for intmax_t is unsigned (GNU cpp also for decimal ones, with a warning).
  return wrap(bits, suffix.includes('u') || bits > 0x7fff_ffff_ffff_ffffn || (decimal && bits > 0x7fff_ffff_ffff_ffffn));
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, e: 27, f: 12, n: 10, r: 13, t: 9, v: 11 };

function charValue(spelling: string): Value {
  const body = spelling.slice(spelling.indexOf("'") + 1, -1);
  const units: number[] = [];
  for (let i = 0; i < body.length; i++) {
    if (body[i] !== '\\') {
      units.push(...new TextEncoder().encode(body[i]));
      continue;
    }
    const escape = /^\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|(.))/.exec(body.slice(i));
    if (escape === null) throw new Malformed(`bad character constant ${spelling}`);
    const [all, hex, octal, letter = ''] = escape;
    units.push(
      hex !== undefined
        ? parseInt(hex, 16) & 255
        : octal !== undefined
          ? parseInt(octal, 8) & 255
          : (escapes[letter] ?? letter.charCodeAt(0)),
    );
    i += all.length - 1;
  }
  if (units.length === 0) throw new Malformed('empty character constant');
  let bits = 0n;
  for (const unit of units) bits = (bits << 8n) | BigInt(unit);
  // A single char is signed on x86; several make an int.
  return wrap(units.length === 1 ? BigInt.asIntN(8, bits) : BigInt.asIntN(32, bits), false);
}
