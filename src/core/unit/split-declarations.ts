// Splits a unit's tokens into top-level declarations and indexes the names they declare, without parsing them.

import type { UnitPrefix } from '../preprocessor/preprocess.ts';
import { Token } from '../preprocessor/token-kind.ts';
import type { TokenStream } from '../preprocessor/token-stream.ts';
import { DeclarationIndex, Flag } from './declaration-index.ts';
import { Word, wordsOf } from './words.ts';

/** Indexes of include blocks, kept as long as the preprocessor keeps their tokens. */
const prefixes = new WeakMap<object, { readonly index: DeclarationIndex; readonly end: number }>();

/** Index of a unit. The part that `prefix` covers is worked out once for all units that share it. */
export function indexDeclarations(tokens: TokenStream, prefix: UnitPrefix | undefined): DeclarationIndex {
  if (prefix === undefined || prefix.tokens === 0) return new Splitter(tokens, 0, tokens.length, new DeclarationIndex()).run();
  let known = prefixes.get(prefix.identity);
  if (known === undefined) {
    const end = lastDeclarationEnd(tokens, prefix.tokens);
    known = { index: new Splitter(tokens, 0, end, new DeclarationIndex()).run(), end };
    prefixes.set(prefix.identity, known);
  }
  return new Splitter(tokens, known.end, tokens.length, new DeclarationIndex(known.index)).run();
}

/** Token behind the last `;` before `limit` that stands outside of all brackets: no declaration goes on across it. */
function lastDeclarationEnd(tokens: TokenStream, limit: number): number {
  let balance = 0;
  for (let i = limit - 1; i >= 0; i--) {
    const kind = tokens.kind[i] ?? 0;
    if (kind === Token.Semicolon && balance === 0) return i + 1;
    if (kind < Token.LParen || kind > Token.RBracket) continue;
    // Closing kinds are odd. An opening one without its partner: the limit lies inside that group.
    if ((kind & 1) === 1) balance++;
    else balance = Math.max(0, balance - 1);
  }
  return 0;
}

class Splitter {
  private readonly kind: Uint8Array;
  private readonly id: Int32Array;
  private readonly codes: Uint8Array;
  private readonly length: number;
  private readonly index: DeclarationIndex;
  private i: number;
  private nesting = 0;

  constructor(tokens: TokenStream, from: number, to: number, index: DeclarationIndex) {
    this.kind = tokens.kind;
    this.id = tokens.id;
    this.codes = wordsOf(tokens.interner).codes;
    this.i = from;
    this.length = to;
    this.index = index;
  }

  run(): DeclarationIndex {
    while (this.i < this.length) {
      const kind = this.kind[this.i];
      if (kind === Token.Semicolon) this.i++;
      else if (kind === Token.Pragma) this.index.pragmas.push(this.i++);
      else if (kind === Token.Identifier) this.declaration();
      else this.lost('expected a declaration');
    }
    return this.index;
  }

  private lost(reason: string): void {
    this.index.problems.push({ at: this.i, reason });
    const kind = this.kind[this.i];
    if (kind === Token.LBrace || kind === Token.LParen || kind === Token.LBracket) this.skipGroup();
    else this.i++;
  }

  private word(at: number): number {
    const id = this.id[at] ?? 0;
    return id < this.codes.length ? (this.codes[id] ?? 0) : 0;
  }

  /** Past the group that opens at `i`, whatever is inside. */
  private skipGroup(): void {
    const kind = this.kind;
    const length = this.length;
    let depth = 0;
    let i = this.i;
    for (; i < length; i++) {
      const k = kind[i] ?? 0;
      if (k > Token.RBracket || k < Token.LParen) continue;
      // Opening kinds are even (16, 18, 20), closing ones odd.
      if ((k & 1) === 0) depth++;
      else if (--depth === 0) {
        i++;
        break;
      }
    }
    this.i = i;
  }

  private skipOptionalGroup(): void {
    if (this.kind[this.i] === Token.LParen) this.skipGroup();
  }

  private declaration(): void {
    const start = this.i;
    const first = this.word(start);
    if (first === Word.StaticAssert || first === Word.Asm) {
      if (first === Word.StaticAssert) this.index.asserts.push(start);
      this.i++;
      while (this.kind[this.i] === Token.Identifier) this.i++;
      this.skipOptionalGroup();
      return;
    }
    const flags = this.specifiers();
    for (;;) {
      if (this.i >= this.length) {
        this.index.problems.push({ at: start, reason: 'declaration without an end' });
        return;
      }
      const kind = this.kind[this.i];
      if (kind === Token.Semicolon) {
        this.i++;
        return;
      }
      if (kind === Token.Comma) this.i++;
      else if (this.declarator(start, flags)) return;
    }
  }

  /** Storage, qualifiers, attributes and the type; nested tags and enumerators are indexed on the way. */
  private specifiers(): number {
    let flags = 0;
    let sawType = false;
    for (;;) {
      if (this.kind[this.i] !== Token.Identifier) return flags;
      switch (this.word(this.i)) {
        case Word.None:
          if (sawType) return flags;
          sawType = true;
          this.i++;
          break;
        case Word.Typedef:
          flags |= Flag.Typedef;
          this.i++;
          break;
        case Word.Extern:
          flags |= Flag.Extern;
          this.i++;
          break;
        case Word.Static:
          flags |= Flag.Static;
          this.i++;
          break;
        case Word.Inline:
          flags |= Flag.Inline;
          this.i++;
          break;
        case Word.Struct:
        case Word.Union:
        case Word.Enum:
          sawType = true;
          this.tag();
          break;
        case Word.Typeof:
        case Word.TypeofUnqual:
          sawType = true;
          this.i++;
          this.skipOptionalGroup();
          break;
        case Word.Attribute:
        case Word.Alignas:
        case Word.Atomic:
          this.i++;
          this.skipOptionalGroup();
          break;
        case Word.Const:
        case Word.Volatile:
        case Word.Restrict:
        case Word.SegGs:
        case Word.Auto:
        case Word.Register:
        case Word.Noreturn:
        case Word.ThreadLocal:
        case Word.Extension:
          this.i++;
          break;
        default:
          if (this.word(this.i) >= Word.FirstOther) return flags;
          sawType = true;
          this.i++;
      }
    }
  }

