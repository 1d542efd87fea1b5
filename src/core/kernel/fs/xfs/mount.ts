// Mounts an XFS of the scenario: buffer targets claim their dax_device through the tree's own code, then groups and inodes.
import type { View } from '../../../machine/view.ts';
import type { Filesystem, FsFile, Scenario, XfsGeometry } from '../../../scenario/schema.ts';
import { diskOf, type Disk } from '../../block/disk.ts';
import { stopWithLimit } from '../../../machine/outcome.ts';
import type { KernelModel } from '../../model.ts';
import { buildSuper, fillInode, initList, isRegular } from '../inode.ts';
import { addInode, addMount, type CoreInode, type Mount } from '../mounts.ts';
import { buildLog } from './log.ts';
import { buildGroups } from './perag.ts';
import { agBlockLog, fillSuperblock } from './superblock.ts';

const XFS_MAGIC = 0x58465342;
const GFP_KERNEL = 0xcc0n;
/** Units that know all XFS types; the first one that the tree has is used. */
const TYPE_UNITS = ['fs/xfs/xfs_notify_failure.c', 'fs/xfs/xfs_mount.c', 'fs/xfs/xfs_icache.c'];
const TYPES = ['struct xfs_mount', 'struct xfs_inode'];
/** Highest reverse-map btree that the cursor cache has room for, where the tree has no function that says so. */
const MAX_LEVELS = 9n;

/** Mounts `fs`; `notes` gets what the tree refused. */
export function mountXfs(kernel: KernelModel, scenario: Scenario, fs: Filesystem, notes: string[]): Mount {
  const geometry = fs.geometry;
  if (geometry === undefined) return stopWithLimit('model', `filesystem ${fs.mountpoint} has no geometry`, fs.mountpoint);
  const isComplete = (): boolean => TYPES.every((type) => kernel.program.typeNamed(type) !== undefined);
  if (!TYPE_UNITS.some((unit) => kernel.program.loadUnit(unit) && isComplete()))
    return stopWithLimit('missing-type', `${TYPES.join(' and ')} are in none of ${TYPE_UNITS.join(', ')}`, TYPES[0]);
  const disk = needDisk(kernel, scenario, fs.device);
  const mp = kernel.create('struct xfs_mount', `xfs_mount of ${disk.diskName}`);
  const sb = buildSuper(kernel, { id: disk.diskName, bdev: disk.bdev, info: mp.address, magic: XFS_MAGIC, blockSize: geometry.blockSize });
  mp.member('m_super').write(sb.address);
  fillSuperblock(kernel, mp, fs, geometry);
  const data = claimTarget(kernel, mp, disk, notes);
  mp.member('m_ddev_targp').write(data);
  const realtime = fs.realtimeDevice === undefined ? 0n : claimTarget(kernel, mp, needDisk(kernel, scenario, fs.realtimeDevice), notes);
  mp.member('m_rtdev_targp').write(realtime);
  const log = fs.logDevice === undefined ? data : claimTarget(kernel, mp, needDisk(kernel, scenario, fs.logDevice), notes);
  mp.member('m_logdev_targp').write(log);
  disableRefusedDax(kernel, mp, data, disk, notes);
  prepareStatistics(kernel, mp);
  prepareCursors(kernel, mp, geometry);
  mp.member('m_log').write(buildLog(kernel, mp.address, fs));
  const perags = buildGroups(kernel, { fs, geometry, mount: mp.address, target: data, device: disk.diskName });
  const targets = [...new Set([log, realtime, data])].filter((target) => target !== 0n);
  const taken = targets.map((target) => ({ target, dax: kernel.view('struct xfs_buftarg', target).member('bt_daxdev').read() }));
  const dax = taken.find(({ target }) => target === data)?.dax ?? 0n;
  const mount: Mount = { fs, id: disk.diskName, sb: sb.address, info: mp.address, dax, holder: mp.address, taken, realtime };
  addMount(kernel, mount);
  for (const file of fs.files) if (file.inCore) bringXfsInode(kernel, mount, file, perags);
  return mount;
}

function needDisk(kernel: KernelModel, scenario: Scenario, name: string): Disk {
  return diskOf(kernel, scenario, name) ?? stopWithLimit('model', `the scenario has no block device ${name}`, name);
}

