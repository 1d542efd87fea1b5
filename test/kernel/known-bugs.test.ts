// The bugs that upstream fixed in this path (and a few of their kind), put back into Debian's 6.1 one at a time: each must show
// in the verdict or in the outcome, and the unedited tree must show none of them.
import { beforeAll, describe, expect, test } from 'vitest';
import type { TraceResult } from '../../src/core/trace/result.ts';
import { EditedTree, lawsOf as laws, signalsOf as signals } from '../tools/edited-tree.ts';
import { kernelTree } from '../tools/kernel-tree.ts';

const root = kernelTree('6.1');
const mm = 'mm/memory-failure.c';
const dax = 'drivers/dax/super.c';
const xfs = 'fs/xfs/xfs_notify_failure.c';

describe.skipIf(root === undefined)('Linux 6.1 with a known bug put back', () => {
  let tree: EditedTree;

  beforeAll(() => {
    tree = new EditedTree(root ?? '');
  });

  const trace = (preset: string): TraceResult => tree.trace(preset);
  const edited = (preset: string, path: string, from: RegExp, to: string): TraceResult => tree.edited(preset, path, from, to);
  const last = (result: TraceResult) => result.injections.at(-1)?.result;

  for (const preset of ['single-owner', 'reflinked-pair', 'no-reverse-map', 'ext4-generic', 'last-page', 'before-metadata']) {
    test(`without an edit ${preset} obeys every law`, () => {
      expect(trace(preset).verdict).toEqual({ kind: 'holds', violations: [] });
    }, 60_000);
  }

  test('H01: pgmap->ops may be NULL', () => {
    const result = edited('device-dax', mm, /if \(pgmap_has_memory_failure\(pgmap\)\)/, 'if (1)');
    expect(last(result)).toMatchObject({ kind: 'oops' });
    expect(result.injections[0]?.faults[0]?.text).toMatch(/NULL pointer dereference/);
    expect(result.injections[0]?.faults[0]?.function).toBe('memory_failure_dev_pagemap');
  }, 60_000);

  test('H02: after -EOPNOTSUPP page 0 of the file is used as if the holder had named it', () => {
    const result = edited('no-reverse-map', mm, /FSDAX_INVALID_PGOFF, vma/g, '0, vma');
    expect(laws(result)).toContain(1);
    expect(signals(result)).not.toEqual(signals(trace('no-reverse-map')));
  }, 60_000);

  test('H12: an exclusive end shuts down for the metadata of the next block', () => {
    const result = edited('before-metadata', xfs, /daddr \+ bblen - 1/, 'daddr + bblen');
    expect(result.verdict.kind).toBe('violated');
    expect(result.filesystems[0]?.shutdown).toBe(true);
  }, 60_000);

  test('H13: a block count that is one short signals nobody and still reports Recovered', () => {
    const result = edited('single-owner', xfs, /range_agend \+ 1 - ri_low/, 'range_agend - ri_low');
    expect(last(result)).toMatchObject({ kind: 'returned', value: '0' });
    expect(signals(result)).toEqual([]);
    expect(laws(result)).toContain(1);
  }, 60_000);

  test('H22: the user address is worked out from the pfn', () => {
    const result = edited('single-owner', mm, /vma_pgoff_address\(fsdax_pgoff, 1, vma\)/, 'vma_pgoff_address(page_to_pfn(p), 1, vma)');
    expect(result.verdict.kind).toBe('violated');
  }, 60_000);

  test('P01: -EOPNOTSUPP ends the event', () => {
    const result = edited('no-reverse-map', mm, /if \(rc != -EOPNOTSUPP\)\s*goto out;/, 'goto out;');
    expect(last(result)).toMatchObject({ kind: 'returned', value: '-95' });
    expect(laws(result)).toContain(1);
  }, 60_000);

  test('P05: a positive EOPNOTSUPP is taken for success', () => {
    const result = edited('ext4-generic', dax, /rc = -EOPNOTSUPP/, 'rc = EOPNOTSUPP');
    expect(signals(result)).toEqual([]);
    expect(result.verdict.kind).toBe('violated');
  }, 60_000);

  test('a page map reference that is not dropped breaks law 4', () => {
    const result = edited('single-owner', mm, /put_dev_pagemap\(pgmap\);\s*action_result/, 'action_result');
    expect(laws(result)).toContain(4);
  }, 60_000);

  test('an allocation group that is not put breaks law 4', () => {
    const result = edited('single-owner', xfs, /xfs_perag_put\(pag\);\s*if \(error\)\s*break;/, 'if (error) break;');
    expect(laws(result)).toContain(4);
  }, 60_000);

  test('a loop without an end is a limit with its place', () => {
    const result = edited('single-owner', xfs, /for \(; agno <= end_agno; agno\+\+\)/, 'for (;;)');
    expect(last(result)?.kind).not.toBe('returned');
  }, 60_000);
});
