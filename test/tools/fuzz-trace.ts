// Mutates the path's files (deleted, doubled, swapped tokens, truncation, random bytes) and traces them: every run must give an
// answer or a named refusal. Usage: node test/tools/fuzz-trace.ts [SEED] [RUNS] [TREE]; default tree: the sample.

import { join } from 'node:path';
import { OverlaySource } from '../../src/core/source/file-source.ts';
import { parseScenario } from '../../src/core/scenario/read.ts';
import { findPreset, presetList } from '../../src/core/scenario/presets/presets.ts';
import { TraceSession } from '../../src/core/session/trace-session.ts';
import { DiskSource } from '../../src/node/disk-source.ts';

const seed = Number(process.argv[2] ?? 1);
const runs = Number(process.argv[3] ?? 200);
const root = process.argv[4] ?? join(import.meta.dirname, '../../media/sample-kernel');

const files = [
  'mm/memory-failure.c',
  'mm/memremap.c',
  'drivers/dax/super.c',
  'drivers/nvdimm/pmem.c',
  'fs/dax.c',
  'fs/xfs/xfs_notify_failure.c',
  'fs/xfs/libxfs/xfs_rmap.c',
  'include/linux/dax.h',
  'include/linux/mm_types.h',
];

let state = seed >>> 0;
/** A number below `n` (mulberry32). */
function below(n: number): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) % n;
}

/** One to three random changes of a text. */
function mutate(text: string): string {
  let pieces = text.split(/(\s+|[A-Za-z_]\w*|\d\w*|"[^"\n]*"|[^\sA-Za-z_0-9])/).filter((piece) => piece !== '');
  for (let i = 1 + below(3); i > 0; i--) {
    const at = below(pieces.length);
    const other = below(pieces.length);
    switch (below(7)) {
      case 0:
        pieces.splice(at, 1);
        break;
      case 1:
        pieces.splice(at, 0, pieces[at] ?? '');
        break;
      case 2:
        [pieces[at], pieces[other]] = [pieces[other] ?? '', pieces[at] ?? ''];
        break;
      case 3:
        pieces.splice(at, 0, pieces[other] ?? '');
        break;
      case 4:
        pieces[at] =
          ['0', '-1', '1', '!', '&', '*', '->', '<<', '0xffffffffffffffffULL', 'NULL', 'while (1)', 'return', '{', ')'][below(14)] ?? '';
        break;
      case 5:
        pieces[at] = String.fromCharCode(1 + below(300));
        break;
      default:
        if (below(8) === 0) pieces = pieces.slice(0, at + 1);
        break;
    }
  }
  return pieces.join('');
}

const megabytes = (bytes: number): string => `${(bytes / 1048576).toFixed(0)} MB`;

const source = new DiskSource(root);
const texts = new Map<string, string>();
const session = new TraceSession({ source: new OverlaySource(source, texts) });
const scenarios = presetList().flatMap((preset) => {
  const parsed = parseScenario(findPreset(preset.name));
  return parsed.kind === 'ok' ? [parsed.value] : [];
});
const ends = new Map<string, number>();
const reasons = new Map<string, number>();
let bugs = 0;
let slowest = 0;
let memory = 0;
for (let run = 0; run < runs; run++) {
  const before = state;
  const path = files[below(files.length)] ?? '';
  const original = source.read(path);
  const scenario = scenarios[below(scenarios.length)];
  if (original === undefined || scenario === undefined) continue;
  texts.set(path, mutate(original));
  session.changed(path);
  const start = process.cpuUsage().user;
  let end: string;
  try {
    const result = session.run(scenario, { all: false });
    const last = result?.injections.at(-1)?.result;
    end = last?.kind ?? 'none';
    if (last?.kind === 'limit' || last?.kind === 'unknown') {
      const reason = last.reason.replace(/0x[0-9a-f]+|\d+/g, 'N').slice(0, 70);
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  } catch (error) {
    end = 'BUG';
    bugs++;
    if (bugs <= 10)
      console.log(
        `run ${run} (state ${before}, ${path}, ${scenario.id}): ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
  }
  const milliseconds = (process.cpuUsage().user - start) / 1000;
  if (milliseconds > slowest) slowest = milliseconds;
  if (milliseconds > 10_000) console.log(`run ${run} (state ${before}, ${path}, ${scenario.id}): ${milliseconds.toFixed(0)} ms, ${end}`);
  ends.set(end, (ends.get(end) ?? 0) + 1);
  texts.delete(path);
  session.changed(path);
  memory = Math.max(memory, process.memoryUsage.rss());
  if ((run + 1) % 500 === 0) {
    // Growth from run to run shows in what is alive; the resident size also has what the collector has not given back.
    globalThis.gc?.();
    const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
    console.log(`after ${run + 1} runs: ${megabytes(heapUsed + arrayBuffers)} alive, ${megabytes(rss)} resident`);
  }
}
console.log(
  `seed ${seed}: ${runs} runs; ${[...ends]
    .sort()
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')}; slowest ${slowest.toFixed(0)} ms; peak memory ${megabytes(memory)}`,
);
for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 12)) console.log(`  ${count} x ${reason}`);
process.exitCode = bugs === 0 ? 0 : 1;
