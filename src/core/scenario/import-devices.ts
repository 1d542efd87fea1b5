// Devices of an observation: namespaces, partitions and dm tables.

import {
  bytes,
  distance,
  lengthOfEnds,
  overlaps,
  type PhysAddr,
  physAddr,
  type Sectors,
  sectors,
  sectorsToBytes,
} from '../../base/units.ts';
import type { Observation } from './observation.ts';
import type { ScenarioInput } from './schema.ts';

type DevicesInput = Pick<ScenarioInput, 'memory' | 'pmem' | 'partitions' | 'mapped'>;

/** A line of `topology.blockdevs`: `pmem0p1 start512=8192 size512=819200 dev=259:2`. */
export interface BlockDevice {
  readonly name: string;
  readonly dev: string | undefined;
  readonly start512: Sectors | undefined;
  readonly size512: Sectors;
}

/** Parses `topology.blockdevs`. */
export function blockDevices(observation: Observation): readonly BlockDevice[] {
  return (observation.topology.blockdevs ?? []).map((line) => {
    const [name = '', ...fields] = line.split(/\s+/);
    const value = (key: string): string | undefined => fields.find((field) => field.startsWith(`${key}=`))?.slice(key.length + 1);
    const start = value('start512');
    return {
      name,
      dev: value('dev'),
      start512: start === undefined ? undefined : sectors(BigInt(start)),
      size512: sectors(BigInt(value('size512') ?? 0)),
    };
  });
}

/** Namespaces, partitions and mapped devices. */
export function importDevices(observation: Observation): DevicesInput {
  const blocks = blockDevices(observation);
  const devOf = (name: string): { dev?: string } => {
    const dev = blocks.find((block) => block.name === name)?.dev;
    return dev === undefined ? {} : { dev };
  };
  const pmem: ScenarioInput['pmem'] = observation.topology.pmem.map((device) => {
    const devdax = device.requested_mode === 'devdax';
    const name = devdax ? device.pfn_device || `dax${device.index}.0` : `pmem${device.index}`;
    const start = physAddr(BigInt(device.namespace_resource));
    const dataOffset =
      device.data_resource === undefined || device.data_resource === ''
        ? bytes(BigInt(device.data_offset ?? 0))
        : distance(start, physAddr(BigInt(device.data_resource)));
    return {
      name,
      start: hex(start),
      size: String(device.namespace_size),
      dataOffset: hex(dataOffset),
      driver: devdax ? 'devdax' : 'pmem',
      mode: devdax && device.pfn_mode === 'pmem' ? 'fsdax-dev' : modeOf(device.requested_mode),
      ...(device.pfn_align === undefined || device.pfn_align === '' ? {} : { align: String(device.pfn_align) }),
      ...devOf(name),
    };
  });
  // Namespaces that the scenario did not configure are raw pmem block devices all the same.
  for (const line of observation.topology.iomem_lines ?? []) {
    const match = /^\s*([0-9a-f]+)-([0-9a-f]+) : namespace(\d+)\.\d+\s*$/.exec(line);
    if (match === null) continue;
    // /proc/iomem names the last byte.
    const [start, last] = [1, 2].map((i) => physAddr(BigInt(`0x${match[i] ?? '0'}`))) as [PhysAddr, PhysAddr];
    const range = { start, length: lengthOfEnds(start, last) };
    if (pmem.some((device) => overlaps({ start: physAddr(BigInt(device.start)), length: bytes(BigInt(device.size)) }, range))) continue;
    const name = `pmem${match[3] ?? ''}`;
    pmem.push({ name, start: hex(start), size: hex(range.length), ...devOf(name) });
  }
  const partitions: NonNullable<ScenarioInput['partitions']> = [];
  for (const block of blocks) {
    if (block.start512 === undefined) continue;
    const of = block.name.replace(/p\d+$/, '');
    partitions.push({
      name: block.name,
      of,
      start: hex(sectorsToBytes(block.start512)),
      size: hex(sectorsToBytes(block.size512)),
      ...devOf(block.name),
    });
  }
  return { memory: importMemory(observation), pmem, partitions, mapped: nameLegs(importTables(observation, blocks)) };
}

/** `System RAM` lines of /proc/iomem. */
function importMemory(observation: Observation): NonNullable<ScenarioInput['memory']> {
  return (observation.topology.iomem_lines ?? []).flatMap((line) => {
    const match = /^\s*([0-9a-f]+)-([0-9a-f]+) : System RAM\s*$/.exec(line);
    if (match === null) return [];
    const [start, last] = [1, 2].map((i) => physAddr(BigInt(`0x${match[i] ?? '0'}`))) as [PhysAddr, PhysAddr];
    return [{ start: hex(start), size: hex(lengthOfEnds(start, last)) }];
  });
}

