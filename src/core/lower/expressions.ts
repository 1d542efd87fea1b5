// Values: one function per kind of expression, each giving the register pair that holds its value.
import { sizeOfComplete } from '../ctype/layout.ts';
import type { CType } from '../ctype/types.ts';
import { isVla } from '../ctype/types.ts';
import { op, wideOperations } from '../machine/ir.ts';
import type {
  AssignExpr, BinaryExpr, CastExpr, CompoundAssignExpr, CondExpr, ElvisExpr, Expr, IncrementExpr, PointerAddExpr,
  PointerDifferenceExpr, StatementExpr, UnaryExpr,
} from '../unit/ast.ts';
import { arithmetic, compare, convert, constant, fitsWord } from './arithmetic.ts';
import { builtin, vaArg } from './builtins.ts';
import { call } from './calls.ts';
import { keep } from './keep.ts';
import type { Context } from './context.ts';
import { Refused, widthOf } from './context.ts';
import { addressOf, load, pinned, store } from './locations.ts';
import { loadSmallRecord } from './records.ts';
import { wideIncrement } from './wide.ts';

/** Value of a scalar expression in `into`, or in any pair when `into` is undefined. `into` is written last, after all reads. */
export function value(cx: Context, e: Expr, into?: number): number {
  cx.mark(e.at);
  switch (e.kind) {
    case 'int': {
      const held = cx.held.get(e);
      if (held !== undefined) return into === undefined ? held : moveScalar(cx, held, e.type, into);
      return constant(cx, e.value, widthOf(e.type, e.at), into, e.at);
    }
    case 'float':
      throw new Refused('floating point', e.at);
    case 'load':
      return loadValue(cx, e, into);
    case 'decay':
    case 'address':
      return addressOf(cx, cx.locate(e.place), into, e.at);
    case 'function':
      return constant(cx, cx.linker.functionAddress(e.fn), 64, into, e.at);
    case 'label-address':
      // Only the kernel's _THIS_IP_ does this: the function's own address is as good a value.
      return constant(cx, cx.linker.functionAddress(cx.definition.ref), 64, into, e.at);
    case 'unary':
      return unary(cx, e, into);
    case 'binary':
      return binary(cx, e, into);
    case 'pointer-add':
      return pointerAdd(cx, e, into);
    case 'pointer-difference':
      return pointerDifference(cx, e, into);
    case 'logical':
      return truth(cx, e, into);
    case 'cond':
      return cond(cx, e, into);
    case 'elvis':
      return elvis(cx, e, into);
    case 'cast':
      return cast(cx, e, into);
    case 'assign':
      return assign(cx, e, into);
    case 'compound-assign':
      return compoundAssign(cx, e, into);
    case 'increment':
      return increment(cx, e, into, true);
    case 'call':
      return call(cx, e, into, true);
    case 'builtin':
      return builtin(cx, e, into);
    case 'comma':
      cx.effect(e.left);
      return cx.value(e.right, into);
    case 'statement-expr':
      return statementExpr(cx, e, into);
    case 'va-arg':
      return vaArg(cx, e, into);
  }
}

/** Evaluates for side effects only. */
export function effect(cx: Context, e: Expr): void {
  const before = cx.top;
  cx.mark(e.at);
  switch (e.kind) {
    case 'int': case 'float': case 'function': case 'label-address':
      break;
    case 'comma':
      effect(cx, e.left);
      effect(cx, e.right);
      break;
    case 'call':
      call(cx, e, undefined, false);
      break;
    case 'increment':
      increment(cx, e, undefined, false);
      break;
    case 'cast':
      effect(cx, e.operand);
      break;
    case 'statement-expr':
      statementExpr(cx, e, undefined, false);
      break;
    case 'cond': {
      const otherwise = cx.newLabel();
      const end = cx.newLabel();
      cx.jumpIf(e.condition, otherwise, false);
      effect(cx, e.then);
      cx.jump(op.JMP, end);
      cx.bind(otherwise);
      effect(cx, e.otherwise);
      cx.bind(end);
      break;
    }
    case 'load':
      // A volatile access counts; any other read of a place has at most the effects of finding it.
      if (e.type.kind === 'record' || e.type.kind === 'void' || e.place.type.quals === 0) cx.locate(e.place);
      else cx.value(e);
      break;
    case 'logical': {
      const end = cx.newLabel();
      cx.jumpIf(e.left, end, e.op === '||');
      effect(cx, e.right);
      cx.bind(end);
      break;
    }
    default:
      if (e.type.kind === 'record') cx.recordAt(e);
      else if (e.type.kind === 'void' && e.kind !== 'builtin' && e.kind !== 'elvis') throw new Refused(`${e.kind} of type void`, e.at);
      else cx.value(e);
  }
  cx.top = before;
}

