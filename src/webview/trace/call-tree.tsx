// The call tree: one tab stop, aria-activedescendant, arrows, Home, End, typing a name, Enter opens the source.
import { useEffect, useRef } from 'preact/hooks';
import type { ViewPlace } from '../../protocol/trace-view.ts';
import { CallRow } from './call-row.tsx';
import { isParent, press, toggle, typeahead, visibleRows, type TreeState } from './tree-state.ts';
import { useVirtual } from './use-virtual.ts';

const rowHeight = 22;
/** Letters typed within this time make one word. */
const typingMs = 700;

export interface CallTreeProps {
  readonly state: TreeState;
  readonly change: (state: TreeState) => void;
  readonly open: (at: ViewPlace) => void;
}

export function CallTree({ state, change, open }: CallTreeProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });
  const rows = visibleRows(state);
  const virtual = useVirtual(rows.length, rowHeight, scroller);
  const activeRow = rows.indexOf(state.active);

  useEffect(() => {
    if (activeRow >= 0) virtual.scrollToIndex(activeRow, { align: 'auto' });
  }, [activeRow, state.calls, virtual]);

  const openCall = (index: number): void => {
    const at = state.calls[index]?.at;
    if (at !== undefined) open(at);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') {
      openCall(state.active);
      event.preventDefault();
      return;
    }
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 1);
    const typing = event.timeStamp - typed.current.at < typingMs && typed.current.text !== '';
    const next = event.key === ' ' && typing ? undefined : press(state, event.key, pageRows);
    if (next !== undefined) {
      change(next);
      event.preventDefault();
    } else if (event.key.length === 1) {
      const text = typing ? typed.current.text + event.key : event.key;
      typed.current = { text, at: event.timeStamp };
      change(typeahead(state, text));
      event.preventDefault();
    }
  };

  return (
    <div
      ref={scroller}
      class="tree"
      role="tree"
      aria-label="Calls"
      tabIndex={0}
      aria-activedescendant={state.active < 0 ? undefined : `call-${state.active}`}
      onKeyDown={onKeyDown}
    >
      <div class="rows" role="presentation" style={{ height: `${virtual.getTotalSize()}px` }}>
        {virtual.getVirtualItems().map((item) => {
          const index = rows[item.index] ?? 0;
          const call = state.calls[index];
          if (call === undefined) return null;
          return (
            <CallRow
              key={index}
              call={call}
              index={index}
              top={item.start}
              active={index === state.active}
              expanded={isParent(state.calls, index) ? !state.collapsed.has(index) : undefined}
              onSelect={(i) => change({ ...state, active: i })}
              onToggle={(i) => change(toggle(state, i))}
              onOpen={openCall}
            />
          );
        })}
      </div>
    </div>
  );
}
