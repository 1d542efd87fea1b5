// The program's objects of static storage: addresses for names, contents from whichever unit defines them.
import { alignOf, sizeOf } from '../ctype/layout.ts';
import type { CType } from '../ctype/types.ts';
import { CONST, qualsOf, VOLATILE } from '../ctype/types.ts';
import type { Linker } from '../lower/linker.ts';
import { stopWithLimit } from '../machine/outcome.ts';
import { dataBase, rodataBase } from '../machine/regions.ts';
import type { Initialiser, ObjectRef } from '../unit/ast.ts';
import { initialBytes } from './constants.ts';
import { DataImage } from './data-image.ts';
import type { LoadedUnit } from './unit-loader.ts';

export interface ObjectHost {
  linkerOf(unit: LoadedUnit): Linker;
  /** Units that define an external object; loads candidates as needed. */
  definersOf(name: string, preferred: LoadedUnit | undefined): Iterable<LoadedUnit>;
  /** Address that the linker script or the world gives a name. */
  linkerSymbol(name: string): bigint | string | undefined;
}

/** Room kept for an object whose size no declaration tells (`extern char x[];`). */
const unknownRoom = 1 << 16;

/** Every object of static storage that was ever named, with its address. */
export class StaticObjects {
  readonly data = new DataImage('data', dataBase, 0x0c000000n, false);
  readonly rodata = new DataImage('rodata', rodataBase, 0x08000000n, true);
  private readonly external = new Map<string, bigint>();
  private readonly internal = new Map<string, Map<string, bigint>>();
  private readonly types = new Map<bigint, CType>();
  private readonly strings = new Map<string, bigint>();
  private readonly host: ObjectHost;

  constructor(host: ObjectHost) {
    this.host = host;
  }

  /** Address of an object as a unit means it; reserves room on first use. */
  addressOf(ref: ObjectRef, from: LoadedUnit): bigint {
    const isExternal = ref.linkage === 'external';
    const name = ref.attributes.asmName ?? (isExternal ? ref.name : ref.key);
    const table = isExternal ? this.external : this.tableOf(from);
    const known = table.get(name);
    if (known !== undefined) return known;
    const address = isExternal ? this.placeExternal(ref, name, from) : this.placeInternal(ref, from);
    table.set(name, address);
    return address;
  }

  knownExternal(name: string): bigint | undefined {
    return this.external.get(name);
  }

  typeAt(address: bigint): CType | undefined {
    return this.types.get(address);
  }

  stringAddress(bytes: Uint8Array): bigint {
    let key = '';
    for (const b of bytes) key += String.fromCharCode(b);
    let address = this.strings.get(key);
    if (address === undefined) {
      address = this.rodata.place({ name: `string "${printable(bytes)}"`, size: bytes.length, align: 8, ownPages: false, content: bytes });
      this.strings.set(key, address);
    }
    return address;
  }

  private tableOf(from: LoadedUnit): Map<string, bigint> {
    let table = this.internal.get(from.path);
    if (table === undefined) {
      table = new Map();
      this.internal.set(from.path, table);
    }
    return table;
  }

  private placeInternal(ref: ObjectRef, from: LoadedUnit): bigint {
    return this.place(ref, from, () => from, false);
  }

  private placeExternal(ref: ObjectRef, name: string, from: LoadedUnit): bigint {
    const given = this.host.linkerSymbol(name);
    if (typeof given === 'bigint') return given;
    if (typeof given === 'string') {
      const target = from.unit.object(given);
      if (target.kind === 'parsed') return this.addressOf(target.value, from);
    }
    if (ref.defined && !ref.attributes.weak) return this.place(ref, from, () => from, false);
    const definer = (): LoadedUnit | undefined => {
      for (const unit of this.host.definersOf(name, from)) return unit;
      return undefined;
    };
    if (ref.attributes.weak || sizeOf(ref.type) === undefined) {
      // A weak name may be nobody's, then its address is 0; an incomplete type's size is only known where it is defined.
      const unit = definer();
      const found = unit?.unit.object(name);
      if (unit !== undefined && found?.kind === 'parsed') return this.place(found.value, unit, () => unit, unit !== from);
      if (ref.attributes.weak) return 0n;
    }
    return this.place(ref, from, definer, true);
  }

  private place(ref: ObjectRef, from: LoadedUnit, definer: () => LoadedUnit | undefined, ownPages: boolean): bigint {
    let size = sizeOf(ref.type) ?? 0;
    const incomplete = sizeOf(ref.type) === undefined;
    if (ref.defined || ref.linkage === 'none') {
      // The part of a flexible array member that an initialiser fills counts.
      const needsInitialiser = incomplete || hasFlexibleEnd(ref.type);
      const initialiser = !needsInitialiser ? undefined : this.initialiserOf(ref, from);
      size = Math.max(size, initialiser?.size ?? 0);
    } else if (incomplete) {
      size = unknownRoom;
    }
    const align = Math.max(alignOf(ref.type), ref.attributes.align);
    const readOnly = (qualsOf(ref.type) & (CONST | VOLATILE)) === CONST;
    const request = { name: ref.name, size, align, ownPages, content: () => this.content(ref, definer(), size) };
    const address = (readOnly ? this.rodata : this.data).place(request);
    this.types.set(address, ref.type);
    return address;
  }

  private initialiserOf(ref: ObjectRef, unit: LoadedUnit): Initialiser | undefined {
    if (ref.linkage === 'none' || ref.initialiser !== undefined) return ref.initialiser;
    const parsed = unit.unit.initialiser(ref.name);
    if (parsed.kind === 'refused') {
      const { reason, place } = parsed.refusal;
      return stopWithLimit(
        'refused-function',
        `the initialiser of ${ref.name} is not understood: ${reason} (${place.path}:${place.line})`,
        ref.name,
      );
    }
    return parsed.kind === 'parsed' ? parsed.value : undefined;
  }

  private content(ref: ObjectRef, unit: LoadedUnit | undefined, size: number): Uint8Array {
    if (unit === undefined) {
      return stopWithLimit(
        'unresolved-symbol',
        `the object ${ref.name} is not defined in the files of this tree that were searched`,
        ref.name,
      );
    }
    const initialiser = this.initialiserOf(ref, unit);
    if (initialiser === undefined) return new Uint8Array(size);
    const bytes = initialBytes(ref.name, initialiser, size, this.host.linkerOf(unit));
    if (bytes.length > size) {
      return stopWithLimit(
        'model',
        `${ref.name} is larger where it is defined (${bytes.length} bytes) than where it was declared (${size})`,
        ref.name,
      );
    }
    return bytes;
  }
}

function hasFlexibleEnd(type: CType): boolean {
  if (type.kind !== 'record') return false;
  const last = type.record.fields.at(-1);
  if (last === undefined) return false;
  if (last.type.kind === 'array') return last.type.length === undefined || last.type.length === 0;
  return hasFlexibleEnd(last.type);
}

function printable(bytes: Uint8Array): string {
  const text = [...bytes.subarray(0, 40)]
    .filter((b) => b >= 32 && b < 127)
    .map((b) => String.fromCharCode(b))
    .join('');
  return bytes.length > 41 ? `${text}…` : text;
}
