// Filesystems that cannot exist: geometry that does not add up, blocks outside, files that own the same block without sharing it.

import {
  type Bytes,
  bytes,
  compare,
  endOf,
  type FsBlocks,
  fsBlocks,
  fsBlocksToBytes,
  isMultiple,
  isPositive,
  lastOf,
  overlaps,
  quotient,
  times,
} from '../../base/units.ts';
import { Names, noBlockDevice } from './check-devices.ts';
import { deviceSize, diskName } from './devices.ts';
import { inFile, onDevice } from './extents.ts';
import type { Report } from './report.ts';
import type { Filesystem, FsFile, FsRecord, Scenario, XfsGeometry } from './schema.ts';

/** Where a filesystem's blocks may lie. */
interface Limits {
  /** Bytes of the data section, the log and the realtime device; undefined when unknown. */
  readonly data: Bytes | undefined;
  readonly log: Bytes | undefined;
  readonly realtime: Bytes | undefined;
  /** Bytes of a block; undefined when unknown. */
  readonly block: Bytes | undefined;
}

/** Reports what contradicts itself in filesystems, their records and files. */
export function checkFilesystems(scenario: Scenario, report: Report): void {
  const paths = new Names();
  const points = new Names();
  const devices = new Names();
  scenario.filesystems.forEach((fs, i) => {
    const path = `filesystems[${i}]`;
    points.claim(fs.mountpoint, `${path}.mountpoint`, 'mount point', report);
    for (const field of ['device', 'logDevice', 'realtimeDevice'] as const) {
      const name = fs[field];
      if (name === undefined) continue;
      const why = noBlockDevice(scenario, name);
      if (why !== undefined) report(`${path}.${field}`, why.replace('no device', 'no block device'));
      else devices.claim(name, `${path}.${field}`, 'block device', report);
    }
    const limits = limitsOf(scenario, fs);
    if (fs.type === 'xfs' && fs.geometry === undefined) report(`${path}.geometry`, 'an XFS needs its geometry');
    if (fs.geometry !== undefined)
      checkGeometry(fs, fs.geometry, deviceSize(scenario, fs.device), diskName(scenario, fs.device), `${path}.geometry`, report);
    checkRecords(fs, limits, path, report);
    checkFiles(fs, limits, path, paths, report);
  });
}

function limitsOf(scenario: Scenario, fs: Filesystem): Limits {
  const { geometry } = fs;
  const data = geometry === undefined ? deviceSize(scenario, fs.device) : fsBlocksToBytes(geometry.blocks, geometry.blockSize);
  return {
    data,
    log: fs.logDevice === undefined ? data : deviceSize(scenario, fs.logDevice),
    realtime: fs.realtimeDevice === undefined ? undefined : deviceSize(scenario, fs.realtimeDevice),
    block: geometry === undefined ? undefined : bytes(BigInt(geometry.blockSize)),
  };
}

function checkGeometry(fs: Filesystem, geometry: XfsGeometry, size: Bytes | undefined, device: string, path: string, report: Report): void {
  const powerOfTwo = (n: number): boolean => n > 0 && (n & (n - 1)) === 0;
  if (!powerOfTwo(geometry.blockSize) || geometry.blockSize < 512 || geometry.blockSize > 65536) {
    report(`${path}.blockSize`, 'must be a power of two from 512 to 65536');
    return;
  }
  if (!powerOfTwo(geometry.sectorSize) || geometry.sectorSize < 512 || geometry.sectorSize > geometry.blockSize)
    report(`${path}.sectorSize`, 'must be a power of two from 512 to the block size');
  if (!powerOfTwo(geometry.inodeSize) || geometry.inodeSize < 256 || geometry.inodeSize > Math.min(2048, geometry.blockSize))
    report(`${path}.inodeSize`, 'must be a power of two from 256 to 2048, and no larger than a block');
  const groups = (count: number): FsBlocks => fsBlocks(BigInt(geometry.agBlocks) * BigInt(count));
  if (compare(geometry.blocks, groups(geometry.agCount - 1)) <= 0 || compare(geometry.blocks, groups(geometry.agCount)) > 0)
    report(`${path}.blocks`, `${geometry.blocks} blocks do not make ${geometry.agCount} groups of ${geometry.agBlocks}`);
  else if (size !== undefined && compare(fsBlocksToBytes(geometry.blocks, geometry.blockSize), size) > 0)
    report(`${path}.blocks`, `the filesystem is larger than ${device} (${size} bytes)`);
  if (isPositive(geometry.realtimeBlocks) && fs.realtimeDevice === undefined)
    report(`${path}.realtimeBlocks`, 'there is no realtimeDevice');
}

