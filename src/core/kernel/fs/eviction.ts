// Inodes that lose their last name and their last user: their entries go, their blocks become free, nobody finds them in core.
import type { Scenario } from '../../scenario/schema.ts';
import type { KernelModel, StateKey } from '../model.ts';
import { worldKey } from '../world/state.ts';
import { type CoreInode, inodeAt, inodesInCore, mountsOf, removeInode } from './mounts.ts';
import { freeBlocks } from './xfs/perag.ts';
import { dropXfsInode } from './xfs/mount.ts';

interface Names {
  /** Files that were removed by a step. */
  readonly removed: Set<string>;
  /** Files whose inode is gone too. */
  readonly gone: Set<string>;
}

const key: StateKey<Names> = {
  name: 'removed files',
  create: () => ({ removed: new Set(), gone: new Set() }),
  clone: (names) => ({ removed: new Set(names.removed), gone: new Set(names.gone) }),
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

/** What eviction does to a DAX inode: truncate_inode_pages_final() deletes its entries, which lets the pages go. */
export function forgetPages(kernel: KernelModel, core: CoreInode): void {
  const name = 'truncate_inode_pages_final';
  kernel.program.loadUnit('mm/truncate.c');
  if (kernel.program.functionAddress(name) !== undefined) kernel.run(name, [core.mapping]);
}
