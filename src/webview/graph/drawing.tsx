// The drawn graph: boxes and curves at the places the worker computed; one tab stop, arrows walk along edges.
import { useEffect, useRef } from 'preact/hooks';
import type { GraphEdge, GraphNode, GraphView, EdgeKind } from '../../protocol/graph-view.ts';
import { dashOf, edgeKinds, wordOf } from './edge-kinds.ts';

function pathOf({ points }: GraphEdge): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M${first.x},${first.y}`;
  for (let i = 0; i + 1 < rest.length; i++) {
    const at = rest[i];
    const next = rest[i + 1];
    if (at === undefined || next === undefined) break;
    const last = i + 2 === rest.length;
    path += last ? `Q${at.x},${at.y} ${next.x},${next.y}` : `Q${at.x},${at.y} ${(at.x + next.x) / 2},${(at.y + next.y) / 2}`;
  }
  if (rest.length === 1 && rest[0] !== undefined) path += `L${rest[0].x},${rest[0].y}`;
  return path;
}

/** The node that an arrow key leads to: along an edge, or the nearest one in the same column. */
function walk(view: GraphView, from: string, key: string): string | undefined {
  const here = view.nodes.find((node) => node.id === from);
  if (here === undefined) return view.nodes[0]?.id;
  const byHeight = (nodes: readonly GraphNode[]): GraphNode | undefined =>
    [...nodes].sort((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0];
  const named = (ids: readonly string[]): readonly GraphNode[] => view.nodes.filter((node) => ids.includes(node.id));
  switch (key) {
    case 'ArrowRight':
      return byHeight(named(view.edges.filter((edge) => edge.from === from).map((edge) => edge.to)))?.id;
    case 'ArrowLeft':
      return byHeight(named(view.edges.filter((edge) => edge.to === from).map((edge) => edge.from)))?.id;
    case 'ArrowDown':
      return byHeight(view.nodes.filter((node) => node.y > here.y && Math.abs(node.x - here.x) < 160))?.id;
    case 'ArrowUp':
      return byHeight(view.nodes.filter((node) => node.y < here.y && Math.abs(node.x - here.x) < 160))?.id;
    case 'Home':
      return view.nodes.find((node) => node.role === 'root')?.id;
    default:
      return undefined;
  }
}

function Arrow({ kind }: { readonly kind: EdgeKind }) {
  return (
    <marker id={`arrow-${kind}`} viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
      <path class={`head ${kind}`} d="M0,0.5 L8,4 L0,7.5 Z" />
    </marker>
  );
}

function spoken({ name, role, ran }: GraphNode): string {
  if (role === 'unresolved') return `${name}, unresolved call`;
  return ran ? `${name}, ran in the last trace` : name;
}

export interface DrawingProps {
  readonly view: GraphView;
  readonly active: string;
  /** Scaled down to the width of the panel. */
  readonly fit: boolean;
  readonly select: (id: string) => void;
  readonly open: (node: GraphNode) => void;
}

export function Drawing({ view, active, fit, select, open }: DrawingProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const activeNode = view.nodes.find((node) => node.id === active);

  useEffect(() => {
    const box = scroller.current;
    if (box === null || activeNode === undefined) return;
    const { x, y, width } = activeNode;
    const outside =
      x - width / 2 < box.scrollLeft ||
      x + width / 2 > box.scrollLeft + box.clientWidth ||
      y - 20 < box.scrollTop ||
      y + 20 > box.scrollTop + box.clientHeight;
    if (outside) box.scrollTo({ left: x - box.clientWidth / 2, top: y - box.clientHeight / 2 });
  }, [activeNode]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && activeNode !== undefined) open(activeNode);
    const next = walk(view, active, event.key);
    if (next !== undefined) select(next);
    if (next !== undefined || event.key.startsWith('Arrow')) event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      class="drawing"
      tabIndex={0}
      role="listbox"
      aria-label="Functions of the call graph; arrow keys follow the calls"
      aria-activedescendant={activeNode === undefined ? undefined : `node-${view.nodes.indexOf(activeNode)}`}
      onKeyDown={onKeyDown}
    >
      <svg
        width={fit ? '100%' : view.width}
        height={fit ? undefined : view.height}
        viewBox={`0 0 ${view.width} ${view.height}`}
        role="presentation"
      >
        <defs>
          {edgeKinds.map(({ kind }) => (
            <Arrow key={kind} kind={kind} />
          ))}
        </defs>
        {view.edges.map((edge) => (
          <g key={`${edge.from}>${edge.to}`} class={edge.from === active || edge.to === active ? 'edge near' : 'edge'} aria-hidden="true">
            <path class={edge.kind} d={pathOf(edge)} stroke-dasharray={dashOf(edge.kind)} marker-end={`url(#arrow-${edge.kind})`} />
            <path class="wide" d={pathOf(edge)}>
              <title>{`${wordOf(edge.kind)}: ${edge.evidence}`}</title>
            </path>
          </g>
        ))}
        {view.nodes.map((node, i) => (
          <g
            key={node.id}
            id={`node-${i}`}
            role="option"
            aria-selected={node.id === active}
            aria-label={spoken(node)}
            class={`node ${node.role}${node.ran ? ' ran' : ''}${node.id === active ? ' active' : ''}`}
            transform={`translate(${node.x - node.width / 2},${node.y - node.height / 2})`}
            onClick={() => select(node.id)}
            onDblClick={() => open(node)}
          >
            <rect width={node.width} height={node.height} rx="2" />
            <text x={node.width / 2} y={node.height / 2}>
              {node.name}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}
