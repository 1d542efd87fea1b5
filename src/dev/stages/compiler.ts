// The stage that compares with compilers' own answers, when they lie beside the checkout.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureKernel, kernelFolder, Unavailable } from '../kernel-source.ts';
import { run } from '../process.ts';
import { couldNotRun, oneCheck, sum, type Outcome, type Stage } from './stage.ts';
import { truthFolder } from './truth.ts';

interface Comparison {
  readonly what: string;
  readonly script: string;
  readonly args: readonly string[];
  /** What the output must say, besides exit code 0. */
  readonly says: (output: string) => boolean;
}

const folder = join(truthFolder(), '../compiler-truth');

/** Every section of the tables has as many rows as were found, and no row stands out. */
function sameTables(output: string): boolean {
  const sections = [...output.matchAll(/^(\w+): (\d+) in the truth, (\d+) found$/gm)];
  const others = output.split('\n').filter((line) => line !== '' && !/^\w+: \d+ in the truth|^discovery /.test(line));
  return sections.length > 0 && sections.every((row) => row[2] === row[3]) && others.length === 0;
}

function comparisons(): readonly Comparison[] {
  const at = (path: string): string => join(folder, path);
  const ops = ['6.1', '6.12'].map((version) => ({
    what: `ops tables of ${version}`,
    script: 'ops-truth.ts',
    args: [kernelFolder(version), at(`ops/ops_truth_${version}.json`)],
    says: sameTables,
  }));
  const tree = kernelFolder('6.1');
  return [
    ...ops,
    { what: 'struct layouts', script: 'layout-truth.ts', args: [], says: (output) => output.includes(', 0 different') },
    {
      what: 'functions that the compiler saw',
      script: 'functions-truth.ts',
      args: [tree, at('callgraph/files')],
      says: (output) => output.includes(', 0 not listed'),
    },
    {
      what: 'files of the failure path without parse errors',
      script: 'parse-health.ts',
      args: [tree, at('parse/failure_path_files.txt')],
      says: (output) => output.includes(', 0 with errors'),
    },
    { what: 'random C programs', script: 'csem.ts', args: [], says: (output) => output.includes(', 0 different, 0 stopped') },
  ];
}

async function compare({ what, script, args, says }: Comparison): Promise<Outcome> {
  const done = await run(process.execPath, [join('test/tools', script), ...args], { capture: true, timeout: 10 * 60_000 });
  const ok = done.code === 0 && says(done.output);
  console.log(`  ${ok ? 'ok  ' : 'FAIL'} ${what}: ${done.output.trim().split('\n').at(-1) ?? ''}`);
  return oneCheck(ok, `${what}: node test/tools/${script} shows differences`);
}

export const compilerStage: Stage = {
  name: 'compiler',
  title: 'compilers (layouts, tables, random programs)',
  async run() {
    if (!existsSync(folder)) {
      const note = 'compiler: not compared, there are no answers of compilers beside this checkout';
      console.error(note);
      return { passed: 0, failed: 0, notes: [note] };
    }
    try {
      for (const version of ['6.1', '6.12']) await ensureKernel(version);
    } catch (error) {
      if (error instanceof Unavailable) return couldNotRun(`compiler: ${error.message}`);
      throw error;
    }
    const outcomes: Outcome[] = [];
    for (const one of comparisons()) outcomes.push(await compare(one));
    return sum(outcomes);
  },
};
