// Statements, scopes with their cleanups, jumps.
import { op } from '../machine/ir.ts';
import { isVla } from '../ctype/types.ts';
import type { Block, DeclareStatement, Expr, Label, LocalVariable, ReturnStatement, Statement } from '../unit/ast.ts';
import { asmStatement } from './asm.ts';
import type { Context, Scope } from './context.ts';
import { Refused } from './context.ts';
import { noteInitialised, noteLeaving } from './escapes.ts';
import { copyRecord, store } from './locations.ts';
import { isWide, returnsInMemory } from './records.ts';
import { beginLives, enterScopes } from './lives.ts';
import { gotoLabel, inScope, jumpTarget, leaveScopes } from './scopes.ts';
import { switchStatement } from './switches.ts';
import { sizeOfComplete } from './sizes.ts';

/** Lowers one statement. */
export function statement(cx: Context, s: Statement): void {
  const before = cx.top;
  cx.mark(s.at);
  switch (s.kind) {
    case 'block':
      inBlock(cx, s, () => undefined);
      break;
    case 'declare':
      declare(cx, s);
      break;
    case 'expression':
      cx.effect(s.expr);
      break;
    case 'if': {
      const otherwise = cx.newLabel();
      cx.jumpIf(s.condition, otherwise, false);
      inBody(cx, s.then);
      if (s.otherwise === undefined) {
        cx.bind(otherwise);
      } else {
        const end = cx.newLabel();
        cx.jump(op.JMP, end);
        cx.bind(otherwise);
        inBody(cx, s.otherwise);
        cx.bind(end);
      }
      break;
    }
    case 'while':
      loop(cx, s.condition, undefined, s.body, true);
      break;
    case 'do':
      loop(cx, s.condition, undefined, s.body, false);
      break;
    case 'for':
      inScope(cx, () => {
        beginLives(cx, s.init);
        for (const item of s.init) cx.statement(item);
        loop(cx, s.condition, s.step, s.body, true);
      });
      break;
    case 'switch':
      switchStatement(cx, s);
      break;
    case 'case': {
      const label = cx.cases.get(s);
      if (label === undefined) throw new Refused('a case label outside its switch', s.at);
      cx.bind(label);
      enterScopes(cx, cx.loops.findLast((l) => l.continueLabel === undefined)?.scope);
      break;
    }
    case 'label': {
      const known = gotoLabel(cx, s.label);
      known.scope = cx.scope;
      known.bound = true;
      cx.bind(known.label);
      enterScopes(cx, undefined);
      break;
    }
    case 'goto':
      goto(cx, s.label, s.at);
      break;
    case 'break': {
      const loopOf = cx.loops.at(-1);
      if (loopOf === undefined) throw new Refused('break outside a loop', s.at);
      leaveScopes(cx, loopOf.scope);
      cx.jump(op.JMP, loopOf.breakLabel);
      break;
    }
    case 'continue': {
      const loopOf = cx.loops.findLast((l) => l.continueLabel !== undefined);
      if (loopOf?.continueLabel === undefined) throw new Refused('continue outside a loop', s.at);
      leaveScopes(cx, loopOf.scope);
      cx.jump(op.JMP, loopOf.continueLabel);
      break;
    }
    case 'return':
      returnStatement(cx, s);
      break;
    case 'asm':
      asmStatement(cx, s);
      break;
    case 'empty':
      break;
  }
  cx.top = before;
}

/** A loop with its test at the bottom; `testFirst` enters at the test. */
function loop(cx: Context, condition: Expr | undefined, step: Expr | undefined, body: Statement, testFirst: boolean): void {
  const start = cx.newLabel();
  const test = cx.newLabel();
  const next = cx.newLabel();
  const end = cx.newLabel();
  const always = condition === undefined || (condition.kind === 'int' && condition.value !== 0n);
  if (testFirst && !always) cx.jump(op.JMP, test);
  cx.bind(start);
  cx.loops.push({ breakLabel: end, continueLabel: next, scope: cx.scope });
  inBody(cx, body);
  cx.loops.pop();
  cx.bind(next);
  if (step !== undefined) cx.effect(step);
  cx.bind(test);
  if (condition === undefined || always) {
    cx.mark(body.at);
    cx.jump(op.JMP, start);
  } else {
    cx.jumpIf(condition, start, true);
  }
  cx.bind(end);
}

