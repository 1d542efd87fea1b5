// Where a byte of a block device lies in physical memory: partitions and linear targets resolved down to pmem.

import type { DmTarget, PmemDevice, Scenario } from './schema.ts';

type Topology = Pick<Scenario, 'pmem' | 'partitions' | 'mapped'>;

/** Bytes of a sector (include/linux/blk_types.h SECTOR_SIZE). */
const SECTOR = 512n;

/** A byte of a pmem namespace's data area. */
export interface LeafByte {
  readonly device: string;
  /** Bytes from device offset 0. */
  readonly offset: bigint;
  readonly physical: bigint;
}

/** Physical ranges of a namespace in the order of its bytes. */
export function rangesOf(device: PmemDevice): readonly { readonly start: bigint; readonly size: bigint }[] {
  return [{ start: device.start, size: device.size }, ...(device.more ?? [])];
}

/** Byte of a namespace (metadata included) at a physical address; undefined outside. */
export function byteInside(device: PmemDevice, physical: bigint): bigint | undefined {
  let before = 0n;
  for (const range of rangesOf(device)) {
    if (physical >= range.start && physical < range.start + range.size) return before + physical - range.start;
    before += range.size;
  }
  return undefined;
}

/** Physical address of a byte of a namespace; bytes behind its end follow its last range. */
export function physicalAt(device: PmemDevice, byte: bigint): bigint {
  const ranges = rangesOf(device);
  let left = byte;
  for (const range of ranges.slice(0, -1)) {
    if (left < range.size) return range.start + left;
    left -= range.size;
  }
  return (ranges.at(-1) ?? device).start + left;
}

/** The leaf byte behind byte `offset` of block device `name`; undefined when no target maps it or a name is unknown. */
export function leafByte(topology: Topology, name: string, offset: bigint, depth = 0): LeafByte | undefined {
  // A table that maps a device onto itself must not hang the check that would report it.
  if (depth > 16) return undefined;
  const pmem = topology.pmem.find((device) => device.name === name);
  if (pmem !== undefined) return { device: name, offset, physical: physicalAt(pmem, pmem.dataOffset + offset) };
  const part = topology.partitions.find((candidate) => candidate.name === name);
  if (part !== undefined) return leafByte(topology, part.of, part.start + offset, depth + 1);
  const mapped = topology.mapped.find((candidate) => candidate.name === name);
  const sector = offset / SECTOR;
  const target = mapped?.targets.find((candidate) => sector >= candidate.start && sector < candidate.start + candidate.length);
  if (target === undefined) return undefined;
  const below = legOf(target, sector - target.start);
  return leafByte(topology, below.of, below.sector * SECTOR + (offset % SECTOR), depth + 1);
}

/** Legs of a target in order; a linear one has one. */
export function legsOf(target: DmTarget): readonly { readonly of: string; readonly offset: bigint }[] {
  return [{ of: target.of, offset: target.offset }, ...target.legs];
}

/** Device and sector below a sector of a target, counted from the target's start. */
function legOf(target: DmTarget, sector: bigint): { readonly of: string; readonly sector: bigint } {
  const legs = legsOf(target);
  const count = BigInt(legs.length);
  const chunk = target.chunk ?? target.length;
  const leg = legs[Number((sector / chunk) % count)] ?? target;
  return { of: leg.of, sector: leg.offset + (sector / chunk / count) * chunk + (sector % chunk) };
}

/** Byte of a target, counted from its start, behind byte `below` of its leg number `n`; undefined when the target does not use it. */
export function byteOfTarget(target: DmTarget, n: number, below: bigint): bigint | undefined {
  const legs = legsOf(target);
  const count = BigInt(legs.length);
  const at = below - (legs[n]?.offset ?? 0n) * SECTOR;
  if (at < 0n || at >= (target.length / count) * SECTOR) return undefined;
  const chunk = (target.chunk ?? target.length) * SECTOR;
  return ((at / chunk) * count + BigInt(n)) * chunk + (at % chunk);
}

/** Bytes of block device `name`; undefined when there is none. */
export function deviceSize(topology: Topology, name: string): bigint | undefined {
  const pmem = topology.pmem.find((device) => device.name === name);
  if (pmem !== undefined) return rangesOf(pmem).reduce((sum, range) => sum + range.size, 0n) - pmem.dataOffset;
  const part = topology.partitions.find((candidate) => candidate.name === name);
  if (part !== undefined) return part.size;
  const mapped = topology.mapped.find((candidate) => candidate.name === name);
  return mapped?.targets.reduce((sum, target) => sum + target.length * SECTOR, 0n);
}

/** Name of the block device as the kernel prints it (`dm-0` for a mapped device, the name itself otherwise). */
export function diskName(topology: Topology, name: string): string {
  return topology.mapped.find((candidate) => candidate.name === name)?.disk ?? name;
}

/** The pmem device whose data or metadata area holds a physical address. */
export function pmemOf(topology: Topology, physical: bigint): Scenario['pmem'][number] | undefined {
  return topology.pmem.find((device) => byteInside(device, physical) !== undefined);
}
