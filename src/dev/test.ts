// `npm test`: runs every stage, shows each one's time, and sums up. A failing stage does not hide later ones.

import { parseArgs } from 'node:util';
import { compilerStage } from './stages/compiler.ts';
import { hostStages } from './stages/host.ts';
import { couldNotRun, sum, type Outcome, type Stage } from './stages/stage.ts';
import { staticStages } from './stages/static.ts';
import { truthStage } from './stages/truth.ts';
import { vitestStages } from './stages/vitest.ts';

const stages: readonly Stage[] = [...staticStages, ...vitestStages, compilerStage, truthStage, ...hostStages];

const { values } = parseArgs({
  options: { only: { type: 'string' }, skip: { type: 'string' } },
});
const list = (text: string | undefined): readonly string[] => (text === undefined ? [] : text.split(','));
for (const name of [...list(values.only), ...list(values.skip)]) {
  if (!stages.some((stage) => stage.name === name)) {
    console.error(`no stage is named ${name}; there are ${stages.map((stage) => stage.name).join(', ')}`);
    process.exit(2);
  }
}
const chosen = stages.filter(
  (stage) => (values.only === undefined || list(values.only).includes(stage.name)) && !list(values.skip).includes(stage.name),
);

async function runStage(stage: Stage): Promise<Outcome> {
  try {
    return await stage.run();
  } catch (error) {
    return couldNotRun(`${stage.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

const outcomes: Outcome[] = [];
const table: string[] = [];
for (const [index, stage] of chosen.entries()) {
  console.log(`\n== ${index + 1}/${chosen.length} ${stage.title}`);
  const begin = performance.now();
  const outcome = await runStage(stage);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const row = `${stage.name.padEnd(12)} ${String(outcome.passed).padStart(5)} passed ${String(outcome.failed).padStart(4)} failed ${seconds.padStart(7)} s`;
  console.log(`-- ${row}`);
  table.push(row, ...outcome.notes.slice(0, 20).map((note) => `    ${note}`));
  if (outcome.notes.length > 20) table.push(`    and ${outcome.notes.length - 20} more`);
  outcomes.push(outcome);
}
const total = sum(outcomes);
console.log(`\n${table.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