function modeOf(requested: string | undefined): 'raw' | 'fsdax-mem' | 'fsdax-dev' | 'devdax' {
  switch (requested) {
    case 'fsdax-mem':
    case 'fsdax-dev':
    case 'devdax':
      return requested;
    default:
      return 'raw';
  }
}

function importTables(observation: Observation, blocks: readonly BlockDevice[]): NonNullable<ScenarioInput['mapped']> {
  const mapped: NonNullable<ScenarioInput['mapped']> = [];
  const disks = blocks.filter((block) => block.name.startsWith('dm-'));
  for (const line of observation.topology.dm_table ?? []) {
    const [name, fields] = splitTableLine(line, mapped.at(-1)?.name);
    const [start = '0', length = '0', type = '', ...rest] = fields;
    if (name === undefined || type === '') continue;
    let entry = mapped.find((candidate) => candidate.name === name);
    if (entry === undefined) {
      entry = { name, disk: '', targets: [] };
      mapped.push(entry);
    }
    entry.targets.push({ start, length, ...targetOf(type, rest, blocks) });
  }
  giveDisks(mapped, disks);
  return mapped;
}

/** Tables come by name, disks by number: a table's disk has its size, and is none of its own legs. */
function giveDisks(mapped: NonNullable<ScenarioInput['mapped']>, disks: readonly BlockDevice[]): void {
  const free = [...disks];
  mapped.forEach((entry, i) => {
    const size = entry.targets.reduce((sum, target) => sum + BigInt(target.length), 0n);
    const legs = new Set(entry.targets.flatMap((target) => [target.of, ...(target.legs ?? []).map((leg) => leg.of)]));
    const fits = free.findIndex((disk) => disk.size512 === size && !legs.has(disk.name));
    const [disk] = free.splice(Math.max(fits, 0), 1);
    entry.disk = disk?.name ?? `dm-${i}`;
    if (disk?.dev !== undefined) entry.dev = disk.dev;
  });
}

/** Legs that are mapped devices themselves are called by their names, not their disks. */
function nameLegs(mapped: NonNullable<ScenarioInput['mapped']>): NonNullable<ScenarioInput['mapped']> {
  const nameOf = (disk: string): string => mapped.find((other) => other.disk === disk)?.name ?? disk;
  return mapped.map((device) => ({
    ...device,
    targets: device.targets.map((target) => ({
      ...target,
      of: nameOf(target.of),
      ...(target.legs === undefined ? {} : { legs: target.legs.map((leg) => ({ ...leg, of: nameOf(leg.of) })) }),
    })),
  }));
}

type TargetInput = NonNullable<ScenarioInput['mapped']>[number]['targets'][number];

/**
 * What a table line says behind start and length: every `major:minor offset` pair is a leg. `striped` (dm-stripe.c) tells the
 * number of legs and the chunk size first.
 */
function targetOf(type: string, fields: readonly string[], blocks: readonly BlockDevice[]): Omit<TargetInput, 'start' | 'length'> {
  const legs: { of: string; offset: string }[] = [];
  fields.forEach((field, i) => {
    const offset = fields[i + 1] ?? '0';
    if (/^\d+:\d+$/.test(field))
      legs.push({ of: blocks.find((block) => block.dev === field)?.name ?? field, offset: /^\d+$/.test(offset) ? offset : '0' });
  });
  const [first, ...further] = legs;
  const own = { of: first?.of ?? fields[0] ?? '', offset: first?.offset ?? '0' };
  return type === 'striped' ? { type: 'stripe', ...own, legs: further, chunk: fields[1] ?? '0' } : { type, ...own };
}

/** `lin0: 0 1032192 linear 259:0 16384`; further lines of one table may lack the name. */
function splitTableLine(line: string, previous: string | undefined): readonly [string | undefined, readonly string[]] {
  const colon = line.indexOf(': ');
  if (colon < 0) return [previous, line.trim().split(/\s+/)];
  return [
    line.slice(0, colon).trim(),
    line
      .slice(colon + 2)
      .trim()
      .split(/\s+/),
  ];
}

/** `0x…` of a bigint; negative values keep their sign. */
function hex(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

/** `/dev/mapper/lin0` -> `lin0`, `/dev/pmem0p1` -> `pmem0p1`. */
export function deviceName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
