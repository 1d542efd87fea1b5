import { describe, expect, it } from 'vitest';
import type { CallEdge, CallReport } from '../../../src/core/callgraph/graph.ts';
import { layoutGraph } from '../../../src/node/graph-layout.ts';

const edge = (caller: string, callee: string, kind: CallEdge['kind'] = 'direct'): CallEdge => ({
  caller,
  callee,
  file: 'f.c',
  line: 1,
  kind,
  evidence: kind,
  conditions: [],
});
const report = (edges: readonly CallEdge[], unresolved: CallReport['unresolved'] = []): CallReport => ({
  root: 'a',
  direction: 'callees',
  depth: 4,
  edges,
  unresolved,
  truncated: [],
});
const request = { name: 'a', depth: 4, callers: false, all: true };

describe('graph layout', () => {
  it('draws callees to the right of their callers', () => {
    const view = layoutGraph(report([edge('a', 'b'), edge('b', 'c')]), request);
    const x = (id: string): number => view.nodes.find((node) => node.id === id)?.x ?? NaN;
    expect(x('a')).toBeLessThan(x('b'));
    expect(x('b')).toBeLessThan(x('c'));
  });

  it('shows unresolved calls as nodes of their own', () => {
    const view = layoutGraph(
      report([edge('a', 'b')], [{ caller: 'b', file: 'f.c', line: 9, text: 'ops->go(x)', reason: 'no table' }]),
      request,
    );
    expect(view.nodes.find((node) => node.role === 'unresolved')?.name).toBe('? ops->go(x)');
    expect(view.edges.find((e) => e.kind === 'unresolved')).toMatchObject({
      from: 'b',
      evidence: 'no table',
      at: { path: 'f.c', line: 9 },
    });
  });

  it('draws the strongest evidence when two edges join the same functions', () => {
    const view = layoutGraph(report([edge('a', 'b', 'signature'), edge('a', 'b', 'slot')]), request);
    expect(view.edges.map((e) => e.kind)).toEqual(['slot']);
  });

  it('survives recursion, an isolated root and a graph that is too large', () => {
    expect(layoutGraph(report([edge('a', 'a')]), request).nodes).toHaveLength(1);
    expect(layoutGraph(report([]), request).nodes.map((node) => node.role)).toEqual(['root']);
    const many = Array.from({ length: 600 }, (_, i) => edge('a', `f${i}`));
    expect(layoutGraph(report(many), request).nodes).toHaveLength(400);
  });

  it('leaves out what leads to no indirect call', () => {
    const edges = [edge('a', 'b'), edge('b', 'c', 'slot'), edge('a', 'd'), edge('d', 'e')];
    const view = layoutGraph(report(edges), { ...request, all: false });
    expect(view.nodes.map((node) => node.id).sort()).toEqual(['a', 'b', 'c']);
    expect(view.hidden).toBe(2);
  });

  it('along a trace shows what ran, and what could have been called there instead', () => {
    const edges = [edge('a', 'b'), edge('b', 'c', 'slot'), edge('b', 'd', 'slot'), edge('a', 'e'), edge('e', 'f', 'slot')];
    const view = layoutGraph(report(edges), { ...request, all: false, ran: ['a', 'b', 'c'] });
    expect(view.along).toBe(true);
    expect(view.nodes.filter((node) => node.ran).map((node) => node.id)).toEqual(['a', 'b', 'c']);
    expect(view.nodes.filter((node) => !node.ran).map((node) => node.id)).toEqual(['d']);
  });

  it('counts many candidates of one call in one box, but draws the one that ran', () => {
    const candidates = Array.from({ length: 6 }, (_, i): CallEdge => ({
      ...edge('a', `f${i}`, 'slot'),
      evidence: `ops-slot: s.m = f${i} in t${i} (f.c:1)`,
    }));
    const view = layoutGraph(report(candidates), { ...request, all: false, ran: ['a', 'f0'] });
    expect(view.nodes.map((node) => node.id)).toEqual(['a', 'f0', 's.m: 5 candidates']);
  });

  it('gives the same picture for the same report', () => {
    const edges = [edge('a', 'b'), edge('a', 'c'), edge('c', 'd', 'callback')];
    expect(layoutGraph(report(edges), request)).toEqual(layoutGraph(report(edges), request));
  });
});
