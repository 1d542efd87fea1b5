// Typed access to objects in simulated memory by member name, for intrinsics and world builders.
import { assertNever } from '../../base/assert.ts';
import type { BitRange, CType, RecordInfo } from '../ctype/types.ts';
import { fieldsOf, sizeOfComplete } from '../ctype/layout.ts';
import type { Memory } from './memory.ts';
import { stopWithLimit } from './outcome.ts';

/** Name of a type as a C declaration would start: `struct page`, `unsigned long`, `struct x *`. */
export function typeName(type: CType): string {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'int':
      return type.enumeration?.tag === undefined ? type.name : `enum ${type.enumeration.tag}`;
    case 'float':
      return type.name;
    case 'pointer':
      return `${typeName(type.to)} *`;
    case 'array':
      return `${typeName(type.element)}[${type.length ?? ''}]`;
    case 'function':
      return `${typeName(type.returns)} ()`;
    case 'record':
      return `${type.record.keyword} ${type.record.tag ?? '{…}'}`;
    case 'vector':
      return `vector of ${typeName(type.element)}`;
    default:
      return assertNever(type);
  }
}

/** Where a member lies in its record. */
export interface MemberPlace {
  readonly type: CType;
  readonly offset: number;
  readonly bits: BitRange | undefined;
}

/** Finds a direct member, looking through anonymous structs and unions. */
function findMember(record: RecordInfo, name: string): MemberPlace | undefined {
  for (const field of fieldsOf(record)) {
    if (field.name === name) return { type: field.type, offset: field.offset, bits: field.bits };
    if (field.name === undefined && field.type.kind === 'record') {
      const inner = findMember(field.type.record, name);
      if (inner !== undefined) return { ...inner, offset: inner.offset + field.offset };
    }
  }
  return undefined;
}

/** Follows a path such as `m_sb.sb_agcount` or `slots[3].x` from a type; undefined when a step does not exist. */
export function memberPath(type: CType, path: string): MemberPlace | undefined {
  let place: MemberPlace = { type, offset: 0, bits: undefined };
  for (const step of path.match(/[A-Za-z_]\w*|\[\d+\]/g) ?? []) {
    if (step.startsWith('[')) {
      if (place.type.kind !== 'array') return undefined;
      const element = place.type.element;
      place = { type: element, offset: place.offset + Number(step.slice(1, -1)) * sizeOfComplete(element), bits: undefined };
    } else {
      if (place.type.kind !== 'record') return undefined;
      const found = findMember(place.type.record, step);
      if (found === undefined) return undefined;
      place = { type: found.type, offset: place.offset + found.offset, bits: found.bits };
    }
  }
  return place;
}

/**
 * An object of a C type at an address. Reads and writes go through the machine's memory and obey its faults.
 * A member that this tree's headers lack stops with a limit that names struct and member: ask `has` first where trees differ.
 */
export class View {
  readonly memory: Memory;
  readonly type: CType;
  readonly address: bigint;
  private readonly bits: BitRange | undefined;

  constructor(memory: Memory, type: CType, address: bigint, bits?: BitRange) {
    this.memory = memory;
    this.type = type;
    this.address = address;
    this.bits = bits;
  }

  /** Bytes. */
  get size(): number {
    return sizeOfComplete(this.type);
  }

  /** True when the path exists from here (without following pointers). */
  has(path: string): boolean {
    return memberPath(this.type, path) !== undefined;
  }

  /** A member by path: `m_sb.sb_agcount`, `a[2].b`. Does not follow pointers: use `follow()`. */
  member(path: string): View {
    const place = memberPath(this.type, path);
    if (place === undefined) {
      return stopWithLimit('missing-member', `${typeName(this.type)} of this tree has no member ${path}`, path);
    }
    return new View(this.memory, place.type, this.address + BigInt(place.offset), place.bits);
  }

  /** The first of several paths that exists: for members that were renamed between trees. */
  firstMember(...paths: readonly string[]): View {
    const found = paths.find((p) => this.has(p));
    if (found === undefined) {
      return stopWithLimit('missing-member', `${typeName(this.type)} of this tree has none of the members ${paths.join(', ')}`, paths[0]);
    }
    return this.member(found);
  }

  /** Bytes of a member from this object's start. */
  offsetOf(path: string): number {
    return Number(this.member(path).address - this.address);
  }

