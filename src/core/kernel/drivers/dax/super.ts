// drivers/dax/super.c: dax_devices as their drivers make them.
import { stopWithLimit } from '../../../machine/outcome.ts';
import type { View } from '../../../machine/view.ts';
import { initInode } from '../../fs/vfs-inode.ts';
import { createCache } from '../../mm/slab.ts';
import type { KernelModel } from '../../model.ts';

const SUPER = 'drivers/dax/super.c';
/** A character device that its owner reads and writes (include/uapi/linux/stat.h S_IFCHR). */
const MODE = 0o020600n;

/** A dax_device as alloc_dax() leaves it: alive, a character inode with S_DAX, operations and private data set. */
export function createDax(kernel: KernelModel, name: string, owner: bigint, ops: bigint): View {
  const cacheAt = kernel.program.globalAddress('dax_cache', SUPER);
  const type = kernel.program.typeNamed('struct dax_device', SUPER);
  if (type === undefined) return stopWithLimit('missing-type', `no struct dax_device in ${SUPER}`, 'struct dax_device');
  if (cacheAt !== undefined && kernel.machine.memory.readU64(cacheAt) === 0n) {
    kernel.machine.memory.writeU64(cacheAt, createCache(kernel, 'dax_cache', kernel.machine.view(type, 0n).size, 64, 0n));
  }
  const dax = kernel.machine.create(type, `dax_device ${name}`);
  if (dax.has('inode')) {
    const inode = dax.member('inode');
    initInode(kernel, inode);
    inode.member('i_mode').write(MODE);
    inode.member('i_flags').write(kernel.constant('S_DAX', SUPER) ?? 0x2000n);
    if (inode.has('i_count.counter')) inode.member('i_count.counter').write(1);
    if (inode.has('i_mapping')) inode.member('i_mapping').write(inode.member('i_data').address);
    if (inode.has('i_data.host')) inode.member('i_data.host').write(inode.address);
    if (inode.has('i_cdev') && dax.has('cdev')) inode.member('i_cdev').write(dax.member('cdev').address);
  }
  const alive = kernel.constant('DAXDEV_ALIVE', SUPER) ?? 0n;
  dax.member('flags').write(1n << alive);
  dax.member('private').write(owner);
  dax.member('ops').write(ops);
  return dax;
}

/** Registers the disk's dax_device where fs_dax_get_by_bdev() looks for it. */
export function addHost(kernel: KernelModel, dax: bigint, gendisk: bigint): void {
  if (kernel.program.functionAddress('dax_add_host') !== undefined) kernel.run('dax_add_host', [dax, gendisk]);
}
