// Lays a call report out with dagre; runs in the worker, so that neither the host nor the panel waits.
import dagre from '@dagrejs/dagre';
import type { CallEdge, CallReport } from '../core/callgraph/graph.ts';
import type { GraphRequest } from '../protocol/worker.ts';
import type { EdgeKind, GraphEdge, GraphNode, GraphView } from '../protocol/graph-view.ts';

/** Width of one character of the panel's monospace font at 12 px, and the box around a name. */
const characterWidth = 7.3;
const padding = 20;
const nodeHeight = 24;
const maxCharacters = 60;
/** More nodes than this are unreadable; the farthest are cut off and named as truncated. */
const maxNodes = 400;

/** The part of dagre in use; its own declarations do not resolve under NodeNext. */
interface DagreGraph {
  setGraph(label: Readonly<Record<string, unknown>>): void;
  setDefaultEdgeLabel(label: () => object): void;
  setNode(id: string, label: { readonly width: number; readonly height: number }): void;
  setEdge(from: string, to: string, label: object): void;
  node(id: string): { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  edge(from: string, to: string): { readonly points: readonly { readonly x: number; readonly y: number }[] };
  graph(): { readonly width?: number; readonly height?: number };
}
interface Dagre {
  readonly graphlib: { readonly Graph: new (options: { readonly multigraph: boolean }) => DagreGraph };
  readonly layout: (graph: DagreGraph) => void;
}
const { graphlib, layout } = dagre as unknown as Dagre;

interface Link {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly evidence: string;
  readonly file: string;
  readonly line: number;
}

/** Strength of evidence: of several edges between two functions the strongest is drawn. */
const strength: Readonly<Record<EdgeKind, number>> = { direct: 4, slot: 3, callback: 2, signature: 1, unresolved: 0 };

/** Candidates of one slot that are drawn one by one; more are one box. */
const maxCandidates = 4;

function linksOf(report: CallReport, ran: ReadonlySet<string>): readonly Link[] {
  const best = new Map<string, Link>();
  const add = (link: Link): void => {
    const key = `${link.from}\0${link.to}`;
    const have = best.get(key);
    if (have === undefined || strength[link.kind] > strength[have.kind]) best.set(key, link);
  };
  for (const { caller, callee, kind, evidence, file, line } of report.edges) {
    add({ from: caller, to: callee, kind, evidence, file, line });
  }
  for (const { caller, file, line, text, reason } of report.unresolved) {
    add({ from: caller, to: `? ${text}`, kind: 'unresolved', evidence: reason, file, line });
  }
  return grouped([...best.values()], ran);
}

/** Many candidates of one call become one box that counts them; those that ran stay. */
function grouped(links: readonly Link[], ran: ReadonlySet<string>): readonly Link[] {
  const sites = new Map<string, Link[]>();
  for (const link of links) {
    if (link.kind === 'direct' || link.kind === 'unresolved' || ran.has(link.to)) continue;
    const key = `${link.from}\0${link.line}`;
    const site = sites.get(key);
    if (site === undefined) sites.set(key, [link]);
    else site.push(link);
  }
  const merged = new Map<Link, Link | undefined>();
  for (const site of sites.values()) {
    const [first] = site;
    if (first === undefined || site.length <= maxCandidates) continue;
    const slot = /\b(\w+\.\w+) =/.exec(first.evidence)?.[1] ?? first.kind;
    const evidence = `candidates: ${site.map((link) => link.to).join(', ')}`;
    for (const link of site)
      merged.set(link, link === first ? { ...first, to: `${slot}: ${site.length} candidates`, evidence } : undefined);
  }
  return links.flatMap((link) => (merged.has(link) ? (merged.get(link) ?? []) : link));
}

/** Neighbours in the direction of the graph. */
function reachedFrom(links: readonly Link[], callers: boolean): ReadonlyMap<string, readonly string[]> {
  const next = new Map<string, string[]>();
  for (const { from, to } of links) {
    const [at, reached] = callers ? [to, from] : [from, to];
    const list = next.get(at);
    if (list === undefined) next.set(at, [reached]);
    else list.push(reached);
  }
  return next;
}

/** Functions worth drawing: the ends of indirect edges, what ran, and everything on the way there. */
function onTheWay(root: string, links: readonly Link[], request: GraphRequest): ReadonlySet<string> {
  const wanted = new Set([root]);
  const ran = new Set(request.ran);
  for (const { from, to, kind } of links) {
    // Along a trace, what could have been called instead is shown where the trace went by.
    if (kind !== 'direct' && (ran.size === 0 || ran.has(from))) wanted.add(from).add(to);
    for (const name of [from, to]) if (ran.has(name)) wanted.add(name);
  }
  const before = reachedFrom(links, !request.callers);
  for (const name of wanted) for (const earlier of before.get(name) ?? []) wanted.add(earlier);
  return wanted;
}

/** Breadth first from the root, so that a cut keeps what is near. */
function nearest(root: string, links: readonly Link[], request: GraphRequest): ReadonlySet<string> {
  const wanted = request.all === true ? undefined : onTheWay(root, links, request);
  const next = reachedFrom(links, request.callers);
  const seen = new Set([root]);
  for (const name of seen) {
    for (const reached of next.get(name) ?? []) {
      if (seen.size < maxNodes && (wanted === undefined || wanted.has(reached))) seen.add(reached);
    }
  }
  return seen;
}

function placesOf(edges: readonly CallEdge[]): ReadonlyMap<string, { path: string; line: number }> {
  const places = new Map<string, { path: string; line: number }>();
  for (const { callee, calleeFile, calleeLine } of edges) {
    if (calleeFile !== undefined) places.set(callee, { path: calleeFile, line: calleeLine ?? 1 });
  }
  return places;
}

/** A name as it fits into a box; the text of an unresolved call can be long. */
const shown = (name: string): string => (name.length > maxCharacters ? `${name.slice(0, maxCharacters - 1)}…` : name);

/** Left to right from callers to callees. The same report gives the same picture. */
export function layoutGraph(report: CallReport, request: GraphRequest): GraphView {
  const { name, depth, callers, all = false } = request;
  const ran = new Set(request.ran);
  const links = linksOf(report, ran);
  const kept = nearest(report.root, links, request);
  const places = placesOf(report.edges);
  const graph = new graphlib.Graph({ multigraph: false });
  graph.setGraph({ rankdir: 'LR', nodesep: 10, ranksep: 56, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of kept) {
    graph.setNode(id, { width: Math.ceil(shown(id).length * characterWidth) + padding, height: nodeHeight });
  }
  const drawn = links.filter((link) => kept.has(link.from) && kept.has(link.to) && link.from !== link.to);
  for (const link of drawn) graph.setEdge(link.from, link.to, {});
  layout(graph);
  const nodes = [...kept].map((id): GraphNode => {
    const { x, y, width, height } = graph.node(id);
    const at = places.get(id);
    const role = id === report.root ? 'root' : id.startsWith('? ') ? 'unresolved' : 'function';
    return { id, name: shown(id), x, y, width, height, role, ran: ran.has(id), ...(at === undefined ? {} : { at }) };
  });
  const edges = drawn.map((link): GraphEdge => {
    const { from, to, kind, evidence, file, line } = link;
    const { points } = graph.edge(from, to);
    return { from, to, kind, evidence, at: { path: file, line }, points: points.map(({ x, y }) => ({ x, y })) };
  });
  const { width = 0, height = 0 } = graph.graph();
  const every = new Set(links.flatMap((link) => [link.from, link.to])).add(report.root);
  return {
    root: name,
    depth,
    callers,
    all,
    along: ran.size > 0 && !all && !callers,
    hidden: every.size - kept.size,
    width,
    height,
    nodes,
    edges,
  };
}
