// Allocation groups: struct xfs_perag in the mount's tree, AGF and reverse-map blocks as disk content.
import {
  add,
  type Bytes,
  bytesToFsBlocks,
  compare,
  endOf,
  type FsBlocks,
  fsBlocks,
  type Interval,
  isPositive,
  largest,
  smallest,
  subtract,
} from '../../../../base/units.ts';
import type { Filesystem, FsRecord, XfsGeometry } from '../../../scenario/schema.ts';
import type { KernelModel, StateKey } from '../../model.ts';
import { putBe } from './be.ts';
import { supplyBlock } from './buffers.ts';
import { ownerCode } from './owners.ts';
import { buildRmapTree, type RmapRecord } from './rmapbt.ts';

const GFP_KERNEL = 0xcc0n;

/** An allocation group in core. */
export interface Group {
  readonly name: string;
  /** struct xfs_perag. */
  readonly perag: bigint;
}

const groups: StateKey<Group[]> = { name: 'xfs groups', create: () => [], clone: (list) => [...list] };

/** All groups of all mounts: their references must balance. */
export function groupsOf(kernel: KernelModel): readonly Group[] {
  return kernel.part(groups);
}

/** What every group of a mount needs to be built. */
export interface GroupContext {
  readonly fs: Filesystem;
  readonly geometry: XfsGeometry;
  readonly mount: bigint;
  /** Buffer target of the data device. */
  readonly target: bigint;
  /** Device name for object names. */
  readonly device: string;
}

/** File bytes that have no blocks any more; without an interval everything that the inode owned. */
interface Freed {
  readonly owner: bigint;
  readonly part: Interval<'bytes'> | undefined;
}

const mounted: StateKey<Map<bigint, { readonly context: GroupContext; readonly freed: readonly Freed[] }>> = {
  name: 'reverse maps',
  create: () => new Map(),
  clone: (map) => new Map(map),
};

/** Blocks of an inode become free: all that it owns, or those of some bytes of its data. */
export function freeBlocks(kernel: KernelModel, mount: bigint, owner: bigint, part?: Interval<'bytes'>): void {
  const known = kernel.part(mounted).get(mount);
  if (known === undefined) return;
  kernel.part(mounted).set(mount, { ...known, freed: [...known.freed, { owner, part }] });
  for (let agno = 0; agno < known.context.geometry.agCount; agno++) supplyGroup(kernel, known.context, agno);
}

/** What is left of a record. */
function remains(record: FsRecord, freed: readonly Freed[]): readonly FsRecord[] {
  let left: readonly FsRecord[] = [record];
  for (const { part } of freed.filter(({ owner }) => owner === record.owner)) {
    if (part === undefined) return [];
    if (record.attrFork || record.bmbt) continue;
    left = left.flatMap((piece) => {
      const end = endOf<'bytes'>({ start: piece.offset, length: piece.length });
      const head = smallest(piece.length, subtract(part.start, piece.offset));
      const tail = smallest(piece.length, subtract(end, endOf(part)));
      const skipped = subtract(piece.length, tail);
      return [
        ...(isPositive(head) ? [{ ...piece, length: head }] : []),
        ...(isPositive(tail) ? [{ ...piece, start: add(piece.start, skipped), offset: add(piece.offset, skipped), length: tail }] : []),
      ];
    });
  }
  return left;
}

/** Blocks of group `agno`; the last one may be short. */
function groupBlocks(geometry: XfsGeometry, agno: number): number {
  return Math.min(geometry.agBlocks, Number(geometry.blocks) - agno * geometry.agBlocks);
}

/** Builds all groups; gives the address of each struct xfs_perag. */
export function buildGroups(kernel: KernelModel, context: GroupContext): readonly bigint[] {
  const mount = kernel.view('struct xfs_mount', context.mount);
  // Up to 6.1 a radix tree, since then an xarray: both are the same structure in memory.
  const tree = mount.firstMember('m_perags', 'm_perag_tree').address;
  kernel.part(mounted).set(context.mount, { context, freed: [] });
  const perags: bigint[] = [];
  for (let agno = 0; agno < context.geometry.agCount; agno++) {
    const perag = buildPerag(kernel, context, agno);
    kernel.run('xa_store', [tree, BigInt(agno), perag, GFP_KERNEL]);
    supplyGroup(kernel, context, agno);
    perags.push(perag);
    kernel.part(groups).push({ name: `group ${agno} of ${context.device}`, perag });
  }
  return perags;
}

function buildPerag(kernel: KernelModel, context: GroupContext, agno: number): bigint {
  const perag = kernel.create('struct xfs_perag', `xfs_perag ${agno} of ${context.device}`);
  const { geometry } = context;
  const blocks = groupBlocks(geometry, agno);
  const inodesPerBlock = geometry.blockSize / geometry.inodeSize;
  const firstBlock = headerBlocks(geometry);
  const values: Readonly<Record<string, bigint | number>> = {
    pag_mount: context.mount,
    pag_agno: agno,
    'pag_active_ref.counter': 1,
    block_count: blocks,
    min_block: firstBlock - 1,
    agino_min: Math.ceil(firstBlock / 8) * 8 * inodesPerBlock,
    agino_max: Math.floor(blocks / 8) * 8 * inodesPerBlock - 1,
  };
  for (const [name, value] of Object.entries(values)) if (perag.has(name)) perag.member(name).write(value);
  return perag.address;
}

