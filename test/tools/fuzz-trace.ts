// Mutates the path's files (deleted, doubled, swapped tokens, truncation, random bytes) and traces them: every run must give an
// answer or a named refusal. Usage: node test/tools/fuzz-trace.ts [SEED] [RUNS] [TREE]; default tree: the sample.

import { join } from 'node:path';
import { parseScenario } from '../../src/core/scenario/read.ts';
import { findPreset, presetList } from '../../src/core/scenario/presets/presets.ts';
import { runScenario } from '../../src/core/session/run-steps.ts';
import { startSimulation } from '../../src/core/session/simulation.ts';
import type { Scenario } from '../../src/core/scenario/schema.ts';
import type { TraceResult } from '../../src/core/trace/result.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { ForkedUnits } from './forked-units.ts';
import { mutatedFiles, Mutator } from './mutate.ts';

const seed = Number(process.argv[2] ?? 1);
const runs = Number(process.argv[3] ?? 200);
const root = process.argv[4] ?? join(import.meta.dirname, '../../media/sample-kernel');

const random = new Mutator(seed);
const megabytes = (bytes: number): string => `${(bytes / 1048576).toFixed(0)} MB`;

const source = new DiskSource(root);
const headers = mutatedFiles.filter((path) => path.endsWith('.h'));
const sources = mutatedFiles.filter((path) => !path.endsWith('.h'));
const units = new ForkedUnits(source);

/** A trace as a session makes it, on the tree with the change. */
function trace(scenario: Scenario): TraceResult | undefined {
  const simulation = startSimulation(scenario, { source: units.source, loader: units, all: false });
  const edits = { source: units.source, base: source };
  return runScenario(scenario, simulation, { cancelled: () => false, progress: undefined, edits, notes: simulation.notes });
}

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
  // A changed header changes every unit: those runs take twenty times as long, so they are one in sixteen.
  const among = random.below(16) === 0 ? headers : sources;
  const path = among[random.below(among.length)] ?? '';
  const original = source.read(path);
  const scenario = scenarios[random.below(scenarios.length)];
  if (original === undefined || scenario === undefined) continue;
  units.change(path, random.mutate(original));
  const start = process.cpuUsage().user;
  let end: string;
  try {
    const result = trace(scenario);
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
  memory = Math.max(memory, process.memoryUsage.rss());
  if ((run + 1) % Math.min(500, Math.ceil(runs / 5)) === 0) {
    // Growth from run to run shows in what is alive; the resident size also has what the collector has not given back.
    globalThis.gc?.();
    const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
    console.log(
      `after ${run + 1} runs: ${megabytes(heapUsed + arrayBuffers)} alive (${megabytes(arrayBuffers)} of it in buffers), ${megabytes(rss)} resident`,
    );
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
