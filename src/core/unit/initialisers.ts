// Initialisers (C11 6.7.9) flattened to stores at byte offsets: designators, ranges, brace elision, strings, flexible members.

import { fieldsOf, findField, sizeOf } from '../ctype/layout.ts';
import { describeType } from '../ctype/print.ts';
import type { ArrayType, BitRange, CType, Field } from '../ctype/types.ts';
import { unqualified } from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import type { Expr, InitItem, Initialiser } from './ast.ts';
import type { StringPlace } from './ast-places.ts';
import { assignable, isPlace, rvalue } from './convert.ts';
import type { Node, Parser } from './parser.ts';

/** At the initialiser behind `=`, or at the braces of a compound literal. `type` comes back with its length when it had none. */
export function parseInitialiser(p: Parser, type: CType): { initialiser: Initialiser; type: CType } {
  const builder = new Builder(p);
  const at = p.i;
  if (type.kind === 'array') {
    const length = builder.array(type, at);
    const complete: CType = type.length === undefined && type.sizeLocal === undefined ? { ...type, length } : type;
    const size = sizeOf(complete) ?? p.refuse(`initialiser of ${describeType(complete)}`, at);
    return { initialiser: { size: Math.max(size, builder.end), zero: true, items: builder.items }, type: complete };
  }
  if (p.kind[p.i] === Token.LBrace) {
    builder.braced(type, 0, undefined);
  } else {
    const value = assignable(p, p.grammar.assignment(p), unqualified(type), at);
    builder.items.push({ offset: 0, bits: undefined, type: unqualified(type), value });
  }
  const size = sizeOf(type) ?? p.refuse(`initialiser of incomplete ${describeType(type)}`, at);
  const zero =
    type.kind === 'record' && !(builder.items.length === 1 && builder.items[0]?.type.kind === 'record' && builder.items[0].offset === 0);
  return { initialiser: { size: Math.max(size, builder.end), zero, items: builder.items }, type };
}

/** One member or element that an initialiser goes to. */
interface Slot {
  readonly type: CType;
  readonly offset: number;
  readonly bits: BitRange | undefined;
}

class Builder {
  readonly items: InitItem[] = [];
  /** End of the bytes reached, beyond the type's size when a flexible member is initialised. */
  end = 0;
  private readonly p: Parser;
  /** An expression already parsed that belongs to the next leaf (brace elision). */
  private pending: Node | undefined = undefined;
  private highest = -1;

  constructor(p: Parser) {
    this.p = p;
  }

  /** An array with its outermost initialiser; gives the number of elements reached. */
  array(type: ArrayType, at: number): number {
    const p = this.p;
    const text = this.stringAhead(type);
    if (text !== undefined) return this.storeString(type, 0, text);
    if (p.kind[p.i] === Token.LBrace) return this.braced(type, 0, undefined);
    // GNU: an array may be initialised by a compound literal of its type.
    const node = p.grammar.assignment(p);
    const source = node.kind === 'literal' ? node.initialiser : node.kind === 'object' ? node.object.initialiser : undefined;
    if (source === undefined || node.type.kind !== 'array') return p.refuse('array initialised by an expression', at);
    for (const item of source.items) this.items.push(item);
    return node.type.length ?? 0;
  }

  /** At `{`: the whole object in braces. Gives the number of array elements reached. */
  braced(type: CType, offset: number, bits: BitRange | undefined): number {
    const p = this.p;
    p.enter();
    p.expect(Token.LBrace);
    let reached = 0;
    if (type.kind === 'array' || type.kind === 'record') {
      const text = type.kind === 'array' ? this.stringAhead(type) : undefined;
      if (text !== undefined && type.kind === 'array') {
        reached = this.storeString(type, offset, text);
        p.accept(Token.Comma);
      } else {
        reached = this.elements(type, offset, 0, true);
      }
    } else if (p.kind[p.i] !== Token.RBrace) {
      this.element({ type, offset, bits });
      p.accept(Token.Comma);
    }
    p.expect(Token.RBrace);
    p.leave();
    return reached;
  }

