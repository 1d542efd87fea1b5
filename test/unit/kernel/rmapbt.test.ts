// Reverse-map btree blocks in disk format: order, levels, keys of overlapping records.
import { describe, expect, test } from 'vitest';
import { buildRmapTree, type RmapRecord } from '../../../src/core/kernel/fs/xfs/rmapbt.ts';

const shape = { blockSize: 4096, agno: 1, agBlocks: 1000, leafRecords: 168, nodeRecords: 91, places: [6, 8] };

function record(startBlock: number, blockCount: number, owner: bigint, offset = 0n, more: Partial<RmapRecord> = {}): RmapRecord {
  return { startBlock, blockCount, owner, offset, attrFork: false, bmbt: false, unwritten: false, ...more };
}

function view(bytes: Uint8Array | undefined): DataView {
  if (bytes === undefined) throw new Error('no such block');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

describe('reverse-map btree', () => {
  test('one leaf: header, then records in order of block, owner (unsigned), offset', () => {
    const tree = buildRmapTree([record(24, 16, 132n), record(0, 4, -3n), record(24, 16, 131n)], shape);
    expect([tree.root, tree.levels, tree.blocks.size]).toEqual([6, 1, 1]);
    const block = view(tree.blocks.get(6));
    expect(block.getUint32(0).toString(16)).toBe('524d4233');
    expect([block.getUint16(4), block.getUint16(6)]).toEqual([0, 3]);
    expect(block.getBigUint64(16)).toBe(BigInt((1000 + 6) * 8));
    expect(block.getUint32(48)).toBe(1);
    const owners = [0, 1, 2].map((i) => block.getBigInt64(56 + i * 24 + 8));
    expect(owners).toEqual([-3n, 131n, 132n]);
  });

  test('flags stand in the high bits of the offset', () => {
    const tree = buildRmapTree(
      [record(1, 1, 131n, 5n, { attrFork: true }), record(2, 1, 131n, 0n, { bmbt: true }), record(3, 1, 131n, 7n, { unwritten: true })],
      shape,
    );
    const block = view(tree.blocks.get(6));
    expect([0, 1, 2].map((i) => block.getBigUint64(56 + i * 24 + 16))).toEqual([(1n << 63n) | 5n, 1n << 62n, (1n << 61n) | 7n]);
  });

  test('two levels: the high key of a child is the highest end of its records, not that of the last', () => {
    const many = Array.from({ length: 200 }, (_, i) => record(100 + i, 1, 131n, BigInt(i)));
    const tree = buildRmapTree([record(99, 900, 130n), ...many], shape);
    expect([tree.levels, tree.blocks.size]).toEqual([2, 3]);
    const root = view(tree.blocks.get(tree.root));
    expect([root.getUint16(4), root.getUint16(6)]).toEqual([1, 2]);
    const [low, high] = [root.getUint32(56), root.getUint32(56 + 20)];
    expect([low, high]).toEqual([99, 998]);
    const pointers = [0, 1].map((i) => root.getUint32(56 + 91 * 40 + i * 4));
    expect(pointers.map((block) => view(tree.blocks.get(block)).getUint16(6))).toEqual([101, 100]);
    const [first = 0, second = 0] = pointers;
    expect([view(tree.blocks.get(first)).getUint32(12), view(tree.blocks.get(second)).getUint32(8)]).toEqual([second, first]);
  });

  test('a group without records has an empty root leaf', () => {
    const tree = buildRmapTree([], shape);
    expect([tree.levels, view(tree.blocks.get(tree.root)).getUint16(6)]).toEqual([1, 0]);
  });
});
