// Works out integer constants and sizes from the tokens of a unit, as far as kernel/bounds.c needs; knows nothing of the parser above.

import { Token } from '../token-kind.ts';
import type { TokenStream } from '../token-stream.ts';

/** Thrown and caught in this file only: not a constant that we understand. */
class NotConstant extends Error {}

const scalarSizes: Readonly<Record<string, number>> = {
  char: 1,
  _Bool: 1,
  short: 2,
  int: 4,
  long: 8,
  float: 4,
  double: 8,
  void: 1,
  enum: 4,
};
const qualifiers = new Set([
  'const',
  'volatile',
  'unsigned',
  'signed',
  '__signed__',
  '__volatile__',
  'restrict',
  '__restrict',
  '__extension__',
  'typedef',
  'static',
  'extern',
]);

interface Size {
  readonly size: number;
  readonly align: number;
  /** Token after the type. */
  readonly end: number;
}

/** Reads constants out of one stream; searches the whole stream for the declarations it meets by name. */
export class ConstantReader {
  private readonly tokens: TokenStream;
  private readonly enumerators = new Map<number, bigint | undefined>();
  private at = 0;

  constructor(tokens: TokenStream) {
    this.tokens = tokens;
  }

  /** Value of the expression in the parentheses that open at token `open`; undefined when it is none we understand. */
  parenthesised(open: number): bigint | undefined {
    const before = this.at;
    try {
      this.at = open;
      return this.unary(true);
    } catch (error) {
      if (error instanceof NotConstant) return undefined;
      throw error;
    } finally {
      this.at = before;
    }
  }

  private conditional(live: boolean): bigint {
    const condition = this.binary(0, live);
    if (!this.take('?')) return condition;
    const yes = this.conditional(live && condition !== 0n);
    this.expect(':');
    const no = this.conditional(live && condition === 0n);
    return condition !== 0n ? yes : no;
  }

  private static readonly levels: readonly (readonly string[])[] = [
    ['||'],
    ['&&'],
    ['|'],
    ['^'],
    ['&'],
    ['==', '!='],
    ['<', '>', '<=', '>='],
    ['<<', '>>'],
    ['+', '-'],
    ['*', '/', '%'],
  ];

  private binary(level: number, live: boolean): bigint {
    const operators = ConstantReader.levels[level];
    if (operators === undefined) return this.unary(live);
    let left = this.binary(level + 1, live);
    for (;;) {
      const operator = this.spelling();
      if (!operators.includes(operator)) return left;
      this.at++;
      const skip = (operator === '||' && left !== 0n) || (operator === '&&' && left === 0n);
      left = apply(operator, left, this.binary(level + 1, live && !skip), live && !skip);
    }
  }

