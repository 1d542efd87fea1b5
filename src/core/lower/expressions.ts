// Values: one function per kind of expression, each giving the register pair that holds its value.
import type { CType } from '../ctype/types.ts';
import { isVla } from '../ctype/types.ts';
import { op, wideOperations } from '../machine/ir.ts';
import type { BinaryExpr, CastExpr, CondExpr, ElvisExpr, Expr, LValue, StatementExpr, UnaryExpr } from '../unit/ast.ts';
import { arithmetic, compare } from './arithmetic.ts';
import { assign, compoundAssign, increment } from './assignments.ts';
import { builtin, vaArg } from './builtins.ts';
import { call } from './calls.ts';
import type { Context } from './context.ts';
import { Refused, widthOf } from './context.ts';
import { constant, convert } from './convert.ts';
import { rootVariable } from './escapes.ts';
import { floatConstant, floatNegate, floatTruth } from './floats.ts';
import { addressOf, load } from './locations.ts';
import { moveScalar } from './moves.ts';
import { pointerAdd, pointerDifference } from './pointers.ts';
import { loadSmallRecord } from './records.ts';
import { sizeOfComplete } from './sizes.ts';

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
      if (e.type.kind !== 'float') throw new Refused('floating point', e.at);
      return floatConstant(cx, e.value, e.type, into, e.at);
    case 'load':
      return loadValue(cx, e, into);
    case 'decay':
    case 'address': {
      cx.pointsOnly = e.place.kind === 'deref';
      if (!cx.accessed.has(e)) notePointedAt(cx, e.place);
      const location = cx.locate(e.place);
      cx.pointsOnly = false;
      return addressOf(cx, location, into, e.at);
    }
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

/** The address of a place is used as a value: what points there may outlive an inner scope. */
function notePointedAt(cx: Context, place: LValue): void {
  const variable = rootVariable(place);
  if (variable !== undefined && (place.kind === 'literal' || cx.inner.has(variable.id))) cx.pointedAt.add(variable.id);
}

/** Evaluates for side effects only. */
export function effect(cx: Context, e: Expr): void {
  const before = cx.top;
  cx.mark(e.at);
  switch (e.kind) {
    case 'int':
    case 'float':
    case 'function':
    case 'label-address':
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
  if (e.type.kind === 'float') return floatNegate(cx, e.operand, into, e.at);
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

/** 1 or 0 for an expression that is tested by jumps. */
function truth(cx: Context, e: Expr, into: number | undefined): number {
  const before = cx.top;
  if (e.kind === 'unary' && e.operand.kind !== 'logical' && e.operand.kind !== 'unary') {
    const v = cx.value(e.operand);
    const a = e.operand.type.kind === 'float' ? floatTruth(cx, v, e.operand.type, undefined, e.at) : v;
    cx.top = before;
    const d = into ?? cx.pair();
    const width = widthOf(e.operand.type, e.at);
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
  if (width === 128) throw new Refused('?: without a middle operand on a wide type', e.at);
  if (e.value.type.kind === 'float') cx.jump(op.JZ32, otherwise, floatTruth(cx, a, e.value.type, undefined, e.at));
  else cx.jump(width === 32 ? op.JZ32 : op.JZ64, otherwise, a);
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

/** True when a local's pair is that of a scalar that lives in registers. */
export function isRegisterLocal(type: CType): boolean {
  return (
    ((type.kind === 'int' || type.kind === 'float') && type.size <= 8) || type.kind === 'pointer' || (type.kind === 'array' && isVla(type))
  );
}
