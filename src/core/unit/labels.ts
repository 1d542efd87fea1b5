// Labels: function-wide ones, and those that `__label__` declares for a block.

import type { Label } from './ast.ts';
import type { LabelState, Parser } from './parser.ts';

function newLabel(p: Parser, name: number, at: number): LabelState {
  const fn = p.fn;
  if (fn === undefined) return p.refuse('a label outside of a function', at);
  const label: Label = { id: fn.labels.length, name: p.text(name) };
  fn.labels.push(label);
  return { label, defined: false, at };
}

function stateFor(p: Parser, name: number, at: number): LabelState {
  for (let scope = p.scope; scope !== undefined; scope = scope.parent) {
    const found = scope.labels?.get(name);
    if (found !== undefined) return found;
  }
  const fn = p.fn;
  if (fn === undefined) return p.refuse('a label outside of a function', at);
  let state = fn.named.get(name);
  if (state === undefined) {
    state = newLabel(p, name, at);
    fn.named.set(name, state);
  }
  return state;
}

/** The label that a name means here, whether or not it was seen before. */
export function labelFor(p: Parser, name: number, at: number): Label {
  return stateFor(p, name, at).label;
}

/** `name:` */
export function defineLabel(p: Parser, name: number, at: number): Label {
  const state = stateFor(p, name, at);
  if (state.defined) p.refuse(`label '${state.label.name}' is defined twice`, at);
  state.defined = true;
  return state.label;
}

/** `__label__ name;` */
export function declareLocalLabel(p: Parser, name: number, at: number): void {
  const state = newLabel(p, name, at);
  if (p.scope !== undefined) (p.scope.labels ??= new Map()).set(name, state);
}
