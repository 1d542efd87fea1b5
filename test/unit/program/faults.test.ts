// Each fixture is one fault and its clean neighbour; the first line says what must come out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kernelForHosted } from '../../../src/core/kernel/hosted.ts';
import { DiskSource } from '../../../src/node/disk-source.ts';
import { prepareC } from '../../../src/core/program/run-c.ts';

const folder = join(import.meta.dirname, '../../fixtures/faults');

const beside = new DiskSource(folder);

function outcome(file: string, text: string): string {
  const run = prepareC(file, text, { budgets: { steps: 5_000_000 }, extension: kernelForHosted(text), beside }).run();
  const faults = [...run.warnings, ...(run.fault === undefined ? [] : [run.fault])];
  const [first] = faults;
  if (run.limit !== undefined) return `limit ${run.limit.kind}: ${run.limit.text}`;
  if (first === undefined) return `exit ${run.exitCode ?? 'never'}`;
  return `fault ${first.kind} in ${first.stack[0]?.function ?? 'nowhere'}${faults.length > 1 ? `, and ${faults.length - 1} more` : ''}`;
}

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.c'))
  .sort()) {
  const text = readFileSync(join(folder, file), 'utf8');
  const expected = /^\/\/ expect: (.*)$/m.exec(text)?.[1];
  test(`${file}: ${expected ?? 'no expectation'}`, () => {
    expect(outcome(file, text)).toBe(expected);
  });
}
