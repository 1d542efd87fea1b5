// Mutates the path's files (deleted, doubled, swapped tokens, truncation, random bytes) and traces them: every run must give an
// answer or a named refusal. Usage: node test/tools/fuzz-trace.ts [SEED] [RUNS] [TREE]; default tree: the sample.

import { join } from 'node:path';
import { OverlaySource } from '../../src/core/source/file-source.ts';
import { parseScenario } from '../../src/core/scenario/read.ts';
import { findPreset, presetList } from '../../src/core/scenario/presets/presets.ts';
import { TraceSession } from '../../src/core/session/trace-session.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { mutatedFiles, Mutator } from './mutate.ts';

const seed = Number(process.argv[2] ?? 1);
const runs = Number(process.argv[3] ?? 200);
const root = process.argv[4] ?? join(import.meta.dirname, '../../media/sample-kernel');

const random = new Mutator(seed);
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
  const before = random.state;
  const path = mutatedFiles[random.below(mutatedFiles.length)] ?? '';
  const original = source.read(path);
  const scenario = scenarios[random.below(scenarios.length)];
  if (original === undefined || scenario === undefined) continue;
  texts.set(path, random.mutate(original));
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
  if ((run + 1) % Math.min(500, Math.ceil(runs / 5)) === 0) {
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
