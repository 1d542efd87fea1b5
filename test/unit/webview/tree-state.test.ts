import { describe, expect, it } from 'vitest';
import type { ViewCall } from '../../../src/protocol/trace-view.ts';
import { isParent, press, setAll, toggle, treeOf, typeahead, visibleRows } from '../../../src/webview/trace/tree-state.ts';

const call = (depth: number, name: string): ViewCall => ({ depth, name, arguments: [], kind: 'interpreted' });
/** a(b(c d) e(f)) */
const calls = [call(0, 'a'), call(1, 'b'), call(2, 'c'), call(2, 'd'), call(1, 'e'), call(2, 'f')];
const at = (active: number) => ({ ...treeOf(calls), active });

describe('call tree', () => {
  it('shows every call at first', () => {
    expect(visibleRows(treeOf(calls))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('hides what lies below a collapsed call', () => {
    expect(visibleRows(toggle(treeOf(calls), 1))).toEqual([0, 1, 4, 5]);
  });

  it('keeps an inner collapse while an outer one hides it', () => {
    const inner = toggle(treeOf(calls), 1);
    const both = toggle(inner, 0);
    expect(visibleRows(both)).toEqual([0]);
    expect(visibleRows(toggle(both, 0))).toEqual([0, 1, 4, 5]);
  });

  it('right opens a closed call and then goes to its first child', () => {
    const closed = toggle(at(1), 1);
    const open = press(closed, 'ArrowRight', 10);
    expect(open?.collapsed.size).toBe(0);
    expect(press(open ?? closed, 'ArrowRight', 10)?.active).toBe(2);
  });

  it('left closes an open call and then goes to its parent', () => {
    const closed = press(at(1), 'ArrowLeft', 10);
    expect(closed?.collapsed.has(1)).toBe(true);
    expect(press(closed ?? at(1), 'ArrowLeft', 10)?.active).toBe(0);
    expect(press(at(3), 'ArrowLeft', 10)?.active).toBe(1);
  });

  it('stops at both ends', () => {
    expect(press(at(0), 'ArrowUp', 10)?.active).toBe(0);
    expect(press(at(5), 'ArrowDown', 10)?.active).toBe(5);
    expect(press(at(2), 'Home', 10)?.active).toBe(0);
    expect(press(at(2), 'End', 10)?.active).toBe(5);
    expect(press(at(0), 'PageDown', 3)?.active).toBe(3);
  });

  it('leaves keys of others alone', () => {
    expect(press(at(0), 'Tab', 10)).toBeUndefined();
  });

  it('collapsing everything keeps the root open and the active call visible', () => {
    const state = setAll(at(3), true);
    expect(visibleRows(state)).toEqual([0, 1, 4]);
    expect(state.active).toBe(1);
    expect(visibleRows(setAll(state, false))).toHaveLength(6);
  });

  it('typing finds the next name and starts over at the end', () => {
    expect(typeahead(at(0), 'e').active).toBe(4);
    expect(typeahead(at(4), 'b').active).toBe(1);
    expect(typeahead(at(0), 'zz').active).toBe(0);
  });

  it('an empty tree has no active call and no rows', () => {
    const empty = treeOf([]);
    expect(empty.active).toBe(-1);
    expect(visibleRows(empty)).toEqual([]);
    expect(press(empty, 'ArrowDown', 10)?.active).toBe(-1);
    expect(isParent([], 0)).toBe(false);
  });
});