function loadValue(cx: Context, e: Expr & { kind: 'load' }, into: number | undefined): number {
  if (e.place.kind === 'object' && e.place.object.attributes.asmName !== undefined && /^r?e?sp$/.test(e.place.object.attributes.asmName)) {
    const d = into ?? cx.pair();
    cx.emit(op.SAVE_SP, d);
    return d;
  }
  if (e.type.kind === 'record') return loadSmallRecord(cx, e, into);
  if (e.place.kind === 'variable') {
    const location = cx.locate(e.place);
    if (location.kind === 'register') return load(cx, location, e.type, undefined, into, e.at);
  }
  const d = into ?? cx.room(e.type);
  const before = cx.top;
  const location = cx.locate(e.place);
  cx.mark(e.at);
  load(cx, location, e.type, e.place.kind === 'member' ? e.place.bits : undefined, d, e.at);
  cx.top = before;
  return d;
}

function unary(cx: Context, e: UnaryExpr, into: number | undefined): number {
  if (e.op === '!') return truth(cx, e, into);
  const before = cx.top;
  const a = cx.value(e.operand);
  cx.top = before;
  const d = into ?? cx.room(e.type);
  const width = widthOf(e.type, e.at);
  if (width === 128) cx.emit(op.WIDE, wideOperations.indexOf(e.op === '-' ? 'neg' : 'not'), d, a, a);
  else if (width === 32) cx.emit(e.op === '-' ? op.NEG32 : op.NOT32, d, a);
  else if (width === 64) cx.emit(e.op === '-' ? op.NEG64 : op.NOT64, d, a);
  else throw new Refused('floating point', e.at);
  return d;
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);

function binary(cx: Context, e: BinaryExpr, into: number | undefined): number {
  return comparisons.has(e.op) ? compare(cx, e, into) : arithmetic(cx, e.op, e.type, e.left, e.right, into, e.at);
}

/** `pointer ± index * scale`. */
function pointerAdd(cx: Context, e: PointerAddExpr, into: number | undefined): number {
  const before = cx.top;
  const { index, scale } = e;
  if (index.kind === 'int' && typeof scale === 'number') {
    const distance = index.value * BigInt(scale) * (e.subtract ? -1n : 1n);
    const base = cx.value(e.pointer);
    cx.top = before;
    if (distance === 0n) return into === undefined ? base : moved(cx, base, into);
    const d = into ?? cx.pair();
    if (fitsWord(distance)) {
      cx.emit(op.ADDI64, d, base, Number(distance));
    } else {
      const k = constant(cx, distance, 64, undefined, e.at);
      cx.emit(op.ADD64, d, base, k);
    }
    return d;
  }
  const base = cx.value(e.pointer);
  const kept = keep(cx, base, index);
  let a: number;
  let code: number = op.LEA64;
  if (index.kind === 'cast' && index.operand.type.kind === 'int' && index.operand.type.size <= 4 && typeof scale === 'number') {
    a = cx.value(index.operand);
    code = index.operand.type.signed ? op.LEAS : op.LEAU;
  } else {
    a = cx.value(index);
  }
  if (typeof scale !== 'number') {
    const s = cx.value(scale);
    const product = cx.pair();
    cx.emit(op.MUL64, product, a, s);
    cx.top = before;
    const d = into ?? cx.pair();
    cx.emit(e.subtract ? op.SUB64 : op.ADD64, d, kept, product);
    return d;
  }
  cx.top = before;
  const d = into ?? cx.pair();
  cx.mark(e.at);
  cx.emit(code, d, kept, a, e.subtract ? -scale : scale);
  return d;
}

