// The kernel-side fault fixtures in Debian's trees, where BUG() and WARN() are the kernel's own.
import { describe, expect, test } from 'vitest';
import { kernelTree } from '../tools/kernel-tree.ts';
import { mismatch, plantedFixtures, plantedTracer } from '../tools/planted.ts';

for (const version of ['6.1', '6.12']) {
  const root = kernelTree(version);
  describe.skipIf(root === undefined)(`Linux ${version} with one fault planted`, () => {
    const trace = root === undefined ? undefined : plantedTracer(root);
    for (const fixture of plantedFixtures(version)) {
      test(
        fixture.name,
        () => {
          if (trace !== undefined) expect(mismatch(fixture, trace(fixture))).toEqual([]);
        },
        60_000,
      );
    }
  });
}
