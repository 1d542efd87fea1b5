// `npm run bench`: prints the numbers that the README's targets are about, one per line. Exit code 1 when a target is missed.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureKernel, Unavailable } from '../../src/dev/kernel-source.ts';
import { root, run } from '../../src/dev/process.ts';
import { truthFolder } from '../../src/dev/stages/truth.ts';
import { prepareC } from '../../src/core/program/run-c.ts';
import { SourceSession } from '../../src/core/session/source-session.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { openEngine, type TreeEngine } from '../../src/node/engine.ts';
import { loadGrammar } from '../../src/node/grammar-files.ts';
import { DiskWordSearch } from '../../src/node/prefilter.ts';
import type { ScenarioSource } from '../../src/core/session/engine-api.ts';
import { cost, fileKilobytes, median, megabytes, notMeasured, report } from './measure.ts';

const EDITS = 50;
const PRESET = 'reflinked-pair';
const cli = join(root, 'dist/cli.cjs');
const grammars = join(root, 'grammars');

/** The scenario of every trace here: the observed s03 where it is at hand, else the preset of the same situation. */
function scenario(): { readonly source: ScenarioSource; readonly flags: readonly string[] } {
  const observation = join(truthFolder(), '6.1/s03.json');
  if (existsSync(observation)) {
    return {
      source: { kind: 'observation', name: 's03.json', text: readFileSync(observation, 'utf8') },
      flags: ['--observation', observation],
    };
  }
  return { source: { kind: 'preset', name: PRESET }, flags: ['--preset', PRESET] };
}

async function firstTrace(tree: string): Promise<boolean> {
  const samples: number[] = [];
  let peak = 0;
  for (let i = 0; i < 3; i++) {
    const child = await cost(process.execPath, [cli, 'trace', '--tree', tree, ...scenario().flags, '--json']);
    if (child.code > 1) {
      notMeasured('command start to first trace', `exit code ${child.code}: ${child.stderr.trim().split('\n').at(-1) ?? ''}`);
      return false;
    }
    samples.push(child.milliseconds / 1000);
    peak = Math.max(peak, child.peakBytes);
  }
  const inTime = report('command start to first trace, whole tree (of 3)', median(samples), 's', 5);
  return report('peak memory of that process', megabytes(peak), 'MB', 500) && inTime;
}

function trace(engine: TreeEngine): number {
  const begin = performance.now();
  const answer = engine.trace({ scenario: scenario().source }, () => false);
  if (answer.kind !== 'result') throw new Error(`the trace was ${answer.kind}`);
  return performance.now() - begin;
}

/** Edits inside a function of pmem.c as typing does, and traces after each. */
async function editToTrace(tree: string): Promise<boolean> {
  const path = 'drivers/nvdimm/pmem.c';
  const engine = await openEngine({ root: tree, config: null, grammars, progress: () => {} });
  const text = readFileSync(join(tree, path), 'utf8');
  const at = text.indexOf('{', text.indexOf('pmem_pagemap_memory_failure(')) + 1;
  trace(engine);
  const samples: number[] = [];
  for (let i = 0; i < EDITS; i++) {
    const begin = performance.now();
    engine.setText(path, `${text.slice(0, at)}\n\t/* edit ${i} */ ; ${text.slice(at)}`);
    trace(engine);
    samples.push(performance.now() - begin);
  }
  console.log(`${'peak memory after the edits'.padEnd(52)} ${`${Math.round(process.resourceUsage().maxRSS / 1024)} MB`.padStart(14)}`);
  return report(`edit inside pmem.c to new trace, median of ${EDITS}`, median(samples), 'ms', 500);
}

