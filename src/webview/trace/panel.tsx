// The trace panel: header, ruler, call tree, outcome; keeps the last good result beside an error.
import { useMemo, useState } from 'preact/hooks';
import type { FromTracePanel, PanelStatus } from '../../protocol/panel.ts';
import type { TraceView, ViewInjection, ViewPlace } from '../../protocol/trace-view.ts';
import { PlaceLink } from '../shared/place-link.tsx';
import { CallTree } from './call-tree.tsx';
import { Details } from './details.tsx';
import { Outcome } from './outcome.tsx';
import { Ruler } from './ruler.tsx';
import { setAll, treeOf, type TreeState } from './tree-state.ts';
import { OutcomeLine, Reasons, VerdictMark } from './verdict.tsx';

export interface PanelProps {
  readonly view: TraceView | undefined;
  /** The last view whose verdict was known. */
  readonly good: TraceView | undefined;
  readonly status: PanelStatus;
  readonly edited: readonly string[];
  /** Function to show first. */
  readonly focus: string | undefined;
  readonly post: (message: FromTracePanel) => void;
}

function Status({
  status,
  stale,
  open,
}: {
  readonly status: PanelStatus;
  readonly stale: boolean;
  readonly open: (at: ViewPlace) => void;
}) {
  switch (status.kind) {
    case 'idle':
      return null;
    case 'running':
      return <span class="running">{status.phase}</span>;
    case 'failed':
      return (
        <span class="failed">
          {status.message} {status.at === undefined ? null : <PlaceLink at={status.at} open={open} />}
          {stale ? <span class="below">Below: the last result.</span> : null}
        </span>
      );
  }
}

function Tabs({ view, at, choose }: { readonly view: TraceView; readonly at: number; readonly choose: (index: number) => void }) {
  if (view.injections.length < 2) return null;
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const next = (at + step + view.injections.length) % view.injections.length;
    choose(next);
    document.getElementById(`injection-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Injections" onKeyDown={move}>
      {view.injections.map((injection, i) => (
        <button
          key={i}
          id={`injection-${i}`}
          type="button"
          role="tab"
          aria-selected={i === at}
          tabIndex={i === at ? 0 : -1}
          onClick={() => choose(i)}
        >
          {i + 1}. {injection.title}
        </button>
      ))}
    </div>
  );
}

function Body({
  view,
  injection,
  focus,
  open,
}: {
  readonly view: TraceView;
  readonly injection: ViewInjection;
  readonly focus: string | undefined;
  readonly open: (at: ViewPlace) => void;
}) {
  const found = focus === undefined ? -1 : injection.calls.findIndex((call) => call.name === focus);
  const wanted = found < 0 ? undefined : found;
  const [state, setState] = useState<TreeState>(() => {
    const first = treeOf(injection.calls);
    return { ...first, active: wanted ?? first.active };
  });
  const [shown, setShown] = useState(injection);
  let tree = state;
  if (shown !== injection) {
    // A re-trace keeps the reader's place when the tree still has that row.
    const name = state.calls[state.active]?.name;
    const next = treeOf(injection.calls);
    const kept = name !== undefined && injection.calls[state.active]?.name === name ? state.active : next.active;
    tree = { ...next, active: wanted ?? kept };
    setShown(injection);
    setState(tree);
  }
  const collapsed = tree.collapsed.size > 0;
  return (
    <>
      <Ruler ruler={injection.ruler} open={open} />
      <div class="columns">
        <section class="calls" aria-label="Call tree">
          <div class="heading">
            <h2>Calls</h2>
            <button type="button" onClick={() => setState(setAll(tree, !collapsed))}>
              {collapsed ? 'Expand all' : 'Collapse all'}
            </button>
          </div>
          <CallTree state={tree} change={setState} open={open} />
          <Details call={tree.calls[tree.active]} open={open} />
        </section>
        <aside aria-label="Outcome">
          <Outcome view={view} injection={injection} open={open} />
        </aside>
      </div>
    </>
  );
}

export function Panel({ view: latest, good, status, edited, focus, post }: PanelProps) {
  const [beside, setBeside] = useState(false);
  const cutShort = latest?.verdict.kind === 'unknown' && good !== undefined && good !== latest;
  const isOlder = cutShort && beside;
  const view = isOlder ? good : latest;
  const [chosen, setChosen] = useState(0);
  const open = useMemo(() => (at: ViewPlace) => post({ kind: 'open', at }), [post]);
  const at = Math.min(chosen, Math.max(0, (view?.injections.length ?? 1) - 1));
  const injection = view?.injections[at];
  const earlier = cutShort && !isOlder ? good.injections[Math.min(at, good.injections.length - 1)] : undefined;
  const stale = view !== undefined && status.kind === 'failed';
  return (
    <main class={stale ? 'panel stale' : 'panel'}>
      <header>
        <div class="line">
          {view === undefined ? null : <VerdictMark kind={view.verdict.kind} />}
          <h1>{view?.scenario ?? 'Trace memory_failure'}</h1>
          {view === undefined ? null : <span class="unit">{view.tree}</span>}
          {isOlder ? <span class="edited">before the last edit</span> : null}
          {isOlder || edited.length === 0 ? null : (
            <span class="edited" title={edited.join('\n')}>
              {edited.length === 1 ? 'with 1 unsaved file' : `with ${edited.length} unsaved files`}
            </span>
          )}
          <span class="actions">
            {cutShort ? (
              <button type="button" aria-pressed={beside} onClick={() => setBeside(!beside)}>
                Last good result
              </button>
            ) : null}
            <button type="button" onClick={() => post({ kind: 'pick-scenario' })}>
              Scenario…
            </button>
            <button type="button" onClick={() => post({ kind: 'rerun' })}>
              Run again
            </button>
            <button type="button" onClick={() => post({ kind: 'show-graph' })}>
              Call graph
            </button>
            <button type="button" disabled={view === undefined} onClick={() => post({ kind: 'export' })}>
              Export…
            </button>
          </span>
        </div>
        <div class="line">
          {injection === undefined ? null : <OutcomeLine injection={injection} />}
          <div class={view === undefined ? 'status alone' : 'status'} role="status">
            <Status status={status} stale={stale} open={open} />
          </div>
        </div>
        {view === undefined ? null : <Reasons view={view} open={open} />}
        {earlier === undefined ? null : <OutcomeLine injection={earlier} of="The last good result" />}
        {view === undefined ? null : <Tabs view={view} at={at} choose={setChosen} />}
      </header>
      {view === undefined || injection === undefined ? null : <Body key={at} view={view} injection={injection} focus={focus} open={open} />}
    </main>
  );
}
