// The input part of a ground-truth observation file, as it stands there; `observed` is never read.

import { z } from 'zod';

const count = z.union([z.number(), z.string()]);

const extent = z.looseObject({
  logical: z.number(),
  physical: z.number(),
  length: z.number(),
  shared: z.boolean().optional(),
  unwritten: z.boolean().optional(),
  delalloc: z.boolean().optional(),
});

const file = z.looseObject({
  path: z.string(),
  ino: z.number(),
  size: z.number(),
  mode: z.string(),
  xflags: z.string().optional(),
  extents: z.array(extent).optional(),
});

const record = z.looseObject({
  dev: z.string(),
  physical: z.number(),
  length: z.number(),
  owner: z.union([z.number(), z.string()]),
  offset: z.number().optional(),
  attr_fork: z.boolean().optional(),
  bmbt: z.boolean().optional(),
  unwritten: z.boolean().optional(),
});

const geometry = z.looseObject({
  isize: z.number().optional(),
  agcount: z.number().optional(),
  agsize: z.number().optional(),
  sectsz: z.number().optional(),
  crc: z.number().optional(),
  finobt: z.number().optional(),
  sparse: z.number().optional(),
  rmapbt: z.number().optional(),
  reflink: z.number().optional(),
  bigtime: z.number().optional(),
  inobtcount: z.number().optional(),
  nrext64: z.number().optional(),
  blocksize: z.number().optional(),
  dblocks: z.number().optional(),
  log: z.looseObject({ kind: z.string(), blocks: z.number() }).optional(),
  realtime: z.looseObject({ dev: z.string(), extsz: z.number(), blocks: z.number() }).optional(),
});

const filesystem = z.looseObject({
  mountpoint: z.string(),
  device: z.string(),
  type: z.string(),
  options: z.string().optional(),
  geometry: geometry.nullish(),
  files: z.array(file).nullish(),
  fsmap: z.looseObject({ records: z.array(record) }).nullish(),
});

const page = z.looseObject({ page: z.number(), present: z.number(), pfn: z.string().optional() });

const mapping = z.looseObject({
  map: z.string(),
  path: z.string(),
  vm_start: z.string(),
  length: z.number(),
  file_offset: z.number(),
  prot: z.string(),
  flags: z.string(),
  errno: z.number().optional(),
  pages_before_first_inject: z.array(page).nullish(),
});

const process = z.looseObject({
  label: z.string(),
  pid: z.number().optional(),
  comm: z.string().optional(),
  sigbus_disposition: z.string().optional(),
  mce_kill_policy: z.string().optional(),
  maps: z.array(mapping),
});

const pmem = z.looseObject({
  index: z.number(),
  requested_mode: z.string().optional(),
  namespace_resource: z.string(),
  data_offset: count.optional(),
  data_resource: z.string().optional(),
  namespace_size: count,
  pfn_device: z.string().optional(),
  pfn_align: count.optional(),
  pfn_mode: z.string().optional(),
});

const injection = z.looseObject({
  n: z.number(),
  method: z.string(),
  by: z.string().optional(),
  map: z.string().optional(),
  page: z.number().optional(),
  count: z.number().optional(),
  pfn: z.string().optional(),
  memory_failure_calls: z.array(z.looseObject({ pfn: z.string(), flags: z.string() })).optional(),
});

/** Fields of an observation that make its world and its injections. */
export const observationSchema = z.looseObject({
  id: z.string(),
  kernel: z.string().optional(),
  description: z.string().optional(),
  topology: z.looseObject({
    pmem: z.array(pmem).min(1),
    iomem_lines: z.array(z.string()).optional(),
    blockdevs: z.array(z.string()).optional(),
    dm_table: z.array(z.string()).nullish(),
    mount_cmd: z.array(z.string()).nullish(),
    filesystems: z.array(filesystem).nullish(),
    processes: z.array(process).nullish(),
    plan: z.array(z.string()),
    touch_faults: z.record(z.string(), z.record(z.string(), z.number())).nullish(),
    'vm.memory_failure_early_kill': z.union([z.string(), z.number()]).optional(),
  }),
  inject: z.array(injection).optional(),
});

export type Observation = z.output<typeof observationSchema>;
export type ObservedFilesystem = z.output<typeof filesystem>;
export type ObservedProcess = z.output<typeof process>;
export type ObservedMapping = z.output<typeof mapping>;
export type ObservedInjection = z.output<typeof injection>;

/** True when a parsed JSON value looks like an observation rather than a scenario. */
export function isObservation(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'topology' in value;
}
