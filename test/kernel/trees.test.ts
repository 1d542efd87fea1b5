// Facts about Debian's kernel trees, by function and text, never by line: the archive moves to newer point releases.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kernelFolder } from '../../src/dev/kernel-source.ts';
import { openEngine } from '../../src/node/engine.ts';

const grammars = join(import.meta.dirname, '../../grammars');
const PMEM = 'drivers/nvdimm/pmem.c';

for (const version of ['6.1', '6.12']) {
  const root = kernelFolder(version);
  const isThere = existsSync(join(root, 'mm/memory-failure.c'));
  if (!isThere) console.warn(`Linux ${version}: not tested, there is no tree in the cache (npm run kernel -- ${version})`);

  describe.runIf(isThere)(`Linux ${version}`, async () => {
    const engine = await openEngine({ root, config: null, grammars, progress: () => {} });
    const trace = (name: string) => {
      const answer = engine.trace({ scenario: { kind: 'preset', name } }, () => false);
      if (answer.kind !== 'result') throw new Error(JSON.stringify(answer));
      return answer.result;
    };
    /** Traces with a file edited, then takes the edit back. */
    const traceEdited = (name: string, path: string, edit: (text: string) => string) => {
      const text = readFileSync(join(root, path), 'utf8');
      const edited = edit(text);
      expect(edited).not.toBe(text);
      engine.setText(path, edited);
      try {
        return trace(name);
      } finally {
        engine.setText(path, null);
      }
    };

    it('finds the one holder of DAX devices and the driver that reports to it', () => {
      const { tables } = engine.ops();
      const slots = (struct: string) =>
        tables
          .filter((table) => table.struct.endsWith(struct))
          .map((table) => `${table.name} ${table.slots.map((slot) => `${slot.member}=${slot.function}`).join(' ')}`);
      expect(slots('dax_holder_operations')).toContain('xfs_dax_holder_operations notify_failure=xfs_dax_notify_failure');
      expect(slots('dev_pagemap_ops')).toContain('fsdax_pagemap_ops memory_failure=pmem_pagemap_memory_failure');
    });

    it('leads from memory_failure through both slots to the filesystem', async () => {
      const report = await engine.calls('memory_failure', { callers: false, depth: 4 });
      const slots = report?.edges.filter((edge) => edge.kind === 'slot').map((edge) => edge.callee) ?? [];
      expect(slots).toContain('pmem_pagemap_memory_failure');
      expect(slots).toContain('xfs_dax_notify_failure');
    });

    it('counts offset and length of a holder notification in bytes', () => {
      const contract = engine.contract('dax_holder_notify_failure');
      expect(JSON.stringify(contract)).toMatch(/bytes/);
    });

    it('signals both owners of a reflinked page, and only those that the policy selects', () => {
      const { injections, verdict } = trace('reflinked-pair');
      expect(injections[0]?.result).toMatchObject({ kind: 'returned', value: '0' });
      expect(new Set(injections[0]?.signals.map((signal) => signal.process)).size).toBeGreaterThan(1);
      expect(verdict.kind).toBe('holds');
    });

    it('gives the same bytes twice', () => {
      const text = () => engine.export(trace('reflinked-pair'), 'json');
      expect(text()).toBe(text());
    });

    it('shows an edit of the driver in the next trace', () => {
      const result = traceEdited('reflinked-pair', PMEM, (text) =>
        text.replace(/(pmem_pagemap_memory_failure\([^{]*\{)/, '$1\n\treturn -EIO;\n'),
      );
      expect(result.injections[0]?.result).toMatchObject({ kind: 'returned', value: '-5' });
      expect(result.injections[0]?.signals).toEqual([]);
      expect(result.verdict.kind).toBe('violated');
    });

    it('names a function that the edit made undefined', () => {
      const result = traceEdited('reflinked-pair', PMEM, (text) =>
        text.replace(/return dax_holder_notify_failure\(/, 'return dax_nobody_defines_this('),
      );
      expect(JSON.stringify(result.injections[0]?.result)).toMatch(/dax_nobody_defines_this/);
      expect(result.verdict.kind).toBe('unknown');
    });

    it('ends an endless loop of edited code as a limit with its place', () => {
      const result = traceEdited('reflinked-pair', PMEM, (text) =>
        text.replace(/(pmem_pagemap_memory_failure\([^{]*\{)/, '$1\n\tfor (;;)\n\t\t;\n'),
      );
      expect(result.injections[0]?.result.kind).toBe('limit');
      expect(result.verdict.kind).toBe('unknown');
    });
  });
}
