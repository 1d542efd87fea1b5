// Where a byte of a block device lies in physical memory: partitions and linear targets resolved down to pmem.

import {
  add,
  advance,
  type Bytes,
  bytes,
  bytesToSectors,
  contains,
  distance,
  isNegative,
  type PhysAddr,
  quotient,
  remainder,
  type Sectors,
  sectors,
  sectorsToBytes,
  share,
  type Stretch,
  subtract,
  times,
} from '../../base/units.ts';
import type { DmTarget, PmemDevice, Scenario } from './schema.ts';

type Topology = Pick<Scenario, 'pmem' | 'partitions' | 'mapped'>;

/** A byte of a pmem namespace's data area. */
export interface LeafByte {
  readonly device: string;
  /** From device offset 0. */
  readonly offset: Bytes;
  readonly physical: PhysAddr;
}

/** Physical ranges of a namespace in the order of its bytes. */
export function rangesOf(device: PmemDevice): readonly Stretch<'bytes', 'memory'>[] {
  return [device, ...(device.more ?? [])].map(({ start, size }) => ({ start, length: size }));
}

/** Byte of a namespace (metadata included) at a physical address; undefined outside. */
export function byteInside(device: PmemDevice, physical: PhysAddr): Bytes | undefined {
  let before = bytes(0n);
  for (const range of rangesOf(device)) {
    if (contains(range, physical)) return add(before, distance(range.start, physical));
    before = add(before, range.length);
  }
  return undefined;
}

/** Physical address of a byte of a namespace; bytes behind its end follow its last range. */
export function physicalAt(device: PmemDevice, byte: Bytes): PhysAddr {
  const ranges = rangesOf(device);
  let left = byte;
  for (const range of ranges.slice(0, -1)) {
    const behind = subtract(left, range.length);
    if (isNegative(behind)) return advance(range.start, left);
    left = behind;
  }
  return advance((ranges.at(-1) ?? device).start, left);
}

/** The leaf byte behind byte `offset` of block device `name`; undefined when no target maps it or a name is unknown. */
export function leafByte(topology: Topology, name: string, offset: Bytes, depth = 0): LeafByte | undefined {
  // A table that maps a device onto itself must not hang the check that would report it.
  if (depth > 16) return undefined;
  const pmem = topology.pmem.find((device) => device.name === name);
  if (pmem !== undefined) return { device: name, offset, physical: physicalAt(pmem, add(pmem.dataOffset, offset)) };
  const part = topology.partitions.find((candidate) => candidate.name === name);
  if (part !== undefined) return leafByte(topology, part.of, add(part.start, offset), depth + 1);
  const mapped = topology.mapped.find((candidate) => candidate.name === name);
  const sector = bytesToSectors(offset);
  const target = mapped?.targets.find((candidate) => contains(candidate, sector));
  if (target === undefined) return undefined;
  const below = legOf(target, subtract(sector, target.start));
  const inSector = subtract(offset, sectorsToBytes(sector));
  return leafByte(topology, below.of, add(sectorsToBytes(below.sector), inSector), depth + 1);
}

/** Legs of a target in order; a linear one has one. */
export function legsOf(target: DmTarget): readonly { readonly of: string; readonly offset: Sectors }[] {
  return [{ of: target.of, offset: target.offset }, ...target.legs];
}

/** Sectors that each leg of a target has. */
export function legLength(target: DmTarget): Sectors {
  return share(target.length, legsOf(target).length);
}

/** Device and sector below a sector of a target, counted from the target's start. */
function legOf(target: DmTarget, sector: Sectors): { readonly of: string; readonly sector: Sectors } {
  const legs = legsOf(target);
  const count = BigInt(legs.length);
  const chunk = target.chunk ?? target.length;
  const turn = quotient(sector, chunk);
  const leg = legs[Number(turn % count)] ?? target;
  return { of: leg.of, sector: add(add(leg.offset, times(chunk, turn / count)), remainder(sector, chunk)) };
}

/** Byte of a target, counted from its start, behind byte `below` of its leg number `n`; undefined when the target does not use it. */
export function byteOfTarget(target: DmTarget, n: number, below: Bytes): Bytes | undefined {
  const legs = legsOf(target);
  const at = subtract(below, sectorsToBytes(legs[n]?.offset ?? sectors(0n)));
  if (!contains({ start: bytes(0n), length: sectorsToBytes(legLength(target)) }, at)) return undefined;
  const chunk = sectorsToBytes(target.chunk ?? target.length);
  return add(times(chunk, quotient(at, chunk) * BigInt(legs.length) + BigInt(n)), remainder(at, chunk));
}

/** Size of block device `name`; undefined when there is none. */
export function deviceSize(topology: Topology, name: string): Bytes | undefined {
  const pmem = topology.pmem.find((device) => device.name === name);
  if (pmem !== undefined) {
    const all = rangesOf(pmem).reduce((sum, range) => add(sum, range.length), bytes(0n));
    return subtract(all, pmem.dataOffset);
  }
  const part = topology.partitions.find((candidate) => candidate.name === name);
  if (part !== undefined) return part.size;
  const mapped = topology.mapped.find((candidate) => candidate.name === name);
  return mapped === undefined ? undefined : sectorsToBytes(mapped.targets.reduce((sum, target) => add(sum, target.length), sectors(0n)));
}

/** Name of the block device as the kernel prints it (`dm-0` for a mapped device, the name itself otherwise). */
export function diskName(topology: Topology, name: string): string {
  return topology.mapped.find((candidate) => candidate.name === name)?.disk ?? name;
}

/** The pmem device whose data or metadata area holds a physical address. */
export function pmemOf(topology: Topology, physical: PhysAddr): Scenario['pmem'][number] | undefined {
  return topology.pmem.find((device) => byteInside(device, physical) !== undefined);
}
