// The reverse-map btree of one allocation group as blocks in disk format (fs/xfs/libxfs/xfs_format.h, xfs_rmap_btree.c).
import { BeWriter } from './be.ts';

/** A record of the tree, in filesystem blocks; `owner` is the 64-bit owner code, special owners included. */
export interface RmapRecord {
  readonly startBlock: number;
  readonly blockCount: number;
  readonly owner: bigint;
  /** Blocks inside the file; 0 for special owners and bmbt blocks. */
  readonly offset: bigint;
  readonly attrFork: boolean;
  readonly bmbt: boolean;
  readonly unwritten: boolean;
}

/** Blocks of the tree by block number inside the group, and what the AGF says about it. */
export interface RmapTree {
  readonly root: number;
  readonly levels: number;
  readonly blocks: ReadonlyMap<number, Uint8Array>;
}

export interface RmapTreeShape {
  readonly blockSize: number;
  readonly agno: number;
  /** Blocks of a full group (sb_agblocks). */
  readonly agBlocks: number;
  /** Most records of a leaf, and most keys of a node (mp->m_rmap_mxr). */
  readonly leafRecords: number;
  readonly nodeRecords: number;
  /** Where the blocks of the tree lie; taken in order, root last. Invented numbers follow when they run out. */
  readonly places: readonly number[];
}

/** XFS_RMAP_CRC_MAGIC, 'RMB3'. */
const MAGIC = 0x524d4233;
/** XFS_BTREE_SBLOCK_CRC_LEN. */
const HEADER = 56;
const NULL_BLOCK = 0xffffffffn;
const OFF_ATTR_FORK = 1n << 63n;
const OFF_BMBT_BLOCK = 1n << 62n;
const OFF_UNWRITTEN = 1n << 61n;
/** XFS_RMAP_OFF_MASK: what a key comparison looks at. */
const OFF_MASK = (1n << 54n) - 1n;

interface Key {
  readonly startBlock: number;
  readonly owner: bigint;
  readonly offset: bigint;
}

interface Child {
  readonly block: number;
  readonly low: Key;
  readonly high: Key;
}

/** Special owners are the negative numbers (XFS_RMAP_NON_INODE_OWNER). */
function isSpecial(owner: bigint): boolean {
  return BigInt.asIntN(64, owner) < 0n;
}

function packOffset(record: RmapRecord): bigint {
  return (
    (record.offset & OFF_MASK) |
    (record.attrFork ? OFF_ATTR_FORK : 0n) |
    (record.bmbt ? OFF_BMBT_BLOCK : 0n) |
    (record.unwritten ? OFF_UNWRITTEN : 0n)
  );
}

function compareKeys(a: Key, b: Key): number {
  if (a.startBlock !== b.startBlock) return a.startBlock - b.startBlock;
  if (a.owner !== b.owner) return BigInt.asUintN(64, a.owner) < BigInt.asUintN(64, b.owner) ? -1 : 1;
  const [x, y] = [a.offset & OFF_MASK, b.offset & OFF_MASK];
  return x === y ? 0 : x < y ? -1 : 1;
}

function lowKey(record: RmapRecord): Key {
  return { startBlock: record.startBlock, owner: record.owner, offset: packOffset(record) };
}

/** xfs_rmapbt_init_high_key_from_rec: the last block, and the last file offset where the offset means one. */
function highKey(record: RmapRecord): Key {
  const last = record.blockCount - 1;
  const low = lowKey(record);
  const moves = !isSpecial(record.owner) && !record.bmbt;
  return {
    startBlock: record.startBlock + last,
    owner: record.owner,
    offset: moves ? (low.offset & ~OFF_MASK) | ((low.offset & OFF_MASK) + BigInt(last)) : low.offset,
  };
}

function highest(keys: readonly Key[]): Key {
  return keys.reduce((best, key) => (compareKeys(key, best) > 0 ? key : best));
}

