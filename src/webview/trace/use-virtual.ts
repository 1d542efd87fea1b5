// Keeps only the rows on screen in the document; a thin hook over @tanstack/virtual-core.
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

export type Rows = Virtualizer<HTMLElement, HTMLElement>;

/** A virtualizer for `count` rows of `rowHeight` CSS pixels inside the element that `scroller` refers to. */
export function useVirtual(count: number, rowHeight: number, scroller: { current: HTMLElement | null }): Rows {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const options = {
    count,
    estimateSize: () => rowHeight,
    getScrollElement: () => scroller.current,
    overscan: 12,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => {
      redraw(undefined);
    },
  };
  const [rows] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  rows.setOptions(options);
  const measured = useRef(rowHeight);
  if (measured.current !== rowHeight) {
    measured.current = rowHeight;
    rows.measure();
  }
  useLayoutEffect(() => rows._didMount(), [rows]);
  useLayoutEffect(() => {
    rows._willUpdate();
  });
  return rows;
}