function pointerDifference(cx: Context, e: PointerDifferenceExpr, into: number | undefined): number {
  const before = cx.top;
  const left = keep(cx, cx.value(e.left), e.right);
  const right = cx.value(e.right);
  const { scale } = e;
  const bytes = cx.pair();
  cx.emit(op.SUB64, bytes, left, right);
  if (typeof scale === 'number' && scale > 0 && (scale & (scale - 1)) === 0) {
    cx.top = before;
    const d = into ?? cx.pair();
    if (scale === 1) cx.emit(op.MOV64, d, bytes);
    else cx.emit(op.SARI64, d, bytes, 31 - Math.clz32(scale));
    return d;
  }
  if (scale === 0) throw new Refused('difference of pointers to an empty type', e.at);
  const by = typeof scale === 'number' ? constant(cx, BigInt(scale), 64, undefined, e.at) : cx.value(scale);
  cx.top = before;
  const d = into ?? cx.pair();
  cx.emit(op.DIVS64, d, bytes, by);
  return d;
}

/** 1 or 0 for an expression that is tested by jumps. */
function truth(cx: Context, e: Expr, into: number | undefined): number {
  const before = cx.top;
  if (e.kind === 'unary' && e.operand.kind !== 'logical' && e.operand.kind !== 'unary') {
    const a = cx.value(e.operand);
    cx.top = before;
    const d = into ?? cx.pair();
    const width = widthOf(e.operand.type, e.at);
    if (width === 'float') throw new Refused('floating point', e.at);
    if (width === 128) cx.emit(op.WIDE, wideOperations.indexOf('nez'), a, a, a);
    cx.emit(width !== 64 ? op.EQZ32 : op.EQZ64, d, a);
    return d;
  }
  const no = cx.newLabel();
  const end = cx.newLabel();
  cx.jumpIf(e, no, false);
  cx.top = before;
  const d = into ?? cx.pair();
  cx.emit(op.CONST32, d, 1);
  cx.jump(op.JMP, end);
  cx.bind(no);
  cx.emit(op.CONST32, d, 0);
  cx.bind(end);
  return d;
}

function cond(cx: Context, e: CondExpr, into: number | undefined): number {
  const isVoid = e.type.kind === 'void';
  const d = isVoid ? 0 : (into ?? cx.room(e.type));
  const before = cx.top;
  const otherwise = cx.newLabel();
  const end = cx.newLabel();
  cx.jumpIf(e.condition, otherwise, false);
  cx.top = before;
  if (isVoid) cx.effect(e.then);
  else cx.value(e.then, d);
  cx.jump(op.JMP, end);
  cx.top = before;
  cx.bind(otherwise);
  if (isVoid) cx.effect(e.otherwise);
  else cx.value(e.otherwise, d);
  cx.top = before;
  cx.bind(end);
  return d;
}

function elvis(cx: Context, e: ElvisExpr, into: number | undefined): number {
  const isVoid = e.type.kind === 'void';
  const d = into ?? cx.room(e.type);
  const before = cx.top;
  const a = cx.value(e.value);
  const otherwise = cx.newLabel();
  const end = cx.newLabel();
  const width = widthOf(e.value.type, e.at);
  if (width === 128 || width === 'float') throw new Refused('?: without a middle operand on a wide type', e.at);
  cx.jump(width === 32 ? op.JZ32 : op.JZ64, otherwise, a);
  if (!isVoid) convert(cx, a, e.value.type, e.type, d, e.at);
  cx.jump(op.JMP, end);
  cx.top = before;
  cx.bind(otherwise);
  if (isVoid) cx.effect(e.otherwise);
  else cx.value(e.otherwise, d);
  cx.top = before;
  cx.bind(end);
  return d;
}

