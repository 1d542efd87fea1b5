// Runs random scenarios in the machine and in code that gcc compiled from the same tokens, and compares everything that happens.
// Usage: node test/tools/twin/twin.ts --kernel 6.1 [--runs 10000] [--seed 1] [--optimise 0] [--world N] [--helpers N]
// [--differences N] [--progress]
// Every scenario is one call in a random world; --world runs the scenarios of one world only, to see a difference again.

import { parseArgs } from 'node:util';
import { kernelTree, sharedPath } from '../kernel-tree.ts';
import { hasCompiler } from './native-side.ts';
import { runTwin, type TwinDifference } from './run-twin.ts';

const { values } = parseArgs({
  options: {
    kernel: { type: 'string', default: '6.1' },
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    optimise: { type: 'string', default: '0' },
    world: { type: 'string' },
    helpers: { type: 'string' },
    progress: { type: 'boolean', default: false },
    differences: { type: 'string', default: '1' },
  },
});

const version = values.kernel;
const root = kernelTree(version);
const config = sharedPath(`ground-truth/config-${version}`);
if (root === undefined || !hasCompiler()) {
  console.error(root === undefined ? `no tree of ${version}` : 'no gcc');
  process.exit(2);
}

let shown = 0;
function show(difference: TwinDifference): void {
  if (shown++ >= Number(values.differences)) return;
  console.log(`difference in world ${difference.world}: ${difference.call}`);
  console.log('machine:');
  for (const line of difference.machine) console.log(`  ${line}`);
  console.log(`native: ${difference.native}`);
}

const start = process.hrtime.bigint();
const result = await runTwin({
  root,
  config,
  runs: Number(values.runs),
  seed: Number(values.seed),
  optimise: values.optimise,
  onlyWorld: values.world === undefined ? undefined : Number(values.world),
  helperCalls: values.helpers === undefined ? undefined : Number(values.helpers),
  onDifference: show,
  onProgress: (text) => {
    if (values.progress) console.error(text);
  },
});
const seconds = Number((process.hrtime.bigint() - start) / 1_000_000_000n);
const list = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, n]) => `${name} ${n}`)
    .join(', ');
console.log(`events: ${list(result.events)}`);
console.log(`results: ${list(result.outcomes)}`);
console.log(
  `${result.units} units and ${result.functions} functions compiled (-O${values.optimise}) in ${result.starts} rounds; ${result.signals} signals, ${result.shutdowns} shutdowns`,
);
console.log(
  `compared: ${result.operations} calls, results and intrinsics, ${result.bytes} bytes of changed memory; ${result.reordered} calls without effect in another order`,
);
for (const [what, { runs, agreed, differing, limited, names }] of Object.entries({
  'calls of the world builder': result.builders,
  'functions of numbers': result.helpers,
}))
  console.log(
    `${what}: ${runs} runs of ${names.size} functions, ${agreed} agreed, ${differing} differing, ${limited} agreed up to a limit`,
  );
if (result.skipped.size > 0) console.log(`worlds that could not be: ${list(result.skipped)}`);
if (result.limits.size > 0) console.log(`agreed up to a limit of the machine: ${list(result.limits)}`);
console.log(
  `${version} seed ${values.seed}: ${result.runs} runs in ${result.worlds} worlds, ${result.agreed} agreed, ${result.differing} differing, ${result.limited} agreed up to a limit; ${seconds} s`,
);
process.exitCode = result.differing + result.builders.differing + result.helpers.differing === 0 ? 0 : 1;
