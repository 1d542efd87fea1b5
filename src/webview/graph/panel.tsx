// The call graph panel: drawing or list, legend with evidence, depth and direction.
import { useState } from 'preact/hooks';
import type { FromGraphPanel, PanelStatus } from '../../protocol/panel.ts';
import type { GraphNode, GraphView } from '../../protocol/graph-view.ts';
import type { ViewPlace } from '../../protocol/trace-view.ts';
import { PlaceLink } from '../shared/place-link.tsx';
import { Drawing } from './drawing.tsx';
import { edgeKinds } from './edge-kinds.ts';
import { EdgeList } from './edge-list.tsx';

export interface PanelProps {
  readonly view: GraphView | undefined;
  readonly status: PanelStatus;
  readonly post: (message: FromGraphPanel) => void;
}

const depths = [1, 2, 3, 4, 5, 6, 8, 10];

function Legend({ view }: { readonly view: GraphView }) {
  return (
    <ul class="legend" aria-label="Kinds of edges">
      {edgeKinds.map(({ kind, word, dash }) => {
        const count = view.edges.filter((edge) => edge.kind === kind).length;
        return count === 0 ? null : (
          <li key={kind}>
            <svg width="28" height="8" aria-hidden="true" focusable="false" class="edge">
              <path class={kind} d="M0,4 L28,4" stroke-dasharray={dash} />
            </svg>
            {word} <span class="unit">{count}</span>
          </li>
        );
      })}
      {view.nodes.some((node) => node.ran) ? <li class="unit">bold: ran in the last trace</li> : null}
    </ul>
  );
}

export function Panel({ view, status, post }: PanelProps) {
  const [asList, setAsList] = useState(false);
  const [active, setActive] = useState('');
  const [fit, setFit] = useState(false);
  const open = (at: ViewPlace): void => post({ kind: 'open', at });
  const openNode = (node: GraphNode): void => {
    const at = node.at ?? view?.edges.find((edge) => edge.to === node.id)?.at;
    if (at !== undefined) open(at);
  };
  const shown = view?.nodes.some((node) => node.id === active) === true ? active : (view?.root ?? '');
  const node = view?.nodes.find((candidate) => candidate.id === shown);
  const reroot = (change: Partial<{ name: string; depth: number; callers: boolean; all: boolean }>): void => {
    if (view !== undefined) post({ kind: 'reroot', name: view.root, depth: view.depth, callers: view.callers, all: view.all, ...change });
  };
  return (
    <main class="panel">
      <header>
        <div class="line">
          <h1>{view === undefined ? 'Call graph' : view.callers ? `Callers of ${view.root}` : `Calls from ${view.root}`}</h1>
          {view === undefined ? null : (
            <span class="unit">
              {view.along ? 'along the last trace, ' : ''}
              {view.nodes.length} functions, {view.edges.length} edges
              {view.hidden === 0 ? '' : `, ${view.hidden} functions not drawn`}
            </span>
          )}
          {view === undefined ? null : (
            <span class="actions">
              {view.along ? null : (
                <label>
                  Depth{' '}
                  <select value={String(view.depth)} onChange={(event) => reroot({ depth: Number(event.currentTarget.value) })}>
                    {[...new Set([...depths, view.depth])]
                      .sort((a, b) => a - b)
                      .map((depth) => (
                        <option key={depth} value={String(depth)}>
                          {depth}
                        </option>
                      ))}
                  </select>
                </label>
              )}
              <button type="button" onClick={() => reroot({ callers: !view.callers })}>
                {view.callers ? 'Show calls' : 'Show callers'}
              </button>
              <button
                type="button"
                aria-pressed={view.all}
                title="Draw every function down to a depth"
                onClick={() => reroot({ all: !view.all })}
              >
                All
              </button>
              <button type="button" aria-pressed={fit} onClick={() => setFit(!fit)}>
                Fit
              </button>
              <button type="button" aria-pressed={asList} onClick={() => setAsList(!asList)}>
                List
              </button>
            </span>
          )}
        </div>
        <div class={view === undefined ? 'status alone' : 'status'} role="status">
          {status.kind === 'running' ? (
            <span class="running">Reading {status.phase}</span>
          ) : status.kind === 'failed' ? (
            <span class="failed">{status.message}</span>
          ) : null}
        </div>
        {view === undefined ? null : <Legend view={view} />}
      </header>
      {view === undefined ? null : asList ? (
        <div class="list">
          <EdgeList view={view} only={undefined} open={open} select={setActive} />
        </div>
      ) : (
        <>
          <Drawing view={view} active={shown} fit={fit} select={setActive} open={openNode} />
          <section class="selected" aria-label="Selected function">
            <div class="line">
              <h2>
                <code>{shown}</code>
              </h2>
              {node?.at === undefined ? null : <PlaceLink at={node.at} open={open} />}
              {node === undefined || node.role !== 'function' ? null : (
                <button type="button" onClick={() => reroot({ name: node.id })}>
                  Start here
                </button>
              )}
            </div>
            <EdgeList view={view} only={shown} open={open} select={setActive} />
          </section>
        </>
      )}
    </main>
  );
}
