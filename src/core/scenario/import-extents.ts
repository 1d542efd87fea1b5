// Blocks that moved between the topology dump and the first injection: copy on write through a mapping.

import {
  add,
  type Bytes,
  byteOfPage,
  bytes,
  compare,
  contains,
  distance,
  elementsOf,
  endOf,
  isPositive,
  pageBytes,
  type Pages,
  pages,
  pagesToBytes,
  type Pfn,
  pfnToPhys,
  subtract,
} from '../../base/units.ts';
import { leafByte } from './devices.ts';
import { fileIndex, findFile, framePfn, isPmemFrame } from './import-pages.ts';
import type { FileExtent, Filesystem, FsFile, FsRecord, Mapping, Scenario } from './schema.ts';

const PAGE = pageBytes();

/** Makes extents and reverse map agree with a page table that shows another frame of the same filesystem. */
export function followCopies(scenario: Scenario, map: Mapping, present: readonly { readonly page: Pages; readonly pfn: Pfn }[]): void {
  const owned = findFile(scenario, map.path);
  if (owned === undefined || map.sharing !== 'shared') return;
  const base = leafByte(scenario, owned.file.realtime ? (owned.fs.realtimeDevice ?? owned.fs.device) : owned.fs.device, bytes(0n));
  if (base === undefined) return;
  for (const { page, pfn } of present) {
    const index = fileIndex(map, page);
    const expected = framePfn(scenario, owned, index);
    if (expected === pfn || !isPmemFrame(scenario, pfn)) continue;
    moveBlock(owned.fs, owned.file, byteOfPage(index), distance(base.physical, pfnToPhys(pfn)));
  }
}

/** Page at file byte `logical` now lies at `physical` of the filesystem's device. */
function moveBlock(fs: Filesystem, file: FsFile, logical: Bytes, physical: Bytes): void {
  const old = file.extents.find((extent) => contains({ start: extent.logical, length: extent.length }, logical));
  const oldPhysical = old === undefined ? undefined : add(old.physical, subtract(logical, old.logical));
  const moved: FileExtent = { logical, physical, length: PAGE, shared: false, unwritten: false, copied: old !== undefined };
  const wasMapped = fs.records.some((record) => record.owner === file.ino) || file.extents.length === 0;
  file.extents = [...file.extents.flatMap((extent) => (extent === old ? cutExtent(extent, logical) : [extent])), moved].sort((a, b) =>
    compare(a.logical, b.logical),
  );
  if (!wasMapped || fs.records.length === 0) return;
  fs.records = fs.records.flatMap((record) => {
    if (record.on !== (file.realtime ? 'realtime' : 'data')) return [record];
    if (record.owner === file.ino && !record.attrFork && !record.bmbt)
      return oldPhysical === undefined ? [record] : cutRecord(record, oldPhysical);
    return record.owner === 'free' || record.owner === 'xfs:cow_staging' ? cutRecord(record, physical) : [record];
  });
  addRecord(fs, {
    on: file.realtime ? 'realtime' : 'data',
    start: physical,
    length: PAGE,
    owner: file.ino,
    offset: logical,
    attrFork: false,
    bmbt: false,
    unwritten: false,
  });
  fs.records.sort((a, b) => compare(a.start, b.start) || Number(ownerKey(a) - ownerKey(b)) || compare(a.offset, b.offset));
}

/** A write fault of unwritten blocks makes them written (XFS_BMAPI_CONVERT): `count` pages from file byte `start`. */
export function convertBlocks(scenario: Scenario, path: string, start: Bytes, count: Pages): void {
  const owned = findFile(scenario, path);
  if (owned === undefined) return;
  const { fs, file } = owned;
  for (const i of elementsOf<'pages'>({ start: pages(0n), length: count })) {
    const logical = add(start, pagesToBytes(i));
    const old = file.extents.find((extent) => extent.unwritten && contains({ start: extent.logical, length: extent.length }, logical));
    if (old === undefined) continue;
    const physical = add(old.physical, subtract(logical, old.logical));
    const written: FileExtent = { ...old, logical, physical, length: PAGE, unwritten: false };
    file.extents = [...file.extents.flatMap((extent) => (extent === old ? cutExtent(extent, logical) : [extent])), written].sort((a, b) =>
      compare(a.logical, b.logical),
    );
    const record = fs.records.find((one) => one.owner === file.ino && one.unwritten && contains(one, physical));
    if (record === undefined) continue;
    fs.records = fs.records.flatMap((one) => (one === record ? cutRecord(one, physical) : [one]));
    addRecord(fs, { ...record, start: physical, length: PAGE, offset: logical, unwritten: false });
  }
  fs.records.sort((a, b) => compare(a.start, b.start) || Number(ownerKey(a) - ownerKey(b)) || compare(a.offset, b.offset));
}

/** Adds a record; neighbours that it continues become one with it (fs/xfs/libxfs/xfs_rmap.c xfs_rmap_map()). */
function addRecord(fs: Filesystem, record: FsRecord): void {
  const follows = (left: FsRecord, right: FsRecord): boolean =>
    left.owner === right.owner &&
    left.on === right.on &&
    left.attrFork === right.attrFork &&
    left.bmbt === right.bmbt &&
    left.unwritten === right.unwritten &&
    endOf(left) === right.start &&
    add(left.offset, left.length) === right.offset;
  const left = fs.records.find((other) => follows(other, record));
  const right = fs.records.find((other) => follows(record, other));
  const first = left ?? record;
  const length = add(add(left?.length ?? bytes(0n), record.length), right?.length ?? bytes(0n));
  fs.records = [...fs.records.filter((other) => other !== left && other !== right), { ...first, length }];
}

function ownerKey(record: FsRecord): bigint {
  return typeof record.owner === 'bigint' ? record.owner : 1n << 62n;
}

function cutExtent(extent: FileExtent, logical: Bytes): FileExtent[] {
  const before = subtract(logical, extent.logical);
  const until = add(before, PAGE);
  const after = subtract(extent.length, until);
  return [
    ...(isPositive(before) ? [{ ...extent, length: before }] : []),
    ...(isPositive(after) ? [{ ...extent, logical: add(logical, PAGE), physical: add(extent.physical, until), length: after }] : []),
  ];
}

/** Takes one page out of a record; offsets of named owners stay 0. */
function cutRecord(record: FsRecord, physical: Bytes): FsRecord[] {
  if (!contains(record, physical)) return [record];
  const before = subtract(physical, record.start);
  const until = add(before, PAGE);
  const after = subtract(record.length, until);
  const offset = typeof record.owner === 'bigint' ? add(record.offset, until) : record.offset;
  return [
    ...(isPositive(before) ? [{ ...record, length: before }] : []),
    ...(isPositive(after) ? [{ ...record, start: add(physical, PAGE), length: after, offset }] : []),
  ];
}
