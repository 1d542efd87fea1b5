// Raw 64-bit values as text: addresses and flags in hexadecimal, counts in decimal, as wide and signed as their C type.

import type { UnitName } from '../../base/unit-name.ts';
import { fieldsOf, isComplete } from '../ctype/layout.ts';
import type { CType } from '../ctype/types.ts';
import type { Memory } from '../machine/memory.ts';

/** Text of a value of a C type. `unit` decides between hexadecimal and decimal for unsigned integers. */
export function valueText(raw: bigint, type: CType, unit: UnitName | undefined): string {
  switch (type.kind) {
    case 'int': {
      const bits = type.size * 8;
      if (bits === 8 && type.name === '_Bool') return (raw & 0xffn) === 0n ? '0' : '1';
      const value = type.signed ? BigInt.asIntN(bits, raw) : BigInt.asUintN(bits, raw);
      return (isHexUnit(unit) || (unit === undefined && value > 0xffffffffn)) && value >= 0n ? `0x${value.toString(16)}` : String(value);
    }
    case 'pointer':
    case 'function':
    case 'array':
    case 'record':
      return `0x${BigInt.asUintN(64, raw).toString(16)}`;
    case 'void':
    case 'float':
    case 'vector':
      return `0x${raw.toString(16)}`;
  }
}

function isHexUnit(unit: UnitName | undefined): boolean {
  return unit === 'pfn' || unit === 'flags' || unit === 'userAddr' || unit === 'physAddr';
}

/** Largest record whose scalars are shown beside the pointer to it. */
const SMALL_RECORD = 48;

/** Scalars of a small record that a pointer argument points to: `rec.rm_owner` -> text. Unreadable memory gives nothing. */
export function readScalars(
  memory: Memory,
  address: bigint,
  type: CType,
  name: string,
  unitOf: (field: string) => UnitName | undefined,
): Record<string, string> {
  const found: Record<string, string> = {};
  if (type.kind !== 'pointer' || type.to.kind !== 'record' || address < 0x1000n) return found;
  const record = type.to.record;
  if (!isComplete(record) || record.size > SMALL_RECORD) return found;
  const fields = fieldsOf(record);
  if (fields.some((field) => field.type.kind !== 'int')) return found;
  for (const field of fields) {
    if (field.name === undefined || field.bits !== undefined || field.type.kind !== 'int') continue;
    const raw = peek(memory, address + BigInt(field.offset), field.type.size);
    if (raw !== undefined) found[`${name}.${field.name}`] = valueText(raw, field.type, unitOf(field.name));
  }
  return found;
}

/** Little-endian value without side effects on what counts as initialised; undefined when it is no memory. */
export function peek(memory: Memory, address: bigint, size: number): bigint | undefined {
  if (!memory.isAddressable(address, size)) return undefined;
  let value = 0n;
  for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(memory.peekByte(address + BigInt(i)));
  return value;
}
