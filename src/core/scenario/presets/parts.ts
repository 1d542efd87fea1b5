// Building blocks of the presets: a 512 MiB namespace, an XFS on it as mkfs lays it out, files, processes.

import type { ScenarioInput } from '../schema.ts';

type Pmem = ScenarioInput['pmem'][number];
type Filesystem = NonNullable<ScenarioInput['filesystems']>[number];
export type FileInput = NonNullable<Filesystem['files']>[number];
type ProcessInput = NonNullable<ScenarioInput['processes']>[number];
type RecordInput = NonNullable<Filesystem['records']>[number];

export const BLOCK = 4096;
export const MIB = 1024 * 1024;
/** Where presets put their namespace: 1 GiB. */
export const START = 0x40000000;
/** First address that presets map files at. */
const USER = 0x7f0000000000;
/** include/linux/mm.h MF_SW_SIMULATED. */
export const SIMULATED = 0x20;

/** A 512 MiB namespace. */
export function namespace(more: Partial<Pmem> = {}): Pmem {
  return { name: 'pmem0', start: '0x40000000', size: 512 * MIB, dev: '259:0', ...more };
}

/** Frame of a byte of the default namespace. */
export function frame(offset: number): string {
  return `0x${((START + offset) / BLOCK).toString(16)}`;
}

export interface XfsOptions {
  readonly device?: string;
  readonly agBlocks?: number;
  /** Blocks of the internal log. */
  readonly logBlocks?: number;
  /** Blocks of the first chunk of inodes; 8 hold 64 inodes of 512 bytes. */
  readonly inodeBlocks?: number;
  readonly rmapbt?: boolean;
  readonly reflink?: boolean;
  readonly files: readonly FileInput[];
  readonly extra?: readonly RecordInput[];
}

const AG_COUNT = 4;
const LOG_BLOCKS = 16384;

/** An XFS with four groups; the reverse map is derived from its fixed metadata and from the files' extents. */
export function xfs(options: XfsOptions): Filesystem {
  const agBlocks = options.agBlocks ?? 32768;
  const logBlocks = options.logBlocks ?? LOG_BLOCKS;
  const rmapbt = options.rmapbt ?? true;
  const files: FileInput[] = [{ path: '/mnt', ino: 128, size: 64, mode: '040755', dax: false }, ...options.files];
  return {
    mountpoint: '/mnt',
    device: options.device ?? 'pmem0',
    type: 'xfs',
    geometry: {
      blockSize: BLOCK,
      sectorSize: BLOCK,
      agCount: AG_COUNT,
      agBlocks,
      blocks: agBlocks * AG_COUNT,
      rmapbt,
      reflink: options.reflink ?? true,
      logBlocks,
    },
    records: rmapbt
      ? [...metadata(agBlocks, logBlocks, options.inodeBlocks ?? 8), ...files.flatMap(fileRecords), ...(options.extra ?? [])]
      : [],
    files,
  };
}

/** Fixed metadata of each group in blocks: headers, free-space roots, inode btrees, reverse map, refcounts, free list. */
function metadata(agBlocks: number, logBlocks: number, inodeBlocks: number): RecordInput[] {
  const records: RecordInput[] = [];
  for (let agno = 0; agno < AG_COUNT; agno++) {
    const add = (block: number, count: number, owner: string): void => {
      records.push({ start: (agno * agBlocks + block) * BLOCK, length: count * BLOCK, owner });
    };
    add(0, 4, 'xfs:static_fs_metadata');
    add(4, 2, 'xfs:per_ag_metadata');
    add(6, 2, 'xfs:inode_btree');
    add(8, 1, 'xfs:per_ag_metadata');
    add(9, 1, 'xfs:refcount_btree');
    add(10, 6, 'xfs:per_ag_metadata');
    if (agno === 0) add(16, inodeBlocks, 'xfs:inodes');
    if (agno === AG_COUNT / 2) add(16, logBlocks, 'xfs:log');
  }
  return records;
}

function fileRecords(of: FileInput): RecordInput[] {
  return (of.extents ?? []).map((extent) => ({
    start: extent.physical,
    length: extent.length,
    owner: String(of.ino),
    offset: extent.logical,
  }));
}

/**
 * A file of `pages` pages in one extent that starts at filesystem block `block`. Its inode is in core since it was made: a tree
 * that refuses DAX to reflinked files does so only when it reads one from disk.
 */
export function file(name: string, ino: number, block: number, pages: number, more: Partial<FileInput> = {}): FileInput {
  return {
    path: `/mnt/${name}`,
    ino,
    size: pages * BLOCK,
    dax: true,
    extents: [{ logical: 0, physical: block * BLOCK, length: pages * BLOCK, shared: more.reflink ?? false }],
    ...more,
  };
}

export interface ProcessOptions {
  readonly mcePolicy?: 'early' | 'late';
  /** Device byte of the filesystem's byte 0. */
  readonly base?: number;
  /** Frame of each page, where they do not follow each other. */
  readonly frameOf?: (page: number) => number;
}

/** A process that maps `of` from its first page and touched all of it. */
export function process(label: string, n: number, of: FileInput, options: ProcessOptions = {}): ProcessInput {
  const start = USER + n * 0x100000;
  const [extent] = of.extents ?? [];
  const pages = Number(of.size) / BLOCK;
  const first = (START + (options.base ?? 0) + Number(extent?.physical ?? 0)) / BLOCK;
  const present = Array.from({ length: pages }, (_, page) => ({
    page,
    pfn: `0x${(options.frameOf?.(page) ?? first + page).toString(16)}`,
    write: extent?.shared !== true,
  }));
  return {
    label,
    pid: 401 + n,
    ...(options.mcePolicy === undefined ? {} : { mcePolicy: options.mcePolicy }),
    maps: [{ name: 'm0', path: of.path, start: `0x${start.toString(16)}`, length: Number(of.size), pages: present }],
  };
}

type MappedInput = NonNullable<ScenarioInput['mapped']>[number];

/** Mapped device number `n`; sizes and offsets of its targets in sectors. */
export function mappedDevice(name: string, n: number, targets: MappedInput['targets']): MappedInput {
  return { name, disk: `dm-${n}`, dev: `254:${n}`, targets };
}

/** One target that maps `length` MiB from `offset` MiB of a device on. */
export function oneTarget(length: number, of: string, offset: number, type = 'linear'): MappedInput['targets'] {
  const sectorsOf = (mebibytes: number): number => (mebibytes * MIB) / 512;
  return [{ start: 0, length: sectorsOf(length), type, of, offset: sectorsOf(offset) }];
}
