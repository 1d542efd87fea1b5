// What lies at a page frame, told from the scenario alone: which filesystem's data, metadata, free space, or nothing.

import {
  add,
  type Bytes,
  bytes,
  contains,
  fsBlocksToBytes,
  overlaps,
  pageBytes,
  type PageIndex,
  pageOfByte,
  type Pfn,
  pfnToPhys,
  sectorsToBytes,
  subtract,
} from '../../base/units.ts';
import { byteInside, byteOfTarget, deviceSize, legsOf, pmemOf } from './devices.ts';
import type { Filesystem, Scenario } from './schema.ts';

/** An inode that owns the block, with the page of the file that lies there. */
export interface PageOwner {
  readonly ino: bigint;
  readonly path: string | undefined;
  /** Page of the file. */
  readonly index: PageIndex;
}

/** Content of a frame. */
export type FrameContent =
  | { readonly kind: 'data'; readonly fs: Filesystem; readonly owners: readonly PageOwner[] }
  | { readonly kind: 'metadata'; readonly fs: Filesystem; readonly what: string }
  | { readonly kind: 'free'; readonly fs: Filesystem }
  /** Part of a namespace, but of no filesystem. */
  | { readonly kind: 'unused'; readonly device: string; readonly why: string }
  /** Mapped by processes directly (device-dax). */
  | { readonly kind: 'device'; readonly device: string; readonly index: PageIndex }
  /** The scenario does not say. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** RAM or nothing: no namespace of the scenario. */
  | { readonly kind: 'elsewhere' };

type Role = 'data' | 'log' | 'realtime';

/** Byte `offset` of leaf `pmem` seen from block device `name` above it; undefined when that device does not map it. */
export function byteAbove(scenario: Scenario, name: string, pmem: string, offset: Bytes, depth = 0): Bytes | undefined {
  if (name === pmem) return offset;
  if (depth > 16) return undefined;
  const part = scenario.partitions.find((candidate) => candidate.name === name);
  if (part !== undefined) {
    const below = byteAbove(scenario, part.of, pmem, offset, depth + 1);
    const inside = { start: part.start, length: part.size };
    return below !== undefined && contains(inside, below) ? subtract(below, inside.start) : undefined;
  }
  const mapped = scenario.mapped.find((candidate) => candidate.name === name);
  for (const target of mapped?.targets ?? []) {
    for (const [n, leg] of legsOf(target).entries()) {
      const below = byteAbove(scenario, leg.of, pmem, offset, depth + 1);
      const at = below === undefined ? undefined : byteOfTarget(target, n, below);
      if (at !== undefined) return add(at, sectorsToBytes(target.start));
    }
  }
  return undefined;
}

/** Looks a frame up. Several filesystems may use one namespace (partitions): the one that covers the frame answers. */
export function contentOf(scenario: Scenario, pfn: Pfn): FrameContent {
  const physical = pfnToPhys(pfn);
  const device = pmemOf(scenario, physical);
  if (device === undefined) return { kind: 'elsewhere' };
  const byte = byteInside(device, physical) ?? bytes(0n);
  const header = device.dataOffset;
  if (contains({ start: bytes(0n), length: header }, byte))
    return { kind: 'unused', device: device.name, why: 'it lies before data_offset (namespace metadata)' };
  const offset = subtract(byte, header);
  if (device.driver === 'devdax') return { kind: 'device', device: device.name, index: pageOfByte(offset) };
  for (const fs of scenario.filesystems) {
    const roles: readonly (readonly [Role, string | undefined])[] = [
      ['data', fs.device],
      ['log', fs.logDevice],
      ['realtime', fs.realtimeDevice],
    ];
    for (const [role, name] of roles) {
      const at = name === undefined ? undefined : byteAbove(scenario, name, device.name, offset);
      if (at !== undefined) return inFilesystem(scenario, fs, role, at);
    }
  }
  return { kind: 'unused', device: device.name, why: 'no filesystem uses that part of the device' };
}

function inFilesystem(scenario: Scenario, fs: Filesystem, role: Role, at: Bytes): FrameContent {
  const end = role === 'data' ? endOfData(scenario, fs) : undefined;
  if (end !== undefined && !contains({ start: bytes(0n), length: end }, at))
    return { kind: 'unused', device: fs.device, why: 'it lies behind the end of the filesystem' };
  if (role === 'log') return inLog(fs, at);
  const owners = ownersOf(fs, role, at);
  const here = fs.records.filter((record) => record.on === role && overlaps(record, { start: at, length: pageBytes() }));
  const metadata = here.find(
    (record) =>
      record.attrFork || record.bmbt || (typeof record.owner === 'string' && record.owner !== 'free' && record.owner !== 'unknown'),
  );
  if (metadata !== undefined)
    return { kind: 'metadata', fs, what: metadata.bmbt ? 'bmap btree' : metadata.attrFork ? 'attribute fork' : String(metadata.owner) };
  if (owners.length > 0) return { kind: 'data', fs, owners };
  if (here.some((record) => record.owner === 'unknown'))
    return { kind: 'unknown', why: 'the filesystem has no reverse map that says who owns the block' };
  return { kind: 'free', fs };
}

/** Bytes of the data section: what the geometry says, else the whole device. */
function endOfData(scenario: Scenario, fs: Filesystem): Bytes | undefined {
  if (fs.geometry !== undefined) return fsBlocksToBytes(fs.geometry.blocks, fs.geometry.blockSize);
  return deviceSize(scenario, fs.device);
}

function inLog(fs: Filesystem, at: Bytes): FrameContent {
  const recorded = fs.records.some((candidate) => candidate.on === 'log' && candidate.owner === 'xfs:log' && contains(candidate, at));
  const size = fs.geometry === undefined ? bytes(0n) : fsBlocksToBytes(fs.geometry.logBlocks, fs.geometry.blockSize);
  return recorded || contains({ start: bytes(0n), length: size }, at)
    ? { kind: 'metadata', fs, what: 'external log' }
    : { kind: 'free', fs };
}

/** Owners by reverse-map records and by the extents of files; both are asked, because either may be missing. */
function ownersOf(fs: Filesystem, role: Role, at: Bytes): readonly PageOwner[] {
  const owners = new Map<string, PageOwner>();
  const note = (ino: bigint, inFile: Bytes): void => {
    const path = fs.files.find((file) => file.ino === ino)?.path;
    const index = pageOfByte(inFile);
    owners.set(`${ino}:${index}`, { ino, path, index });
  };
  for (const record of fs.records) {
    if (record.on !== role || typeof record.owner !== 'bigint' || record.attrFork || record.bmbt) continue;
    if (contains(record, at)) note(record.owner, add(record.offset, subtract(at, record.start)));
  }
  for (const file of fs.files) {
    if (file.realtime !== (role === 'realtime')) continue;
    for (const extent of file.extents) {
      const here = { start: extent.physical, length: extent.length };
      if (contains(here, at)) note(file.ino, add(extent.logical, subtract(at, here.start)));
    }
  }
  return [...owners.values()];
}
