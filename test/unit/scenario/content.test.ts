// What lies at a frame: the independent answer that the laws are checked against.
import { describe, expect, test } from 'vitest';
import { bytes, pfn } from '../../../src/base/units.ts';
import { byteAbove, contentOf } from '../../../src/core/scenario/content.ts';
import { leafByte } from '../../../src/core/scenario/devices.ts';
import { findPreset } from '../../../src/core/scenario/presets/presets.ts';
import { parseScenario } from '../../../src/core/scenario/read.ts';
import type { Scenario } from '../../../src/core/scenario/schema.ts';

function preset(name: string): Scenario {
  const read = parseScenario(findPreset(name));
  if (read.kind !== 'ok') throw new Error(name);
  return read.value;
}

describe('content of a frame', () => {
  test('a shared block has every owner', () => {
    const content = contentOf(preset('reflinked-pair'), pfn(0x4001dn));
    expect(content.kind === 'data' && content.owners).toEqual([
      { ino: 131n, path: '/mnt/f1', index: 5n },
      { ino: 132n, path: '/mnt/f2', index: 5n },
    ]);
  });

  test('the superblock is metadata, an unlisted block is free', () => {
    expect(contentOf(preset('metadata'), pfn(0x40000n))).toMatchObject({ kind: 'metadata', what: 'xfs:static_fs_metadata' });
    expect(contentOf(preset('free-space'), pfn(0x48100n))).toMatchObject({ kind: 'free' });
  });

  test('a bmap btree block is metadata although an inode owns it', () => {
    expect(contentOf(preset('before-metadata'), pfn(0x40028n))).toMatchObject({ kind: 'metadata', what: 'bmap btree' });
  });

  test('bytes before data_offset and before a partition belong to no filesystem', () => {
    expect(contentOf(preset('data-offset'), pfn(0x40500n)).kind).toBe('unused');
    expect(contentOf(preset('partition'), pfn(0x40100n)).kind).toBe('unused');
  });

  test('frames outside every namespace are elsewhere', () => {
    expect(contentOf(preset('metadata'), pfn(0x100n)).kind).toBe('elsewhere');
  });

  test('a byte goes down to the leaf and comes back up the same', () => {
    const scenario = preset('dm-linear');
    const leaf = leafByte(scenario, 'lin0', bytes(110592n));
    expect(leaf).toEqual({ device: 'pmem0', offset: 8388608n + 110592n, physical: 0x40800000n + 110592n });
    expect(byteAbove(scenario, 'lin0', 'pmem0', leaf?.offset ?? bytes(0n))).toBe(110592n);
    expect(byteAbove(scenario, 'lin0', 'pmem0', bytes(0n))).toBeUndefined();
  });
});
