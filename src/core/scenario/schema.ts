// The scenario file: one JSON document = one question (kernel topology, processes, and what fails in which order).

import { z } from 'zod';
import { byteCount, filePage, frame, fsBlockCount, name, physicalAddress, sectorCount, u64 } from './fields.ts';
import { type mapSchema, type presentSchema, processSchema } from './process-schema.ts';
import { type failureSchema, stepSchema } from './step-schema.ts';

/** A persistent-memory namespace and the driver bound to it. All addresses and sizes in bytes. */
const pmemSchema = z.strictObject({
  /** Block device or device-dax name: `pmem0`, `dax0.0`. */
  name,
  /** Physical address of the namespace's first byte. */
  start: physicalAddress,
  /** Bytes of the namespace's (first) range, metadata included. */
  size: byteCount,
  /** Further physical ranges of the same device, in the order in which its offsets go on (several ranges per device). */
  more: z.array(z.strictObject({ start: physicalAddress, size: byteCount })).optional(),
  /**
   * The tree's own function that brings the device up instead of nd_pmem; gives its dax_device or an error pointer:
   * `struct dax_device *f(struct gendisk *disk, const struct range *ranges, int nr_range, u64 data_offset)`.
   */
  bind: z.strictObject({ function: name, file: z.string().min(1) }).optional(),
  /** Bytes before device offset 0 (info block and altmap); `pmem_device.data_offset`. */
  dataOffset: byteCount.prefault(0),
  /** `pmem`: nd_pmem block device; `devdax`: device-dax character device. */
  driver: z.enum(['pmem', 'devdax']).prefault('pmem'),
  /** Where the page map lies: none given by an info block (`raw`), in RAM, or on the device itself. */
  mode: z.enum(['raw', 'fsdax-mem', 'fsdax-dev', 'devdax']).prefault('raw'),
  /** Mapping granularity of device-dax in bytes (`dev_dax->align`, `pgmap->vmemmap_shift`). */
  align: byteCount.prefault(4096),
  /** Described by an ACPI NFIT: machine checks and scrubs reach its bad blocks. */
  nfit: z.boolean().prefault(false),
  /** `major:minor` of the block device, when it matters (log lines, dm tables). */
  dev: z.string().optional(),
});

/** A partition of a block device; start and size in bytes. */
const partitionSchema = z.strictObject({ name, of: name, start: byteCount, size: byteCount, dev: z.string().optional() });

/** One line of a device-mapper table; start, length and offset in 512-byte sectors. */
const targetSchema = z.strictObject({
  start: sectorCount,
  length: sectorCount,
  type: z.string().min(1),
  /** Underlying device of a linear target, or first leg of a striped one. */
  of: name,
  offset: sectorCount.prefault(0),
  /** Further legs of a striped target. */
  legs: z.array(z.strictObject({ of: name, offset: sectorCount.prefault(0) })).prefault([]),
  /** Sectors that go to one leg before the next one's turn; needed when there are further legs. */
  chunk: sectorCount.optional(),
});

/** A mapped device (`/dev/mapper/NAME`, block device `dm-N`). */
const mappedSchema = z.strictObject({ name, disk: name, dev: z.string().optional(), targets: z.array(targetSchema).min(1) });

/** Geometry of an XFS filesystem in its own units (blocks unless named bytes). */
const geometrySchema = z.strictObject({
  blockSize: z.int().positive(),
  sectorSize: z.int().positive().prefault(512),
  inodeSize: z.int().positive().prefault(512),
  agCount: z.int().positive(),
  agBlocks: z.int().positive(),
  blocks: fsBlockCount,
  rmapbt: z.boolean(),
  reflink: z.boolean(),
  crc: z.boolean().prefault(true),
  finobt: z.boolean().prefault(true),
  sparse: z.boolean().prefault(true),
  bigtime: z.boolean().prefault(true),
  inobtcount: z.boolean().prefault(true),
  nrext64: z.boolean().prefault(false),
  logBlocks: fsBlockCount.prefault(0),
  realtimeBlocks: fsBlockCount.prefault(0),
  /** Bytes of one realtime extent. */
  realtimeExtent: byteCount.prefault(4096),
});

