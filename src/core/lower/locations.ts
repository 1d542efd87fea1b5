// Places: where an lvalue lies, loading from it and storing to it.
import { alignOf } from '../ctype/layout.ts';
import type { BitRange, CType } from '../ctype/types.ts';
import { isVla, ULONG } from '../ctype/types.ts';
import { op } from '../machine/ir.ts';
import type { Expr, LValue } from '../unit/ast.ts';
import type { Context, Location } from './context.ts';
import { Refused } from './context.ts';
import { addressTaken, noteInitialised } from './escapes.ts';
import { floatSize } from './floats.ts';
import { pointerAdd } from './pointers.ts';
import { beginLife } from './lives.ts';
import { highWord, lowWord } from './words.ts';
import { sizeOfComplete } from './sizes.ts';

/** Where an lvalue lies. Evaluates what its address needs, once. */
export function locate(cx: Context, place: LValue): Location {
  switch (place.kind) {
    case 'variable': {
      const { id } = place.variable;
      const offset = cx.offsetOf[id] as number;
      if (offset >= 0) return { kind: 'memory', base: cx.frameSlot, offset };
      const slot = cx.slotOf[id] as number;
      // A VLA's register pair holds its address.
      return isVla(place.variable.type) ? { kind: 'memory', base: slot, offset: 0 } : { kind: 'register', slot };
    }
    case 'object':
      return { kind: 'absolute', address: cx.linker.objectAddress(place.object) };
    case 'deref':
      return pointed(cx, place.pointer);
    case 'member': {
      const base = cx.locate(place.base);
      return shifted(base, place.offset, place.at);
    }
    case 'string':
      return { kind: 'absolute', address: cx.linker.stringAddress(place.bytes) };
    case 'literal': {
      const location = locate(cx, { kind: 'variable', variable: place.variable, type: place.variable.type, at: place.at });
      beginLife(cx, place.variable);
      for (const item of place.initialiser.items) noteInitialised(cx, place.variable, item.value);
      cx.initialise(location, place.initialiser);
      return location;
    }
    case 'temporary':
      return cx.recordAt(place.value);
  }
}

/** The place `offset` bytes further on. */
export function shifted(location: Location, offset: number, at: number): Location {
  switch (location.kind) {
    case 'memory':
      return { ...location, offset: location.offset + offset };
    case 'absolute':
      return { kind: 'absolute', address: BigInt.asUintN(64, location.address + BigInt(offset)) };
    case 'register':
      if (offset === 0) return location;
      throw new Refused('a part of a register variable', at);
  }
}

/** `*pointer`, with a constant distance folded into the offset. */
function pointed(cx: Context, pointer: Expr): Location {
  const { pointsOnly } = cx;
  cx.pointsOnly = false;
  if (pointer.kind === 'int') return { kind: 'absolute', address: BigInt.asUintN(64, pointer.value) };
  if (pointer.kind === 'cast' && pointer.operand.type.kind === 'pointer' && pointer.type.kind === 'pointer')
    return pointed(cx, pointer.operand);
  if (pointer.kind === 'decay' || pointer.kind === 'address') {
    const location = cx.locate(pointer.place);
    if (location.kind !== 'register') return location;
  }
  if (pointer.kind === 'pointer-add' && pointer.index.kind === 'int' && typeof pointer.scale === 'number') {
    const distance = Number(pointer.index.value) * pointer.scale * (pointer.subtract ? -1 : 1);
    const bound = pointer.pointer.kind === 'decay' ? indexBound(pointer.pointer.place) : undefined;
    const isInside = bound === undefined || pointer.index.value < bound + (pointsOnly ? 1 : 0);
    if (distance >= 0 && distance < 0x40000000 && isInside) {
      const base = pointed(cx, pointer.pointer);
      if (base.kind !== 'register') return shifted(base, distance, pointer.at);
    }
  }
  if (pointer.kind === 'pointer-add' && pointer.pointer.kind === 'decay' && !pointer.subtract) {
    const bound = indexBound(pointer.pointer.place);
    cx.accessed.add(pointer.pointer);
    if (bound !== undefined) return { kind: 'memory', base: pointerAdd(cx, pointer, undefined, pointsOnly ? bound + 1 : bound), offset: 0 };
  }
  const counted = addressTaken(pointer);
  if (counted !== undefined) cx.accessed.add(counted);
  return { kind: 'memory', base: cx.value(pointer), offset: 0 };
}

/**
 * Number of elements that may be indexed in an array inside an object; undefined for whole objects, whose red zones tell, and
 * for what may be longer than declared (UBSAN's rule: arrays at a record's end).
 */
export function indexBound(place: LValue): number | undefined {
  if (place.type.kind !== 'array' || place.type.length === undefined || place.type.length === 0) return undefined;
  if (place.kind !== 'member') return place.kind === 'deref' ? place.type.length : undefined;
  const outer = place.base.type;
  if (outer.kind !== 'record' || outer.record.keyword === 'union') return undefined;
  const end = place.offset + sizeOfComplete(place.type);
  return end + alignOf(outer) > sizeOfComplete(outer) ? undefined : place.type.length;
}

