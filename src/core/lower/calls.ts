// Calls: the callee's window of registers is filled in place, then entered.
import { alignOf } from '../ctype/layout.ts';
import type { CType } from '../ctype/types.ts';
import { qualsOf, VOLATILE } from '../ctype/types.ts';
import { fieldWriters, op } from '../machine/ir.ts';
import type { CallExpr, Expr } from '../unit/ast.ts';
import type { Context, Location } from './context.ts';
import { constant } from './convert.ts';
import { noteLeaving } from './escapes.ts';
import { mayAssign } from './keep.ts';
import { addressOf, based, copyRecord, indexBound, load, store } from './locations.ts';
import { isWide, loadSmallRecord, recordAt, returnsInMemory, smallRecord } from './records.ts';
import { sizeOfComplete } from './sizes.ts';

/**
 * Lowers a call. The result lies in `into` or a new pair when `wanted`; a record result larger than 8 bytes goes to frame
 * memory at `resultOffset`.
 */
export function call(cx: Context, e: CallExpr, into: number | undefined, wanted: boolean, resultOffset?: number): number {
  if (isWide(e.type) && resultOffset === undefined) {
    const offset = cx.reserve('result of a call', 16, 16);
    const wide = into ?? cx.room(e.type);
    const keep = cx.top;
    call(cx, e, undefined, wanted, offset);
    if (wanted) load(cx, { kind: 'memory', base: cx.frameSlot, offset }, e.type, undefined, wide, e.at);
    cx.top = keep;
    return wide;
  }
  const inMemory = returnsInMemory(e.type);
  const isValue = wanted && !inMemory && e.type.kind !== 'void';
  const d = isValue ? (into ?? cx.pair()) : -1;
  const before = cx.top;
  const callee = e.callee.kind === 'function' ? -1 : calleeValue(cx, e);
  const hidden = inMemory ? 1 : 0;
  const field = fieldOf(e);
  // A string's place is looked at after the call, which overwrites its window.
  const wrote = field !== undefined && field.sizeAt < 0 ? cx.pair() : -1;
  const count = e.args.length + hidden;
  const base = cx.pairs(count);
  if (inMemory) {
    const offset = resultOffset ?? cx.reserve('unused result', sizeOfComplete(e.type), 8);
    addressOf(cx, { kind: 'memory', base: cx.frameSlot, offset }, base, e.at);
  }
  const top = cx.top;
  // C leaves the order open; gcc evaluates from the last to the first on x86-64, which decides at what address a fault shows.
  // A variable that nothing points to is read last: its own register is the argument until the call.
  for (const late of [false, true]) {
    for (let i = e.args.length - 1; i >= 0; i--) {
      const arg = e.args[i] as Expr;
      if (isPlainVariable(arg) !== late) continue;
      argument(cx, arg, base + 2 * (i + hidden));
      cx.top = top;
    }
  }
  copyVariadic(cx, e, base + 2 * hidden);
  cx.mark(e.at);
  if (field !== undefined && wrote >= 0) cx.emit(op.MOV64, wrote, base);
  if (field !== undefined && wrote < 0) cx.emit(op.CHECK_FIELD, base + 2 * field.sizeAt, field.bytes, field.writer);
  if (e.callee.kind === 'function') cx.emit(op.CALL, cx.linker.functionId(e.callee.fn), base, count, d);
  else cx.emit(op.CALLI, callee, base, count, d);
  if (field !== undefined && wrote >= 0) cx.emit(op.CHECK_FIELD, wrote, field.bytes, field.writer);
  cx.top = before;
  if (isValue) canonical(cx, e.type, d);
  return d;
}

function isPlainVariable(arg: Expr): boolean {
  if (arg.kind !== 'load' || arg.place.kind !== 'variable' || arg.place.variable.addressed) return false;
  return (arg.type.kind === 'int' || arg.type.kind === 'pointer') && (qualsOf(arg.place.type) & VOLATILE) === 0 && !isWide(arg.type);
}