  /** At `struct`, `union` or `enum`: indexes the tag when it is defined here, and what its body defines. */
  private tag(): void {
    const keyword = this.i;
    const isEnum = this.word(keyword) === Word.Enum;
    this.i++;
    while (this.word(this.i) === Word.Attribute) {
      this.i++;
      this.skipOptionalGroup();
    }
    let name = -1;
    if (this.kind[this.i] === Token.Identifier) name = this.id[this.i++] ?? -1;
    if (this.kind[this.i] !== Token.LBrace) return;
    if (name >= 0) this.index.addTag(name, keyword);
    if (isEnum) {
      this.enumerators(keyword);
      return;
    }
    // Deeper nesting than any program has is skipped: its tags are unknown then.
    if (++this.nesting > 200) this.skipGroup();
    else this.members();
    this.nesting--;
  }

  private enumerators(keyword: number): void {
    let depth = 0;
    let expectName = true;
    for (; this.i < this.length; this.i++) {
      const k = this.kind[this.i] ?? 0;
      if (k === Token.Identifier && depth === 1 && expectName) {
        this.index.add(this.id[this.i] ?? 0, keyword, this.i, Flag.Enumerator);
        expectName = false;
      } else if (k === Token.Comma && depth === 1) {
        expectName = true;
      } else if (k >= Token.LParen && k <= Token.RBracket) {
        if ((k & 1) === 0) depth++;
        else if (--depth === 0) {
          this.i++;
          return;
        }
      }
    }
  }

  /** Body of a struct or union: only nested definitions matter. */
  private members(): void {
    let depth = 0;
    while (this.i < this.length) {
      const k = this.kind[this.i] ?? 0;
      if (k === Token.Identifier) {
        const word = this.word(this.i);
        if (word >= Word.Struct && word <= Word.Enum) this.tag();
        else this.i++;
        continue;
      }
      this.i++;
      if (k < Token.LParen || k > Token.RBracket) continue;
      if ((k & 1) === 0) depth++;
      else if (--depth === 0) return;
    }
  }

  /** One declarator with what follows it. True when a function body ended the declaration. */
  private declarator(start: number, flags: number): boolean {
    let depth = 0;
    let pointer = false;
    let name = -1;
    scan: for (;;) {
      switch (this.kind[this.i]) {
        case Token.Star:
          if (depth > 0) pointer = true;
          this.i++;
          break;
        case Token.LParen:
          depth++;
          this.i++;
          break;
        case Token.Identifier: {
          const word = this.word(this.i);
          if (word === Word.Attribute || word === Word.Alignas || word === Word.Typeof || word === Word.Atomic) {
            this.i++;
            this.skipOptionalGroup();
            break;
          }
          if (word === Word.None) {
            name = this.i++;
            break scan;
          }
          this.i++;
          break;
        }
        default:
          break scan;
      }
    }
    if (name < 0) {
      this.lost('declaration without a name');
      this.toEnd();
      return true;
    }
    let isFunction = this.kind[this.i] === Token.LParen;
    while (depth > 0 && this.i < this.length) {
      const k = this.kind[this.i] ?? 0;
      if (k === Token.LParen || k === Token.LBracket || k === Token.LBrace) this.skipGroup();
      else {
        this.i++;
        if (k === Token.RParen) depth--;
      }
      if (depth === 0 && !pointer && this.kind[this.i] === Token.LParen) isFunction = true;
    }
    return this.afterDeclarator(start, name, flags | (isFunction ? Flag.Function : 0));
  }

  private afterDeclarator(start: number, name: number, flags: number): boolean {
    const id = this.id[name] ?? 0;
    while (this.i < this.length) {
      const k = this.kind[this.i] ?? 0;
      if (k === Token.Semicolon || k === Token.Comma) {
        this.index.add(id, start, name, flags);
        return false;
      }
      if (k === Token.LBrace) {
        this.index.add(id, start, name, flags | Flag.Body);
        this.skipGroup();
        return true;
      }
      if (k === Token.Assign) {
        this.index.add(id, start, name, flags | Flag.Body);
        this.skipInitialiser();
        return false;
      }
      if (k === Token.LParen || k === Token.LBracket) this.skipGroup();
      else this.i++;
    }
    this.index.add(id, start, name, flags);
    return true;
  }

  private skipInitialiser(): void {
    while (this.i < this.length) {
      const k = this.kind[this.i] ?? 0;
      if (k === Token.Semicolon || k === Token.Comma) return;
      if (k === Token.LParen || k === Token.LBracket || k === Token.LBrace) this.skipGroup();
      else this.i++;
    }
  }

  /** After an unknown construct: behind the next `;` or body at depth 0. */
  private toEnd(): void {
    while (this.i < this.length) {
      const k = this.kind[this.i] ?? 0;
      if (k === Token.Semicolon) {
        this.i++;
        return;
      }
      if (k === Token.LBrace) {
        this.skipGroup();
        if (this.kind[this.i] !== Token.Semicolon) return;
      } else if (k === Token.LParen || k === Token.LBracket) this.skipGroup();
      else this.i++;
    }
  }
}