  /** Element of an array, or of the array that a pointer points to. */
  index(i: number): View {
    if (this.type.kind === 'array') {
      return new View(this.memory, this.type.element, this.address + BigInt(i * sizeOfComplete(this.type.element)));
    }
    if (this.type.kind === 'pointer') {
      return new View(this.memory, this.type.to, this.read() + BigInt(i * sizeOfComplete(this.type.to)));
    }
    return stopWithLimit('model', `${typeName(this.type)} is no array in this tree`);
  }

  /** The object that this pointer points to. */
  follow(): View {
    if (this.type.kind !== 'pointer') return stopWithLimit('model', `${typeName(this.type)} is no pointer in this tree`);
    return new View(this.memory, this.type.to, this.read());
  }

  /** The same address seen as another type. */
  as(type: CType): View {
    return new View(this.memory, type, this.address);
  }

  /** Scalar value: signed types sign-extend, pointers and unsigned types are not negative. */
  read(): bigint {
    const { width, signed } = this.scalar();
    const raw = this.bits === undefined ? this.memory.readUnsigned(this.address, width / 8) : this.readBits(this.bits);
    return signed ? BigInt.asIntN(width, raw) : raw;
  }

  /** The value as a number; exact up to 2^53. */
  readNumber(): number {
    return Number(this.read());
  }

  /** Stores a scalar, truncated to the member's width. Gives the view back, for chains. */
  write(value: bigint | number | boolean): this {
    const { width } = this.scalar();
    const raw = BigInt.asUintN(width, BigInt(value));
    if (this.bits === undefined) this.memory.writeUnsigned(this.address, width / 8, raw);
    else this.writeBits(this.bits, raw);
    return this;
  }

  /** Sets all bytes of the object to zero (and so makes them initialised). */
  clear(): this {
    this.memory.fill(this.address, this.size, 0);
    return this;
  }

  /** Copies the object's bytes from another object of the same size. */
  copyFrom(from: bigint): this {
    this.memory.copy(this.address, from, this.size);
    return this;
  }

  /** Text of a char array or of the string a char pointer points to. */
  text(): string {
    return this.memory.readString(this.type.kind === 'array' ? this.address : this.read());
  }

  /** Writes a NUL-terminated text into a char array, cut to its size. */
  writeText(text: string): this {
    const bytes = new TextEncoder().encode(text);
    const room = this.size;
    const out = new Uint8Array(room);
    out.set(bytes.subarray(0, Math.max(0, room - 1)));
    this.memory.writeBytes(this.address, out);
    return this;
  }

  private scalar(): { width: number; signed: boolean } {
    const { type } = this;
    if (this.bits !== undefined) return { width: this.bits.width, signed: type.kind === 'int' && type.signed };
    switch (type.kind) {
      case 'int':
        return { width: type.size * 8, signed: type.signed };
      case 'pointer':
        return { width: 64, signed: false };
      case 'record': {
        // Wrapped scalars such as pte_t and atomic_t read as their bytes.
        const size = sizeOfComplete(type);
        if (size === 1 || size === 2 || size === 4 || size === 8) return { width: size * 8, signed: false };
        break;
      }
      case 'void':
      case 'float':
      case 'array':
      case 'function':
      case 'vector':
        break;
      default:
        return assertNever(type);
    }
    return stopWithLimit('model', `${typeName(type)} is no scalar in this tree`);
  }

  private readBits(bits: BitRange): bigint {
    const bytes = Math.ceil((bits.shift + bits.width) / 8);
    let raw = 0n;
    for (let i = 0; i < bytes; i++) raw |= this.memory.readUnsigned(this.address + BigInt(i), 1) << BigInt(8 * i);
    return BigInt.asUintN(bits.width, raw >> BigInt(bits.shift));
  }

  private writeBits(bits: BitRange, value: bigint): void {
    const bytes = Math.ceil((bits.shift + bits.width) / 8);
    const mask = ((1n << BigInt(bits.width)) - 1n) << BigInt(bits.shift);
    for (let i = 0; i < bytes; i++) {
      const at = this.address + BigInt(i);
      const m = (mask >> BigInt(8 * i)) & 0xffn;
      const old = this.memory.peekByte(at);
      this.memory.writeUnsigned(at, 1, (BigInt(old) & ~m) | (((value << BigInt(bits.shift)) >> BigInt(8 * i)) & m));
    }
  }
}