/** xfs_alloc_buftarg(): takes a block_device in older trees, the file that opened it in newer ones. */
function claimTarget(kernel: KernelModel, mp: View, disk: Disk, notes: string[]): bigint {
  const address = kernel.program.functionAddress('xfs_alloc_buftarg');
  if (address === undefined) {
    notes.push('xfs_alloc_buftarg() is missing in this tree: the filesystem holds no dax_device');
    const target = kernel.create('struct xfs_buftarg', `xfs_buftarg of ${disk.diskName}`);
    target.member('bt_bdev').write(disk.bdev);
    target.member('bt_mount').write(mp.address);
    return target.address;
  }
  const device = kernel.program.functionAt(address)?.params[1]?.type;
  const takesFile = device?.kind === 'pointer' && device.to.kind === 'record' && device.to.record.tag === 'file';
  const target = kernel.run('xfs_alloc_buftarg', [mp.address, takesFile ? disk.file : disk.bdev]);
  if (target === 0n) return stopWithLimit('model', `xfs_alloc_buftarg() refused ${disk.diskName}`, disk.diskName);
  return target;
}

/** xfs_setup_dax_always(): a device that somebody else holds turns dax=always into dax=never. */
function disableRefusedDax(kernel: KernelModel, mp: View, target: bigint, disk: Disk, notes: string[]): void {
  if (kernel.view('struct xfs_buftarg', target).member('bt_daxdev').read() !== 0n) return;
  const always = kernel.constant('XFS_FEAT_DAX_ALWAYS') ?? 0n;
  const features = mp.member('m_features');
  if ((features.read() & always) === 0n) return;
  features.write((features.read() & ~always) | (kernel.constant('XFS_FEAT_DAX_NEVER') ?? 0n));
  notes.push(`XFS (${disk.diskName}): the dax_device was refused, mounted with dax=never`);
}

/** XFS_STATS_INC() counts in per-cpu memory that mount allocates. */
function prepareStatistics(kernel: KernelModel, mp: View): void {
  const type = kernel.program.typeNamed('struct xfsstats');
  if (type === undefined) return;
  if (mp.has('m_stats.xs_stats')) mp.member('m_stats.xs_stats').write(kernel.machine.create(type, 'xfsstats of a mount').address);
  const all = kernel.program.globalAddress('xfsstats');
  if (all === undefined) return;
  const pointer = kernel.view('struct xstats', all).member('xs_stats');
  if (pointer.read() === 0n) pointer.write(kernel.machine.create(type, 'xfsstats').address);
}

/** The slab cache of reverse-map cursors, and the highest tree that fits into one. */
function prepareCursors(kernel: KernelModel, mp: View, geometry: XfsGeometry): void {
  if (!geometry.rmapbt) return;
  const cache = kernel.program.globalAddress('xfs_rmapbt_cur_cache');
  const isThere = cache !== undefined && kernel.machine.memory.readU64(cache) !== 0n;
  if (!isThere && kernel.program.functionAddress('xfs_rmapbt_init_cur_cache') !== undefined) kernel.run('xfs_rmapbt_init_cur_cache', []);
  const known =
    kernel.program.functionAddress('xfs_rmapbt_maxlevels_ondisk') === undefined
      ? MAX_LEVELS
      : kernel.run('xfs_rmapbt_maxlevels_ondisk', []) & 0xffffffffn;
  mp.member('m_rmap_maxlevels').write(known);
  if (mp.has('m_agbtree_maxlevels')) mp.member('m_agbtree_maxlevels').write(known);
}

/** Group of an inode, and its number there (XFS_INO_TO_AGNO, XFS_INO_TO_AGINO). */
function placeOf(mount: Mount, file: FsFile): { readonly agno: bigint; readonly inPerag: bigint } {
  const geometry = mount.fs.geometry;
  const shift = geometry === undefined ? 0n : BigInt(agBlockLog(geometry)) + BigInt(Math.log2(geometry.blockSize / geometry.inodeSize));
  return { agno: file.ino >> shift, inPerag: file.ino & ((1n << shift) - 1n) };
}

