// Builds the filesystem side of a scenario's world: mounts in order, inodes in core.
import type { Scenario } from '../../scenario/schema.ts';
import { buildMappedDevices } from '../drivers/md/dm.ts';
import type { KernelModel } from '../model.ts';
import { bringGenericInode, mountGeneric } from './generic.ts';
import { inodeAt, mountsOf, type CoreInode } from './mounts.ts';
import { bringXfsInode, mountXfs } from './xfs/mount.ts';

/**
 * Builds mapped devices and mounts all filesystems. pmem devices, and their dax_devices must exist already, because filesystems claim them through the tree's own code. Runs under `machine.attempt`: a limit stops it.
 */
export function buildFilesystems(kernel: KernelModel, scenario: Scenario, notes: string[]): void {
  buildMappedDevices(kernel, scenario, notes);
  for (const fs of scenario.filesystems) {
    if (fs.type === 'xfs') mountXfs(kernel, scenario, fs, notes);
    else mountGeneric(kernel, scenario, fs, notes);
  }
}

/** The inode of a path, read into core when it is not (somebody opens the file). Undefined when no filesystem lists the path. */
export function openInode(kernel: KernelModel, path: string): CoreInode | undefined {
  const known = inodeAt(kernel, path);
  if (known !== undefined) return known;
  for (const mount of mountsOf(kernel)) {
    const file = mount.fs.files.find((candidate) => candidate.path === path);
    if (file !== undefined) return mount.fs.type === 'xfs' ? bringXfsInode(kernel, mount, file) : bringGenericInode(kernel, mount, file);
  }
  return undefined;
}
