// Filesystems that use DAX without a reverse map (ext4 and others): superblock, inodes, and the device taken without a holder.
import { stopWithLimit } from '../../machine/outcome.ts';
import type { Filesystem, FsFile, Scenario } from '../../scenario/schema.ts';
import { diskOf } from '../block/disk.ts';
import type { KernelModel } from '../model.ts';
import { buildSuper, fillInode, isRegular } from './inode.ts';
import { addInode, addMount, type CoreInode, type Mount } from './mounts.ts';

const EXT4_MAGIC = 0xef53;

/** Mounts a filesystem that registers no holder: fs_dax_get_by_bdev(bdev, &offset, NULL, NULL) where the tree has it. */
export function mountGeneric(kernel: KernelModel, scenario: Scenario, fs: Filesystem, notes: string[]): Mount {
  const disk = diskOf(kernel, scenario, fs.device) ?? stopWithLimit('model', `the scenario has no block device ${fs.device}`, fs.device);
  const sb = buildSuper(kernel, {
    id: disk.diskName,
    bdev: disk.bdev,
    info: 0n,
    magic: EXT4_MAGIC,
    blockSize: fs.geometry?.blockSize ?? 4096,
  });
  const offset = kernel.machine.heap.allocate({ size: 8, name: 'dax_part_off', zeroed: true });
  let dax = 0n;
  const address = kernel.program.functionAddress('fs_dax_get_by_bdev');
  if (address === undefined) notes.push('fs_dax_get_by_bdev() is missing in this tree');
  else dax = kernel.run('fs_dax_get_by_bdev', [disk.bdev, offset, 0n, 0n].slice(0, kernel.program.functionAt(address)?.params.length ?? 4));
  if (dax === 0n && fs.dax === 'always') notes.push(`${fs.type} (${disk.diskName}): no dax_device, files use the page cache`);
  const mount: Mount = {
    fs,
    id: disk.diskName,
    sb: sb.address,
    info: 0n,
    dax,
    realtime: 0n,
    holder: 0n,
    taken: dax === 0n ? [] : [{ dax, target: 0n }],
  };
  addMount(kernel, mount);
  for (const file of fs.files) if (file.inCore) bringGenericInode(kernel, mount, dax === 0n ? { ...file, dax: false } : file);
  return mount;
}

/** Puts an inode into core. */
export function bringGenericInode(kernel: KernelModel, mount: Mount, file: FsFile): CoreInode {
  const inode = kernel.create('struct inode', `inode ${file.ino} ${file.path}`);
  const dax = file.dax ?? (isRegular(file) && mount.fs.dax === 'always');
  fillInode(kernel, inode, { sb: kernel.view('struct super_block', mount.sb), file, dax, aops: 0n });
  const core: CoreInode = { file, mount, inode: inode.address, mapping: inode.member('i_data').address, dax };
  addInode(kernel, core);
  return core;
}
