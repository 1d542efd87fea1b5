// Sizes, alignments and member offsets as gcc 12 lays them out on x86-64 (stor-layout.c, PCC_BITFIELD_TYPE_MATTERS).

import { Bug } from '../../base/assert.ts';
import type { BitRange, CType, Field, RecordInfo } from './types.ts';

/** Size in bytes; undefined for incomplete types and VLAs. `void` and functions have size 1 (GNU). Completes records on demand. */
export function sizeOf(type: CType): number | undefined {
  switch (type.kind) {
    case 'int':
    case 'float':
    case 'vector':
      return type.size;
    case 'pointer':
      return 8;
    case 'void':
    case 'function':
      return 1;
    case 'array': {
      if (type.length === undefined) return undefined;
      const element = sizeOf(type.element);
      return element === undefined ? undefined : element * type.length;
    }
    case 'record':
      completeRecord(type.record);
      return type.record.state === 'complete' ? type.record.size : undefined;
  }
}

/** Size in bytes of a type that is known to be complete. */
export function sizeOfComplete(type: CType): number {
  const size = sizeOf(type);
  if (size === undefined) throw new Bug(`size of an incomplete ${type.kind} type`);
  return size;
}

/** Alignment in bytes (1 for incomplete records). Completes records on demand. */
export function alignOf(type: CType): number {
  if (type.userAlign !== 0) return type.userAlign;
  switch (type.kind) {
    case 'int':
    case 'float':
    case 'vector':
      return type.size;
    case 'pointer':
      return 8;
    case 'void':
    case 'function':
      return 1;
    case 'array':
      return alignOf(type.element);
    case 'record':
      completeRecord(type.record);
      return type.record.state === 'complete' ? type.record.align : 1;
  }
}

/** Members in order of declaration, anonymous records unresolved; empty when the record stays incomplete. */
export function fieldsOf(record: RecordInfo): readonly Field[] {
  completeRecord(record);
  return record.fields;
}

/** True when the record's members are known (or could be worked out now). */
export function isComplete(record: RecordInfo): boolean {
  completeRecord(record);
  return record.state === 'complete';
}

function completeRecord(record: RecordInfo): void {
  if (record.state === 'declared') record.completer?.complete(record);
}

/** A member found by name; `offset` counts from the record that was asked, through anonymous members. */
export interface FoundField {
  readonly field: Field;
  readonly offset: number;
}

const memberMaps = new WeakMap<RecordInfo, Map<string, FoundField>>();

/** Member `name` of a record, looked up through anonymous structs and unions (C11 6.7.2.1p13). */
export function findField(record: RecordInfo, name: string): FoundField | undefined {
  let members = memberMaps.get(record);
  if (members === undefined) {
    if (!isComplete(record)) return undefined;
    members = new Map();
    collect(record, 0, members);
    memberMaps.set(record, members);
  }
  return members.get(name);
}

function collect(record: RecordInfo, base: number, into: Map<string, FoundField>): void {
  for (const field of fieldsOf(record)) {
    if (field.name !== undefined) {
      if (!into.has(field.name)) into.set(field.name, { field, offset: base + field.offset });
    } else if (field.type.kind === 'record') {
      collect(field.type.record, base + field.offset, into);
    }
  }
}

/** A member as declared, before it has a place. */
export interface DeclaredField {
  readonly name: string | undefined;
  readonly type: CType;
  /** Width of a bit-field in bits. */
  readonly width: number | undefined;
  /** Attribute aligned or _Alignas on the member, bytes; 0 = none. */
  readonly align: number;
  /** Attribute packed on the member. */
  readonly packed: boolean;
}

export interface RecordAttributes {
  readonly packed: boolean;
  /** Attribute aligned on the record, bytes; 0 = none. */
  readonly align: number;
  /** `#pragma pack(n)` in force, bytes; 0 = none. */
  readonly pack: number;
}

export interface RecordLayout {
  readonly fields: readonly Field[];
  readonly size: number;
  readonly align: number;
}

/** Places the members of a struct or union. Every member's type is complete, but for a flexible array at the end. */
export function layOut(keyword: 'struct' | 'union', declared: readonly DeclaredField[], attributes: RecordAttributes): RecordLayout {
  const fields: Field[] = [];
  let recordAlign = Math.max(1, attributes.align);
  // Bits from the start; structs are far smaller than 2^50 bits, so plain numbers are exact.
  let bit = 0;
  let unionSize = 0;
  for (const member of declared) {
    const packed = member.packed || attributes.packed;
    const desired = fieldAlign(member, packed, attributes.pack);
    recordAlign = Math.max(recordAlign, recordAlignFrom(member, packed, attributes.pack, desired));
    if (keyword === 'union') {
      if (member.width === undefined) unionSize = Math.max(unionSize, sizeOf(member.type) ?? 0);
      else unionSize = Math.max(unionSize, Math.ceil(member.width / 8));
      if (member.name !== undefined || member.width === undefined) fields.push(placed(member, 0));
      continue;
    }
    if (desired > 0) bit = roundUp(bit, desired * 8);
    if (member.width === undefined) {
      fields.push(placed(member, bit));
      bit += (sizeOf(member.type) ?? 0) * 8;
      continue;
    }
    if (member.width > 0 && !packed && attributes.pack === 0 && spansTooMuch(bit, member.width, member.type)) {
      bit = roundUp(bit, alignOf(member.type) * 8);
    }
    if (member.name !== undefined) fields.push(placed(member, bit));
    bit += member.width;
  }
  const bytes = keyword === 'union' ? unionSize : Math.ceil(bit / 8);
  return { fields, size: roundUp(bytes, recordAlign), align: recordAlign };
}

/** layout_decl: the alignment a member asks for its own place, bytes; 0 = any bit. */
function fieldAlign(member: DeclaredField, packed: boolean, pack: number): number {
  let align: number;
  if (member.width !== undefined) {
    // A bit-field is placed by bits; one of width 0 aligns the next member and ignores `packed`.
    align = member.width === 0 ? Math.max(member.align, alignOf(member.type)) : member.align;
    if (member.width === 0) return align;
  } else if (packed) {
    align = member.align === 0 ? 1 : member.align;
  } else {
    align = Math.max(member.align, alignOf(member.type));
  }
  return pack === 0 ? align : Math.min(align, pack);
}

/** update_alignment_for_field: what a member adds to the alignment of its record, bytes. */
function recordAlignFrom(member: DeclaredField, packed: boolean, pack: number, desired: number): number {
  if (member.width === undefined) return desired;
  if (member.name === undefined) return 1;
  let typeAlign = alignOf(member.type);
  if (pack !== 0) typeAlign = Math.min(typeAlign, pack);
  else if (packed) typeAlign = 1;
  return Math.max(desired, typeAlign);
}

/** excess_unit_span: a bit-field may not cover more units of its type's alignment than the type has. */
function spansTooMuch(bit: number, width: number, type: CType): boolean {
  const align = alignOf(type) * 8;
  const units = ((sizeOf(type) ?? 0) * 8) / align;
  return Math.floor(((bit % align) + width + align - 1) / align) > units;
}

function placed(member: DeclaredField, bit: number): Field {
  const offset = Math.floor(bit / 8);
  const bits: BitRange | undefined = member.width === undefined ? undefined : { shift: bit % 8, width: member.width };
  return { name: member.name, type: member.type, offset, bits };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
