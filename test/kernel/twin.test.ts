// The machine against code that gcc compiled from the same tokens: random scenarios agree, and a changed expression is noticed.

import { describe, expect, it } from 'vitest';
import { kernelTree, sharedPath } from '../tools/kernel-tree.ts';
import { hasCompiler } from '../tools/twin/native-side.ts';
import { runTwin, type TwinDifference } from '../tools/twin/run-twin.ts';

/** gcc compiles some forty units the first time: milliseconds that a busy machine may take for that. */
const PATIENCE = 600_000;
const compiler = hasCompiler();
if (!compiler) console.warn('native twin: not tested, there is no gcc');

for (const version of ['6.1', '6.12']) {
  const root = kernelTree(version) ?? '';
  if (root === '')
    console.warn(`native twin: Linux ${version} is not tested, there is no tree in the cache (npm run kernel -- ${version})`);

  describe.runIf(compiler && root !== '')(`native twin of Linux ${version}`, () => {
    const common = { root, config: sharedPath(`ground-truth/config-${version}`), optimise: '0' };

    it(
      'agrees with the machine on 100 random scenarios, on calls of the world builder and on functions of numbers',
      async () => {
        const differences: TwinDifference[] = [];
        const result = await runTwin({ ...common, runs: 100, seed: 7, onDifference: (found) => differences.push(found) });
        expect(differences).toEqual([]);
        expect(result).toMatchObject({ runs: 100, differing: 0, builders: { differing: 0 }, helpers: { differing: 0 } });
        // Most scenarios reach their end, and some of them kill.
        expect(result.agreed).toBeGreaterThan(90);
        expect(result.signals).toBeGreaterThan(10);
        expect(result.operations).toBeGreaterThan(50_000);
      },
      PATIENCE,
    );

    it(
      'differs when the native text has another operator in one expression',
      async () => {
        let changed = 0;
        const mutate = (path: string, text: string): string => {
          if (path !== 'drivers/nvdimm/pmem.c') return text;
          const other = text.replace(/- pmem -> phys_addr - pmem -> data_offset/, () => {
            changed++;
            return '- pmem -> phys_addr + pmem -> data_offset';
          });
          return other;
        };
        const differences: TwinDifference[] = [];
        const result = await runTwin({
          ...common,
          runs: 40,
          seed: 7,
          helperCalls: 0,
          mutate,
          onDifference: (found) => differences.push(found),
        });
        expect(changed).toBeGreaterThan(0);
        expect(result.differing).toBeGreaterThan(0);
        expect(differences[0]?.native).toMatch(/argument 1 of dax_holder_notify_failure: machine 0x/);
      },
      PATIENCE,
    );
  });
}
