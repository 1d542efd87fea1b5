// The world's own state as a part of the kernel model, so that snapshots carry it.
import type { StateKey } from '../model.ts';
import { openInode } from '../fs/world-fs.ts';
import type { KernelModel } from '../model.ts';
import type { InodeState, WorldState } from './types.ts';

export const worldKey: StateKey<WorldState> = {
  name: 'world',
  create: () => ({ scenario: undefined, devices: new Map(), inodes: new Map(), tasks: new Map() }),
  clone: (state) => ({ scenario: state.scenario, devices: new Map(state.devices), inodes: new Map(state.inodes), tasks: new Map(state.tasks) }),
};

/** The inode that a path names: a device-dax node or a file, which opening brings into core. */
export function inodeOf(kernel: KernelModel, path: string): InodeState | undefined {
  const known = kernel.part(worldKey).inodes.get(path);
  if (known !== undefined) return known;
  const core = openInode(kernel, path);
  return core === undefined ? undefined : { path, inode: core.inode, mapping: core.mapping, dax: core.dax };
}