/** Builds the tree of one group. An empty group has an empty root leaf. */
export function buildRmapTree(records: readonly RmapRecord[], shape: RmapTreeShape): RmapTree {
  const sorted = [...records].sort((a, b) => compareKeys(lowKey(a), lowKey(b)));
  const blocks = new Map<number, Uint8Array>();
  const counts = levelCounts(sorted.length, shape);
  const total = counts.reduce((sum, n) => sum + n, 0);
  const places = choosePlaces(total, shape.places);
  let taken = 0;
  const take = (n: number): readonly number[] => places.slice(taken, (taken += n));
  let children = emitLeaves(sorted, take(counts[0] ?? 1), shape, blocks);
  for (let level = 1; level < counts.length; level++) children = emitNodes(children, level, take(counts[level] ?? 1), shape, blocks);
  return { root: children[0]?.block ?? 0, levels: counts.length, blocks };
}

/** Number of blocks on each level, leaves first. */
function levelCounts(records: number, shape: RmapTreeShape): readonly number[] {
  const counts = [Math.max(1, Math.ceil(records / shape.leafRecords))];
  while ((counts.at(-1) ?? 1) > 1) counts.push(Math.ceil((counts.at(-1) ?? 1) / shape.nodeRecords));
  return counts;
}

/** The root lies where the first btree block is left over; deeper levels follow. */
function choosePlaces(total: number, given: readonly number[]): readonly number[] {
  const places = given.slice(0, total);
  let next = (given.at(-1) ?? 8) + 1;
  while (places.length < total) places.push(next++);
  return places;
}

function emitLeaves(
  sorted: readonly RmapRecord[],
  places: readonly number[],
  shape: RmapTreeShape,
  blocks: Map<number, Uint8Array>,
): Child[] {
  return spread(sorted, places.length).map((group, i) => {
    const block = places[i] ?? 0;
    const writer = startBlock(blocks, block, shape, 0, group.length, places[i - 1], places[i + 1]);
    for (const record of group) writer.u32(record.startBlock).u32(record.blockCount).u64(record.owner).u64(packOffset(record));
    const first = group[0];
    const empty: Key = { startBlock: 0, owner: 0n, offset: 0n };
    return { block, low: first === undefined ? empty : lowKey(first), high: group.length === 0 ? empty : highest(group.map(highKey)) };
  });
}

function emitNodes(
  children: readonly Child[],
  level: number,
  places: readonly number[],
  shape: RmapTreeShape,
  blocks: Map<number, Uint8Array>,
): Child[] {
  return spread(children, places.length).map((group, i) => {
    const block = places[i] ?? 0;
    const writer = startBlock(blocks, block, shape, level, group.length, places[i - 1], places[i + 1]);
    for (const child of group) for (const key of [child.low, child.high]) writer.u32(key.startBlock).u64(key.owner).u64(key.offset);
    // Pointers start behind room for the greatest number of key pairs (xfs_rmap_ptr_addr).
    writer.offset = HEADER + shape.nodeRecords * 40;
    for (const child of group) writer.u32(child.block);
    return { block, low: group[0]?.low ?? { startBlock: 0, owner: 0n, offset: 0n }, high: highest(group.map((child) => child.high)) };
  });
}

function spread<T>(items: readonly T[], groups: number): T[][] {
  const size = Math.ceil(items.length / Math.max(1, groups));
  return Array.from({ length: Math.max(1, groups) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

function startBlock(
  blocks: Map<number, Uint8Array>,
  block: number,
  shape: RmapTreeShape,
  level: number,
  count: number,
  left: number | undefined,
  right: number | undefined,
): BeWriter {
  const bytes = new Uint8Array(shape.blockSize);
  blocks.set(block, bytes);
  const sibling = (n: number | undefined): bigint => (n === undefined ? NULL_BLOCK : BigInt(n));
  const daddr = (BigInt(shape.agno) * BigInt(shape.agBlocks) + BigInt(block)) * BigInt(shape.blockSize / 512);
  return new BeWriter(bytes)
    .u32(MAGIC)
    .u16(level)
    .u16(count)
    .u32(sibling(left))
    .u32(sibling(right))
    .u64(daddr)
    .u64(0n) // bb_lsn
    .skip(16) // bb_uuid
    .u32(shape.agno)
    .u32(0); // bb_crc
}
