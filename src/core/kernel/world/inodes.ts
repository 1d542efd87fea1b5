// Looks inodes up by path; apart from the state so that filesystems can register theirs without a circle of imports.
import { openInode } from '../fs/world-fs.ts';
import type { KernelModel } from '../model.ts';
import { worldKey } from './state.ts';
import type { InodeState } from './types.ts';

/** The inode that a path names: a device-dax node or a file, which opening brings into core. */
export function inodeOf(kernel: KernelModel, path: string): InodeState | undefined {
  const known = kernel.part(worldKey).inodes.get(path);
  if (known !== undefined) return known;
  const core = openInode(kernel, path);
  return core === undefined ? undefined : { path, inode: core.inode, mapping: core.mapping, dax: core.dax };
}
