// Geometry of a mounted XFS: in-core superblock, derived shifts and limits, feature and state bits.
import { bytesToFsBlocks, fsBlocks, isPositive, largest, quotient } from '../../../../base/units.ts';
import type { View } from '../../../machine/view.ts';
import type { Filesystem, XfsGeometry } from '../../../scenario/schema.ts';
import type { KernelModel } from '../../model.ts';

const log2 = (n: number): number => Math.round(Math.log2(n));

/** Bits of a block number inside a group (sb_agblklog): rounded up. */
export function agBlockLog(geometry: XfsGeometry): number {
  return Math.ceil(Math.log2(geometry.agBlocks));
}

/** Root inode number of the first group, as mkfs places it; the scenario's mount point says it when it lists it. */
function rootInode(fs: Filesystem): bigint {
  return fs.files.find((file) => file.path === fs.mountpoint)?.ino ?? 128n;
}

/** Writes members that exist in this tree; names differ little between releases, and what is gone is not read either. */
function fill(view: View, values: Readonly<Record<string, bigint | number | boolean>>): void {
  for (const [name, value] of Object.entries(values)) if (view.has(name)) view.member(name).write(value);
}

/** struct xfs_sb (xfs_sb_from_disk) and the values that xfs_sb_mount_common() derives from it. */
export function fillSuperblock(kernel: KernelModel, mp: View, fs: Filesystem, geometry: XfsGeometry): void {
  const blockLog = log2(geometry.blockSize);
  const sectorLog = log2(geometry.sectorSize);
  const inodeLog = log2(geometry.inodeSize);
  const root = rootInode(fs);
  const realtimeExtent = largest(bytesToFsBlocks(geometry.realtimeExtent, geometry.blockSize), fsBlocks(1n));
  fill(mp.member('m_sb'), {
    sb_magicnum: 0x58465342,
    sb_blocksize: geometry.blockSize,
    sb_dblocks: geometry.blocks,
    sb_rblocks: geometry.realtimeBlocks,
    sb_rextents: quotient(geometry.realtimeBlocks, realtimeExtent),
    sb_rextsize: isPositive(geometry.realtimeBlocks) ? realtimeExtent : 1n,
    sb_logstart: fs.logDevice === undefined ? internalLogStart(fs, geometry) : 0n,
    sb_rootino: root,
    sb_rbmino: root + 1n,
    sb_rsumino: root + 2n,
    sb_agblocks: geometry.agBlocks,
    sb_agcount: geometry.agCount,
    sb_logblocks: geometry.logBlocks,
    sb_versionnum: 5 | 0x10 | 0x20 | 0x80 | 0x400 | 0x1000 | 0x2000 | 0x8000,
    sb_sectsize: geometry.sectorSize,
    sb_inodesize: geometry.inodeSize,
    sb_inopblock: geometry.blockSize / geometry.inodeSize,
    sb_blocklog: blockLog,
    sb_sectlog: sectorLog,
    sb_inodelog: inodeLog,
    sb_inopblog: blockLog - inodeLog,
    sb_agblklog: agBlockLog(geometry),
    sb_imax_pct: 25,
    sb_inoalignmt: 8,
    sb_icount: 64,
  });
  const nodeRecords = Math.floor((geometry.blockSize - 56) / 44);
  const leafRecords = Math.floor((geometry.blockSize - 56) / 24);
  fill(mp, {
    m_bsize: geometry.blockSize / 512,
    m_blkbit_log: blockLog + 3,
    m_blkbb_log: blockLog - 9,
    m_agno_log: geometry.agCount > 1 ? Math.floor(Math.log2(geometry.agCount - 1)) + 1 : 0,
    m_sectbb_log: sectorLog - 9,
    m_blockmask: geometry.blockSize - 1,
    m_blockwsize: geometry.blockSize / 4,
    m_blockwmask: geometry.blockSize / 4 - 1,
    'm_rmap_mxr[0]': leafRecords,
    'm_rmap_mxr[1]': nodeRecords,
    'm_rmap_mnr[0]': leafRecords >> 1,
    'm_rmap_mnr[1]': nodeRecords >> 1,
    m_maxagi: geometry.agCount,
    'm_ino_geo.agino_log': blockLog - inodeLog + agBlockLog(geometry),
    'm_ino_geo.cluster_align': 8,
    'm_ino_geo.blocks_per_cluster': 2,
    'm_ino_geo.inodes_per_cluster': 16,
    'm_ino_geo.inoalign_mask': 7,
    'm_ino_geo.ialloc_inos': 64,
    'm_ino_geo.ialloc_blks': 8,
    m_features: features(kernel, fs, geometry),
  });
}

function internalLogStart(fs: Filesystem, geometry: XfsGeometry): bigint {
  const log = fs.records.find((record) => record.owner === 'xfs:log' && record.on === 'data');
  if (log === undefined) return 0n;
  const block: bigint = bytesToFsBlocks(log.start, geometry.blockSize);
  return ((block / BigInt(geometry.agBlocks)) << BigInt(agBlockLog(geometry))) | (block % BigInt(geometry.agBlocks));
}

/** XFS_FEAT_* bits, by the names that this tree has. */
function features(kernel: KernelModel, fs: Filesystem, geometry: XfsGeometry): bigint {
  const names = ['ATTR', 'NLINK', 'ALIGN', 'LOGV2', 'SECTOR', 'EXTFLG', 'LAZYSBCOUNT', 'ATTR2', 'PROJID32', 'FTYPE'];
  if (geometry.crc) names.push('CRC', 'V3INODES', 'PQUOTINO');
  if (geometry.finobt) names.push('FINOBT');
  if (geometry.rmapbt) names.push('RMAPBT');
  if (geometry.reflink) names.push('REFLINK');
  if (geometry.sparse) names.push('SPINODES');
  if (isPositive(geometry.realtimeBlocks)) names.push('REALTIME');
  if (geometry.inobtcount) names.push('INOBTCNT');
  if (geometry.bigtime) names.push('BIGTIME');
  if (geometry.nrext64) names.push('NREXT64');
  if (fs.dax === 'always') names.push('DAX_ALWAYS');
  if (fs.dax === 'never') names.push('DAX_NEVER');
  return names.reduce((bits, name) => bits | (kernel.constant(`XFS_FEAT_${name}`) ?? 0n), 0n);
}
