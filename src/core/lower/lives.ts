// Lives of the locals of inner scopes: where they begin, and what a jump into a scope brings to life.
import { op } from '../machine/ir.ts';
import type { LocalVariable, Statement } from '../unit/ast.ts';
import type { Context, Scope } from './context.ts';
import { sizeOfComplete } from './sizes.ts';

/** The locals that a list of statements declares begin to live; those that may be pointed at end with the current scope. */
export function beginLives(cx: Context, items: readonly Statement[]): void {
  for (const item of items) if (item.kind === 'declare') beginLife(cx, item.variable);
}

/** A local of the current scope begins to live. */
export function beginLife(cx: Context, variable: LocalVariable): void {
  const offset = cx.offsetOf[variable.id] as number;
  const { scope } = cx;
  // What the outermost scope declares ends with the frame.
  if (offset < 0 || scope === undefined || scope.depth < 2) return;
  cx.inner.add(variable.id);
  if (!cx.mortal.has(variable.id)) return;
  const object = { name: variable.name, offset, size: sizeOfComplete(variable.type) };
  if (!scope.mortal.some((o) => o.offset === offset)) scope.mortal.push(object);
  cx.emit(op.SCOPE_IN, cx.frameSlot, object.offset, object.size);
}

/** A jump may have come from outside of the scopes between the current one and `outer`: their locals live from here on. */
export function enterScopes(cx: Context, outer: Scope | undefined): void {
  for (let s = cx.scope; s !== undefined && s !== outer; s = s.parent) {
    for (const { offset, size } of s.mortal) cx.emit(op.SCOPE_IN, cx.frameSlot, offset, size);
  }
}
