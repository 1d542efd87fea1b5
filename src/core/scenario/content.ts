// What lies at a page frame, told from the scenario alone: which filesystem's data, metadata, free space, or nothing.

import { byteOfTarget, deviceSize, legsOf, pmemOf } from './devices.ts';
import type { Filesystem, Scenario } from './schema.ts';

const PAGE = 4096n;

/** An inode that owns the block, with the page of the file that lies there. */
export interface PageOwner {
  readonly ino: bigint;
  readonly path: string | undefined;
  /** Page index inside the file. */
  readonly index: bigint;
}

/** Content of a frame. */
export type FrameContent =
  | { readonly kind: 'data'; readonly fs: Filesystem; readonly owners: readonly PageOwner[] }
  | { readonly kind: 'metadata'; readonly fs: Filesystem; readonly what: string }
  | { readonly kind: 'free'; readonly fs: Filesystem }
  /** Part of a namespace, but of no filesystem. */
  | { readonly kind: 'unused'; readonly device: string; readonly why: string }
  /** Mapped by processes directly (device-dax). */
  | { readonly kind: 'device'; readonly device: string; readonly index: bigint }
  /** The scenario does not say. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** RAM or nothing: no namespace of the scenario. */
  | { readonly kind: 'elsewhere' };

type Role = 'data' | 'log' | 'realtime';

/** Byte `offset` of leaf `pmem` seen from block device `name` above it; undefined when that device does not map it. */
export function byteAbove(scenario: Scenario, name: string, pmem: string, offset: bigint, depth = 0): bigint | undefined {
  if (name === pmem) return offset;
  if (depth > 16) return undefined;
  const part = scenario.partitions.find((candidate) => candidate.name === name);
  if (part !== undefined) {
    const below = byteAbove(scenario, part.of, pmem, offset, depth + 1);
    return below !== undefined && below >= part.start && below < part.start + part.size ? below - part.start : undefined;
  }
  const mapped = scenario.mapped.find((candidate) => candidate.name === name);
  for (const target of mapped?.targets ?? []) {
    for (const [n, leg] of legsOf(target).entries()) {
      const below = byteAbove(scenario, leg.of, pmem, offset, depth + 1);
      const at = below === undefined ? undefined : byteOfTarget(target, n, below);
      if (at !== undefined) return at + target.start * 512n;
    }
  }
  return undefined;
}

/** Looks a frame up. Several filesystems may use one namespace (partitions): the one that covers the frame answers. */
export function contentOf(scenario: Scenario, pfn: bigint): FrameContent {
  const physical = pfn * PAGE;
  const device = pmemOf(scenario, physical);
  if (device === undefined) return { kind: 'elsewhere' };
  if (physical < device.start + device.dataOffset)
    return { kind: 'unused', device: device.name, why: 'it lies before data_offset (namespace metadata)' };
  const offset = physical - device.start - device.dataOffset;
  if (device.driver === 'devdax') return { kind: 'device', device: device.name, index: offset / PAGE };
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

function inFilesystem(scenario: Scenario, fs: Filesystem, role: Role, at: bigint): FrameContent {
  const end =
    role !== 'data' || fs.geometry === undefined ? deviceSize(scenario, fs.device) : fs.geometry.blocks * BigInt(fs.geometry.blockSize);
  if (role === 'data' && end !== undefined && at >= end)
    return { kind: 'unused', device: fs.device, why: 'it lies behind the end of the filesystem' };
  if (role === 'log') return inLog(fs, at);
  const owners = ownersOf(fs, role, at);
  const here = fs.records.filter((record) => record.on === role && at < record.start + record.length && at + PAGE > record.start);
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

function inLog(fs: Filesystem, at: bigint): FrameContent {
  const record = fs.records.find(
    (candidate) =>
      candidate.on === 'log' && candidate.owner === 'xfs:log' && at >= candidate.start && at < candidate.start + candidate.length,
  );
  const size = fs.geometry === undefined ? 0n : fs.geometry.logBlocks * BigInt(fs.geometry.blockSize);
  return record !== undefined || at < size ? { kind: 'metadata', fs, what: 'external log' } : { kind: 'free', fs };
}

/** Owners by reverse-map records and by the extents of files; both are asked, because either may be missing. */
function ownersOf(fs: Filesystem, role: Role, at: bigint): readonly PageOwner[] {
  const owners = new Map<string, PageOwner>();
  const add = (ino: bigint, index: bigint): void => {
    const path = fs.files.find((file) => file.ino === ino)?.path;
    owners.set(`${ino}:${index}`, { ino, path, index });
  };
  for (const record of fs.records) {
    if (record.on !== role || typeof record.owner !== 'bigint' || record.attrFork || record.bmbt) continue;
    if (at >= record.start && at < record.start + record.length) add(record.owner, (record.offset + (at - record.start)) / PAGE);
  }
  for (const file of fs.files) {
    if (file.realtime !== (role === 'realtime')) continue;
    for (const extent of file.extents)
      if (at >= extent.physical && at < extent.physical + extent.length) add(file.ino, (extent.logical + (at - extent.physical)) / PAGE);
  }
  return [...owners.values()];
}