/** A branch or a loop's body: a scope even without braces (C11 6.8.4, 6.8.5). */
function inBody(cx: Context, body: Statement): void {
  if (body.kind === 'block') cx.statement(body);
  else
    inScope(cx, () => {
      cx.statement(body);
    });
}

/** Lowers a block's items, then `last`, then the cleanups. */
export function inBlock(cx: Context, block: Block, last: () => void): void {
  inScope(cx, () => {
    beginLives(cx, block.items);
    for (const item of block.items) cx.statement(item);
    last();
    cx.mark(block.endAt);
  });
}

function goto(cx: Context, label: Label, at: number): void {
  cx.jump(op.JMP, jumpTarget(cx, label, at));
}

function declare(cx: Context, s: DeclareStatement): void {
  const { variable } = s;
  if (isVla(variable.type) && variable.type.kind === 'array') {
    vla(cx, variable, variable.type.sizeLocal);
  } else if (s.initialiser !== undefined) {
    const slot = cx.slotOf[variable.id] as number;
    if (slot >= 0 && (cx.definition.labels.length > 0 || cx.loops.some((l) => l.continueLabel === undefined))) cx.jumpedOver.push(slot);
    for (const item of s.initialiser.items) noteInitialised(cx, variable, item.value);
    cx.initialise(cx.locate({ kind: 'variable', variable, type: variable.type, at: s.at }), s.initialiser);
  } else if ((cx.offsetOf[variable.id] as number) >= 0) {
    // Each turn of a loop has a variable without a value; those that may be pointed at were begun with their scope.
    const again = cx.loops.length > 0 && cx.inner.has(variable.id) && !cx.mortal.has(variable.id);
    if (again) cx.emit(op.FORGET, cx.frameSlot, cx.offsetOf[variable.id] as number, sizeOfComplete(variable.type));
  } else {
    const slot = cx.slotOf[variable.id] as number;
    cx.declaredOnly.push(slot);
    cx.assigned(slot, false);
  }
  if (variable.cleanup !== undefined) cx.scope?.cleanups.push({ variable, fn: variable.cleanup });
}

function vla(cx: Context, variable: LocalVariable, sizeLocal: number | undefined): void {
  const { scope } = cx;
  if (sizeLocal === undefined || scope === undefined) throw new Refused('a variable length array without its size', variable.at);
  if (scope.savedStack === undefined) {
    scope.savedStack = cx.stackSlots.pop();
    if (scope.savedStack === undefined) throw new Refused('more variable length arrays than expected', variable.at);
    cx.emit(op.SAVE_SP, scope.savedStack);
  }
  cx.emit(op.ALLOCA, cx.slotOf[variable.id] as number, cx.slotOf[sizeLocal] as number);
}

function returnStatement(cx: Context, s: ReturnStatement): void {
  const { value } = s;
  if (value === undefined) {
    leaveScopes(cx, undefined);
    cx.mark(s.at);
    cx.emit(op.RETV);
    return;
  }
  noteLeaving(cx, value);
  if (value.type.kind === 'void') {
    cx.effect(value);
    leaveScopes(cx, undefined);
    cx.emit(op.RETV);
    return;
  }
  if (isWide(value.type)) {
    store(cx, { kind: 'memory', base: cx.resultSlot, offset: 0 }, value.type, undefined, cx.value(value), s.at);
    leaveScopes(cx, undefined);
    cx.emit(op.RET64, cx.resultSlot);
    return;
  }
  if (returnsInMemory(value.type)) {
    copyRecord(cx, { kind: 'memory', base: cx.resultSlot, offset: 0 }, cx.recordAt(value), sizeOfComplete(value.type), s.at);
    leaveScopes(cx, undefined);
    cx.emit(op.RET64, cx.resultSlot);
    return;
  }
  let slot = cx.value(value);
  if (cx.isVariable(slot) && hasCleanups(cx.scope)) {
    const copy = cx.pair();
    cx.emit(op.MOV64, copy, slot);
    slot = copy;
  }
  leaveScopes(cx, undefined);
  cx.mark(s.at);
  const wide = value.type.kind !== 'int' || value.type.size === 8;
  cx.emit(wide ? op.RET64 : op.RET32, slot);
}

function hasCleanups(scope: Scope | undefined): boolean {
  for (let s = scope; s !== undefined; s = s.parent) if (s.cleanups.length > 0) return true;
  return false;
}
