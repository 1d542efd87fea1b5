// Blocks that moved between the topology dump and the first injection: copy on write through a mapping.

import { leafByte } from './devices.ts';
import { fileIndex, findFile, framePfn, isPmemFrame } from './import-pages.ts';
import type { FileExtent, Filesystem, FsFile, FsRecord, Mapping, Scenario } from './schema.ts';

const PAGE = 4096n;

/** Makes extents and reverse map agree with a page table that shows another frame of the same filesystem. */
export function followCopies(scenario: Scenario, map: Mapping, pages: readonly { readonly page: bigint; readonly pfn: bigint }[]): void {
  const owned = findFile(scenario, map.path);
  if (owned === undefined || map.sharing !== 'shared') return;
  const base = leafByte(scenario, owned.file.realtime ? (owned.fs.realtimeDevice ?? owned.fs.device) : owned.fs.device, 0n);
  if (base === undefined) return;
  for (const { page, pfn } of pages) {
    const index = fileIndex(map, page);
    const expected = framePfn(scenario, owned, index);
    if (expected === undefined || expected === pfn || !isPmemFrame(scenario, pfn)) continue;
    moveBlock(owned.fs, owned.file, index * PAGE, pfn * PAGE - base.physical);
  }
}

/** Page at file byte `logical` now lies at `physical` of the filesystem's device. */
function moveBlock(fs: Filesystem, file: FsFile, logical: bigint, physical: bigint): void {
  const old = file.extents.find((extent) => logical >= extent.logical && logical < extent.logical + extent.length);
  if (old === undefined) return;
  const oldPhysical = old.physical + (logical - old.logical);
  const moved: FileExtent = { logical, physical, length: PAGE, shared: false, unwritten: false, copied: true };
  file.extents = [...file.extents.flatMap((extent) => (extent === old ? cutExtent(extent, logical) : [extent])), moved].sort((a, b) =>
    Number(a.logical - b.logical),
  );
  const wasMapped = fs.records.some((record) => record.owner === file.ino);
  if (!wasMapped) return;
  fs.records = fs.records.flatMap((record) => {
    if (record.on !== (file.realtime ? 'realtime' : 'data')) return [record];
    if (record.owner === file.ino && !record.attrFork && !record.bmbt) return cutRecord(record, oldPhysical);
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
  fs.records.sort((a, b) => Number(a.start - b.start) || Number(ownerKey(a) - ownerKey(b)) || Number(a.offset - b.offset));
}

/** Adds a record; neighbours that it continues become one with it (fs/xfs/libxfs/xfs_rmap.c xfs_rmap_map()). */
function addRecord(fs: Filesystem, record: FsRecord): void {
  const follows = (left: FsRecord, right: FsRecord): boolean =>
    left.owner === right.owner &&
    left.on === right.on &&
    left.attrFork === right.attrFork &&
    left.bmbt === right.bmbt &&
    left.unwritten === right.unwritten &&
    left.start + left.length === right.start &&
    left.offset + left.length === right.offset;
  const left = fs.records.find((other) => follows(other, record));
  const right = fs.records.find((other) => follows(record, other));
  const first = left ?? record;
  const length = (left?.length ?? 0n) + record.length + (right?.length ?? 0n);
  fs.records = [...fs.records.filter((other) => other !== left && other !== right), { ...first, length }];
}

function ownerKey(record: FsRecord): bigint {
  return typeof record.owner === 'bigint' ? record.owner : 1n << 62n;
}

function cutExtent(extent: FileExtent, logical: bigint): FileExtent[] {
  const before = logical - extent.logical;
  const after = extent.length - before - PAGE;
  return [
    ...(before > 0n ? [{ ...extent, length: before }] : []),
    ...(after > 0n ? [{ ...extent, logical: logical + PAGE, physical: extent.physical + before + PAGE, length: after }] : []),
  ];
}

/** Takes one page out of a record; offsets of named owners stay 0. */
function cutRecord(record: FsRecord, physical: bigint): FsRecord[] {
  if (physical < record.start || physical >= record.start + record.length) return [record];
  const before = physical - record.start;
  const after = record.length - before - PAGE;
  const advance = typeof record.owner === 'bigint' ? before + PAGE : 0n;
  return [
    ...(before > 0n ? [{ ...record, length: before }] : []),
    ...(after > 0n ? [{ ...record, start: physical + PAGE, length: after, offset: record.offset + advance }] : []),
  ];
}
