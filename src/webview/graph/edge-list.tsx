// The graph as a list: every call with its evidence; for screen readers, for search, and for large graphs.
import type { GraphView } from '../../protocol/graph-view.ts';
import type { ViewPlace } from '../../protocol/trace-view.ts';
import { PlaceLink } from '../shared/place-link.tsx';
import { wordOf } from './edge-kinds.ts';

export interface EdgeListProps {
  readonly view: GraphView;
  /** Only the calls of this function, or all when undefined. */
  readonly only: string | undefined;
  readonly open: (at: ViewPlace) => void;
  readonly select: (id: string) => void;
}

export function EdgeList({ view, only, open, select }: EdgeListProps) {
  const edges = view.edges.filter((edge) => only === undefined || edge.from === only || edge.to === only);
  return (
    <table class="edges">
      <thead>
        <tr>
          <th scope="col">caller</th>
          <th scope="col">callee</th>
          <th scope="col">how</th>
          <th scope="col">call</th>
        </tr>
      </thead>
      <tbody>
        {edges.flatMap((edge) => [
          <tr key={`${edge.from}>${edge.to}`} class={edge.kind}>
            <td>
              <button type="button" class="place" onClick={() => select(edge.from)}>
                {edge.from}
              </button>
            </td>
            <td>
              <button type="button" class="place" onClick={() => select(edge.to)}>
                {edge.to}
              </button>
            </td>
            <td>{wordOf(edge.kind)}</td>
            <td>{edge.at === undefined ? null : <PlaceLink at={edge.at} open={open} short />}</td>
          </tr>,
          edge.kind === 'direct' ? null : (
            <tr key={`${edge.from}>${edge.to}:why`} class="evidence">
              <td class="unit" colSpan={4}>
                {edge.evidence}
              </td>
            </tr>
          ),
        ])}
      </tbody>
    </table>
  );
}
