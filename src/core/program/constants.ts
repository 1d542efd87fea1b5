// Values of the constant expressions in initialisers of static objects (C11 6.6, with gcc's address arithmetic).
import { doubleBits, floatBits } from '../../base/floats.ts';
import { sizeOfComplete } from '../ctype/layout.ts';
import type { Linker } from '../lower/linker.ts';
import { stopWithLimit } from '../machine/outcome.ts';
import type { Expr, Initialiser, LValue } from '../unit/ast.ts';
import { foldBinary, foldUnary, wrap } from '../unit/fold.ts';

/** Value of a constant expression as a 64-bit pattern in the range of its type; undefined when it is none. */
function constantValue(e: Expr, linker: Linker): bigint | undefined {
  switch (e.kind) {
    case 'int':
      return e.value;
    case 'function':
      return linker.functionAddress(e.fn);
    case 'decay':
    case 'address':
      return placeAddress(e.place, linker);
    case 'cast': {
      if (e.type.kind === 'float' || e.operand.type.kind === 'float') return undefined;
      const v = constantValue(e.operand, linker);
      return v === undefined ? undefined : wrap(v, e.type);
    }
    case 'pointer-add': {
      const base = constantValue(e.pointer, linker);
      const index = constantValue(e.index, linker);
      if (base === undefined || index === undefined || typeof e.scale !== 'number') return undefined;
      const distance = BigInt.asIntN(64, index) * BigInt(e.scale);
      return BigInt.asUintN(64, e.subtract ? base - distance : base + distance);
    }
    case 'unary': {
      if (e.operand.type.kind === 'float') return undefined;
      const v = constantValue(e.operand, linker);
      if (v === undefined) return undefined;
      return wrap(foldUnary(e.op, v), e.type);
    }
    case 'float':
      return e.type.kind === 'float' && e.type.size === 4 ? floatBits(e.value) : doubleBits(e.value);
    case 'binary': {
      if (e.left.type.kind === 'float') return undefined;
      const left = constantValue(e.left, linker);
      const right = constantValue(e.right, linker);
      if (left === undefined || right === undefined) return undefined;
      const v = foldBinary(e.op, left, right, e.left.type);
      return v === undefined ? undefined : wrap(v, e.type);
    }
    case 'pointer-difference': {
      const left = constantValue(e.left, linker);
      const right = constantValue(e.right, linker);
      if (left === undefined || right === undefined || typeof e.scale !== 'number' || e.scale === 0) return undefined;
      return BigInt.asIntN(64, left - right) / BigInt(e.scale);
    }
    case 'logical': {
      const left = constantValue(e.left, linker);
      if (left === undefined) return undefined;
      if ((left !== 0n) === (e.op === '||')) return left !== 0n ? 1n : 0n;
      const right = constantValue(e.right, linker);
      return right === undefined ? undefined : right !== 0n ? 1n : 0n;
    }
    case 'cond': {
      const c = constantValue(e.condition, linker);
      return c === undefined ? undefined : constantValue(c !== 0n ? e.then : e.otherwise, linker);
    }
    case 'comma':
      return constantValue(e.right, linker);
    case 'load':
    case 'label-address':
    case 'elvis':
    case 'assign':
    case 'compound-assign':
    case 'increment':
    case 'call':
    case 'builtin':
    case 'statement-expr':
    case 'va-arg':
      return undefined;
  }
}

/** Address of a place with static storage. */
function placeAddress(place: LValue, linker: Linker): bigint | undefined {
  switch (place.kind) {
    case 'object':
      return linker.objectAddress(place.object);
    case 'string':
      return linker.stringAddress(place.bytes);
    case 'deref':
      return constantValue(place.pointer, linker);
    case 'member': {
      const base = placeAddress(place.base, linker);
      return base === undefined ? undefined : base + BigInt(place.offset);
    }
    case 'variable':
    case 'literal':
    case 'temporary':
      return undefined;
  }
}

/** Bytes of an initialised object; stops with a limit that names the object when a value is no constant. */
export function initialBytes(name: string, initialiser: Initialiser, size: number, linker: Linker): Uint8Array {
  const bytes = new Uint8Array(Math.max(size, initialiser.size));
  for (const item of initialiser.items) {
    const { value, offset, type } = item;
    if (value.kind === 'load' && value.place.kind === 'string' && value.type.kind === 'array') {
      const room = sizeOfComplete(type);
      bytes.set(value.place.bytes.subarray(0, room), offset);
      continue;
    }
    const inner = nestedLiteral(value);
    if (inner !== undefined) {
      bytes.set(initialBytes(name, inner, sizeOfComplete(type), linker).subarray(0, sizeOfComplete(type)), offset);
      continue;
    }
    const v = constantValue(value, linker);
    if (v === undefined) {
      return stopWithLimit('model', `the initialiser of ${name} at offset ${offset} is no constant (${value.kind})`, name);
    }
    if (item.bits === undefined) {
      put(bytes, offset, BigInt.asUintN(sizeOfComplete(type) * 8, v), sizeOfComplete(type));
    } else {
      const { shift, width } = item.bits;
      const length = Math.ceil((shift + width) / 8);
      const mask = ((1n << BigInt(width)) - 1n) << BigInt(shift);
      put(bytes, offset, (get(bytes, offset, length) & ~mask) | ((v << BigInt(shift)) & mask), length);
    }
  }
  return bytes;
}

/** `(struct s){ … }` as a value inside an initialiser (gcc takes its bytes). */
function nestedLiteral(e: Expr): Initialiser | undefined {
  if (e.kind === 'cast' && e.type.kind === 'record') return nestedLiteral(e.operand);
  if (e.kind !== 'load' || e.type.kind === 'array') return undefined;
  if (e.place.kind === 'literal') return e.place.initialiser;
  return e.place.kind === 'object' && e.place.object.linkage === 'none' ? e.place.object.initialiser : undefined;
}

function get(bytes: Uint8Array, at: number, length: number): bigint {
  let v = 0n;
  for (let i = 0; i < length; i++) v |= BigInt(bytes[at + i] as number) << BigInt(8 * i);
  return v;
}

function put(bytes: Uint8Array, at: number, value: bigint, length: number): void {
  for (let i = 0; i < length; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
}