/** Discovery against ripgrep on the words that discovery itself searches for, in the same run. */
async function discovery(tree: string): Promise<boolean> {
  const words = new Set<string>();
  const search = new DiskWordSearch(tree);
  const listening = {
    filesWith: (asked: readonly string[]) => {
      for (const word of asked) words.add(word);
      return search.filesWith(asked);
    },
    filesDeclaring: (names: readonly string[]) => search.filesDeclaring(names),
    wordsOf: (asked: readonly string[]) => search.wordsOf(asked),
  };
  const grammar = await loadGrammar(grammars);
  const once = (): number => {
    const begin = performance.now();
    new SourceSession({ grammar, files: new DiskSource(tree), search: listening }).ops();
    return (performance.now() - begin) / 1000;
  };
  once();
  const seconds = median([once(), once(), once()]);
  const inTime = report(`discovery, warm (${words.size} words)`, seconds, 's', 3);
  const flags = ['--no-config', '-uu', '-l', '-g', '*.[ch]', '-F', ...[...words].flatMap((word) => ['-e', word]), '.'];
  const samples: number[] = [];
  for (let i = 0; i < 3; i++) {
    const child = await cost('rg', flags, tree);
    if (child.code === 127) {
      notMeasured('discovery / rg -l of the same words', 'there is no rg');
      return inTime;
    }
    samples.push(child.milliseconds / 1000);
  }
  report('rg -l of the same words', median(samples), 's');
  return report('discovery / rg -l of the same words', seconds / median(samples), 'x', 4) && inTime;
}

const PROGRAM = `int printf(const char *, ...);
static unsigned table[256];
static unsigned mix(unsigned a, unsigned b) { return (a ^ b) * 16777619u; }
int main(void)
{
	unsigned long long sum = 0;
	unsigned x = 1;
	for (int i = 0; i < 2000000; i++) {
		x = x * 1664525u + 1013904223u;
		table[x >> 24] += mix(x, i);
		sum += table[i & 255];
	}
	printf("%llu\\n", sum);
	return 0;
}
`;

/** The machine on a loop with arithmetic, memory and a call; then, where gcc and the programs are at hand, on the csmith corpus. */
async function machineSpeed(): Promise<boolean> {
  const program = prepareC('loop.c', PROGRAM);
  program.run();
  const begin = performance.now();
  const { steps } = program.run();
  report('machine, million instructions per second', steps / 1e3 / (performance.now() - begin), 'M/s');
  const done = await run(process.execPath, ['test/bench/machine.bench.ts'], { capture: true, timeout: 300_000 });
  const ratio = /median ([\d.]+)x/.exec(done.stdout);
  if (ratio === null) {
    notMeasured('machine / gcc -O0, median over the csmith corpus', done.stdout.trim());
    return true;
  }
  return report('machine / gcc -O0, median over the csmith corpus', Number(ratio[1]), 'x', 40);
}

/** A benchmark of its own process, which prints its rows itself. */
async function script(path: string, flags: readonly string[]): Promise<boolean> {
  return (await run(process.execPath, [path, ...flags], { timeout: 600_000 })).code === 0;
}

/** The observation that traces from a snapshot repeat. */
function observed(): readonly string[] {
  const observation = join(truthFolder(), '6.1/s03.json');
  return existsSync(observation) ? [observation] : [];
}

const met: boolean[] = [];
async function part(name: string, measure: () => Promise<boolean>): Promise<void> {
  try {
    met.push(await measure());
  } catch (error) {
    met.push(false);
    notMeasured(name, error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

if ((await run(process.execPath, ['src/build/build.ts'], { capture: true })).code !== 0) {
  console.error('npm run build fails');
  process.exit(1);
}
try {
  const tree = await ensureKernel('6.1');
  // The tree goes through the page cache once, so that every number is a warm one.
  await run('sh', ['-c', `find '${tree}' -name '*.[ch]' -print0 | xargs -0 cat > /dev/null`]);
  await part('command start to first trace', () => firstTrace(tree));
  await part('edit to new trace', () => editToTrace(tree));
  await part('discovery', () => discovery(tree));
  await part('program view and traces from a snapshot', () => script('test/bench/sweep.bench.ts', [tree, ...observed()]));
  await part('the worker', () => script('test/bench/worker.bench.ts', [tree]));
  await part('activation', () => script('test/bench/activation.bench.ts', [tree]));
} catch (error) {
  if (!(error instanceof Unavailable)) throw error;
  notMeasured('everything on the 6.1 tree', error.message);
  met.push(false);
}
await part('machine', machineSpeed);
await part('package', async () => {
  const done = await run(process.execPath, ['src/dev/package.ts'], { capture: true });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  if (done.code !== 0) throw new Error('npm run package fails');
  return report('vsix', fileKilobytes(join(root, `daxtrace-${version}.vsix`)), 'KB', 2048);
});
process.exit(met.every(Boolean) ? 0 : 1);
