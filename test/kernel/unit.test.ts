// The program view understands everything that the failure path's units define, in real trees with the built-in profile.

import { describe, expect, test } from 'vitest';
import { chooseConfig } from '../../src/core/preprocessor/kernel/choose-config.ts';
import { KernelPreprocessor } from '../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { TranslationUnit } from '../../src/core/unit/unit.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { kernelTree } from '../tools/kernel-tree.ts';

for (const version of ['6.1', '6.12']) {
  const tree = kernelTree(version);
  if (tree === undefined) console.warn(`Linux ${version}: not tested, there is no tree in the cache`);

  describe.runIf(tree !== undefined)(`Linux ${version}`, () => {
    const source = new DiskSource(tree ?? '');
    const kernel = new KernelPreprocessor(source, chooseConfig(source).config);
    test.each(['mm/memory-failure.c', 'drivers/nvdimm/pmem.c', 'fs/xfs/xfs_notify_failure.c'])(
      'every function, object and static assertion of %s',
      (path) => {
        const pre = kernel.preprocess(path);
        if (pre === undefined) throw new Error(`no ${path}`);
        const unit = TranslationUnit.fromTokens(pre.tokens, { unsignedChar: kernel.unsignedChar, prefix: pre.prefix });
        const refusals: string[] = [];
        const check = (result: ReturnType<TranslationUnit['definition' | 'initialiser' | 'object']>): void => {
          if (result.kind === 'refused')
            refusals.push(`${result.refusal.place.path}:${result.refusal.place.line} ${result.refusal.reason}`);
        };
        for (const { name } of unit.functionDefinitions()) check(unit.definition(name));
        for (const { name } of unit.objectDefinitions()) {
          check(unit.object(name));
          check(unit.initialiser(name));
        }
        expect(refusals).toEqual([]);
        expect(unit.checkAsserts().failed).toEqual([]);
        expect(unit.problems()).toEqual([]);
        expect(unit.functionDefinitions().length).toBeGreaterThan(3000);
      },
    );
  });
}