/** Address of a place as a value. */
export function addressOf(cx: Context, location: Location, into: number | undefined, at: number): number {
  switch (location.kind) {
    case 'absolute': {
      const d = into ?? cx.pair();
      cx.emit(op.CONST64, d, lowWord(location.address), highWord(location.address));
      return d;
    }
    case 'memory': {
      if (location.offset === 0 && into === undefined) return location.base;
      const d = into ?? cx.pair();
      if (location.offset === 0) cx.emit(op.MOV64, d, location.base);
      else cx.emit(op.ADDI64, d, location.base, location.offset);
      return d;
    }
    case 'register':
      throw new Refused('address of a register variable', at);
  }
}

/** The same place, at a base pair that no later code changes (a register variable could be assigned meanwhile). */
export function pinned(cx: Context, location: Location): Location {
  if (location.kind !== 'memory' || location.base === cx.frameSlot) return location;
  const base = cx.pair();
  cx.emit(op.MOV64, base, location.base);
  return { ...location, base };
}

/** Loads a scalar; without `into` a register variable answers with its own pair. */
export function load(
  cx: Context,
  location: Location,
  type: CType,
  bits: BitRange | undefined,
  into: number | undefined,
  at: number,
): number {
  if (bits !== undefined) {
    const d = into ?? cx.pair();
    const base = addressOf(cx, location, undefined, at);
    cx.emit(op.BFLD, d, base, 0, bits.shift, bits.width, type.kind === 'int' && type.signed ? 1 : 0);
    return d;
  }
  if (location.kind === 'register') {
    cx.checkAssigned(location.slot);
    if (into === undefined) return location.slot;
    cx.emit(sizeOfComplete(type) === 8 ? op.MOV64 : op.MOV32, into, location.slot);
    return into;
  }
  const d = into ?? cx.room(type);
  if (type.kind === 'int' && type.size === 16) {
    load(cx, location, ULONG, undefined, d, at);
    load(cx, shifted(location, 8, at), ULONG, undefined, d + 2, at);
    return d;
  }
  const [relative, absolute] = loadOps(cx, type, at);
  if (location.kind === 'memory') cx.emit(relative, d, location.base, location.offset);
  else cx.emit(absolute, d, lowWord(location.address), highWord(location.address));
  return d;
}

/** Stores a scalar that is already converted to the place's type. */
export function store(cx: Context, location: Location, type: CType, bits: BitRange | undefined, value: number, at: number): void {
  if (bits !== undefined) {
    const base = addressOf(cx, location, undefined, at);
    cx.emit(op.BFST, base, 0, bits.shift, bits.width, 0, value);
    return;
  }
  if (location.kind === 'register') {
    if (location.slot !== value) cx.emit(sizeOfComplete(type) === 8 ? op.MOV64 : op.MOV32, location.slot, value);
    cx.assigned(location.slot, true);
    return;
  }
  if (type.kind === 'int' && type.size === 16) {
    store(cx, location, ULONG, undefined, value, at);
    store(cx, shifted(location, 8, at), ULONG, undefined, value + 2, at);
    return;
  }
  const [relative, absolute] = storeOps(cx, type, at);
  if (location.kind === 'memory') cx.emit(relative, location.base, location.offset, value);
  else cx.emit(absolute, lowWord(location.address), highWord(location.address), value);
}

function loadOps(cx: Context, type: CType, at: number): readonly [number, number] {
  if (type.kind === 'pointer') return [op.LD64, op.LDA64];
  if (type.kind === 'float') return floatSize(cx, type, at) === 8 ? [op.LD64, op.LDA64] : [op.LD32, op.LDA32];
  if (type.kind !== 'int') throw new Refused(`load of a ${type.kind}`, at);
  switch (type.size) {
    case 1:
      return type.signed ? [op.LD8S, op.LDA8S] : [op.LD8U, op.LDA8U];
    case 2:
      return type.signed ? [op.LD16S, op.LDA16S] : [op.LD16U, op.LDA16U];
    case 4:
      return [op.LD32, op.LDA32];
    case 8:
      return [op.LD64, op.LDA64];
    case 16:
      throw new Refused('load of an __int128', at);
  }
}

function storeOps(cx: Context, type: CType, at: number): readonly [number, number] {
  if (type.kind === 'pointer') return [op.ST64, op.STA64];
  if (type.kind === 'float') return floatSize(cx, type, at) === 8 ? [op.ST64, op.STA64] : [op.ST32, op.STA32];
  if (type.kind !== 'int') throw new Refused(`store of a ${type.kind}`, at);
  switch (type.size) {
    case 1:
      return [op.ST8, op.STA8];
    case 2:
      return [op.ST16, op.STA16];
    case 4:
      return [op.ST32, op.STA32];
    case 8:
      return [op.ST64, op.STA64];
    case 16:
      throw new Refused('store of an __int128', at);
  }
}

/** Copies a record's bytes. */
export function copyRecord(cx: Context, to: Location, from: Location, size: number, at: number): void {
  if (size === 0) return;
  const [toBase, toOffset] = based(cx, to, at);
  const [fromBase, fromOffset] = based(cx, from, at);
  cx.emit(op.COPY, toBase, toOffset, fromBase, fromOffset, size);
}

/** A base pair and offset for a place in memory. */
export function based(cx: Context, location: Location, at: number): readonly [number, number] {
  return location.kind === 'memory' ? [location.base, location.offset] : [addressOf(cx, location, undefined, at), 0];
}
