// Builds the filesystem side of a scenario's world: mounts in order, inodes in core.
import type { Filesystem, Scenario } from '../../scenario/schema.ts';
import { buildMappedDevices } from '../drivers/md/dm.ts';
import type { KernelModel } from '../model.ts';
import { bringGenericInode, mountGeneric } from './generic.ts';
import { forgetPages, isGone } from './eviction.ts';
import { inodeAt, inodesInCore, mountsOf, removeMount, type CoreInode, type Mount } from './mounts.ts';
import { bringXfsInode, mountXfs } from './xfs/mount.ts';

/**
 * Builds mapped devices and mounts all filesystems. pmem devices, and their dax_devices must exist already, because filesystems claim them through the tree's own code. Runs under `machine.attempt`: a limit stops it.
 */
export function buildFilesystems(kernel: KernelModel, scenario: Scenario, notes: string[]): void {
  buildMappedDevices(kernel, scenario, notes);
  for (const fs of scenario.filesystems) if (fs.mounted) mountFilesystem(kernel, scenario, fs, notes);
}

/** Mounts one filesystem; `notes` gets what was refused. */
export function mountFilesystem(kernel: KernelModel, scenario: Scenario, fs: Filesystem, notes: string[]): Mount {
  return fs.type === 'xfs' ? mountXfs(kernel, scenario, fs, notes) : mountGeneric(kernel, scenario, fs, notes);
}

/** Unmounts one: entries of its DAX files go, then its devices are put by the tree's own functions. */
export function unmountFilesystem(kernel: KernelModel, mount: Mount): void {
  for (const core of inodesInCore(kernel)) if (core.mount === mount && core.dax) forgetPages(kernel, core);
  for (const { target, dax } of mount.taken) {
    if (target !== 0n && kernel.program.functionAddress('xfs_free_buftarg') !== undefined) kernel.run('xfs_free_buftarg', [target]);
    else if (dax !== 0n) putDax(kernel, dax, mount.holder);
  }
  removeMount(kernel, mount);
}

/** fs_put_dax(), which has no holder in trees before v6.0. */
function putDax(kernel: KernelModel, dax: bigint, holder: bigint): void {
  const name = ['fs_put_dax', 'put_dax'].find((candidate) => kernel.program.functionAddress(candidate) !== undefined);
  const address = name === undefined ? undefined : kernel.program.functionAddress(name);
  if (name !== undefined && address !== undefined)
    kernel.run(name, [dax, holder].slice(0, kernel.program.functionAt(address)?.params.length ?? 1));
}

/** The inode of a path, read into core when it is not (somebody opens the file). Undefined when no filesystem lists the path. */
export function openInode(kernel: KernelModel, path: string): CoreInode | undefined {
  const known = inodeAt(kernel, path);
  if (known !== undefined) return known;
  if (isGone(kernel, path)) return undefined;
  for (const mount of mountsOf(kernel)) {
    const file = mount.fs.files.find((candidate) => candidate.path === path);
    if (file !== undefined) return mount.fs.type === 'xfs' ? bringXfsInode(kernel, mount, file) : bringGenericInode(kernel, mount, file);
  }
  return undefined;
}
