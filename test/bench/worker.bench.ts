// The engine's worker as the extension starts it: times of its answers, and the memory that the whole process holds meanwhile.
// Usage: node test/bench/worker.bench.ts TREE [--worker FILE] [--preset NAME] [--only PART,PART]. Exit code 1 when a target is missed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, run } from '../../src/dev/process.ts';
import { EngineClient } from '../../src/host/engine-client.ts';
import type { ScenarioSource } from '../../src/core/session/engine-api.ts';
import { functionPlaces } from './function-places.ts';
import { megabytes, median, processorTime, report } from './measure.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    worker: { type: 'string', default: join(root, 'dist/worker.cjs') },
    preset: { type: 'string', default: 'reflinked-pair' },
    only: { type: 'string' },
  },
});
const [tree] = positionals;
if (tree === undefined) {
  console.error('usage: node test/bench/worker.bench.ts TREE');
  process.exit(2);
}
const scenario: ScenarioSource = { kind: 'preset', name: values.preset };
const edits = 50;
const edited = 'drivers/nvdimm/pmem.c';
/** Megabytes of one worker. */
const workerLimit = 500;
const traceLimit = 300;

let pending: Record<string, string | null> = {};
function newEngine(): EngineClient {
  const engine = new EngineClient({
    worker: values.worker,
    grammars: join(root, 'grammars'),
    ripgrep: undefined,
    log: (line) => {
      console.error(line);
    },
    pendingEdits: () => {
      const texts = pending;
      pending = {};
      return texts;
    },
    allEdits: () => ({}),
  });
  engine.open({ root: tree ?? '', config: null });
  return engine;
}

let peak = 0;
const empty = process.memoryUsage.rss();
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 10).unref();

let met = true;
function told(name: string, value: number, unit: string, target?: number): void {
  met = report(name, value, unit, target) && met;
}
/** What the worker adds to the process that holds it. */
function workerMemory(name: string, target?: number): void {
  peak = Math.max(peak, process.memoryUsage.rss());
  told(`… worker memory, peak ${name}`, megabytes(peak - empty), 'MB', target);
}

let used = 0;
async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  const before = processorTime();
  await work();
  used = processorTime() - before;
  return performance.now() - begin;
}
/** Processor time of what was timed last. */
function processor(): void {
  report('… processor time, searches included', used / 1000, 's');
}

const text = readFileSync(join(tree, edited), 'utf8');
const inside = text.indexOf('{', text.indexOf('pmem_pagemap_memory_failure(')) + 1;
let editCount = 0;
/** One keystroke inside a function of the driver, and the trace that follows it. */
function editAndTrace(engine: EngineClient): Promise<number> {
  pending = { [edited]: `${text.slice(0, inside)}\n\t/* edit ${editCount++} */ ; ${text.slice(inside)}` };
  return timed(async () => {
    const answer = await engine.call('trace', { scenario });
    if (answer.kind !== 'result') throw new Error(`the trace was ${answer.kind}`);
  });
}

/** Names whose hovers a reader of the path asks for, with the file that defines each. */
const hovered: readonly (readonly [string, string])[] = [
  ['mm/memory-failure.c', 'memory_failure'],
  ['mm/memory-failure.c', 'mf_dax_kill_procs'],
  ['drivers/dax/super.c', 'dax_holder_notify_failure'],
  ['drivers/nvdimm/pmem.c', 'pmem_pagemap_memory_failure'],
  ['fs/xfs/xfs_notify_failure.c', 'xfs_dax_notify_failure'],
  ['fs/xfs/xfs_notify_failure.c', 'xfs_dax_failure_fn'],
  ['fs/dax.c', 'dax_lock_page'],
];

const graphs: readonly { readonly depth: number; readonly target: number }[] = [
  { depth: 4, target: 3 },
  { depth: 6, target: 8 },
];

const parts: Readonly<Record<string, () => Promise<void>>> = {
  trace: async () => {
    const engine = newEngine();
    told('worker: start to first trace', (await timed(() => engine.call('trace', { scenario }))) / 1000, 's', 5);
    processor();
    workerMemory('of one trace', traceLimit);
    engine.dispose();
  },
  edits: async () => {
    const engine = newEngine();
    await engine.call('trace', { scenario });
    const samples: number[] = [];
    for (let i = 0; i < edits; i++) samples.push(await editAndTrace(engine));
    told(`worker: edit to new trace, median of ${edits}`, median(samples), 'ms', 500);
    told('… slowest', Math.max(...samples), 'ms');
    workerMemory('after the edits', workerLimit);
    engine.dispose();
  },
  presets: async () => {
    const engine = newEngine();
    const all = await engine.call('presets', null);
    for (const preset of all) await engine.call('trace', { scenario: { kind: 'preset', name: preset.name } });
    workerMemory(`after ${all.length} presets`, workerLimit);
    engine.dispose();
  },
  hovers: async () => {
    const places = functionPlaces(tree, hovered);
    const cold = newEngine();
    const [first] = places;
    if (first !== undefined)
      told(`worker: hover on ${first.name}, nothing read before`, await timed(() => cold.call('hover', first)), 'ms');
    processor();
    cold.dispose();
    // An editor asks for the lenses of a file before anybody can point at its text.
    const engine = newEngine();
    told('worker: first lenses', await timed(() => engine.call('lenses', { path: 'mm/memory-failure.c' })), 'ms');
    processor();
    for (const place of places) {
      told(`worker: hover on ${place.name}`, await timed(() => engine.call('hover', place)), 'ms', 1000);
      processor();
    }
    workerMemory('after the hovers', workerLimit);
    engine.dispose();
  },
  graphs: async () => {
    for (const { depth, target } of graphs) {
      const engine = newEngine();
      const request = { name: 'memory_failure', depth, callers: false, all: true };
      told(`worker: call graph of memory_failure, depth ${depth}`, (await timed(() => engine.call('graph', request))) / 1000, 's', target);
      processor();
      workerMemory('after that', workerLimit);
      engine.dispose();
    }
  },
  both: async () => {
    const engine = newEngine();
    await engine.call('trace', { scenario });
    let busy = true;
    const graph = engine.call('graph', { name: 'memory_failure', depth: 6, callers: false, all: true }).finally(() => {
      busy = false;
    });
    const samples: number[] = [];
    while (busy) samples.push(await editAndTrace(engine));
    await graph;
    told(`worker: edit to trace while a graph is made, median of ${samples.length}`, median(samples), 'ms', 500);
    told('… slowest', Math.max(...samples), 'ms', 500);
    workerMemory('of both workers together');
    engine.dispose();
  },
};

if (values.only === undefined) {
  // A process each: what an ended worker gave back is not always given back to the system.
  for (const name of Object.keys(parts)) {
    const flags = [tree, '--worker', values.worker, '--preset', values.preset, '--only', name];
    met = (await run(process.execPath, ['test/bench/worker.bench.ts', ...flags], { timeout: 300_000 })).code === 0 && met;
  }
} else {
  for (const name of values.only.split(',')) await parts[name]?.();
}
process.exit(met ? 0 : 1);
