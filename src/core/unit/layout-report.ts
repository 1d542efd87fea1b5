// The answer of `daxtrace layout`: size and members of named types, with anonymous members listed flat.

import { alignOf, fieldsOf, isComplete, sizeOf } from '../ctype/layout.ts';
import type { CType, RecordInfo } from '../ctype/types.ts';
import type { UnitApi } from './api.ts';
import { blockRecord } from './block-records.ts';

export interface LayoutMember {
  readonly name: string;
  /** Bytes from the start of the type; of a bit-field the byte that holds its first bit. */
  readonly offset: number;
  /** Bits from the start of the type, for bit-fields. */
  readonly bitOffset?: number;
  readonly bitSize?: number;
  /** Bytes; of a bit-field the size of its declared type. */
  readonly size: number;
}

export type LayoutEntry =
  | { readonly type: string; readonly size: number; readonly align: number; readonly members: readonly LayoutMember[] }
  | { readonly type: string; readonly error: string };

export interface LayoutReport {
  readonly types: readonly LayoutEntry[];
}

/** Layouts of types given as `struct page`, `union u` or a typedef name. */
export function layoutReport(unit: UnitApi, names: readonly string[]): LayoutReport {
  return { types: names.map((name) => layoutEntry(unit, name)) };
}

function layoutEntry(unit: UnitApi, name: string): LayoutEntry {
  const found = unit.typeNamed(name);
  if (found.kind === 'refused') return { type: name, error: found.refusal.reason };
  if (found.kind === 'absent') return { type: name, error: 'this unit does not define it' };
  const type = completed(unit, found.value);
  const size = type.kind === 'void' || type.kind === 'function' ? undefined : sizeOf(type);
  if (size === undefined || (type.kind === 'record' && !isComplete(type.record))) {
    return { type: name, error: 'this unit does not define it' };
  }
  return { type: name, size, align: alignOf(type), members: type.kind === 'record' ? membersOf(type.record) : [] };
}

/** A tag that file scope does not define may be defined in a block, or be the one that gcc brings itself. */
function completed(unit: UnitApi, type: CType): CType {
  if (type.kind !== 'record' || isComplete(type.record) || type.record.tag === undefined) return type;
  const { keyword, tag } = type.record;
  if (tag === unit.vaListTag.record.tag && keyword === 'struct') return unit.vaListTag;
  return blockRecord(unit, keyword, tag) ?? type;
}

/** Members of a record in order of declaration, those of anonymous records in their place. */
export function membersOf(record: RecordInfo): readonly LayoutMember[] {
  const members: LayoutMember[] = [];
  collect(record, 0, members);
  return members;
}

function collect(record: RecordInfo, base: number, into: LayoutMember[]): void {
  for (const field of fieldsOf(record)) {
    const offset = base + field.offset;
    if (field.name === undefined) {
      if (field.type.kind === 'record') collect(field.type.record, offset, into);
    } else if (field.bits === undefined) {
      into.push({ name: field.name, offset, size: memberSize(field.type) });
    } else {
      const { shift, width } = field.bits;
      into.push({ name: field.name, offset, bitOffset: offset * 8 + shift, bitSize: width, size: memberSize(field.type) });
    }
  }
}

/** Flexible array members have no size of their own. */
function memberSize(type: CType): number {
  return sizeOf(type) ?? 0;
}