/** A reverse-map record as `fsmap` lists it; start, length and offset in bytes of `on`. */
const recordSchema = z.strictObject({
  on: z.enum(['data', 'log', 'realtime']).prefault('data'),
  start: byteCount,
  length: byteCount,
  /** Inode number, or a name: `free`, `unknown`, `xfs:log`, `xfs:inodes`, `xfs:static_fs_metadata`… */
  owner: z.union([u64, z.string().min(1)]),
  offset: byteCount.prefault(0),
  attrFork: z.boolean().prefault(false),
  bmbt: z.boolean().prefault(false),
  unwritten: z.boolean().prefault(false),
});

/** Part of a file; bytes. `physical` counts from the start of the filesystem's data (or realtime) device. */
const extentSchema = z.strictObject({
  logical: byteCount,
  physical: byteCount,
  length: byteCount,
  shared: z.boolean().prefault(false),
  unwritten: z.boolean().prefault(false),
  /** Allocated by copy on write through a mapping: it was still shared when that mapping's fault inserted its page. */
  copied: z.boolean().prefault(false),
});

/** A file or directory of a filesystem. */
const fileSchema = z.strictObject({
  path: z.string().min(1),
  ino: u64,
  size: byteCount,
  /** Octal st_mode. */
  mode: z
    .string()
    .regex(/^0?[0-7]{5,6}$/)
    .prefault('0100600'),
  /** The inode is in the inode cache when the first step runs. */
  inCore: z.boolean().prefault(true),
  /** S_DAX is set on the in-core inode; left out: the tree's own rules decide. */
  dax: z.boolean().optional(),
  /** The inode has the reflink flag. */
  reflink: z.boolean().prefault(false),
  /** Data lie on the realtime device. */
  realtime: z.boolean().prefault(false),
  /** No directory entry names it any more; it lives by its users. */
  unlinked: z.boolean().prefault(false),
  extents: z.array(extentSchema).prefault([]),
  /** Page-cache or DAX entries of the mapping in core: page index, frame, order (0 or 9). */
  cached: z
    .array(z.strictObject({ index: filePage, pfn: frame, order: z.int().nonnegative().prefault(0), dirty: z.boolean().prefault(false) }))
    .prefault([]),
});

/** A mounted filesystem. */
const filesystemSchema = z.strictObject({
  mountpoint: z.string().startsWith('/'),
  /** Name of a pmem device, partition or mapped device. */
  device: name,
  type: z.string().min(1),
  /** The `dax=` mount option that was asked for. */
  dax: z.enum(['always', 'inode', 'never']).prefault('always'),
  /** False: it is on the device, but only a `mount` step mounts it. */
  mounted: z.boolean().prefault(true),
  logDevice: name.optional(),
  realtimeDevice: name.optional(),
  geometry: geometrySchema.optional(),
  records: z.array(recordSchema).prefault([]),
  files: z.array(fileSchema).prefault([]),
});

/** The whole file. Unknown fields are refused, so that a misspelt one cannot be ignored. */
export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  id: name,
  title: z.string().prefault(''),
  description: z.string().prefault(''),
  /** vm.memory_failure_early_kill. */
  earlyKill: z.boolean().prefault(false),
  /** Ordinary RAM (`System RAM` of /proc/iomem): what lies beside it in the same memory section is reserved. */
  memory: z.array(z.strictObject({ start: physicalAddress, size: byteCount })).prefault([]),
  pmem: z.array(pmemSchema).min(1),
  partitions: z.array(partitionSchema).prefault([]),
  mapped: z.array(mappedSchema).prefault([]),
  filesystems: z.array(filesystemSchema).prefault([]),
  processes: z.array(processSchema).prefault([]),
  steps: z.array(stepSchema).min(1),
});

export type Scenario = z.output<typeof scenarioSchema>;
/** What stands in the JSON file. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type PmemDevice = z.output<typeof pmemSchema>;
export type MappedDevice = z.output<typeof mappedSchema>;
export type DmTarget = z.output<typeof targetSchema>;
export type Filesystem = z.output<typeof filesystemSchema>;
export type XfsGeometry = z.output<typeof geometrySchema>;
export type FsRecord = z.output<typeof recordSchema>;
export type FsFile = z.output<typeof fileSchema>;
export type FileExtent = z.output<typeof extentSchema>;
export type Process = z.output<typeof processSchema>;
export type Mapping = z.output<typeof mapSchema>;
export type PresentPage = z.output<typeof presentSchema>;
export type Step = z.output<typeof stepSchema>;
export type Failure = z.output<typeof failureSchema>;
