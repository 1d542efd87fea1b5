// Entry of the engine's worker: one tree at a time, its texts, and the answers about them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Bug } from '../base/assert.ts';
import type { CallOptions } from '../core/callgraph/call-graph.ts';
import type { GraphRequest, OpenRequest } from '../protocol/worker.ts';
import { fillFromLog } from '../core/session/scenario-of.ts';
import { compareTrees, designList } from './compare-trees.ts';
import { openEngine, type TreeEngine } from './engine.ts';
import { layoutGraph } from './graph-layout.ts';
import { serveEngine } from './serve-engine.ts';

/** Along a trace the graph goes down to the signals; else as deep as asked. */
const traceDepth = 40;

function callOptions({ callers, depth, all, ran = [] }: GraphRequest): CallOptions {
  if (all === true || callers || ran.length === 0) return { callers, depth };
  const followed = new Set(ran);
  return { callers, depth: traceDepth, follow: (name) => followed.has(name) };
}

serveEngine((host) => {
  let opened: Promise<TreeEngine> | undefined;
  const texts = new Map<string, string | null>();
  /** There is one panel: a newer request ends an older one. */
  let lastGraph = 0;

  const tree = (): Promise<TreeEngine> => {
    if (opened === undefined) throw new Bug('no tree is open');
    return opened;
  };

  const open = async (request: OpenRequest): Promise<TreeEngine> => {
    const { grammars, ripgrep, progress } = host;
    const engine = await openEngine({ ...request, grammars, progress, ...(ripgrep === undefined ? {} : { ripgrep }) });
    for (const [path, text] of texts) engine.setText(path, text);
    return engine;
  };

  return {
    open: (request) => {
      texts.clear();
      if (!existsSync(join(request.root, 'mm'))) {
        return { kind: 'refused', message: `${request.root} has no folder mm` };
      }
      opened = open(request);
      // Whoever asks next gets the failure; here it must not count as unhandled.
      opened.catch(() => undefined);
      return { kind: 'tree' };
    },
    edit: async (request) => {
      for (const [path, text] of Object.entries(request.texts)) texts.set(path, text);
      const engine = await tree();
      for (const [path, text] of Object.entries(request.texts)) engine.setText(path, text);
      return null;
    },
    presets: async () => (await tree()).presets(),
    trace: async (request) => {
      const { ticket } = request;
      return (await tree()).trace(request, () => ticket !== undefined && host.cancelled(ticket));
    },
    designs: () => designList(),
    compare: (request) => {
      const { ticket } = request;
      const { grammars, progress } = host;
      return compareTrees(request, { tree, texts, grammars, progress }, () => ticket !== undefined && host.cancelled(ticket));
    },
    fillFromLog: ({ scenario, log }) => fillFromLog(scenario, log),
    lenses: async ({ path }) => {
      const engine = await tree();
      const lenses = engine.lenses(path);
      // Whoever reads a file will ask about its functions next.
      void engine.prepare();
      return lenses;
    },
    hover: async ({ path, line, column }) => (await tree()).hover(path, line, column) ?? null,
    functionsAt: async ({ path, line, column }) => (await tree()).neighbours.functionsAt(path, line, column),
    slotAt: async ({ path, line, column }) => (await tree()).neighbours.slotAt(path, line, column) ?? null,
    neighbours: async ({ place, direction }) => (await tree()).neighbours[direction](place),
    graph: async (request) => {
      host.progress(request.name);
      const mine = ++lastGraph;
      const report = await (await tree()).calls(request.name, callOptions(request), () => mine !== lastGraph);
      if (mine !== lastGraph) throw new Error('another graph was asked for');
      if (report === undefined) throw new Error(`${request.name} is not a function of this tree`);
      return layoutGraph(report, request);
    },
    export: async ({ result, format }) => (await tree()).export(result, format),
  };
});
