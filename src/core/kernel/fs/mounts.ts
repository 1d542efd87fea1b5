// Which inode stands for which path: the table that processes, events and verdicts look files up in.
import type { Filesystem, FsFile } from '../../scenario/schema.ts';
import type { KernelModel, StateKey } from '../model.ts';
import { worldKey } from '../world/state.ts';

/** A mounted filesystem of the scenario. */
export interface Mount {
  readonly fs: Filesystem;
  /** Name that messages show. */
  readonly id: string;
  readonly sb: bigint;
  /** struct xfs_mount or another filesystem's private data; 0 when there is none. */
  readonly info: bigint;
  /** dax_device that it uses for file data; 0 when it was refused. */
  readonly dax: bigint;
  /** struct xfs_buftarg of its realtime device; 0 without one. */
  readonly realtime: bigint;
  /** What it passed as holder; 0 when it registers none. */
  readonly holder: bigint;
  /** dax_devices that it took, with whether it is their holder. */
  readonly taken: readonly { readonly dax: bigint; readonly target: bigint }[];
}

/** An inode in core. */
export interface CoreInode {
  readonly file: FsFile;
  readonly mount: Mount;
  /** struct inode. */
  readonly inode: bigint;
  /** struct address_space. */
  readonly mapping: bigint;
  readonly dax: boolean;
}

interface MountState {
  readonly mounts: Mount[];
  readonly inodes: Map<string, CoreInode>;
}

const key: StateKey<MountState> = {
  name: 'mounts',
  create: () => ({ mounts: [], inodes: new Map() }),
  clone: (state) => ({ mounts: [...state.mounts], inodes: new Map(state.inodes) }),
};

/** Adds a mount behind those before it. */
export function addMount(kernel: KernelModel, mount: Mount): void {
  kernel.part(key).mounts.push(mount);
}

/** Adds an inode that is in core from now on. */
export function addInode(kernel: KernelModel, inode: CoreInode): void {
  kernel.part(key).inodes.set(inode.file.path, inode);
  kernel.part(worldKey).inodes.set(inode.file.path, { path: inode.file.path, inode: inode.inode, mapping: inode.mapping, dax: inode.dax });
}

/** An inode is no longer in core. */
export function removeInode(kernel: KernelModel, path: string): void {
  kernel.part(key).inodes.delete(path);
  kernel.part(worldKey).inodes.delete(path);
}

/** The filesystem is gone with its inodes. */
export function removeMount(kernel: KernelModel, mount: Mount): void {
  const { mounts, inodes } = kernel.part(key);
  mounts.splice(mounts.indexOf(mount), 1);
  for (const [path, core] of [...inodes]) {
    if (core.mount === mount) removeInode(kernel, path);
  }
}

/** Filesystems in mount order. */
export function mountsOf(kernel: KernelModel): readonly Mount[] {
  return kernel.part(key).mounts;
}

/** The in-core inode of a path. */
export function inodeAt(kernel: KernelModel, path: string): CoreInode | undefined {
  return kernel.part(key).inodes.get(path);
}

/** All in-core inodes, in the order they came into core. */
export function inodesInCore(kernel: KernelModel): readonly CoreInode[] {
  return [...kernel.part(key).inodes.values()];
}
