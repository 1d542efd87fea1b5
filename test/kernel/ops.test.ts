// Discovery on whole kernel trees equals the hand-verified lists.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernelTree, sharedPath } from '../tools/kernel-tree.ts';
import { openSource } from '../tools/open-source.ts';
import { differences, reportRows, truthRows } from '../tools/ops-truth.ts';

for (const version of ['6.1', '6.12']) {
  const tree = kernelTree(version);
  const truth = sharedPath(`compiler-truth/ops/ops_truth_${version}.json`);
  describe.skipIf(tree === undefined || truth === undefined)(
    `linux ${version}${tree === undefined ? ' (skipped: no tree)' : truth === undefined ? ' (skipped: no truth file)' : ''}`,
    () => {
      it('has the tables, slots, registrations, installs and dispatches of the truth and no others', async () => {
        const session = await openSource(tree!);
        const rows = truthRows(JSON.parse(readFileSync(truth!, 'utf8')) as Parameters<typeof truthRows>[0]);
        expect(differences(rows, reportRows(session.ops()))).toEqual([]);
        session.dispose();
      });
    },
  );
}