function cast(cx: Context, e: CastExpr, into: number | undefined): number {
  const { operand } = e;
  if (e.type.kind === 'void') {
    cx.effect(operand);
    return into ?? 0;
  }
  if (e.type.kind === 'record') throw new Refused('record where a scalar is needed', e.at);
  const before = cx.top;
  const a = cx.value(operand);
  cx.top = before;
  if (into === undefined && a >= before && sizeOfComplete(e.type) <= 8 && sizeOfComplete(operand.type) <= 8) {
    // The operand's pair is a temporary of ours: convert in place.
    cx.top = Math.max(cx.top, a + 2);
    return convert(cx, a, operand.type, e.type, undefined, e.at, a);
  }
  const result = convert(cx, a, operand.type, e.type, into, e.at);
  // Nothing to convert: the operand's own pairs are the result and stay taken.
  if (result === a && a >= before) cx.top = Math.max(cx.top, a + (sizeOfComplete(e.type) === 16 ? 4 : 2));
  return result;
}

function assign(cx: Context, e: AssignExpr, into: number | undefined): number {
  if (e.type.kind === 'record') {
    const from = cx.recordAt(e);
    return from.kind === 'memory' && into === undefined ? from.base : addressOf(cx, from, into, e.at);
  }
  const { place } = e;
  const bits = place.kind === 'member' ? place.bits : undefined;
  const location = cx.locate(place);
  if (location.kind === 'register') {
    cx.value(e.value, location.slot);
    cx.assigned(location.slot, true);
    if (into !== undefined && into !== location.slot) {
      cx.emit(sizeOfComplete(place.type) === 8 ? op.MOV64 : op.MOV32, into, location.slot);
      return into;
    }
    return location.slot;
  }
  const v = cx.value(e.value, into);
  cx.mark(e.at);
  store(cx, location, place.type, bits, v, e.at);
  if (bits !== undefined) return truncated(cx, v, place.type, bits.width, into);
  return v;
}

/** A bit-field's value as reading it back would give it. */
function truncated(cx: Context, v: number, type: CType, width: number, into: number | undefined): number {
  const size = sizeOfComplete(type) * 8;
  if (type.kind !== 'int' || type.name === '_Bool' || width === size) return v;
  const d = into ?? cx.pair();
  const wide = size === 64;
  const distance = (wide ? 64 : 32) - width;
  cx.emit(wide ? op.SHLI64 : op.SHLI32, d, v, distance);
  cx.emit(wide ? (type.signed ? op.SARI64 : op.SHRI64) : type.signed ? op.SARI32 : op.SHRI32, d, d, distance);
  return d;
}

function compoundAssign(cx: Context, e: CompoundAssignExpr, into: number | undefined): number {
  const { place } = e;
  const bits = place.kind === 'member' ? place.bits : undefined;
  const location = pinned(cx, cx.locate(place));
  const placeType = place.type;
  if (e.scale !== undefined) {
    const pointer: Expr = { kind: 'load', place: { ...place }, type: placeType, at: e.at };
    const old = keep(cx, load(cx, location, placeType, undefined, undefined, e.at), e.value);
    const held = heldExpr(cx, pointer, old);
    const d = location.kind === 'register' ? location.slot : (into ?? cx.pair());
    const result = pointerAdd(cx, { kind: 'pointer-add', pointer: held, index: e.value, scale: e.scale, subtract: e.op === '-', type: placeType as never, at: e.at }, d);
    store(cx, location, placeType, undefined, result, e.at);
    return into === undefined || into === result ? result : moved(cx, result, into);
  }
  const old = load(cx, location, placeType, bits, undefined, e.at);
  const converted = convert(cx, old, placeType, e.computeType, undefined, e.at);
  const held = heldExpr(cx, e, keep(cx, converted, e.value), e.computeType);
  const direct = location.kind === 'register' && sameRepresentation(placeType, e.computeType) ? location.slot : undefined;
  const computed = arithmetic(cx, e.op, e.computeType, held, e.value, direct, e.at);
  const back = direct ?? convert(cx, computed, e.computeType, placeType, into, e.at);
  store(cx, location, placeType, bits, back, e.at);
  const result = bits !== undefined ? truncated(cx, back, placeType, bits.width, into) : back;
  return into === undefined || into === result ? result : moveScalar(cx, result, placeType, into);
}