/** Takes an inode out of its group's tree: xfs_iget() finds it no more. */
export function dropXfsInode(kernel: KernelModel, { mount, file }: CoreInode): void {
  const { agno, inPerag } = placeOf(mount, file);
  const mp = kernel.view('struct xfs_mount', mount.info);
  const perag = kernel.run('xa_load', [mp.firstMember('m_perags', 'm_perag_tree').address, agno]);
  if (perag !== 0n) kernel.run('xa_erase', [kernel.view('struct xfs_perag', perag).member('pag_ici_root').address, inPerag]);
}

/** Sets bits of an inode's state (XFS_IRECLAIMABLE and the like). */
export function markXfsInode(kernel: KernelModel, { inode }: CoreInode, bits: bigint): void {
  const offset = BigInt(kernel.view('struct xfs_inode', 0n).offsetOf('i_vnode'));
  const flags = kernel.view('struct xfs_inode', inode - offset).member('i_flags');
  flags.write(flags.read() | bits);
}

/** Puts an inode into core: struct xfs_inode in its group's tree, as xfs_iget() finds it. */
export function bringXfsInode(kernel: KernelModel, mount: Mount, file: FsFile, perags?: readonly bigint[]): CoreInode {
  const mp = kernel.view('struct xfs_mount', mount.info);
  const { agno, inPerag } = placeOf(mount, file);
  const perag = perags?.[Number(agno)] ?? kernel.run('xa_load', [mp.firstMember('m_perags', 'm_perag_tree').address, agno]);
  if (perag === 0n)
    return stopWithLimit('model', `inode ${file.ino} lies in group ${agno}, which ${mount.fs.mountpoint} does not have`, file.path);
  const ip = kernel.create('struct xfs_inode', `xfs_inode ${file.ino} ${file.path}`);
  ip.member('i_mount').write(mp.address);
  ip.member('i_ino').write(file.ino);
  if (ip.has('i_disk_size')) ip.member('i_disk_size').write(file.size);
  if (ip.has('i_diflags')) ip.member('i_diflags').write(file.realtime ? (kernel.constant('XFS_DIFLAG_REALTIME') ?? 1n) : 0n);
  if (ip.has('i_diflags2')) ip.member('i_diflags2').write(diflags2(kernel, mount.fs, file));
  if (ip.has('i_ioend_list')) initList(ip.member('i_ioend_list'));
  const sb = kernel.view('struct super_block', mount.sb);
  const inode = ip.member('i_vnode');
  inode.member('i_mode').write(Number.parseInt(file.mode, 8));
  inode.member('i_sb').write(sb.address);
  const dax = hasDax(mount, file) && (file.dax ?? decideDax(kernel, ip, file));
  fillInode(kernel, inode, {
    sb,
    file,
    dax,
    aops: dax || !isRegular(file) ? 0n : (kernel.program.globalAddress('xfs_address_space_operations') ?? 0n),
  });
  kernel.run('xa_store', [kernel.view('struct xfs_perag', perag).member('pag_ici_root').address, inPerag, ip.address, GFP_KERNEL]);
  const core: CoreInode = { file, mount, inode: inode.address, mapping: inode.member('i_data').address, dax };
  addInode(kernel, core);
  return core;
}

/** A file is used through DAX only when the device that its data lie on was given to the filesystem. */
function hasDax(mount: Mount, file: FsFile): boolean {
  if (!file.realtime || mount.fs.realtimeDevice === undefined) return mount.dax !== 0n;
  return mount.taken.some(({ target, dax }) => target === mount.realtime && dax !== 0n);
}

function diflags2(kernel: KernelModel, fs: Filesystem, file: FsFile): bigint {
  const bit = (name: string, fallback: bigint): bigint => kernel.constant(name) ?? fallback;
  const reflink = file.reflink ? bit('XFS_DIFLAG2_REFLINK', 2n) : 0n;
  const dax = file.dax === true && fs.dax === 'inode' ? bit('XFS_DIFLAG2_DAX', 1n) : 0n;
  return reflink | dax;
}

/** What the tree decides when it reads the inode from disk (xfs_inode_should_enable_dax). */
function decideDax(kernel: KernelModel, ip: View, file: FsFile): boolean {
  if (!isRegular(file)) return false;
  const unit = 'fs/xfs/xfs_iops.c';
  if (kernel.program.functionAddress('xfs_inode_should_enable_dax', unit) === undefined) return true;
  return (kernel.run('xfs_inode_should_enable_dax', [ip.address], unit) & 0xffn) !== 0n;
}