/** The array inside an object that a library function is told to write to, when its size is known (CONFIG_FORTIFY_SOURCE's rule). */
function fieldOf(e: CallExpr): { readonly writer: number; readonly sizeAt: number; readonly bytes: number } | undefined {
  const name = e.callee.kind === 'function' ? e.callee.fn.name : '';
  const writer = fieldWriters.findIndex(([known]) => known === name);
  const [, sizeAt = -1] = fieldWriters[writer] ?? [];
  const [target] = e.args;
  const bytes = writer < 0 || target === undefined || sizeAt >= e.args.length ? undefined : fieldBytes(target);
  return bytes === undefined ? undefined : { writer, sizeAt, bytes };
}

/** Bytes from a pointer to the end of the member array that it is made of; undefined for anything else. */
function fieldBytes(pointer: Expr): number | undefined {
  switch (pointer.kind) {
    case 'cast':
      return fieldBytes(pointer.operand);
    case 'decay': {
      const bound = pointer.place.kind === 'member' ? indexBound(pointer.place) : undefined;
      return bound === undefined ? undefined : bound * sizeOfComplete(pointer.type.to);
    }
    case 'address':
      if (pointer.place.kind === 'deref') return fieldBytes(pointer.place.pointer);
      return pointer.place.kind === 'member' && indexBound(pointer.place) !== undefined ? sizeOfComplete(pointer.place.type) : undefined;
    case 'pointer-add': {
      const { index, scale } = pointer;
      const whole = pointer.subtract || index.kind !== 'int' || typeof scale !== 'number' ? undefined : fieldBytes(pointer.pointer);
      if (whole === undefined || index.kind !== 'int' || typeof scale !== 'number') return undefined;
      const rest = whole - Number(index.value) * scale;
      return rest >= 0 && rest <= whole ? rest : undefined;
    }
    default:
      return undefined;
  }
}

/** Large records after the named parameters: va_arg may read them late, so they get copies of their own. */
function copyVariadic(cx: Context, e: CallExpr, first: number): void {
  const type = e.callee.kind === 'function' ? e.callee.fn.type : e.callee.type.kind === 'pointer' ? e.callee.type.to : undefined;
  if (type?.kind !== 'function' || !type.variadic) return;
  for (let i = type.params.length; i < e.args.length; i++) {
    const arg = e.args[i] as Expr;
    const size = arg.type.kind === 'record' ? sizeOfComplete(arg.type) : 0;
    if (size <= smallRecord) continue;
    const at: Location = { kind: 'memory', base: cx.frameSlot, offset: cx.reserve('argument', size, alignOf(arg.type)) };
    copyRecord(cx, at, { kind: 'memory', base: first + 2 * i, offset: 0 }, size, arg.at);
    addressOf(cx, at, first + 2 * i, arg.at);
  }
}

function calleeValue(cx: Context, e: CallExpr): number {
  const slot = cx.value(e.callee);
  if (!cx.isVariable(slot) || !e.args.some(mayAssign)) return slot;
  const copy = cx.pair();
  cx.emit(op.MOV64, copy, slot);
  return copy;
}

/** Evaluates one argument into its pair of the window. Large records are passed by address; the callee copies them first. */
function argument(cx: Context, arg: Expr, slot: number): void {
  noteLeaving(cx, arg);
  if (arg.type.kind === 'record') {
    if (sizeOfComplete(arg.type) <= smallRecord) {
      loadSmallRecord(cx, arg, slot);
    } else {
      const [base, offset] = based(cx, recordAt(cx, arg), arg.at);
      if (offset === 0) cx.emit(op.MOV64, slot, base);
      else cx.emit(op.ADDI64, slot, base, offset);
    }
    return;
  }
  if (isWide(arg.type)) {
    const at: Location = { kind: 'memory', base: cx.frameSlot, offset: cx.reserve('argument', 16, 16) };
    store(cx, at, arg.type, undefined, cx.value(arg), arg.at);
    addressOf(cx, at, slot, arg.at);
    return;
  }
  if (arg.type.kind === 'void') {
    cx.effect(arg);
    constant(cx, 0n, 64, slot, arg.at);
    return;
  }
  cx.value(arg, slot);
}

/** Results narrower than 32 bits are extended again: a model or a mismatched prototype may not have done it. */
function canonical(cx: Context, type: CType, slot: number): void {
  if (type.kind !== 'int' || type.size >= 4) return;
  if (type.size === 1) cx.emit(type.signed ? op.SX8 : op.ZX8, slot, slot);
  else cx.emit(type.signed ? op.SX16 : op.ZX16, slot, slot);
}
