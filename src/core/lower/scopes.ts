// Scopes: cleanups and stack pointers that every way out must undo, and jumps between scopes.
import { op } from '../machine/ir.ts';
import type { FunctionRef, Label, LocalVariable } from '../unit/ast.ts';
import type { Context, Scope } from './context.ts';
import { Refused } from './context.ts';
import { addressOf } from './locations.ts';

/** Runs `inside` as a scope: what it declares is cleaned up at the end. */
export function inScope(cx: Context, inside: () => void): void {
  const scope: Scope = { parent: cx.scope, depth: (cx.scope?.depth ?? 0) + 1, cleanups: [], mortal: [], savedStack: undefined };
  cx.scope = scope;
  inside();
  undo(cx, scope);
  cx.scope = scope.parent;
}

function undo(cx: Context, scope: Scope, returning = false): void {
  for (const { variable, fn } of scope.cleanups.toReversed()) cleanup(cx, variable, fn);
  // A return ends the whole frame.
  if (!returning) for (const { offset, size } of scope.mortal) cx.emit(op.SCOPE_OUT, cx.frameSlot, offset, size);
  if (scope.savedStack !== undefined) cx.emit(op.RESTORE_SP, scope.savedStack);
}

function cleanup(cx: Context, variable: LocalVariable, fn: FunctionRef): void {
  const before = cx.top;
  const location = cx.locate({ kind: 'variable', variable, type: variable.type, at: variable.at });
  const base = cx.pairs(1);
  addressOf(cx, location, base, variable.at);
  cx.emit(op.CALL, cx.linker.functionId(fn), base, 1, -1);
  cx.top = before;
}

/** Undoes every scope from the current one up to, not including, `target`; without a target the function is left. */
export function leaveScopes(cx: Context, target: Scope | undefined, from: Scope | undefined = cx.scope): void {
  for (let s = from; s !== undefined && s !== target; s = s.parent) undo(cx, s, target === undefined);
}

/** The innermost scope that contains both. */
function commonScope(a: Scope | undefined, b: Scope | undefined): Scope | undefined {
  let x = a;
  let y = b;
  while (x !== y) {
    if ((x?.depth ?? 0) >= (y?.depth ?? 0)) x = x?.parent;
    else y = y?.parent;
  }
  return x;
}

/** The jump label behind a label of the source, made at its first mention. */
export function gotoLabel(cx: Context, label: Label): { label: number; scope: Scope | undefined; bound: boolean } {
  let known = cx.gotoLabels.get(label.id);
  if (known === undefined) {
    known = { label: cx.newLabel(), scope: undefined, bound: false };
    cx.gotoLabels.set(label.id, known);
  }
  return known;
}

/** Code label that a jump to a C label may use from here: the label itself, or code that first leaves the scopes between. */
export function jumpTarget(cx: Context, label: Label, at: number): number {
  const known = gotoLabel(cx, label);
  let needsCare = false;
  for (let s = cx.scope; s !== undefined; s = s.parent)
    if (s.cleanups.length > 0 || s.mortal.length > 0 || s.savedStack !== undefined) needsCare = true;
  if (!needsCare) return known.label;
  const through = cx.newLabel();
  // What a scope has declared so far is what a jump from here must clean up.
  cx.trampolines.push({ label: through, target: label.id, from: frozen(cx.scope), at });
  return through;
}

function frozen(scope: Scope | undefined): Scope | undefined {
  if (scope === undefined) return undefined;
  return {
    parent: frozen(scope.parent),
    depth: scope.depth,
    cleanups: scope.cleanups.slice(),
    mortal: scope.mortal.slice(),
    savedStack: scope.savedStack,
    origin: scope.origin ?? scope,
  };
}

/** Lowers the code of the jumps that leave scopes; called once at the function's end. */
export function lowerTrampolines(cx: Context): void {
  for (const t of cx.trampolines) {
    const target = cx.gotoLabels.get(t.target);
    if (target?.bound !== true) throw new Refused('goto to a label that does not exist', t.at);
    cx.mark(t.at);
    cx.bind(t.label);
    const common = commonScope(origin(t.from), target.scope);
    for (let s = t.from; s !== undefined && origin(s) !== common; s = s.parent) undo(cx, s);
    cx.jump(op.JMP, target.label);
  }
}

function origin(scope: Scope | undefined): Scope | undefined {
  return scope?.origin ?? scope;
}
