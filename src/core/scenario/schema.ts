// The scenario file: one JSON document = one question (kernel topology, processes, and what fails in which order).

import { z } from 'zod';

/** 64-bit numbers are written as a JSON number, a decimal string or "0x…"; after parsing they are bigint. */
const u64 = z
  .union([z.number().int(), z.string().regex(/^-?(0x[0-9a-fA-F]+|[0-9]+)$/, 'expected a decimal or 0x… number')])
  .transform((text, context) => {
    if (typeof text === 'number') {
      if (Number.isSafeInteger(text)) return BigInt(text);
      context.issues.push({ code: 'custom', message: 'write numbers beyond 2^53 as a string', input: text });
      return z.NEVER;
    }
    return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  });

/** Names of devices, processes and mappings. */
const name = z.string().min(1);

/** A persistent-memory namespace and the driver bound to it. All addresses and sizes in bytes. */
export const pmemSchema = z.strictObject({
  /** Block device or device-dax name: `pmem0`, `dax0.0`. */
  name,
  /** Physical address of the namespace's first byte. */
  start: u64,
  /** Bytes of the namespace's (first) range, metadata included. */
  size: u64,
  /** Further physical ranges of the same device, in the order in which its offsets go on (several ranges per device). */
  more: z.array(z.strictObject({ start: u64, size: u64 })).optional(),
  /**
   * The tree's own function that brings the device up instead of nd_pmem; gives its dax_device or an error pointer:
   * `struct dax_device *f(struct gendisk *disk, const struct range *ranges, int nr_range, u64 data_offset)`.
   */
  bind: z.strictObject({ function: name, file: z.string().min(1) }).optional(),
  /** Bytes before device offset 0 (info block and altmap); `pmem_device.data_offset`. */
  dataOffset: u64.prefault(0),
  /** `pmem`: nd_pmem block device; `devdax`: device-dax character device. */
  driver: z.enum(['pmem', 'devdax']).prefault('pmem'),
  /** Where the page map lies: none given by an info block (`raw`), in RAM, or on the device itself. */
  mode: z.enum(['raw', 'fsdax-mem', 'fsdax-dev', 'devdax']).prefault('raw'),
  /** Mapping granularity of device-dax in bytes (`dev_dax->align`, `pgmap->vmemmap_shift`). */
  align: u64.prefault(4096),
  /** `major:minor` of the block device, when it matters (log lines, dm tables). */
  dev: z.string().optional(),
});

/** A partition of a block device; start and size in bytes. */
export const partitionSchema = z.strictObject({ name, of: name, start: u64, size: u64, dev: z.string().optional() });

/** One line of a device-mapper table; start, length and offset in 512-byte sectors. */
export const targetSchema = z.strictObject({
  start: u64,
  length: u64,
  type: z.string().min(1),
  /** Underlying device of a linear target, or first leg of a striped one. */
  of: name,
  offset: u64.prefault(0),
  /** Further legs of a striped target. */
  legs: z.array(z.strictObject({ of: name, offset: u64.prefault(0) })).prefault([]),
  /** Sectors that go to one leg before the next one's turn; needed when there are further legs. */
  chunk: u64.optional(),
});

/** A mapped device (`/dev/mapper/NAME`, block device `dm-N`). */
export const mappedSchema = z.strictObject({ name, disk: name, dev: z.string().optional(), targets: z.array(targetSchema).min(1) });

/** Geometry of an XFS filesystem in its own units (blocks unless named bytes). */
export const geometrySchema = z.strictObject({
  blockSize: z.int().positive(),
  sectorSize: z.int().positive().prefault(512),
  inodeSize: z.int().positive().prefault(512),
  agCount: z.int().positive(),
  agBlocks: z.int().positive(),
  blocks: u64,
  rmapbt: z.boolean(),
  reflink: z.boolean(),
  crc: z.boolean().prefault(true),
  finobt: z.boolean().prefault(true),
  sparse: z.boolean().prefault(true),
  bigtime: z.boolean().prefault(true),
  inobtcount: z.boolean().prefault(true),
  nrext64: z.boolean().prefault(false),
  logBlocks: u64.prefault(0),
  realtimeBlocks: u64.prefault(0),
  /** Bytes of one realtime extent. */
  realtimeExtent: u64.prefault(4096),
});

/** A reverse-map record as `fsmap` lists it; start, length and offset in bytes of `on`. */
export const recordSchema = z.strictObject({
  on: z.enum(['data', 'log', 'realtime']).prefault('data'),
  start: u64,
  length: u64,
  /** Inode number, or a name: `free`, `unknown`, `xfs:log`, `xfs:inodes`, `xfs:static_fs_metadata`… */
  owner: z.union([u64, z.string().min(1)]),
  offset: u64.prefault(0),
  attrFork: z.boolean().prefault(false),
  bmbt: z.boolean().prefault(false),
  unwritten: z.boolean().prefault(false),
});

/** Part of a file; bytes. `physical` counts from the start of the filesystem's data (or realtime) device. */
export const extentSchema = z.strictObject({
  logical: u64,
  physical: u64,
  length: u64,
  shared: z.boolean().prefault(false),
  unwritten: z.boolean().prefault(false),
  /** Allocated by copy on write through a mapping: it was still shared when that mapping's fault inserted its page. */
  copied: z.boolean().prefault(false),
});

/** A file or directory of a filesystem. */
export const fileSchema = z.strictObject({
  path: z.string().min(1),
  ino: u64,
  size: u64,
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
    .array(z.strictObject({ index: u64, pfn: u64, order: z.int().nonnegative().prefault(0), dirty: z.boolean().prefault(false) }))
    .prefault([]),
});