  private unary(live: boolean): bigint {
    const kind = this.tokens.kind[this.at] ?? 0;
    const text = this.spelling();
    switch (text) {
      case '+':
      case '-':
      case '~':
      case '!': {
        this.at++;
        const value = this.unary(live);
        return text === '-' ? -value : text === '~' ? ~value : text === '!' ? BigInt(value === 0n) : value;
      }
      case '(': {
        this.at++;
        if (this.startsType()) {
          while (this.spelling() !== ')' && this.at < this.tokens.length) this.at++;
          this.at++;
          return this.unary(live);
        }
        const value = this.conditional(live);
        this.expect(')');
        return value;
      }
      case 'sizeof': {
        this.at++;
        this.expect('(');
        if (!live) {
          this.skipped();
          this.expect(')');
          return 0n;
        }
        const type = this.type(this.at);
        this.at = type.end;
        this.expect(')');
        return BigInt(type.size);
      }
      default:
    }
    if (kind === Token.Number) {
      this.at++;
      const digits = /^(0[xX][0-9a-fA-F]+|\d+)[uUlL]*$/.exec(text)?.[1];
      if (digits === undefined) throw new NotConstant(text);
      return BigInt(/^0\d+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
    }
    if (kind !== Token.Identifier) throw new NotConstant(text);
    this.at++;
    return this.spelling() === '(' ? this.call(text, live) : this.enumerator(this.tokens.id[this.at - 1] ?? 0, live);
  }

  private call(name: string, live: boolean): bigint {
    this.expect('(');
    const value = name === '__builtin_constant_p' || !live ? this.skipped() : this.conditional(live);
    this.expect(')');
    if (name === '__builtin_constant_p') return 1n;
    if (!live) return 0n;
    const bits = BigInt.asUintN(64, value).toString(2).length;
    if (name === '__builtin_clzll' || name === '__builtin_clzl') return BigInt(64 - bits);
    if (name === '__builtin_clz') return BigInt(32 - bits);
    throw new NotConstant(`call of ${name}`);
  }

  /** Skips to the parenthesis that closes the current one. */
  private skipped(): bigint {
    for (let depth = 0; this.at < this.tokens.length; this.at++) {
      const kind = this.tokens.kind[this.at];
      if (kind === Token.LParen) depth++;
      else if (kind === Token.RParen && depth-- === 0) break;
    }
    return 0n;
  }

  /** Value of an enumerator: its enum is searched in the stream and counted through. */
  private enumerator(id: number, live: boolean): bigint {
    if (!this.enumerators.has(id)) this.findEnumerator(id);
    const value = this.enumerators.get(id);
    if (value === undefined && live) throw new NotConstant(this.tokens.interner.text(id));
    return value ?? 0n;
  }

  private findEnumerator(id: number): void {
    const { tokens } = this;
    this.enumerators.set(id, undefined);
    for (let i = 1; i < tokens.length; i++) {
      if (tokens.id[i] !== id || (tokens.kind[i - 1] !== Token.Comma && tokens.kind[i - 1] !== Token.LBrace)) continue;
      const after = tokens.kind[i + 1];
      if (after !== Token.Comma && after !== Token.RBrace && after !== Token.Assign) continue;
      let open = i - 1;
      while (open > 0 && tokens.kind[open] !== Token.LBrace) open--;
      if (tokens.spelling(open - 1) !== 'enum' && tokens.spelling(open - 2) !== 'enum') continue;
      this.countEnum(open);
      return;
    }
  }

  private countEnum(open: number): void {
    const { tokens } = this;
    const before = this.at;
    let value = -1n;
    this.at = open;
    do {
      this.at++;
      if (tokens.kind[this.at] !== Token.Identifier) break;
      const id = tokens.id[this.at] ?? 0;
      this.at++;
      value = this.take('=') ? this.conditional(true) : value + 1n;
      this.enumerators.set(id, value);
    } while (tokens.kind[this.at] === Token.Comma);
    this.at = before;
  }

  private startsType(): boolean {
    const text = this.spelling();
    return text in scalarSizes || qualifiers.has(text) || text === 'struct' || text === 'union' || /^(u|s|__u|__s)(8|16|32|64)$/.test(text);
  }

  /** Size of the type that starts at token `start`, without declarators. Attributes are skipped: no type here is packed. */
  private type(start: number): Size {
    const { tokens } = this;
    let i = start;
    let size = 0;
    for (; tokens.kind[i] === Token.Identifier; i++) {
      const text = tokens.spelling(i);
      if (text === 'struct' || text === 'union') return this.record(i, text);
      if (text === '__attribute__') i = this.closing(i + 1);
      else if (qualifiers.has(text)) size = size === 0 && /signed/.test(text) ? -4 : size;
      else if (text in scalarSizes) size = size > 0 && text === 'int' ? size : (scalarSizes[text] ?? 4);
      else if (size === 0) return { ...this.typedefSize(tokens.id[i] ?? 0), end: this.pointers(i + 1) };
      else break;
    }
    if (size === 0) throw new NotConstant(tokens.text(start, start + 3));
    const scalar = Math.abs(size);
    const end = this.pointers(i);
    return end > i ? { size: 8, align: 8, end } : { size: scalar, align: scalar, end };
  }

  private pointers(from: number): number {
    let i = from;
    while (this.tokens.kind[i] === Token.Star) i++;
    return i;
  }

  private record(start: number, keyword: string): Size {
    const { tokens } = this;
    let i = start + 1;
    while (tokens.spelling(i) === '__attribute__') i = this.closing(i + 1) + 1;
    const tag = tokens.kind[i] === Token.Identifier ? (tokens.id[i++] ?? -1) : -1;
    if (tokens.kind[i] === Token.LBrace) return this.body(i, keyword);
    if (this.pointers(i) > i) return { size: 8, align: 8, end: this.pointers(i) };
    for (let j = 1; j < tokens.length; j++) {
      if (tokens.id[j] === tag && tokens.kind[j + 1] === Token.LBrace && tokens.spelling(j - 1) === keyword) {
        return { ...this.body(j + 1, keyword), end: i };
      }
    }
    throw new NotConstant(`${keyword} ${tokens.spelling(i - 1)}`);
  }

  private body(open: number, keyword: string): Size {
    const { tokens } = this;
    let size = 0;
    let align = 1;
    let i = open + 1;
    while (tokens.kind[i] !== Token.RBrace && i < tokens.length) {
      const member = this.type(i);
      i = member.end;
      do {
        if (tokens.kind[i] === Token.Comma) i++;
        let own = member;
        const pointers = this.pointers(i);
        // A pointer, or a pointer to a function.
        if (pointers > i || tokens.kind[i] === Token.LParen) own = { size: 8, align: 8, end: pointers };
        i = pointers;
        let count = 1;
        while (tokens.kind[i] !== Token.Semicolon && tokens.kind[i] !== Token.Comma && i < tokens.length) {
          if (tokens.kind[i] === Token.Colon) throw new NotConstant('a bit-field');
          if (tokens.kind[i] === Token.LBracket) {
            this.at = i + 1;
            count *= tokens.kind[this.at] === Token.RBracket ? 0 : Number(this.conditional(true));
            i = this.at;
          } else if (tokens.kind[i] === Token.LParen) i = this.closing(i);
          i++;
        }
        align = Math.max(align, own.align);
        size = keyword === 'union' ? Math.max(size, own.size * count) : Math.ceil(size / own.align) * own.align + own.size * count;
      } while (tokens.kind[i] === Token.Comma);
      i++;
    }
    return { size: Math.ceil(size / align) * align, align, end: i + 1 };
  }

  /** Size of a typedef's type: the declaration that ends in `name ;`. */
  private typedefSize(id: number): Size {
    const { tokens } = this;
    for (let i = 1; i < tokens.length; i++) {
      if (tokens.id[i] !== id || tokens.kind[i + 1] !== Token.Semicolon) continue;
      let start = i - 1;
      for (let depth = 0; start > 0; start--) {
        const kind = tokens.kind[start];
        if (kind === Token.RBrace) depth++;
        else if (kind === Token.LBrace) depth--;
        else if (kind === Token.Semicolon && depth === 0) break;
        else if (depth === 0 && tokens.spelling(start) === 'typedef') {
          return this.type(start + 1);
        }
      }
    }
    throw new NotConstant(tokens.interner.text(id));
  }

  /** Index of the parenthesis that closes the one at `open`. */
  private closing(open: number): number {
    let depth = 0;
    for (let i = open; i < this.tokens.length; i++) {
      if (this.tokens.kind[i] === Token.LParen) depth++;
      else if (this.tokens.kind[i] === Token.RParen && --depth === 0) return i;
    }
    return this.tokens.length;
  }

  private spelling(): string {
    return this.tokens.spelling(this.at);
  }

  private take(text: string): boolean {
    if (this.spelling() !== text) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw new NotConstant(`${text} expected, not ${this.spelling()}`);
  }
}

function apply(operator: string, a: bigint, b: bigint, live: boolean): bigint {
  switch (operator) {
    case '||':
      return BigInt(a !== 0n || b !== 0n);
    case '&&':
      return BigInt(a !== 0n && b !== 0n);
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&':
      return a & b;
    case '==':
      return BigInt(a === b);
    case '!=':
      return BigInt(a !== b);
    case '<':
      return BigInt(a < b);
    case '>':
      return BigInt(a > b);
    case '<=':
      return BigInt(a <= b);
    case '>=':
      return BigInt(a >= b);
    case '<<':
      return a << BigInt.asUintN(6, b);
    case '>>':
      return a >> BigInt.asUintN(6, b);
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      if (b === 0n) {
        if (live) throw new NotConstant('division by zero');
        return 0n;
      }
      return operator === '/' ? a / b : a % b;
  }
}
