// Traces of one scenario from a snapshot of its world, and the program view of one unit: cold, and after edits.
// Usage: node test/bench/sweep.bench.ts TREE OBSERVATION [TRACES]. Prints processor time, which other processes do not change.
import { readFileSync } from 'node:fs';
import { OverlaySource } from '../../src/core/source/file-source.ts';
import { chooseConfig, withoutTracepoints } from '../../src/core/preprocessor/kernel/choose-config.ts';
import { KernelPreprocessor } from '../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { readScenario } from '../../src/core/scenario/read.ts';
import { runScenario } from '../../src/core/session/run-steps.ts';
import { startSimulation } from '../../src/core/session/simulation.ts';
import { UnitCache } from '../../src/core/session/unit-cache.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { median, notMeasured, report } from './measure.ts';

const [tree = '.', observation = '', count = '1000'] = process.argv.slice(2);
const unit = 'mm/memory-failure.c';
const edits = 50;
const traces = Number(count);

/** Processor time of `work` in milliseconds. */
function cpu(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const texts = new Map<string, string>();
const source = new OverlaySource(new DiskSource(tree), texts);
const units = new UnitCache(new KernelPreprocessor(source, withoutTracepoints(chooseConfig(source).config)), source, () => undefined);
report(`program view of ${unit}, cold`, cpu(() => units.load(unit)?.unit.definition('memory_failure')) / 1000, 's cpu', 1.5);

const text = source.read(unit) ?? '';
const at = text.indexOf('{', text.indexOf('int memory_failure(')) + 1;
const samples: number[] = [];
for (let edit = 0; edit < edits; edit++) {
  texts.set(unit, `${text.slice(0, at)}\n\t/* ${edit} */;${text.slice(at)}`);
  samples.push(
    cpu(() => {
      units.changed(unit);
      units.load(unit)?.unit.definition('memory_failure');
    }),
  );
}
report(`… after an edit inside memory_failure(), median of ${edits}`, median(samples), 'ms cpu', 100);
texts.delete(unit);
units.changed(unit);

if (observation === '') {
  notMeasured(`${traces} traces from a snapshot`, 'there is no observation');
  process.exit(0);
}
const scenario = readScenario(readFileSync(observation, 'utf8'), 'observation');
if (scenario.kind !== 'ok') throw new Error(`${observation} is no observation`);
const simulation = startSimulation(scenario.value, { source, loader: units, all: false });
const { machine, world } = simulation;
if (world.kind !== 'value') throw new Error('the world could not be built');
const snapshot = machine.snapshot();
const trace = (): string => {
  machine.restore(snapshot);
  const result = runScenario(scenario.value, simulation, {
    cancelled: () => false,
    progress: undefined,
    edits: { source, base: undefined },
    notes: [],
  });
  // The counts of intrinsic calls go on over all runs.
  return JSON.stringify([result?.injections, result?.processes, result?.filesystems, result?.verdict]);
};
const first = trace();
let different = 0;
const milliseconds = cpu(() => {
  for (let i = 0; i < traces; i++) if (trace() !== first) different++;
});
report(`${traces} traces from a snapshot`, milliseconds / 1000, 's cpu', traces / 100);
console.log(`${different} of them differ from the first`);