function increment(cx: Context, e: IncrementExpr, into: number | undefined, wanted: boolean): number {
  const { place } = e;
  const bits = place.kind === 'member' ? place.bits : undefined;
  const location = pinned(cx, cx.locate(place));
  const width = widthOf(place.type, e.at);
  if (width === 'float') throw new Refused('floating point', e.at);
  if (width === 128) return wideIncrement(cx, e, location, into);
  const wide = width === 64;
  let old = load(cx, location, place.type, bits, undefined, e.at);
  if (wanted && !e.prefix && location.kind === 'register') {
    const copy = into ?? cx.pair();
    cx.emit(wide ? op.MOV64 : op.MOV32, copy, old);
    old = copy;
  }
  const sum = location.kind === 'register' ? location.slot : cx.pair();
  if (typeof e.step === 'number') {
    cx.emit(wide ? op.ADDI64 : op.ADDI32, sum, location.kind === 'register' ? location.slot : old, e.subtract ? -e.step : e.step);
  } else {
    const step = cx.value(e.step);
    cx.emit(e.subtract ? op.SUB64 : op.ADD64, sum, old, step);
  }
  narrow(cx, sum, place.type);
  store(cx, location, place.type, bits, sum, e.at);
  if (!wanted) return sum;
  const result = e.prefix ? (bits === undefined ? sum : truncated(cx, sum, place.type, bits.width, undefined)) : old;
  return into === undefined || into === result ? result : moveScalar(cx, result, place.type, into);
}

/** Brings a 32-bit result back into the range of a narrower type, in place. */
function narrow(cx: Context, slot: number, type: CType): void {
  if (type.kind !== 'int' || type.size >= 4) return;
  if (type.name === '_Bool') cx.emit(op.NEZ32, slot, slot);
  else if (type.size === 1) cx.emit(type.signed ? op.SX8 : op.ZX8, slot, slot);
  else cx.emit(type.signed ? op.SX16 : op.ZX16, slot, slot);
}

function statementExpr(cx: Context, e: StatementExpr, into: number | undefined, wanted = true): number {
  const isValue = wanted && e.result !== undefined && e.type.kind !== 'void';
  const d = isValue ? (into ?? cx.room(e.type)) : 0;
  const before = cx.top;
  cx.inBlock(e.block, () => {
    if (e.result === undefined) return;
    if (isValue) cx.value(e.result, d);
    else cx.effect(e.result);
  });
  cx.top = before;
  return d;
}

/** An expression that stands for a value already in a pair. */
function heldExpr(cx: Context, like: Expr, slot: number, type: CType = like.type): Expr {
  const e: Expr = { kind: 'int', value: 0n, type, at: like.at };
  cx.held.set(e, slot);
  return e;
}

function sameRepresentation(a: CType, b: CType): boolean {
  return (a.kind === 'pointer' || (a.kind === 'int' && a.size >= 4 && a.name !== '_Bool')) && sizeOfComplete(a) === sizeOfComplete(b);
}

function moved(cx: Context, from: number, into: number): number {
  cx.emit(op.MOV64, into, from);
  return into;
}

function moveScalar(cx: Context, from: number, type: CType, into: number): number {
  if (sizeOfComplete(type) === 16) cx.emit(op.MOV64, into + 2, from + 2);
  cx.emit(sizeOfComplete(type) >= 8 ? op.MOV64 : op.MOV32, into, from);
  return into;
}

/** True when a local's pair is that of a scalar that lives in registers. */
export function isRegisterLocal(type: CType): boolean {
  return (type.kind === 'int' && type.size <= 8) || type.kind === 'pointer' || (type.kind === 'array' && isVla(type));
}
