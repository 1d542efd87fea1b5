// Units of real kernel trees under the built-in profile: they preprocess without a problem, and equal their configured selves.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Interner } from '../../src/base/interner.ts';
import { chooseConfig } from '../../src/core/preprocessor/kernel/choose-config.ts';
import { KernelPreprocessor } from '../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { kernelTree, sharedPath } from '../tools/kernel-tree.ts';
import { pathUnits } from '../tools/path-units.ts';

const units = [...pathUnits, 'fs/xfs/libxfs/xfs_rmap.c'];

for (const version of ['6.1', '6.12']) {
  const root = kernelTree(version);
  const truth = sharedPath(`ground-truth/config-${version}`);
  if (root === undefined) console.log(`no kernel tree ${version}: skipped`);
  describe.skipIf(root === undefined)(`Linux ${version}`, () => {
    const tree = new DiskSource(root ?? '');
    const interner = new Interner();
    const kernel = new KernelPreprocessor(tree, chooseConfig(tree).config, interner);
    const configured =
      truth !== undefined
        ? new KernelPreprocessor(tree, chooseConfig(tree, { path: truth, text: readFileSync(truth, 'utf8') }).config, interner)
        : undefined;
    test.each(units)('%s', { timeout: 30_000 }, (path) => {
      const unit = kernel.preprocess(path);
      expect(unit?.problems).toEqual([]);
      expect(unit?.tokens.length).toBeGreaterThan(300_000);
      if (configured === undefined || unit === undefined) return;
      const ids = configured.preprocess(path)?.tokens.id;
      expect(ids?.length).toBe(unit.tokens.id.length);
      expect(ids?.every((id, i) => id === unit.tokens.id[i])).toBe(true);
    });
    test('bounds.h holds what a build computes', () => {
      const macro = (name: string): string | undefined => kernel.preprocess('mm/memory-failure.c')?.macro(name)?.body;
      expect([macro('NR_PAGEFLAGS'), macro('MAX_NR_ZONES'), macro('NR_CPUS_BITS'), macro('SPINLOCK_SIZE'), macro('LRU_GEN_WIDTH')]).toEqual(
        version === '6.1' ? ['25', '5', '13', '4', '3'] : ['24', '5', '13', '4', '3'],
      );
    });
  });
}
