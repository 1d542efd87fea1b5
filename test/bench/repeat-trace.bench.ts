// Time of 1,000 runs of an observed scenario from a snapshot of its world, on one core.
// Usage: node test/bench/repeat-trace.bench.ts [VERSION] [SCENARIO]   (default 6.1 s03)
import { readFileSync } from 'node:fs';
import { Interner } from '../../src/base/interner.ts';
import { runStep } from '../../src/core/kernel/world/steps.ts';
import { chooseConfig, withoutTracepoints } from '../../src/core/preprocessor/kernel/choose-config.ts';
import { KernelPreprocessor } from '../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { readScenario } from '../../src/core/scenario/read.ts';
import { startSimulation } from '../../src/core/session/simulation.ts';
import { UnitCache } from '../../src/core/session/unit-cache.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { kernelTree, sharedPath } from '../tools/kernel-tree.ts';

const [version = '6.1', id = 's03'] = process.argv.slice(2);
const tree = kernelTree(version);
const configFile = sharedPath(`ground-truth/config-${version}`);
const observation = sharedPath(`ground-truth/${version}/${id}.json`);
if (tree === undefined || configFile === undefined || observation === undefined) {
  console.log('repeat-trace: skipped, needs a kernel tree and the observations');
  process.exit(0);
}
const source = new DiskSource(tree);
const { config } = chooseConfig(source, { path: configFile, text: readFileSync(configFile, 'utf8') });
const loader = new UnitCache(new KernelPreprocessor(source, withoutTracepoints(config), new Interner()), source, () => {});
const read = readScenario(readFileSync(observation, 'utf8'), 'observation');
if (read.kind !== 'ok') throw new Error('the observation is no scenario');
const { machine, world, recorder } = startSimulation(read.value, { source, loader, all: false });
if (world.kind !== 'value') throw new Error('the world could not be built');
const built = world.value;
const start = machine.snapshot();
const runs = 1000;
for (const watched of [false, true]) {
  machine.probe = watched ? recorder : undefined;
  let steps = 0;
  const began = performance.now();
  for (let i = 0; i <= runs; i++) {
    machine.restore(start);
    const before = machine.steps;
    for (const step of read.value.steps) runStep(built, step);
    steps = machine.steps - before;
  }
  console.log(
    `repeat-trace: ${runs} runs of ${id} (${version})${watched ? ' with every call recorded' : ''} ${((performance.now() - began) / 1000).toFixed(2)} s, ${steps} instructions each`,
  );
}
