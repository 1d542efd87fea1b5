// Typed AST of one function to the machine's code. A function with any construct that is not lowered is refused as a whole.
import { alignOf, sizeOf } from '../ctype/layout.ts';
import { isVla } from '../ctype/types.ts';
import type { LoweredFunction } from '../machine/ir.ts';
import { op } from '../machine/ir.ts';
import { RED_ZONE, UNINIT } from '../machine/paging.ts';
import type { FunctionDefinition, LocalVariable } from '../unit/ast.ts';
import { jumpIf } from './arithmetic.ts';
import { maybeUnassigned } from './assigned.ts';
import { call } from './calls.ts';
import { Context, Refused } from './context.ts';
import { effect, isRegisterLocal, value } from './expressions.ts';
import { initialise } from './initialisers.ts';
import type { Linker } from './linker.ts';
import { copyRecord, locate, store } from './locations.ts';
import { isWide, recordAt, returnsInMemory, smallRecord } from './records.ts';
import { lowerTrampolines } from './scopes.ts';
import { inBlock, statement } from './statements.ts';
import { sizeOfComplete } from './sizes.ts';

export type Lowered =
  | { readonly kind: 'lowered'; readonly fn: LoweredFunction }
  /** `at` is the token index of the construct. */
  | { readonly kind: 'refused'; readonly reason: string; readonly at: number };

/** Lowers a function body; `linker` is the program as this function's unit sees it. */
export function lowerFunction(definition: FunctionDefinition, linker: Linker): Lowered {
  try {
    const cx = new Context(definition, linker);
    const fn = lowerBody(cx);
    const suspects = maybeUnassigned(fn.code, [...cx.declaredOnly, ...cx.jumpedOver]);
    if (suspects.size === 0 && cx.pointedAt.size === 0) return { kind: 'lowered', fn };
    return { kind: 'lowered', fn: lowerBody(new Context(definition, linker), suspects, cx.pointedAt) };
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', reason: error.message, at: error.at < 0 ? definition.at : error.at };
    throw error;
  }
}

/**
 * `suspects` are pairs of variables whose reads are checked while running; pairs are the same in every lowering. `mortal` are
 * locals that end with their scope.
 */
function lowerBody(cx: Context, suspects: ReadonlySet<number> = new Set(), mortal: ReadonlySet<number> = new Set()): LoweredFunction {
  const { definition } = cx;
  cx.mortal = mortal;
  cx.value = (e, into) => value(cx, e, into);
  cx.call = (e, into, wanted, resultOffset) => call(cx, e, into, wanted, resultOffset);
  cx.effect = (e) => {
    effect(cx, e);
  };
  cx.recordAt = (e) => recordAt(cx, e);
  cx.locate = (place) => locate(cx, place);
  cx.jumpIf = (e, label, sense) => {
    jumpIf(cx, e, label, sense);
  };
  cx.statement = (s) => {
    statement(cx, s);
  };
  cx.initialise = (target, initialiser) => {
    initialise(cx, target, initialiser);
  };
  cx.inBlock = (block, last) => {
    inBlock(cx, block, last);
  };

  const { returns, variadic } = definition.ref.type;
  const hidden = returnsInMemory(returns) ? 1 : 0;
  const params = definition.params.length + hidden;
  cx.pairs(params);
  if (hidden === 1) cx.resultSlot = 0;
  placeLocals(cx, hidden);
  cx.frameSlot = cx.pair();
  cx.variadicSlot = cx.pair();
  if (definition.locals.some((l) => isVla(l.type))) {
    for (let i = 0; i < 8; i++) cx.stackSlots.push(cx.pair());
  }
  for (const slot of suspects) {
    const local = definition.locals[cx.slotOf.indexOf(slot)];
    if (local !== undefined) cx.flags.set(slot, { flag: cx.pair(), index: cx.checked.push(local.name) - 1 });
  }
  cx.variableWords = cx.top;
  cx.mark(definition.at);
  for (const slot of suspects) cx.assigned(slot, false);
  definition.params.forEach((p, i) => {
    receive(cx, p, 2 * (i + hidden));
  });
  cx.statement(definition.body);
  cx.mark(definition.endAt);
  if (returns.kind === 'void') {
    cx.emit(op.RETV);
  } else if (definition.ref.name === 'main') {
    // C11 5.1.2.2.3: reaching the end of main returns 0.
    const zero = cx.pair();
    cx.emit(op.CONST32, zero, 0);
    cx.emit(op.RET32, zero);
  } else {
    cx.emit(op.RET_MISSING);
  }
  lowerTrampolines(cx);
  for (const { label, bound } of cx.gotoLabels.values()) {
    if (!bound) throw new Refused(`goto to label ${label}, which does not exist`, definition.at);
  }
  const { code, targets } = cx.finish();
  const memory = cx.memory === 0 ? 0 : Math.ceil((cx.memory + 8) / 16) * 16;
  return {
    name: definition.ref.name,
    code,
    targets,
    slots: cx.slots + 2,
    params,
    variadic,
    returnsValue: returns.kind !== 'void',
    memory,
    align: cx.align,
    frameSlot: cx.frameSlot,
    addressLeaves: cx.addressLeaves,
    variadicSlot: cx.variadicSlot,
    shadow: shadowOf(cx, memory),
    objects: cx.objects,
    checked: cx.checked,
    places: Int32Array.from(cx.places),
    asm: cx.asm,
    texts: cx.texts,
  };
}

/** Gives every local a register pair or a place in the frame's memory. */
function placeLocals(cx: Context, hidden: number): void {
  cx.definition.locals.forEach((local, i) => {
    const isParameter = i < cx.definition.params.length;
    if (isVla(local.type) || (isRegisterLocal(local.type) && !local.addressed && local.cleanup === undefined)) {
      cx.slotOf[local.id] = isParameter ? 2 * (i + hidden) : cx.pair();
      cx.offsetOf[local.id] = -1;
    } else {
      const size = sizeOf(local.type);
      if (size === undefined) throw new Refused(`local ${local.name} of incomplete type`, local.at);
      cx.slotOf[local.id] = -1;
      cx.offsetOf[local.id] = cx.reserve(local.name, size, Math.max(alignOf(local.type), local.align));
    }
  });
}

/** Moves a parameter that lives in memory from its register pair to its place. */
function receive(cx: Context, parameter: LocalVariable, slot: number): void {
  const offset = cx.offsetOf[parameter.id] as number;
  if (offset < 0) return;
  const at = { kind: 'memory', base: cx.frameSlot, offset } as const;
  if (parameter.type.kind !== 'record' && !isWide(parameter.type)) {
    store(cx, at, parameter.type, undefined, slot, parameter.at);
    return;
  }
  const size = sizeOfComplete(parameter.type);
  if (size > smallRecord) copyRecord(cx, at, { kind: 'memory', base: slot, offset: 0 }, size, parameter.at);
  else if (size > 0) cx.emit(op.STN, cx.frameSlot, offset, size, slot);
}

/** Shadow of a fresh frame: objects uninitialised, the gaps between them red. */
function shadowOf(cx: Context, memory: number): Int32Array {
  const bytes = new Uint8Array(memory).fill(RED_ZONE);
  for (const o of cx.objects) bytes.fill(UNINIT, o.offset, o.offset + o.size);
  return new Int32Array(bytes.buffer);
}
