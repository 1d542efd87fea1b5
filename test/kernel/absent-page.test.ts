// madvise(MADV_HWPOISON) on a page that its process never touched: the page is faulted in first, by whatever gup the tree has.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { file, namespace, xfs } from '../../src/core/scenario/presets/parts.ts';
import type { ScenarioInput } from '../../src/core/scenario/schema.ts';
import { kernelFolder } from '../../src/dev/kernel-source.ts';
import { openEngine } from '../../src/node/engine.ts';

const f1 = file('f1', 131, 24, 16);
const scenario: ScenarioInput = {
  id: 'absent-page',
  pmem: [namespace()],
  filesystems: [xfs({ files: [f1] })],
  processes: [{ label: 'A', maps: [{ name: 'm0', path: '/mnt/f1', start: '0x7f0000000000', length: 65536, pages: [] }] }],
  steps: [{ kind: 'madvise', process: 'A', map: 'm0', page: 3 }],
};

for (const version of ['6.1', '6.12']) {
  const root = kernelFolder(version);
  const isThere = existsSync(join(root, 'mm/gup.c'));
  if (!isThere) console.warn(`Linux ${version}: not tested, there is no tree in the cache (npm run kernel -- ${version})`);

  describe.runIf(isThere)(`a page nobody touched, Linux ${version}`, () => {
    it('is faulted in by madvise and signalled', async () => {
      const engine = await openEngine({ root, config: null, grammars: join(import.meta.dirname, '../../grammars'), progress: () => {} });
      const answer = engine.trace({ scenario: { kind: 'scenario', name: 'absent-page', text: JSON.stringify(scenario) } }, () => false);
      if (answer.kind !== 'result') throw new Error(JSON.stringify(answer));
      const [injection] = answer.result.injections;
      expect(injection?.result).toMatchObject({ kind: 'returned' });
      expect(injection?.signals.map(({ process, addr }) => ({ process, addr }))).toEqual([{ process: 'A', addr: '0x7f0000003000' }]);
    });
  });
}
