// VFS inodes and superblocks as every filesystem of a scenario has them.
import type { View } from '../../machine/view.ts';
import type { FsFile } from '../../scenario/schema.ts';
import type { KernelModel } from '../model.ts';
import { initInode } from './vfs-inode.ts';

/** A struct list_head that is empty. */
export function initList(head: View): void {
  head.member('next').write(head.address);
  head.member('prev').write(head.address);
}

/** list_add_tail() for world building. */
function addTail(kernel: KernelModel, head: View, entry: View): void {
  const last = kernel.view('struct list_head', head.member('prev').read());
  entry.member('prev').write(last.address);
  entry.member('next').write(head.address);
  last.member('next').write(entry.address);
  head.member('prev').write(entry.address);
}

export interface SuperSpec {
  /** Name that messages show: `pmem0`. */
  readonly id: string;
  readonly bdev: bigint;
  /** s_fs_info. */
  readonly info: bigint;
  readonly magic: number;
  readonly blockSize: number;
}

/** A born, active superblock. */
export function buildSuper(kernel: KernelModel, spec: SuperSpec): View {
  const sb = kernel.create('struct super_block', `super_block of ${spec.id}`);
  const bdev = kernel.view('struct block_device', spec.bdev);
  sb.member('s_id').writeText(spec.id);
  sb.member('s_bdev').write(spec.bdev);
  sb.member('s_dev').write(bdev.member('bd_dev').read());
  sb.member('s_fs_info').write(spec.info);
  sb.member('s_magic').write(spec.magic);
  sb.member('s_blocksize').write(spec.blockSize);
  sb.member('s_blocksize_bits').write(Math.log2(spec.blockSize));
  const flags = ['SB_BORN', 'SB_ACTIVE'].reduce((bits, name) => bits | (kernel.constant(name) ?? 0n), 0n);
  sb.member('s_flags').write(flags);
  sb.member('s_active.counter').write(1);
  sb.member('s_count').write(1);
  for (const list of ['s_list', 's_mounts', 's_inodes', 's_inodes_wb']) if (sb.has(list)) initList(sb.member(list));
  return sb;
}

export interface InodeSpec {
  readonly sb: View;
  readonly file: FsFile;
  readonly dax: boolean;
  /** Table of address_space operations; 0 makes an empty one, because a NULL table would be a fault of ours. */
  readonly aops: bigint;
}

/** Fills a struct inode and its own address_space, and puts it on the superblock's list. */
export function fillInode(kernel: KernelModel, inode: View, spec: InodeSpec): void {
  const { sb, file } = spec;
  initInode(kernel, inode);
  inode.member('i_ino').write(file.ino);
  inode.member('i_mode').write(Number.parseInt(file.mode, 8));
  inode.member('i_size').write(file.size);
  inode.member('i_sb').write(sb.address);
  inode.member('i_count.counter').write(1);
  inode.member('i_blkbits').write(sb.member('s_blocksize_bits').read());
  if (inode.has('i_nlink')) inode.member('i_nlink').write(file.unlinked ? 0 : 1);
  for (const list of ['i_io_list', 'i_lru', 'i_sb_list', 'i_wb_list', 'i_devices']) if (inode.has(list)) initList(inode.member(list));
  if (spec.dax) inode.member('i_flags').write(kernel.constant('S_DAX') ?? 0n);
  const mapping = inode.member('i_data');
  inode.member('i_mapping').write(mapping.address);
  mapping.member('host').write(inode.address);
  mapping.member('gfp_mask').write(0x100ccan);
  mapping.member('a_ops').write(spec.aops === 0n ? emptyOperations(kernel) : spec.aops);
  const lockIrqAndAccount = (kernel.constant('XA_FLAGS_LOCK_IRQ') ?? 1n) | (kernel.constant('XA_FLAGS_ACCOUNT') ?? 8n);
  mapping.member('i_pages.xa_flags').write(lockIrqAndAccount);
  for (const list of ['private_list', 'i_private_list']) if (mapping.has(list)) initList(mapping.member(list));
  for (const list of ['i_mmap_rwsem.wait_list', 'invalidate_lock.wait_list']) if (mapping.has(list)) initList(mapping.member(list));
  addTail(kernel, sb.member('s_inodes'), inode.member('i_sb_list'));
}

const operations = {
  name: 'empty address_space operations',
  create: (): { address: bigint } => ({ address: 0n }),
  clone: (value: { address: bigint }) => ({ ...value }),
};

function emptyOperations(kernel: KernelModel): bigint {
  const known = kernel.part(operations);
  if (known.address === 0n) known.address = kernel.create('struct address_space_operations', 'address_space operations (empty)').address;
  return known.address;
}

/** True for a regular file (S_ISREG). */
export function isRegular(file: FsFile): boolean {
  return (Number.parseInt(file.mode, 8) & 0o170000) === 0o100000;
}