function checkRecords(fs: Filesystem, limits: Limits, path: string, report: Report): void {
  fs.records.forEach((record, i) => {
    const at = `${path}.records[${i}]`;
    const limit = limits[record.on];
    if (record.on === 'realtime' && fs.realtimeDevice === undefined) report(`${at}.on`, 'there is no realtimeDevice');
    if (record.on === 'log' && fs.logDevice === undefined)
      report(`${at}.on`, 'there is no logDevice; an internal log is a record of the data device');
    if (!isPositive(record.length)) report(`${at}.length`, 'a record covers at least one block');
    else if (limit !== undefined && compare(endOf(record), limit) > 0)
      report(at, `ends at byte ${endOf(record)}, outside the ${record.on} device of ${limit} bytes`);
    else if (record.on === 'data') checkBlocks(fs, record, limits.block, at, report);
  });
}

/** Records and extents count bytes, lie on block boundaries and inside one allocation group. */
function checkBlocks(
  fs: Filesystem,
  range: Pick<FsRecord, 'start' | 'length'>,
  block: Bytes | undefined,
  path: string,
  report: Report,
): void {
  if (block === undefined || fs.geometry === undefined) return;
  if (!isMultiple(range.start, block) || !isMultiple(range.length, block)) {
    report(path, `is not made of whole blocks of ${block} bytes: start and length count bytes`);
    return;
  }
  const group = times(block, BigInt(fs.geometry.agBlocks));
  if (quotient(range.start, group) !== quotient(lastOf(range), group)) report(path, 'crosses the end of an allocation group');
}

function checkFiles(fs: Filesystem, limits: Limits, path: string, paths: Names, report: Report): void {
  const inodes = new Map<bigint, number>();
  fs.files.forEach((file, i) => {
    const at = `${path}.files[${i}]`;
    const other = inodes.get(file.ino);
    if (other !== undefined) report(`${at}.ino`, `inode ${file.ino} is files[${other}] already`);
    inodes.set(file.ino, i);
    if (file.ino === 0n) report(`${at}.ino`, 'inode numbers count from 1');
    paths.claim(file.path, `${at}.path`, 'path', report);
    if (!file.unlinked && file.path !== fs.mountpoint && !file.path.startsWith(fs.mountpoint === '/' ? '/' : `${fs.mountpoint}/`))
      report(`${at}.path`, `does not lie below the mount point ${fs.mountpoint}`);
    if (file.realtime && fs.realtimeDevice === undefined) report(`${at}.realtime`, 'there is no realtimeDevice');
    checkExtents(fs, file, limits, at, report);
    checkSharing(fs, i, at, report);
    checkApart(fs, file, at, report);
  });
}

/** Names of owners whose blocks may be a file's as well: nobody's, and copies that are being made. */
const NOT_METADATA = new Set(['free', 'unknown', 'xfs:cow_staging']);

/** A block holds a file's data or metadata, never both. */
function checkApart(fs: Filesystem, file: FsFile, path: string, report: Report): void {
  file.extents.forEach((extent, j) => {
    const n = fs.records.findIndex(
      (record) =>
        record.on === (file.realtime ? 'realtime' : 'data') &&
        (record.bmbt || record.attrFork || (typeof record.owner === 'string' && !NOT_METADATA.has(record.owner))) &&
        overlaps(record, onDevice(extent)),
    );
    const owner = fs.records[n]?.owner;
    if (n >= 0) report(`${path}.extents[${j}].physical`, `records[${n}] says that these blocks hold metadata (${owner})`);
  });
}

/** A block of two files is shared, and at least one of them knows. */
function checkSharing(fs: Filesystem, i: number, path: string, report: Report): void {
  const file = fs.files[i];
  file?.extents.forEach((extent, j) => {
    if (extent.shared || extent.copied) return;
    fs.files.slice(0, i).forEach((other, k) => {
      const same = other.extents.some(
        (e) => other.realtime === file.realtime && !e.shared && !e.copied && overlaps(onDevice(extent), onDevice(e)),
      );
      if (same) report(`${path}.extents[${j}].physical`, `files[${k}] has the same blocks, and neither says shared`);
    });
  });
}

function checkExtents(fs: Filesystem, file: FsFile, limits: Limits, path: string, report: Report): void {
  file.extents.forEach((extent, j) => {
    const at = `${path}.extents[${j}]`;
    const limit = file.realtime ? limits.realtime : limits.data;
    if (!isPositive(extent.length)) {
      report(`${at}.length`, 'an extent covers at least one byte');
      return;
    }
    if (limit !== undefined && compare(endOf(onDevice(extent)), limit) > 0) {
      report(`${at}.physical`, `extent ends at byte ${endOf(onDevice(extent))}, outside the filesystem of ${limit} bytes`);
      return;
    }
    const block = limits.block;
    if (block !== undefined && !(isMultiple(extent.logical, block) && isMultiple(extent.physical, block)))
      report(at, `does not start on a block boundary (${block} bytes): logical, physical and length count bytes`);
    const other = file.extents.slice(0, j).findIndex((e) => overlaps(inFile(extent), inFile(e)));
    if (other >= 0) report(`${at}.logical`, `overlaps extents[${other}] of the same file`);
    if (extent.shared && fs.geometry?.reflink === false) report(`${at}.shared`, 'the filesystem has no reflink');
  });
}
