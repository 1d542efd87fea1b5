// Devices that cannot exist: overlaps, ranges outside, tables with gaps or circles, names used twice.

import {
  add,
  advance,
  bytes,
  bytesToSectors,
  compare,
  endOf,
  isAligned,
  isMultiple,
  isPositive,
  isPowerOfTwo,
  overlaps,
  pageBytes,
  physAddr,
  type Sectors,
  sectors,
  sectorsToBytes,
  times,
} from '../../base/units.ts';
import { deviceSize, legLength, rangesOf } from './devices.ts';
import { isWholePages, type Report } from './report.ts';
import type { DmTarget, MappedDevice, PmemDevice, Scenario } from './schema.ts';

const SECTOR = sectorsToBytes(sectors(1n));
/** Physical addresses end below 2^52 (Intel SDM vol. 3, 4.1.4). */
const PHYSICAL_END = physAddr(1n << 52n);
const LARGEST_ALIGN = bytes(1n << 30n);
const DEV = /^\d{1,4}:\d{1,7}$/;

/** Two things of one kind with one name. */
export class Names {
  private readonly seen = new Map<string, string>();

  /** Reports a name that was claimed before. */
  claim(name: string, path: string, what: string, report: Report): void {
    const other = this.seen.get(name);
    if (other !== undefined) report(path, `${what} ${name} is used by ${other} already`);
    else this.seen.set(name, path);
  }
}

function needPages(isWhole: boolean, path: string, report: Report): void {
  if (!isWhole) report(path, 'must be a multiple of the page size (4096)');
}

/** pmem namespaces, partitions and mapped devices. */
export function checkDevices(scenario: Scenario, report: Report): void {
  const names = new Names();
  const numbers = new Names();
  const checkNumber = (dev: string | undefined, path: string): void => {
    if (dev === undefined) return;
    if (!DEV.test(dev)) report(`${path}.dev`, `expected MAJOR:MINOR, found ${dev}`);
    else numbers.claim(dev, `${path}.dev`, 'device number', report);
  };
  scenario.pmem.forEach((device, i) => {
    const path = `pmem[${i}]`;
    names.claim(device.name, `${path}.name`, 'device name', report);
    checkNumber(device.dev, path);
    checkNamespace(scenario, device, i, report);
  });
  scenario.partitions.forEach((part, i) => {
    const path = `partitions[${i}]`;
    names.claim(part.name, `${path}.name`, 'device name', report);
    checkNumber(part.dev, path);
    checkPartition(scenario, i, report);
  });
  scenario.mapped.forEach((mapped, i) => {
    names.claim(mapped.name, `mapped[${i}].name`, 'device name', report);
    if (mapped.disk !== mapped.name) names.claim(mapped.disk, `mapped[${i}].disk`, 'device name', report);
    checkNumber(mapped.dev, `mapped[${i}]`);
    checkTable(scenario, mapped, i, report);
  });
}

function checkNamespace(scenario: Scenario, device: PmemDevice, i: number, report: Report): void {
  const path = `pmem[${i}]`;
  const whole = { start: device.start, length: device.size };
  const data = advance(device.start, device.dataOffset);
  if (!isPositive(device.size)) report(`${path}.size`, 'a device has at least one byte');
  needPages(isAligned(device.start, pageBytes()), `${path}.start`, report);
  needPages(isWholePages(device.size), `${path}.size`, report);
  needPages(isWholePages(device.dataOffset), `${path}.dataOffset`, report);
  if (compare(endOf(whole), PHYSICAL_END) > 0) report(`${path}.size`, 'reaches beyond the last physical address (2^52)');
  if (compare(device.dataOffset, device.size) >= 0 && isPositive(device.size))
    report(`${path}.dataOffset`, `lies outside the device of ${device.size} bytes`);
  if (!isPowerOfTwo(device.align) || compare(device.align, pageBytes()) < 0 || compare(device.align, LARGEST_ALIGN) > 0)
    report(`${path}.align`, 'must be a power of two from 4096 to 1 GiB');
  else if (device.driver === 'devdax' && !isAligned(data, device.align))
    report(`${path}.align`, `the first byte of data (0x${data.toString(16)}) is not aligned to ${device.align}`);
  scenario.pmem.slice(0, i).forEach((other, j) => {
    const overlap = rangesOf(device).some((a) => rangesOf(other).some((b) => overlaps(a, b)));
    if (overlap) report(`${path}.start`, `${device.name} overlaps pmem[${j}] (${other.name})`);
  });
  checkRanges(device, path, report);
}

