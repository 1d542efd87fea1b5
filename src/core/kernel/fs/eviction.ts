// Inodes that lose their last name and their last user: their entries go, their blocks become free, nobody finds them in core.
import {
  add,
  type Bytes,
  bytes,
  bytesToPages,
  contains,
  endOf,
  type Interval,
  isMultiple,
  pageBytes,
  pages,
  pagesToBytes,
  subtract,
} from '../../../base/units.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { KernelModel, StateKey } from '../model.ts';
import { worldKey } from '../world/state.ts';
import { isRegular } from './inode.ts';
import { type CoreInode, inodeAt, inodesInCore, mountsOf, removeInode } from './mounts.ts';
import { freeBlocks } from './xfs/perag.ts';
import { dropXfsInode, markXfsInode } from './xfs/mount.ts';

/** The end of every file, in bytes. */
const WHOLE = bytes(1n << 62n);
const END = (1n << 64n) - 1n;

interface Names {
  /** Files that were removed by a step. */
  readonly removed: Set<string>;
  /** Files whose inode is gone too. */
  readonly gone: Set<string>;
  /** Bytes of files that lost their blocks. */
  readonly discarded: { readonly path: string; readonly part: Interval<'bytes'> }[];
}

const key: StateKey<Names> = {
  name: 'removed files',
  create: () => ({ removed: new Set(), gone: new Set(), discarded: [] }),
  clone: (names) => ({ removed: new Set(names.removed), gone: new Set(names.gone), discarded: [...names.discarded] }),
};

/** True when nobody can open a path any more. */
export function isGone(kernel: KernelModel, path: string): boolean {
  const { removed, gone } = kernel.part(key);
  return removed.has(path) || gone.has(path);
}

/** rm of a file: its inode lives on while somebody maps it. */
export function unlinkFile(kernel: KernelModel, scenario: Scenario, path: string): void {
  const core = inodeAt(kernel, path);
  kernel.part(key).removed.add(path);
  if (core !== undefined) {
    const inode = kernel.view('struct inode', core.inode);
    if (inode.has('i_nlink')) inode.member('i_nlink').write(0);
  } else freeFile(kernel, path);
  evictUnused(kernel, scenario);
}

/** Inodes without a name that nobody uses any more leave the cache, and their blocks become free. */
export function evictUnused(kernel: KernelModel, scenario: Scenario): void {
  const { removed, gone } = kernel.part(key);
  for (const core of inodesInCore(kernel)) {
    const { path, unlinked } = core.file;
    const nameless = removed.has(path) || (unlinked && scenario.processes.some((process) => process.maps.some((map) => map.path === path)));
    if (!nameless || gone.has(path) || isMapped(kernel, path)) continue;
    if (core.dax) forgetPages(kernel, core);
    freeFile(kernel, path);
    if (core.mount.fs.type === 'xfs') dropXfsInode(kernel, core);
    removeInode(kernel, path);
  }
}

function isMapped(kernel: KernelModel, path: string): boolean {
  return [...kernel.part(worldKey).tasks.values()].some((task) => task.state === 'alive' && task.maps.some((map) => map.path === path));
}

function freeFile(kernel: KernelModel, path: string): void {
  kernel.part(key).gone.add(path);
  for (const mount of mountsOf(kernel)) {
    const file = mount.fs.files.find((candidate) => candidate.path === path);
    if (file !== undefined && mount.fs.type === 'xfs') freeBlocks(kernel, mount.info, file.ino);
  }
}

/** Bytes of a file lose their blocks: ftruncate() to `start`, or a hole of `length`. Nothing maps them afterwards. */
export function discardBlocks(kernel: KernelModel, path: string, start: Bytes, length: Bytes | undefined): void {
  const core = inodeAt(kernel, path);
  const names = kernel.part(key);
  const part = { start: length === undefined ? roundUp(start) : start, length: length ?? subtract(WHOLE, roundUp(start)) };
  names.discarded.push({ path, part });
  for (const mount of mountsOf(kernel)) {
    const file = mount.fs.files.find((candidate) => candidate.path === path);
    if (file !== undefined && mount.fs.type === 'xfs') freeBlocks(kernel, mount.info, file.ino, part);
  }
  if (core === undefined) return;
  if (length === undefined) kernel.view('struct inode', core.inode).member('i_size').write(start);
  for (const unit of ['mm/memory.c', 'mm/truncate.c']) kernel.program.loadUnit(unit);
  kernel.run('unmap_mapping_range', [core.mapping, part.start, length ?? 0n, 1n]);
  kernel.run('truncate_inode_pages_range', [core.mapping, part.start, length === undefined ? END : subtract(endOf(part), bytes(1n))]);
}

/** True when a byte of a file has no block any more. */
export function isDiscarded(kernel: KernelModel, path: string, at: Bytes): boolean {
  return kernel.part(key).discarded.some((one) => one.path === path && contains(one.part, at));
}

/** The end of the page that the last byte lies in. */
function roundUp(size: Bytes): Bytes {
  const page = pageBytes();
  return isMultiple(size, page) ? size : pagesToBytes(add(bytesToPages(size), pages(1n)));
}

/**
 * drop_caches: files that nobody maps leave the VFS. XFS keeps their inodes for a while, marked reclaimable, and whoever asks for
 * one in core meanwhile is told to try again.
 */
export function dropUnused(kernel: KernelModel): void {
  const reclaimable = kernel.constant('XFS_IRECLAIMABLE', 'fs/xfs/xfs_icache.c');
  for (const core of inodesInCore(kernel)) {
    if (!isRegular(core.file) || isMapped(kernel, core.file.path) || core.file.unlinked) continue;
    if (core.dax) forgetPages(kernel, core);
    removeInode(kernel, core.file.path);
    if (core.mount.fs.type !== 'xfs') continue;
    if (reclaimable === undefined) dropXfsInode(kernel, core);
    else markXfsInode(kernel, core, reclaimable);
  }
}

/** What eviction does to a DAX inode: truncate_inode_pages_final() deletes its entries, which lets the pages go. */
export function forgetPages(kernel: KernelModel, core: CoreInode): void {
  const name = 'truncate_inode_pages_final';
  kernel.program.loadUnit('mm/truncate.c');
  if (kernel.program.functionAddress(name) !== undefined) kernel.run(name, [core.mapping]);
}
