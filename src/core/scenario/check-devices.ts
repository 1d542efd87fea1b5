// Devices that cannot exist: overlaps, ranges outside, tables with gaps or circles, names used twice.

import { deviceSize, rangesOf } from './devices.ts';
import { PAGE, type Report } from './report.ts';
import type { DmTarget, MappedDevice, PmemDevice, Scenario } from './schema.ts';

const SECTOR = 512n;
/** Physical addresses end below 2^52 (Intel SDM vol. 3, 4.1.4). */
const PHYSICAL_END = 1n << 52n;
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

function needPages(value: bigint, path: string, report: Report): void {
  if (value % PAGE !== 0n) report(path, 'must be a multiple of the page size (4096)');
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
  if (device.size <= 0n) report(`${path}.size`, 'a device has at least one byte');
  needPages(device.start, `${path}.start`, report);
  needPages(device.size, `${path}.size`, report);
  needPages(device.dataOffset, `${path}.dataOffset`, report);
  if (device.start + device.size > PHYSICAL_END) report(`${path}.size`, 'reaches beyond the last physical address (2^52)');
  if (device.dataOffset >= device.size && device.size > 0n) report(`${path}.dataOffset`, `lies outside the device of ${device.size} bytes`);
  if ((device.align & (device.align - 1n)) !== 0n || device.align < PAGE || device.align > 1n << 30n)
    report(`${path}.align`, 'must be a power of two from 4096 to 1 GiB');
  else if (device.driver === 'devdax' && (device.start + device.dataOffset) % device.align !== 0n)
    report(
      `${path}.align`,
      `the first byte of data (0x${(device.start + device.dataOffset).toString(16)}) is not aligned to ${device.align}`,
    );
  scenario.pmem.slice(0, i).forEach((other, j) => {
    const overlap = rangesOf(device).some((a) => rangesOf(other).some((b) => a.start < b.start + b.size && b.start < a.start + a.size));
    if (overlap) report(`${path}.start`, `${device.name} overlaps pmem[${j}] (${other.name})`);
  });
  checkRanges(device, path, report);
}

/** Further ranges of a device: whole pages, apart from each other. */
function checkRanges(device: PmemDevice, path: string, report: Report): void {
  const ranges = rangesOf(device);
  ranges.slice(1).forEach((range, i) => {
    const at = `${path}.more[${i}]`;
    needPages(range.start, `${at}.start`, report);
    if (range.size <= 0n || range.size % PAGE !== 0n) report(`${at}.size`, 'must be a positive multiple of the page size (4096)');
    const other = ranges
      .slice(0, i + 1)
      .find((before) => range.start < before.start + before.size && before.start < range.start + range.size);
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
  if (part.size <= 0n || part.size % SECTOR !== 0n)
    report(`${path}.size`, 'must be a positive multiple of the sector size (512); it counts bytes');
  if (part.start % SECTOR !== 0n) report(`${path}.start`, 'must be a multiple of the sector size (512); it counts bytes');
  const why = noBlockDevice(scenario, part.of);
  if (why !== undefined) {
    report(`${path}.of`, why);
    return;
  }
  if (scenario.partitions.some((other) => other.name === part.of)) {
    report(`${path}.of`, `${part.of} is a partition itself`);
    return;
  }
  const size = deviceSize(scenario, part.of) ?? 0n;
  if (part.start + part.size > size)
    report(`${path}.size`, `partition ends at ${part.start + part.size}, behind the end of ${part.of} (${size} bytes)`);
  scenario.partitions.slice(0, i).forEach((other, j) => {
    if (other.of === part.of && part.start < other.start + other.size && other.start < part.start + part.size)
      report(`${path}.start`, `${part.name} overlaps partitions[${j}] (${other.name})`);
  });
}

function checkTable(scenario: Scenario, mapped: MappedDevice, i: number, report: Report): void {
  let next = 0n;
  mapped.targets.forEach((target, j) => {
    const path = `mapped[${i}].targets[${j}]`;
    if (target.start !== next) report(`${path}.start`, `the table has a gap or overlap: expected sector ${next}`);
    if (target.length <= 0n) report(`${path}.length`, 'a target has at least one sector');
    next = target.start + target.length;
    const count = BigInt(target.legs.length + 1);
    checkLeg(scenario, mapped, i, target, { of: target.of, offset: target.offset, path, length: `${path}.length` }, report);
    target.legs.forEach((leg, k) => {
      const at = `${path}.legs[${k}]`;
      checkLeg(scenario, mapped, i, target, { ...leg, path: at, length: `${at}.offset` }, report);
    });
    if (count > 1n && (target.chunk === undefined || target.chunk <= 0n || target.length % (target.chunk * count) !== 0n))
      report(`${path}.chunk`, `a striped target needs a chunk size of which its length is a multiple for each of ${count} legs`);
  });
}

interface Leg {
  readonly of: string;
  readonly offset: bigint;
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
  const size = deviceSize(scenario, leg.of) ?? 0n;
  const share = target.length / BigInt(target.legs.length + 1);
  if ((leg.offset + share) * SECTOR > size)
    report(
      leg.length,
      `the target ends behind the end of ${leg.of} (${size / SECTOR} sectors); start, length and offset count sectors of 512 bytes`,
    );
}
