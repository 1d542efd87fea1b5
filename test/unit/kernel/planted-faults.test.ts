// One fault of the kernel's kind each and its clean neighbour, put into the sample tree (test/fixtures/kernel-faults).
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mismatch, plantedFixtures, plantedTracer } from '../../tools/planted.ts';

const trace = plantedTracer(join(import.meta.dirname, '../../../media/sample-kernel'));

for (const fixture of plantedFixtures('sample')) {
  test(`${fixture.name}: ${fixture.reports[0]?.source ?? fixture.end}`, () => {
    expect(mismatch(fixture, trace(fixture))).toEqual([]);
  });
}
