// Device-dax of real trees with small pages: what the driver sets up when the node is opened matters when a page is unmapped.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kernelFolder } from '../../src/dev/kernel-source.ts';
import { openEngine } from '../../src/node/engine.ts';

const scenario = {
  id: 'device-dax-4k',
  pmem: [{ name: 'dax0.0', start: 0x40000000, size: 0x20000000, driver: 'devdax', mode: 'devdax' }],
  processes: [
    {
      label: 'A',
      mcePolicy: 'early',
      maps: [
        { name: 'm0', path: '/dev/dax0.0', start: '0x7f0000000000', length: 0x200000, pages: [{ page: 3, pfn: 0x40003, write: true }] },
      ],
    },
  ],
  steps: [{ kind: 'inject', failures: [{ pfn: 0x40003 }] }],
};

for (const version of ['6.1', '6.12']) {
  const root = kernelFolder(version);
  const isThere = existsSync(join(root, 'drivers/dax/device.c'));
  if (!isThere) console.warn(`Linux ${version}: not tested, there is no tree in the cache (npm run kernel -- ${version})`);

  describe.runIf(isThere)(`device-dax of Linux ${version}`, () => {
    it('signals the owner of a written 4 KiB page and unmaps it without a fault', async () => {
      const engine = await openEngine({ root, config: null, grammars: join(import.meta.dirname, '../../grammars'), progress: () => {} });
      const answer = engine.trace({ scenario: { kind: 'scenario', name: 'device-dax', text: JSON.stringify(scenario) } }, () => false);
      if (answer.kind !== 'result') throw new Error(JSON.stringify(answer));
      const [injection] = answer.result.injections;
      expect(injection?.faults).toEqual([]);
      expect(injection?.signals.map(({ process, addr, lsb }) => ({ process, addr, lsb }))).toEqual([
        { process: 'A', addr: '0x7f0000003000', lsb: 12 },
      ]);
    });
  });
}