  /** Members from number `from` on: to the closing brace, or as many as the type takes. Gives the highest number + 1. */
  private elements(type: CType, offset: number, from: number, isBraced: boolean): number {
    const p = this.p;
    let next = from;
    let reached = 0;
    for (;;) {
      if (isBraced && p.kind[p.i] === Token.RBrace) return reached;
      if (this.pending === undefined && this.atDesignator(type)) {
        if (!isBraced) return reached;
        next = this.designated(type, offset);
      } else {
        const slot = this.slot(type, offset, next);
        if (slot === undefined) {
          if (!isBraced) return reached;
          return p.refuse(`more initialisers than ${describeType(type)} has members`);
        }
        this.element(slot);
        next = type.kind === 'record' && type.record.keyword === 'union' ? Infinity : next + 1;
      }
      if (next !== Infinity) reached = Math.max(reached, next);
      if (isBraced) {
        if (!p.accept(Token.Comma)) return reached;
        continue;
      }
      if (this.slot(type, offset, next) === undefined || p.kind[p.i] !== Token.Comma) return reached;
      if (p.kind[p.i + 1] === Token.RBrace) return reached;
      p.i++;
      if (this.atDesignator(type) || p.kind[p.i] === Token.Dot || p.kind[p.i] === Token.LBracket) {
        p.i--;
        return reached;
      }
    }
  }

  private atDesignator(type: CType): boolean {
    const p = this.p;
    const kind = p.kind[p.i];
    if (kind === Token.Dot || kind === Token.LBracket) return true;
    return kind === Token.Identifier && p.kind[p.i + 1] === Token.Colon && type.kind === 'record';
  }

  /** A designator list and its initialiser; the number of the member behind the outermost one. */
  private designated(type: CType, offset: number): number {
    const p = this.p;
    const at = p.i;
    if (type.kind === 'array') {
      p.expect(Token.LBracket);
      const first = this.index();
      const last = p.accept(Token.Ellipsis) ? this.index() : first;
      p.expect(Token.RBracket);
      const slot = this.slot(type, offset, first);
      const size = sizeOf(type.element);
      if (slot === undefined || size === undefined || last < first || this.slot(type, offset, last) === undefined) {
        return p.refuse('array designator outside of the array', at);
      }
      const whole = p.kind[p.i] !== Token.Dot && p.kind[p.i] !== Token.LBracket;
      if (whole && this.highest >= slot.offset) this.forget(slot.offset * 8, (slot.offset + size * (last - first + 1)) * 8);
      const mark = this.items.length;
      this.behindDesignator(slot);
      this.repeat(mark, last - first, size);
      return last + 1;
    }
    if (type.kind !== 'record') return p.refuse('designator for something without members', at);
    const old = p.kind[p.i] === Token.Identifier;
    if (!old) p.expect(Token.Dot);
    const name = p.text(p.name());
    if (old) p.expect(Token.Colon);
    const found = findField(type.record, name);
    if (found === undefined) return p.refuse(`${describeType(type)} has no member '${name}'`, at);
    const slot: Slot = { type: found.field.type, offset: offset + found.offset, bits: found.field.bits };
    if (old) this.fresh(slot);
    else this.behindDesignator(slot);
    return type.record.keyword === 'union' ? Infinity : this.numberBehind(type.record.keyword, fieldsOf(type.record), name);
  }

  /** Behind one designator: more designators, or `=` and the initialiser. */
  private behindDesignator(slot: Slot): void {
    const p = this.p;
    if (p.kind[p.i] === Token.Dot || p.kind[p.i] === Token.LBracket) {
      const next = this.designated(slot.type, slot.offset);
      // C11 6.7.9p17: what follows goes on behind the designated subobject, inside its own aggregate.
      if (next !== Infinity && p.kind[p.i] === Token.Comma && this.slot(slot.type, slot.offset, next) !== undefined) {
        const after = p.kind[p.i + 1];
        if (after === Token.RBrace || after === Token.Dot || after === Token.LBracket) return;
        p.i++;
        this.elements(slot.type, slot.offset, next, false);
      }
      return;
    }
    p.accept(Token.Assign);
    this.fresh(slot);
  }

  /** A designated member starts anew: what earlier initialisers stored there is gone. */
  private fresh(slot: Slot): void {
    if (this.highest >= slot.offset) {
      const start = slot.offset * 8 + (slot.bits?.shift ?? 0);
      this.forget(start, start + (slot.bits?.width ?? (sizeOf(slot.type) ?? 0) * 8));
    }
    this.element(slot);
  }

  private forget(startBit: number, endBit: number): void {
    for (let i = this.items.length - 1; i >= 0; i--) {
      const item = this.items[i];
      if (item === undefined) continue;
      const start = item.offset * 8 + (item.bits?.shift ?? 0);
      const end = start + (item.bits?.width ?? (sizeOf(item.type) ?? 0) * 8);
      if (start >= startBit && end <= endBit) this.items.splice(i, 1);
    }
  }