/** Blocks at the start of a group that hold its four header sectors. */
function headerBlocks(geometry: XfsGeometry): number {
  return Math.ceil((4 * geometry.sectorSize) / geometry.blockSize);
}

/** Reverse-map records of one group in blocks of the group. */
function groupRecords(all: readonly FsRecord[], geometry: XfsGeometry, agno: number): readonly RmapRecord[] {
  const blocksIn = (length: Bytes): FsBlocks => bytesToFsBlocks(length, geometry.blockSize);
  const first = fsBlocks(BigInt(agno) * BigInt(geometry.agBlocks));
  const end = add(first, fsBlocks(BigInt(groupBlocks(geometry, agno))));
  const records: RmapRecord[] = [];
  for (const record of all) {
    const owner = record.on === 'data' ? ownerCode(record) : undefined;
    if (owner === undefined) continue;
    const start = blocksIn(record.start);
    const from = largest(start, first);
    const to = smallest(add(start, blocksIn(record.length)), end);
    if (compare(from, to) >= 0) continue;
    const isFileData = owner > 0n && !record.bmbt;
    records.push({
      startBlock: Number(subtract(from, first)),
      blockCount: Number(subtract(to, from)),
      owner,
      offset: isFileData ? add(blocksIn(record.offset), subtract(from, start)) : 0n,
      attrFork: record.attrFork,
      bmbt: record.bmbt,
      unwritten: record.unwritten,
    });
  }
  return records;
}

function supplyGroup(kernel: KernelModel, context: GroupContext, agno: number): void {
  const { geometry, target, device } = context;
  const { freed = [] } = kernel.part(mounted).get(context.mount) ?? {};
  const left = context.fs.records.flatMap((record) => remains(record, freed));
  const records = groupRecords(left, geometry, agno);
  const perBlock = BigInt(geometry.blockSize / 512);
  const start = BigInt(agno) * BigInt(geometry.agBlocks) * perBlock;
  // Blocks of the group's own btrees; mkfs puts the reverse-map root behind the two free-space roots.
  const own = records
    .filter((record) => record.owner === -5n)
    .flatMap((record) => Array.from({ length: record.blockCount }, (_, i) => record.startBlock + i));
  const tree = buildRmapTree(geometry.rmapbt ? records : [], {
    blockSize: geometry.blockSize,
    agno,
    agBlocks: geometry.agBlocks,
    leafRecords: Math.floor((geometry.blockSize - 56) / 24),
    nodeRecords: Math.floor((geometry.blockSize - 56) / 44),
    places: own.slice(2),
  });
  if (geometry.rmapbt) {
    for (const [block, bytes] of tree.blocks)
      supplyBlock(kernel, target, start + BigInt(block) * perBlock, { name: `rmapbt block ${agno}/${block} of ${device}`, bytes });
  }
  supplyBlock(kernel, target, start + BigInt(geometry.sectorSize / 512), {
    name: `AGF ${agno} of ${device}`,
    bytes: agfBytes(kernel, geometry, agno, tree.root, tree.levels, tree.blocks.size),
  });
}

/** The AGF sector: struct xfs_agf of this tree, big-endian. */
function agfBytes(kernel: KernelModel, geometry: XfsGeometry, agno: number, root: number, levels: number, rmapBlocks: number): Uint8Array {
  const agf = kernel.create('struct xfs_agf', `AGF ${agno} (template)`);
  const put = (value: bigint | number, ...names: readonly string[]): void => {
    const name = names.find((candidate) => agf.has(candidate));
    if (name !== undefined) putBe(agf.member(name), value);
  };
  put(0x58414746, 'agf_magicnum');
  put(1, 'agf_versionnum');
  put(agno, 'agf_seqno');
  put(groupBlocks(geometry, agno), 'agf_length');
  put(1, 'agf_bno_root', 'agf_roots[0]');
  put(2, 'agf_cnt_root', 'agf_roots[1]');
  put(1, 'agf_bno_level', 'agf_levels[0]');
  put(1, 'agf_cnt_level', 'agf_levels[1]');
  put(geometry.rmapbt ? root : 0, 'agf_rmap_root', 'agf_roots[2]');
  put(geometry.rmapbt ? levels : 0, 'agf_rmap_level', 'agf_levels[2]');
  put(geometry.rmapbt ? rmapBlocks : 0, 'agf_rmap_blocks');
  put(geometry.reflink ? 1 : 0, 'agf_refcount_level');
  put(geometry.rmapbt ? rmapBlocks - 1 : 0, 'agf_btreeblks');
  const bytes = new Uint8Array(geometry.sectorSize);
  bytes.set(kernel.machine.memory.readBytes(agf.address, Math.min(agf.size, geometry.sectorSize)));
  kernel.machine.heap.free(agf.address);
  return bytes;
}
