// `node test/tools/sweep.ts 6.12 SEED COUNT [--write DIR]`: random scenarios on an unmodified tree. Every violation, fault and unknown
// result is listed with its seed; those that are known behaviour of these kernels are named in sweep/known.ts and only counted.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseScenario } from '../../src/core/scenario/read.ts';
import { TraceSession } from '../../src/core/session/trace-session.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { kernelTree } from './kernel-tree.ts';
import { knownBehaviour } from './sweep/known.ts';
import { randomScenario } from './sweep/random-scenario.ts';

const [version = '6.12', from = '1', count = '100', flag, folder = ''] = process.argv.slice(2);
const root = kernelTree(version);
if (root === undefined) {
  console.error(`there is no Linux ${version} in the cache`);
  process.exit(2);
}
const session = new TraceSession({ source: new DiskSource(root) });
const tally = new Map<string, number>();
const add = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);
let strange = 0;

for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
  const input = randomScenario(seed);
  const read = parseScenario(input);
  if (read.kind === 'invalid') {
    strange++;
    console.log(`seed ${seed}: refused: ${read.problems[0]?.path}: ${read.problems[0]?.message}`);
    continue;
  }
  const result = session.run(read.value, { all: false });
  if (result === undefined) continue;
  const open: string[] = [];
  for (const violation of result.verdict.violations) {
    const known = knownBehaviour(version, read.value, result, violation);
    if (known === undefined) open.push(`law ${violation.law}, injection ${violation.injection}: ${violation.text}`);
    else add(`known: ${known}`);
  }
  // A step of a process that a signal killed does nothing; everything else that is not known is a gap of ours.
  if (result.verdict.kind === 'unknown')
    open.push(...result.verdict.reasons.filter((reason) => !reason.includes('nothing ran')).map((reason) => `unknown: ${reason}`));
  add(open.length > 0 ? 'to be looked at' : result.verdict.kind);
  if (open.length === 0) continue;
  strange++;
  console.log(`seed ${seed}:\n  ${open.join('\n  ')}`);
  if (flag === '--write') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `random-${seed}.json`), JSON.stringify(input));
  }
}
console.log(`Linux ${version}, seeds ${from}..${Number(from) + Number(count) - 1}:`);
for (const [what, n] of [...tally].sort()) console.log(`  ${n} ${what}`);
process.exitCode = strange > 0 ? 1 : 0;
