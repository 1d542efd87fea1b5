// struct, union and enum specifiers (C11 6.7.2.1, 6.7.2.2). At file scope a body is read over and laid out when first asked for.

import type { DeclaredField } from '../ctype/layout.ts';
import { isComplete, layOut, sizeOf } from '../ctype/layout.ts';
import type { CType, EnumInfo, EnumMember, IntType, RecordInfo, RecordType } from '../ctype/types.ts';
import { INT, LONG, SCHAR, SHORT, UCHAR, UINT, ULONG, USHORT, recordType } from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import { parseAttributes, parseMoreAttributes, skipAttributes } from './attributes.ts';
import { rvalue } from './convert.ts';
import { parseDeclarator } from './declarators.ts';
import type { EnumTag, Parser } from './parser.ts';
import { attributedType, parseSpecifiers } from './specifiers.ts';
import { Word } from './words.ts';

/** Behind `struct` or `union`. */
export function recordSpecifier(p: Parser, keyword: 'struct' | 'union'): RecordType {
  const at = p.i - 1;
  skipAttributes(p);
  const tag = p.isName(p.i) ? p.name() : -1;
  if (p.kind[p.i] !== Token.LBrace) {
    if (tag < 0) p.unexpected('a tag');
    return recordType(mentioned(p, keyword, tag, at));
  }
  if (p.scope === undefined) {
    const record = tag < 0 ? p.file.recordAt(keyword, at) : p.file.record(keyword, tag, at);
    p.skipGroup();
    skipAttributes(p);
    return recordType(record);
  }
  const record = localRecord(p, keyword, tag, at);
  p.i = at + 1;
  completeRecord(p, record);
  return recordType(record);
}

/** `struct tag` without a body: the innermost declaration of the tag, or a new incomplete one. */
function mentioned(p: Parser, keyword: 'struct' | 'union', tag: number, at: number): RecordInfo {
  if (p.scope !== undefined) {
    // C11 6.7.2.3p7: `struct tag;` alone declares a new type in this scope.
    const found = p.kind[p.i] === Token.Semicolon ? p.scope.tags?.get(tag) : p.lookupTag(tag);
    if (found !== undefined && found.keyword === keyword) return found;
    if (p.kind[p.i] === Token.Semicolon && p.fn !== undefined) return localRecord(p, keyword, tag, at);
  }
  return p.file.record(keyword, tag, at);
}

function localRecord(p: Parser, keyword: 'struct' | 'union', tag: number, at: number): RecordInfo {
  const known = tag < 0 ? undefined : p.scope?.tags?.get(tag);
  if (known !== undefined && known.keyword === keyword && known.state === 'declared') return known;
  const record: RecordInfo = {
    keyword,
    tag: tag < 0 ? undefined : p.text(tag),
    at,
    state: 'declared',
    fields: [],
    size: 0,
    align: 1,
    transparent: false,
    completer: undefined,
  };
  if (tag >= 0) p.scope?.defineTag(tag, record);
  return record;
}

/** Parses the definition whose keyword is just before the cursor and lays the record out. The cursor ends behind its attributes. */
export function completeRecord(p: Parser, record: RecordInfo): void {
  const at = p.i - 1;
  record.state = 'completing';
  let attributes = parseAttributes(p, undefined);
  if (p.isName(p.i)) p.i++;
  const pack = p.file.packAt(p.i);
  const members: DeclaredField[] = [];
  p.expect(Token.LBrace);
  while (p.kind[p.i] !== Token.RBrace) memberDeclaration(p, members);
  p.i++;
  attributes = parseAttributes(p, attributes);
  const layout = layOut(record.keyword, members, { packed: attributes?.packed ?? false, align: attributes?.aligned ?? 0, pack });
  record.at = at;
  record.fields = layout.fields;
  record.size = layout.size;
  record.align = layout.align;
  if (attributes?.transparentUnion === true) record.transparent = true;
  record.state = 'complete';
  record.completer = undefined;
}

function memberDeclaration(p: Parser, members: DeclaredField[]): void {
  const kind = p.kind[p.i];
  if (kind === Token.Semicolon || kind === Token.Pragma) {
    p.i++;
    return;
  }
  if (p.word(p.i) === Word.StaticAssert) {
    p.i++;
    p.skipGroup();
    p.expect(Token.Semicolon);
    return;
  }
  while (p.word(p.i) === Word.Extension) p.i++;
  const specs = parseSpecifiers(p);
  if (p.kind[p.i] === Token.Semicolon) {
    p.i++;
    // An anonymous struct or union; with a tag only under -fms-extensions, which newer kernels use.
    if (specs.type.kind === 'record' && (specs.type.record.tag === undefined || isComplete(specs.type.record))) {
      const align = Math.max(specs.align, specs.attributes?.aligned ?? 0);
      members.push({ name: undefined, type: specs.type, width: undefined, align, packed: specs.attributes?.packed ?? false });
    }
    return;
  }
  for (;;) {
    // A bit-field without a name has no declarator at all.
    const unnamed = p.kind[p.i] === Token.Colon;
    const declared = unnamed ? { type: specs.type, name: -1, at: p.i } : parseDeclarator(p, specs.type);
    let width: number | undefined;
    if (p.accept(Token.Colon)) {
      const value = rvalue(p.grammar.conditional(p));
      if (value.kind !== 'int') return p.refuse('width of a bit-field is not constant', value.at);
      width = Number(value.value);
    }
    const attributes = parseMoreAttributes(p, specs.attributes);
    const type = attributedType(p, declared.type, attributes, false);
    check(p, type, width, declared.at);
    members.push({
      name: declared.name < 0 ? undefined : p.text(declared.name),
      type,
      width,
      align: Math.max(specs.align, attributes?.aligned ?? 0),
      packed: attributes?.packed ?? false,
    });
    if (!p.accept(Token.Comma)) break;
    skipAttributes(p);
  }
  p.expect(Token.Semicolon);
}

