// Bugs that upstream fixed, put back into 6.1 and into 6.12: each shows on the scenario that is made for it, and not without it.
import { beforeAll, describe, expect, test } from 'vitest';
import type { TraceResult } from '../../src/core/trace/result.ts';
import { EditedTree, lawsOf, signalsOf } from '../tools/edited-tree.ts';
import { kernelTree } from '../tools/kernel-tree.ts';

const dax = 'drivers/dax/super.c';
const xfs = 'fs/xfs/xfs_notify_failure.c';
const slow = { timeout: 180_000 };

for (const version of ['6.1', '6.12']) {
  const root = kernelTree(version);
  const later = version !== '6.1';

  describe.skipIf(root === undefined)(`Linux ${version} with a known bug put back`, () => {
    let tree: EditedTree;
    beforeAll(() => {
      tree = new EditedTree(root ?? '');
    });
    const texts = (result: TraceResult): string => result.verdict.violations.map((violation) => violation.text).join('\n');

    test('H06: a walk that stops at the first metadata record loses the owners behind it', slow, () => {
      const before = tree.trace('range');
      expect(signalsOf(before)).toEqual(['A+0x0 code 5', 'A+0x1000 code 5']);
      expect(before.verdict.kind).toBe('holds');
      const after = tree.edited(
        'range',
        xfs,
        /notify->want_shutdown = true;\s*return 0;/,
        'notify->want_shutdown = true;\n\t\treturn -EFSCORRUPTED;',
      );
      expect(signalsOf(after)).toEqual([]);
      expect(texts(after)).toMatch(/A maps the failed page and must be signalled/);
    });

    test.runIf(later)('H16: a removal that looks like a failure misses those who did not ask for early kill', slow, () => {
      expect(tree.trace('unbind').verdict.kind).toBe('holds');
      const after = tree.edited('unbind', dax, /(U64_MAX,\s*)MF_MEM_PRE_REMOVE/, '$10');
      expect(texts(after)).toMatch(/B maps memory of the removed device and must be signalled/);
    });

    test('H17: behind the end of an external log nothing is lost, yet the filesystem shuts down', slow, () => {
      const result = later
        ? tree.edited('external-log', xfs, /(mp->m_logdev_targp,\s*offset, len, &daddr, &bblen\);\s*if \()error/, '$1false')
        : tree.trace('external-log');
      expect(lawsOf(result)).toEqual([2]);
      expect(texts(result)).toMatch(/pmem0 was shut down although the failed page holds nothing/);
      if (later) expect(tree.trace('external-log').verdict.kind).toBe('holds');
    });

    test('H31: operations that are read twice are gone at the second time; read once, they still meet a holder that left', slow, () => {
      // fs_put_dax() of these kernels does not wait for a notification under way: the holder's own function finds no holder.
      const before = tree.trace('race').injections[0]?.faults[0];
      expect(before).toMatchObject({ function: 'xfs_dax_notify_failure', kind: 'null-pointer' });
      const after = tree.edited('race', dax, /rc = ops->notify_failure\(/, 'rc = dax_dev->holder_ops->notify_failure(').injections[0]
        ?.faults[0];
      expect(after).toMatchObject({ function: 'dax_holder_notify_failure', kind: 'null-pointer' });
    });

    test('a put that waits for readers ends every order of events well', slow, () => {
      const result = tree.edited(
        'race',
        dax,
        /(void fs_put_dax\(struct dax_device \*dax_dev, void \*holder\)\s*\{)/,
        '$1\n\tsynchronize_srcu(&dax_srcu);',
      );
      expect(result.injections[0]?.faults).toEqual([]);
      expect(result.injections[0]?.result).toMatchObject({ kind: 'returned', value: '0' });
    });

    test('H32: a put by somebody who is not the holder loses the owners of a shared block', slow, () => {
      expect(lawsOf(tree.trace('second-claimant'))).toEqual([4]);
      const after = tree.edited(
        'second-claimant',
        dax,
        /if \(dax_dev && holder &&\s*cmpxchg\(&dax_dev->holder_data, holder, NULL\) == holder\)\s*dax_dev->holder_ops = NULL;/,
        'if (dax_dev) {\n\t\tdax_dev->holder_data = NULL;\n\t\tdax_dev->holder_ops = NULL;\n\t}',
      );
      // The generic path knows one owner at most, and 6.12 oopses on a page whose owners are several.
      expect(signalsOf(after).length).toBeLessThan(2);
      if (later) expect(after.injections[2]?.result.kind).toBe('oops');
      else expect(texts(after)).toMatch(/A maps the failed page and must be signalled/);
    });

    test('P14: blocks added to bytes signal the wrong page where the record does not begin the file', slow, () => {
      expect(signalsOf(tree.trace('second-extent'))).toEqual(['A+0x9000 code 5']);
      const after = tree.edited('second-extent', xfs, /pos = XFS_FSB_TO_B\(mp, rec->rm_offset\)/, 'pos = rec->rm_offset');
      expect(signalsOf(after)).not.toEqual(['A+0x9000 code 5']);
      expect(lawsOf(after)).toContain(1);
    });
  });
}