/** A mounted filesystem. */
export const filesystemSchema = z.strictObject({
  mountpoint: z.string().startsWith('/'),
  /** Name of a pmem device, partition or mapped device. */
  device: name,
  type: z.string().min(1),
  /** The `dax=` mount option that was asked for. */
  dax: z.enum(['always', 'inode', 'never']).prefault('always'),
  logDevice: name.optional(),
  realtimeDevice: name.optional(),
  geometry: geometrySchema.optional(),
  records: z.array(recordSchema).prefault([]),
  files: z.array(fileSchema).prefault([]),
});

/** A present page of a mapping: `page` counts pages from the start of the mapping. */
export const presentSchema = z.strictObject({
  page: u64,
  pfn: u64,
  /** Level of the entry: 12 pte, 21 pmd, 30 pud. */
  shift: z.union([z.literal(12), z.literal(21), z.literal(30)]).prefault(12),
  write: z.boolean().prefault(false),
  /** A private copy (anonymous page in RAM), no page of the file. */
  anonymous: z.boolean().prefault(false),
});

/** A mapping of a file or device-dax node; addresses, length and offset in bytes. */
export const mapSchema = z.strictObject({
  name,
  path: z.string().min(1),
  start: u64,
  length: u64,
  offset: u64.prefault(0),
  prot: z
    .string()
    .regex(/^r?w?x?$/)
    .prefault('rw'),
  sharing: z.enum(['shared', 'private']).prefault('shared'),
  sync: z.boolean().prefault(false),
  pages: z.array(presentSchema).prefault([]),
});

/** A process with one thread. */
export const processSchema = z.strictObject({
  label: name,
  pid: z.int().positive().optional(),
  comm: z.string().min(1).max(15).optional(),
  /** prctl(PR_MCE_KILL). */
  mcePolicy: z.enum(['early', 'late', 'default']).prefault('default'),
  /** What SIGBUS does to it; `block` = handler installed, signal blocked. */
  sigbus: z.enum(['handler', 'default', 'ignore', 'block']).prefault('handler'),
  maps: z.array(mapSchema).prefault([]),
});

/** memory_failure(pfn, flags); one injection may make several such calls (madvise over a range). */
export const failureSchema = z.strictObject({
  pfn: u64,
  flags: u64.prefault(0),
  /** Byte inside the page at which the error begins, where the hardware says it. */
  at: z.int().min(0).max(4095).optional(),
  /** log2 of the bytes that are lost, as a machine check says it: 6 is a cache line. Left out: the page. */
  lsb: z.int().min(0).max(12).optional(),
});

/** One thing that happens; injections become entries of the result, other steps only change the world. */
export const stepSchema = z.discriminatedUnion('kind', [
  /** madvise(MADV_HWPOISON) by a process on `count` pages of a mapping; `failures` may be left out: then the page table decides. */
  z.strictObject({
    kind: z.literal('madvise'),
    process: name,
    map: name,
    page: u64,
    count: u64.prefault(1),
    failures: z.array(failureSchema).optional(),
  }),
  /** memory_failure(): `by` is the current task's process label, or left out for a task that maps nothing. */
  z.strictObject({
    kind: z.literal('inject'),
    via: z.enum(['memory_failure', 'hwpoison-inject', 'mce']).prefault('memory_failure'),
    by: name.optional(),
    failures: z.array(failureSchema).min(1),
  }),
  /** The driver is unbound from the namespace while things are as they are. */
  z.strictObject({ kind: z.literal('unbind'), device: name }),
  /** Any function of the tree, for entries that have no step of their own and for drivers' set-up. */
  z.strictObject({
    kind: z.literal('call'),
    function: name,
    /** File that defines it; needed for a static function. */
    file: z.string().min(1).optional(),
    /** Numbers, or structures of the world: `dax_device:pmem0`, `pmem_device:pmem0`, `gendisk:pmem0`, `super_block:/mnt`. */
    args: z
      .array(
        z.union([
          u64,
          z
            .string()
            .regex(
              /^(dax_device|pmem_device|gendisk|super_block):.+$/,
              'expected a number or dax_device:NAME, pmem_device:NAME, gendisk:NAME, super_block:MOUNTPOINT',
            ),
        ]),
      )
      .prefault([]),
    by: name.optional(),
    /** Physical bytes that have failed, for the laws; left out: nothing failed. */
    failed: z.array(z.strictObject({ start: u64, length: u64 })).prefault([]),
    /** False: set-up that only changes the world. */
    injection: z.boolean().prefault(true),
  }),
  /** A process reads or writes pages of a mapping (faults them in again). */
  z.strictObject({
    kind: z.literal('access'),
    process: name,
    map: name,
    page: u64,
    count: u64.prefault(1),
    how: z.enum(['read', 'write']),
  }),
  z.strictObject({ kind: z.literal('map'), process: name, map: mapSchema }),
  z.strictObject({ kind: z.literal('unmap'), process: name, map: name }),
  z.strictObject({ kind: z.literal('exit'), process: name }),
  z.strictObject({ kind: z.literal('policy'), process: name, mcePolicy: z.enum(['early', 'late', 'default']) }),
  z.strictObject({ kind: z.literal('unlink'), path: z.string().min(1) }),
]);

/** The whole file. Unknown fields are refused, so that a misspelt one cannot be ignored. */
export const scenarioSchema = z.strictObject({
  $schema: z.string().optional(),
  id: name,
  title: z.string().prefault(''),
  description: z.string().prefault(''),
  /** vm.memory_failure_early_kill. */
  earlyKill: z.boolean().prefault(false),
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
export type Partition = z.output<typeof partitionSchema>;
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
