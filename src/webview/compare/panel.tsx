// The comparison panel: one table per injection, a column per side; what differs is marked, what is wrong stands out.
import { useState } from 'preact/hooks';
import type { CompareInjectionView, CompareView } from '../../protocol/compare-view.ts';
import type { FromComparePanel, PanelStatus } from '../../protocol/panel.ts';
import { Groups } from './groups.tsx';

export interface PanelProps {
  readonly view: CompareView | undefined;
  readonly status: PanelStatus;
  readonly post: (message: FromComparePanel) => void;
}

function Status({ status, stale }: { readonly status: PanelStatus; readonly stale: boolean }) {
  switch (status.kind) {
    case 'idle':
      return null;
    case 'running':
      return <span class="running">{status.phase}</span>;
    case 'failed':
      return (
        <span class="failed">
          {status.message}
          {stale ? <span class="below">Below: the last comparison.</span> : null}
        </span>
      );
  }
}

function Parting({ parting }: { readonly parting: NonNullable<CompareInjectionView['parting']> }) {
  return (
    <section class="parting">
      <h3>The calls part at depth {parting.depth}</h3>
      <dl>
        {parting.calls.map(({ side, text }) => (
          <div key={side}>
            <dt>{side}</dt>
            <dd>
              <code>{text}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Body({ view, onlyDifferences }: { readonly view: CompareView; readonly onlyDifferences: boolean }) {
  return (
    <div class="body">
      {view.unknown.length === 0 ? null : (
        <ul class="open">
          {view.unknown.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {view.injections.map((injection, i) => (
        <section key={i} class="injection">
          <h2>
            {view.injections.length > 1 ? `${i + 1}. ` : ''}
            {injection.title}
          </h2>
          <Groups caption={injection.title} sides={view.sides} groups={injection.groups} onlyDifferences={onlyDifferences} />
          {injection.parting === undefined ? null : <Parting parting={injection.parting} />}
        </section>
      ))}
      <section class="injection">
        <h2>State and memory</h2>
        <Groups caption="State and memory" sides={view.sides} groups={view.end} onlyDifferences={onlyDifferences} />
      </section>
      <section class="shows">
        <h2>What stands side by side</h2>
        <dl>
          {view.sides.map(({ label, title, shows }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                {title}
                {shows === undefined ? '' : `. ${shows}`}
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

/** `12 of 40 rows differ`; the order of calls may differ where no row does. */
function differing({ injections, end }: CompareView): string {
  const rows = [...injections.flatMap(({ groups }) => groups), ...end].flatMap((group) => group.rows);
  const count = rows.filter((row) => row.differs).length;
  return count === 0 ? 'The calls differ' : `${count} of ${rows.length} rows differ`;
}

export function Panel({ view, status, post }: PanelProps) {
  const [onlyDifferences, setOnlyDifferences] = useState(false);
  const stale = view !== undefined && status.kind === 'failed';
  return (
    <main class={stale ? 'panel stale' : 'panel'}>
      <header>
        <div class="line">
          <h1>{view?.scenario ?? 'Comparison'}</h1>
          {view === undefined ? null : (
            <span class={view.differs ? 'found' : 'unit'}>{view.differs ? differing(view) : 'No difference'}</span>
          )}
          <span class="actions">
            <button
              type="button"
              disabled={view === undefined}
              aria-pressed={onlyDifferences}
              onClick={() => setOnlyDifferences(!onlyDifferences)}
            >
              Only differences
            </button>
            {view?.canDiff === true ? (
              <button type="button" onClick={() => post({ kind: 'diff' })}>
                Diff the traces
              </button>
            ) : null}
            <button type="button" onClick={() => post({ kind: 'pick' })}>
              Compare…
            </button>
            <button type="button" onClick={() => post({ kind: 'rerun' })}>
              Run again
            </button>
            <button type="button" disabled={view === undefined} onClick={() => post({ kind: 'copy', as: 'text' })}>
              Copy as text
            </button>
            <button type="button" disabled={view === undefined} onClick={() => post({ kind: 'copy', as: 'markdown' })}>
              Copy as Markdown
            </button>
          </span>
        </div>
        <div class={view === undefined ? 'status alone' : 'status'} role="status">
          <Status status={status} stale={stale} />
        </div>
      </header>
      {view === undefined ? null : <Body view={view} onlyDifferences={onlyDifferences} />}
    </main>
  );
}
