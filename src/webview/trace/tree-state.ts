// The call tree without its looks: which rows are visible, which is active, where a key leads; pure.
import type { ViewCall } from '../../protocol/trace-view.ts';

export interface TreeState {
  readonly calls: readonly ViewCall[];
  /** Indices of collapsed calls. */
  readonly collapsed: ReadonlySet<number>;
  /** Index of the active call, -1 in an empty tree. */
  readonly active: number;
}

export const treeOf = (calls: readonly ViewCall[]): TreeState => ({
  calls,
  collapsed: new Set(),
  active: calls.length > 0 ? 0 : -1,
});

/** True when the call has calls below it. */
export function isParent(calls: readonly ViewCall[], index: number): boolean {
  const call = calls[index];
  const next = calls[index + 1];
  return call !== undefined && next !== undefined && next.depth > call.depth;
}

function parentOf(calls: readonly ViewCall[], index: number): number {
  const depth = calls[index]?.depth ?? 0;
  for (let i = index - 1; i >= 0; i--) if ((calls[i]?.depth ?? 0) < depth) return i;
  return -1;
}

/** Indices of the calls that no collapsed ancestor hides, in order. */
export function visibleRows({ calls, collapsed }: Pick<TreeState, 'calls' | 'collapsed'>): readonly number[] {
  const rows: number[] = [];
  let hiddenBelow = Infinity;
  calls.forEach((call, index) => {
    if (call.depth > hiddenBelow) return;
    hiddenBelow = collapsed.has(index) ? call.depth : Infinity;
    rows.push(index);
  });
  return rows;
}

function withCollapsed(state: TreeState, index: number, collapse: boolean): TreeState {
  const collapsed = new Set(state.collapsed);
  if (collapse) collapsed.add(index);
  else collapsed.delete(index);
  return { ...state, collapsed, active: index };
}

/** Opens or closes a call and makes it active. */
export const toggle = (state: TreeState, index: number): TreeState => withCollapsed(state, index, !state.collapsed.has(index));

/** Closes every parent, or opens all; the active call moves to a visible ancestor. */
export function setAll(state: TreeState, collapse: boolean): TreeState {
  const collapsed = new Set<number>();
  // The root stays open: a tree that shows one row answers nothing.
  if (collapse)
    state.calls.forEach((call, index) => {
      if (call.depth > 0 && isParent(state.calls, index)) collapsed.add(index);
    });
  const rows = visibleRows({ calls: state.calls, collapsed });
  const active = [...rows].reverse().find((row) => row <= state.active) ?? state.active;
  return { ...state, collapsed, active };
}

/** What a key does inside the tree (WAI-ARIA tree pattern); undefined when the key is not ours. */
export function press(state: TreeState, key: string, pageRows: number): TreeState | undefined {
  const rows = visibleRows(state);
  const at = rows.indexOf(state.active);
  const moveTo = (row: number): TreeState => ({
    ...state,
    active: rows[Math.max(0, Math.min(rows.length - 1, row))] ?? state.active,
  });
  switch (key) {
    case 'ArrowDown':
      return moveTo(at + 1);
    case 'ArrowUp':
      return moveTo(at - 1);
    case 'PageDown':
      return moveTo(at + pageRows);
    case 'PageUp':
      return moveTo(at - pageRows);
    case 'Home':
      return moveTo(0);
    case 'End':
      return moveTo(rows.length - 1);
    case 'ArrowRight':
      if (!isParent(state.calls, state.active)) return state;
      return state.collapsed.has(state.active) ? withCollapsed(state, state.active, false) : moveTo(at + 1);
    case 'ArrowLeft': {
      if (isParent(state.calls, state.active) && !state.collapsed.has(state.active)) return withCollapsed(state, state.active, true);
      const parent = parentOf(state.calls, state.active);
      return parent < 0 ? state : { ...state, active: parent };
    }
    case ' ':
      return isParent(state.calls, state.active) ? toggle(state, state.active) : state;
    case '*':
      return { ...state, collapsed: new Set() };
    default:
      return undefined;
  }
}

/** Next visible call whose name starts with the typed text, searching on from the active one. */
export function typeahead(state: TreeState, typed: string): TreeState {
  const rows = visibleRows(state);
  const at = rows.indexOf(state.active);
  const wanted = typed.toLowerCase();
  // A single letter moves on; a longer text may stay where it is.
  const first = wanted.length === 1 ? 1 : 0;
  for (let step = first; step <= rows.length; step++) {
    const index = rows[(at + step) % rows.length];
    if (index !== undefined && state.calls[index]?.name.toLowerCase().startsWith(wanted)) return { ...state, active: index };
  }
  return state;
}