function check(p: Parser, type: CType, width: number | undefined, at: number): void {
  if (width !== undefined) {
    if (type.kind !== 'int' || width < 0 || width > type.size * 8) p.refuse('impossible bit-field', at);
    return;
  }
  if (type.kind === 'function') p.refuse('a member cannot be a function', at);
  const flexible = type.kind === 'array' && type.length === undefined && type.sizeLocal === undefined;
  if (!flexible && (type.kind === 'void' || sizeOf(type) === undefined)) p.refuse('a member of incomplete type', at);
}

/** Behind `enum`. */
export function enumSpecifier(p: Parser): IntType {
  const at = p.i - 1;
  skipAttributes(p);
  const tag = p.isName(p.i) ? p.name() : -1;
  if (p.kind[p.i] !== Token.LBrace) {
    if (tag < 0) p.unexpected('a tag');
    const found = p.lookupTag(tag);
    return found !== undefined && found.keyword === 'enum' ? found.type : p.file.enumeration(tag, at);
  }
  if (p.scope === undefined) {
    const type = p.file.enumerationAt(at);
    p.skipGroup();
    skipAttributes(p);
    return type;
  }
  p.i = at + 1;
  const type = parseEnumeration(p);
  if (tag >= 0 && type.enumeration !== undefined) {
    const entry: EnumTag = { keyword: 'enum', type, info: type.enumeration };
    p.scope.defineTag(tag, entry);
  }
  return type;
}

/** Parses the enumeration whose keyword is just before the cursor; its enumerators are defined in the scope at hand. */
export function parseEnumeration(p: Parser): IntType {
  const at = p.i - 1;
  let attributes = parseAttributes(p, undefined);
  const tag = p.isName(p.i) ? p.text(p.name()) : undefined;
  const members: EnumMember[] = [];
  const names: number[] = [];
  p.expect(Token.LBrace);
  let next = 0n;
  while (p.kind[p.i] !== Token.RBrace) {
    const name = p.name();
    skipAttributes(p);
    if (p.accept(Token.Assign)) {
      const value = rvalue(p.grammar.conditional(p));
      if (value.kind !== 'int') return p.refuse(`value of enumerator '${p.text(name)}' is not constant`, value.at);
      next = value.value;
    }
    names.push(name);
    members.push({ name: p.text(name), value: next });
    define(p, name, next, provisionalType(next));
    next++;
    if (!p.accept(Token.Comma)) break;
  }
  p.expect(Token.RBrace);
  attributes = parseAttributes(p, attributes);
  const info: EnumInfo = { tag, at, complete: true, members };
  const type: IntType = { ...underlying(members, attributes?.packed ?? false), enumeration: info };
  for (let i = 0; i < names.length; i++) {
    const value = members[i]?.value ?? 0n;
    // gcc before 13: enumerators that fit are int, the others have the enumeration's type.
    if (!fits(value, INT)) define(p, names[i] ?? 0, value, type);
  }
  return type;
}

function define(p: Parser, name: number, value: bigint, type: IntType): void {
  const entity = { kind: 'enumerator' as const, value, type };
  if (p.scope === undefined) p.file.defineEnumerator(name, entity);
  else p.scope.define(name, entity);
}

function provisionalType(value: bigint): IntType {
  return [INT, UINT, LONG].find((type) => fits(value, type)) ?? ULONG;
}

/** gcc's choice: unsigned int, int, unsigned long, long, or with `packed` the smallest that holds every value. */
function underlying(members: readonly EnumMember[], packed: boolean): IntType {
  let low = 0n;
  let high = 0n;
  for (const { value } of members) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const signed = packed ? [SCHAR, SHORT, INT, LONG] : [INT, LONG];
  const unsigned = packed ? [UCHAR, USHORT, UINT, ULONG] : [UINT, ULONG];
  const candidates = low < 0n ? signed : unsigned;
  return candidates.find((type) => fits(low, type) && fits(high, type)) ?? (low < 0n ? LONG : ULONG);
}

function fits(value: bigint, type: IntType): boolean {
  const bits = BigInt(type.size * 8);
  return type.signed ? BigInt.asIntN(Number(bits), value) === value : BigInt.asUintN(Number(bits), value) === value;
}