  private index(): number {
    const value = rvalue(this.p.grammar.conditional(this.p));
    if (value.kind !== 'int' || value.value < 0n) return this.p.refuse('array designator is not constant', value.at);
    return Number(value.value);
  }

  private repeat(mark: number, times: number, size: number): void {
    const block = this.items.slice(mark);
    if (times * block.length > 1_000_000) this.p.refuse('initialiser of more than a million elements');
    for (let n = 1; n <= times; n++) {
      for (const item of block) this.push({ ...item, offset: item.offset + n * size });
    }
  }

  /** Number behind the member that `name` is, or that holds it anonymously. */
  private numberBehind(keyword: 'struct' | 'union', fields: readonly Field[], name: string): number {
    const direct = fields.findIndex((field) => field.name === name);
    if (direct >= 0) return direct + 1;
    const through = fields.findIndex(
      (field) => field.name === undefined && field.type.kind === 'record' && findField(field.type.record, name) !== undefined,
    );
    return keyword === 'union' || through < 0 ? Infinity : through + 1;
  }

  /** Member number `n`, undefined behind the last one. */
  private slot(type: CType, offset: number, n: number): Slot | undefined {
    if (type.kind === 'array') {
      const size = sizeOf(type.element);
      if (size === undefined || (type.length !== undefined && n >= type.length)) return undefined;
      return { type: type.element, offset: offset + n * size, bits: undefined };
    }
    if (type.kind !== 'record') return undefined;
    const field = fieldsOf(type.record)[n];
    return field === undefined ? undefined : { type: field.type, offset: offset + field.offset, bits: field.bits };
  }

  /** Initialises one member: in braces, by a string, by a record value, by a scalar, or by the values that follow. */
  private element(slot: Slot): void {
    const p = this.p;
    const { type, offset } = slot;
    if (this.pending === undefined && p.kind[p.i] === Token.LBrace) {
      this.braced(type, offset, slot.bits);
      return;
    }
    if (type.kind !== 'array' && type.kind !== 'record') {
      const at = p.i;
      const value = this.takePending() ?? p.grammar.assignment(p);
      this.push({ offset, bits: slot.bits, type: unqualified(type), value: assignable(p, value, unqualified(type), at) });
      return;
    }
    if (type.kind === 'array') {
      const text = this.pending === undefined ? this.stringAhead(type) : this.pendingString(type);
      if (text !== undefined) {
        this.pending = undefined;
        this.storeString(type, offset, text);
        return;
      }
    }
    const node = this.takePending() ?? p.grammar.assignment(p);
    if (type.kind === 'record' && node.type.kind === 'record' && node.type.record === type.record) {
      this.push({ offset, bits: undefined, type: unqualified(type), value: rvalue(node) });
      return;
    }
    this.pending = node;
    this.elements(type, offset, 0, false);
    if (this.pending !== undefined) p.refuse(`initialiser for the empty ${describeType(type)}`);
  }

  private takePending(): Node | undefined {
    const node = this.pending;
    this.pending = undefined;
    return node;
  }

  private push(item: InitItem): void {
    this.items.push(item);
    if (item.offset > this.highest) this.highest = item.offset;
    this.end = Math.max(this.end, item.offset + (item.bits === undefined ? (sizeOf(item.type) ?? 0) : 1));
  }

  /** At a string literal (perhaps in parentheses) that initialises a character array as a whole. */
  private stringAhead(type: ArrayType): StringPlace | undefined {
    const p = this.p;
    if (type.element.kind !== 'int') return undefined;
    let i = p.i;
    while (p.kind[i] === Token.LParen) i++;
    if (p.kind[i] !== Token.String) return undefined;
    const start = p.i;
    const node = p.grammar.assignment(p);
    if (isPlace(node) && node.kind === 'string' && fitsString(type, node)) return node;
    p.i = start;
    return undefined;
  }

  private pendingString(type: ArrayType): StringPlace | undefined {
    const node = this.pending;
    return node?.kind === 'string' && fitsString(type, node) ? node : undefined;
  }

  /** Copies a string; gives the array's number of elements when it has no length of its own. */
  private storeString(type: ArrayType, offset: number, text: StringPlace): number {
    const element = sizeOf(type.element) ?? 1;
    const length = type.length ?? text.bytes.length / element;
    const value: Expr = { kind: 'load', place: text, type: text.type, at: text.at };
    this.push({ offset, bits: undefined, type: { ...type, length }, value });
    return length;
  }
}

function fitsString(type: ArrayType, text: StringPlace): boolean {
  return type.element.kind === 'int' && text.type.element.kind === 'int' && type.element.size === text.type.element.size;
}