/** Further ranges of a device: whole pages, apart from each other. */
function checkRanges(device: PmemDevice, path: string, report: Report): void {
  const ranges = rangesOf(device);
  ranges.slice(1).forEach((range, i) => {
    const at = `${path}.more[${i}]`;
    needPages(isAligned(range.start, pageBytes()), `${at}.start`, report);
    if (!isPositive(range.length) || !isWholePages(range.length))
      report(`${at}.size`, 'must be a positive multiple of the page size (4096)');
    const other = ranges.slice(0, i + 1).find((before) => overlaps(range, before));
    if (other !== undefined) report(`${at}.start`, `overlaps the range of ${device.name} at 0x${other.start.toString(16)}`);
  });
}

/** Why a name is no block device; undefined when it is one. */
export function noBlockDevice(scenario: Scenario, name: string): string | undefined {
  if (scenario.pmem.some((device) => device.name === name && device.driver === 'devdax'))
    return `${name} is a device-dax node, no block device`;
  return deviceSize(scenario, name) === undefined ? `there is no device ${name}` : undefined;
}

function checkPartition(scenario: Scenario, i: number, report: Report): void {
  const part = scenario.partitions[i];
  if (part === undefined) return;
  const path = `partitions[${i}]`;
  if (!isPositive(part.size) || !isMultiple(part.size, SECTOR))
    report(`${path}.size`, 'must be a positive multiple of the sector size (512); it counts bytes');
  if (!isMultiple(part.start, SECTOR)) report(`${path}.start`, 'must be a multiple of the sector size (512); it counts bytes');
  const why = noBlockDevice(scenario, part.of);
  if (why !== undefined) {
    report(`${path}.of`, why);
    return;
  }
  if (scenario.partitions.some((other) => other.name === part.of)) {
    report(`${path}.of`, `${part.of} is a partition itself`);
    return;
  }
  const size = deviceSize(scenario, part.of) ?? bytes(0n);
  const own = { start: part.start, length: part.size };
  if (compare(endOf(own), size) > 0)
    report(`${path}.size`, `partition ends at ${endOf(own)}, behind the end of ${part.of} (${size} bytes)`);
  scenario.partitions.slice(0, i).forEach((other, j) => {
    if (other.of === part.of && overlaps(own, { start: other.start, length: other.size }))
      report(`${path}.start`, `${part.name} overlaps partitions[${j}] (${other.name})`);
  });
}

function checkTable(scenario: Scenario, mapped: MappedDevice, i: number, report: Report): void {
  let next = sectors(0n);
  mapped.targets.forEach((target, j) => {
    const path = `mapped[${i}].targets[${j}]`;
    if (target.start !== next) report(`${path}.start`, `the table has a gap or overlap: expected sector ${next}`);
    if (!isPositive(target.length)) report(`${path}.length`, 'a target has at least one sector');
    next = endOf(target);
    const count = target.legs.length + 1;
    checkLeg(scenario, mapped, i, target, { of: target.of, offset: target.offset, path, length: `${path}.length` }, report);
    target.legs.forEach((leg, k) => {
      const at = `${path}.legs[${k}]`;
      checkLeg(scenario, mapped, i, target, { ...leg, path: at, length: `${at}.offset` }, report);
    });
    if (count > 1 && !isStriped(target, BigInt(count)))
      report(`${path}.chunk`, `a striped target needs a chunk size of which its length is a multiple for each of ${count} legs`);
  });
}

/** True when every leg of a striped target has the same number of chunks. */
function isStriped({ chunk, length }: DmTarget, count: bigint): boolean {
  return chunk !== undefined && isPositive(chunk) && isMultiple(length, times(chunk, count));
}

interface Leg {
  readonly of: string;
  readonly offset: Sectors;
  readonly path: string;
  /** Field that is told when the leg reaches too far. */
  readonly length: string;
}

function checkLeg(scenario: Scenario, mapped: MappedDevice, i: number, target: DmTarget, leg: Leg, report: Report): void {
  if (leg.of === mapped.name || leg.of === mapped.disk) {
    report(`${leg.path}.of`, 'a mapped device cannot be its own target');
    return;
  }
  const later = scenario.mapped.findIndex((other) => other.name === leg.of);
  if (later > i) {
    report(`${leg.path}.of`, `${leg.of} is mapped[${later}], which is made later: a table names devices that exist`);
    return;
  }
  const why = noBlockDevice(scenario, leg.of);
  if (why !== undefined) {
    report(`${leg.path}.of`, why);
    return;
  }
  const size = deviceSize(scenario, leg.of) ?? bytes(0n);
  if (compare(sectorsToBytes(add(leg.offset, legLength(target))), size) > 0)
    report(
      leg.length,
      `the target ends behind the end of ${leg.of} (${bytesToSectors(size)} sectors); start, length and offset count sectors of 512 bytes`,
    );
}
