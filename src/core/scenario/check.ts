// A topology that cannot exist is refused with the offending field: overlaps, extents outside, frames nobody owns.

import { byteInside, deviceSize, diskName, rangesOf } from './devices.ts';
import type { ScenarioProblem } from './problem.ts';
import type { Filesystem, Mapping, PmemDevice, Scenario, Step } from './schema.ts';

const PAGE = 4096n;
/** TASK_SIZE_MAX with four-level paging. */
const USER_END = 0x7ffffffff000n;

type Report = (path: string, message: string) => void;

/** Everything that contradicts itself in a scenario whose shape is right. */
export function checkScenario(scenario: Scenario): ScenarioProblem[] {
  const problems: ScenarioProblem[] = [];
  const report: Report = (path, message) => problems.push({ path, message });
  checkDevices(scenario, report);
  scenario.filesystems.forEach((fs, i) => checkFilesystem(scenario, fs, `filesystems[${i}]`, report));
  checkProcesses(scenario, report);
  scenario.steps.forEach((step, i) => checkStep(scenario, step, `steps[${i}]`, report));
  return problems;
}

function checkDevices(scenario: Scenario, report: Report): void {
  const names = new Map<string, string>();
  const claimName = (name: string, path: string): void => {
    const other = names.get(name);
    if (other !== undefined) report(path, `device name ${name} is used by ${other} already`);
    else names.set(name, path);
  };
  scenario.pmem.forEach((device, i) => {
    const path = `pmem[${i}]`;
    claimName(device.name, `${path}.name`);
    if (device.size <= 0n) report(`${path}.size`, 'a device has at least one byte');
    if (device.start % PAGE !== 0n) report(`${path}.start`, 'must be a multiple of the page size (4096)');
    if (device.size % PAGE !== 0n) report(`${path}.size`, 'must be a multiple of the page size (4096)');
    if (device.dataOffset % PAGE !== 0n) report(`${path}.dataOffset`, 'must be a multiple of the page size (4096)');
    if (device.dataOffset < 0n || device.dataOffset >= device.size)
      report(`${path}.dataOffset`, `lies outside the device of ${device.size} bytes`);
    scenario.pmem.slice(0, i).forEach((other, j) => {
      const overlap = rangesOf(device).some((a) => rangesOf(other).some((b) => a.start < b.start + b.size && b.start < a.start + a.size));
      if (overlap) report(`${path}.start`, `${device.name} overlaps pmem[${j}] (${other.name})`);
    });
    checkRanges(device, path, report);
  });
  scenario.partitions.forEach((part, i) => {
    const path = `partitions[${i}]`;
    claimName(part.name, `${path}.name`);
    const size = deviceSize(scenario, part.of);
    if (size === undefined) report(`${path}.of`, `there is no device ${part.of}`);
    else if (part.start < 0n || part.start + part.size > size)
      report(`${path}.size`, `partition ends at ${part.start + part.size}, behind the end of ${part.of} (${size} bytes)`);
  });
  scenario.mapped.forEach((mapped, i) => {
    claimName(mapped.name, `mapped[${i}].name`);
    let next = 0n;
    mapped.targets.forEach((target, j) => {
      const path = `mapped[${i}].targets[${j}]`;
      if (target.start !== next) report(`${path}.start`, `the table has a gap or overlap: expected sector ${next}`);
      next = target.start + target.length;
      if (target.of === mapped.name) report(`${path}.of`, 'a mapped device cannot be its own target');
      const size = target.of === mapped.name ? undefined : deviceSize(scenario, target.of);
      if (target.of !== mapped.name && size === undefined) report(`${path}.of`, `there is no device ${target.of}`);
      const count = BigInt(target.legs.length + 1);
      if (size !== undefined && (target.offset + target.length / count) * 512n > size)
        report(`${path}.length`, `the target ends behind the end of ${target.of} (${size / 512n} sectors)`);
      target.legs.forEach((leg, k) => {
        const legSize = deviceSize(scenario, leg.of);
        if (legSize === undefined) report(`${path}.legs[${k}].of`, `there is no device ${leg.of}`);
        else if ((leg.offset + target.length / count) * 512n > legSize)
          report(`${path}.legs[${k}].offset`, `the leg ends behind the end of ${leg.of} (${legSize / 512n} sectors)`);
      });
      if (count > 1n && (target.chunk === undefined || target.chunk <= 0n || target.length % (target.chunk * count) !== 0n)) {
        report(`${path}.chunk`, `a striped target needs a chunk size of which its length is a multiple for each of ${count} legs`);
      }
    });
  });
}

/** Further ranges of a device: whole pages, apart from each other. */
function checkRanges(device: PmemDevice, path: string, report: Report): void {
  const ranges = rangesOf(device);
  ranges.slice(1).forEach((range, i) => {
    const at = `${path}.more[${i}]`;
    if (range.start % PAGE !== 0n) report(`${at}.start`, 'must be a multiple of the page size (4096)');
    if (range.size <= 0n || range.size % PAGE !== 0n) report(`${at}.size`, 'must be a positive multiple of the page size (4096)');
    const other = ranges
      .slice(0, i + 1)
      .find((before) => range.start < before.start + before.size && before.start < range.start + range.size);
    if (other !== undefined) report(`${at}.start`, `overlaps the range of ${device.name} at 0x${other.start.toString(16)}`);
  });
}

function checkFilesystem(scenario: Scenario, fs: Filesystem, path: string, report: Report): void {
  const sizes = { device: fs.device, logDevice: fs.logDevice, realtimeDevice: fs.realtimeDevice };
  for (const [field, name] of Object.entries(sizes)) {
    if (name !== undefined && deviceSize(scenario, name) === undefined) report(`${path}.${field}`, `there is no block device ${name}`);
  }
  const size = deviceSize(scenario, fs.device);
  if (fs.type === 'xfs' && fs.geometry === undefined) report(`${path}.geometry`, 'an XFS needs its geometry');
  const geometry = fs.geometry;
  if (geometry !== undefined) checkGeometry(geometry, size, diskName(scenario, fs.device), `${path}.geometry`, report);
  const end = geometry === undefined ? size : geometry.blocks * BigInt(geometry.blockSize);
  const realtimeEnd = fs.realtimeDevice === undefined ? undefined : deviceSize(scenario, fs.realtimeDevice);
  const logEnd = fs.logDevice === undefined ? end : deviceSize(scenario, fs.logDevice);
  fs.records.forEach((record, i) => {
    const limit = record.on === 'data' ? end : record.on === 'log' ? logEnd : realtimeEnd;
    if (record.length <= 0n) report(`${path}.records[${i}].length`, 'a record covers at least one block');
    else if (limit !== undefined && (record.start < 0n || record.start + record.length > limit))
      report(`${path}.records[${i}]`, `ends at byte ${record.start + record.length}, outside the ${record.on} device of ${limit} bytes`);
  });
  const inodes = new Map<bigint, number>();
  fs.files.forEach((file, i) => {
    const at = `${path}.files[${i}]`;
    if (inodes.has(file.ino)) report(`${at}.ino`, `inode ${file.ino} is files[${inodes.get(file.ino) ?? 0}] already`);
    inodes.set(file.ino, i);
    file.extents.forEach((extent, j) => {
      const limit = file.realtime ? realtimeEnd : end;
      if (extent.length <= 0n) report(`${at}.extents[${j}].length`, 'an extent covers at least one byte');
      else if (limit !== undefined && (extent.physical < 0n || extent.physical + extent.length > limit)) {
        report(
          `${at}.extents[${j}].physical`,
          `extent ends at byte ${extent.physical + extent.length}, outside the filesystem of ${limit} bytes`,
        );
      }
    });
  });
}

function checkGeometry(
  geometry: NonNullable<Filesystem['geometry']>,
  size: bigint | undefined,
  device: string,
  path: string,
  report: Report,
): void {
  const powerOfTwo = (n: number): boolean => n > 0 && (n & (n - 1)) === 0;
  if (!powerOfTwo(geometry.blockSize) || geometry.blockSize < 512 || geometry.blockSize > 65536)
    report(`${path}.blockSize`, 'must be a power of two from 512 to 65536');
  if (!powerOfTwo(geometry.sectorSize)) report(`${path}.sectorSize`, 'must be a power of two');
  if (!powerOfTwo(geometry.inodeSize)) report(`${path}.inodeSize`, 'must be a power of two');
  if (
    geometry.blocks <= BigInt(geometry.agBlocks) * BigInt(geometry.agCount - 1) ||
    geometry.blocks > BigInt(geometry.agBlocks) * BigInt(geometry.agCount)
  ) {
    report(`${path}.blocks`, `${geometry.blocks} blocks do not make ${geometry.agCount} groups of ${geometry.agBlocks}`);
  }
  if (size !== undefined && geometry.blocks * BigInt(geometry.blockSize) > size)
    report(`${path}.blocks`, `the filesystem is larger than ${device} (${size} bytes)`);
}

function checkProcesses(scenario: Scenario, report: Report): void {
  const labels = new Set<string>();
  scenario.processes.forEach((process, i) => {
    if (labels.has(process.label)) report(`processes[${i}].label`, `label ${process.label} is used twice`);
    labels.add(process.label);
    process.maps.forEach((map, j) => {
      checkMapping(scenario, map, `processes[${i}].maps[${j}]`, report);
      process.maps.slice(0, j).forEach((other) => {
        if (map.start < other.start + other.length && other.start < map.start + map.length)
          report(`processes[${i}].maps[${j}].start`, `overlaps mapping ${other.name}`);
      });
    });
  });
}

function checkMapping(scenario: Scenario, map: Mapping, path: string, report: Report): void {
  if (map.start % PAGE !== 0n) report(`${path}.start`, 'must be a multiple of the page size (4096)');
  if (map.length <= 0n || map.length % PAGE !== 0n) report(`${path}.length`, 'must be a positive multiple of the page size (4096)');
  if (map.offset < 0n || map.offset % PAGE !== 0n) report(`${path}.offset`, 'must be a multiple of the page size (4096)');
  if (map.start <= 0n || map.start + map.length > USER_END) report(`${path}.start`, 'lies outside the user address space');
  const file = scenario.filesystems.flatMap((fs) => fs.files).find((candidate) => candidate.path === map.path);
  const device = scenario.pmem.find((candidate) => candidate.driver === 'devdax' && `/dev/${candidate.name}` === map.path);
  if (file === undefined && device === undefined) report(`${path}.path`, `no filesystem lists ${map.path}, and it is no device-dax node`);
  const size = file === undefined ? (device === undefined ? undefined : device.size - device.dataOffset) : roundUp(file.size);
  if (size !== undefined && map.offset + map.length > size)
    report(`${path}.length`, `the mapping ends at byte ${map.offset + map.length}, past the end of ${map.path} (${size} bytes)`);
  map.pages.forEach((page, i) => {
    if (page.page < -512n || page.page * PAGE >= map.length)
      report(`${path}.pages[${i}].page`, `page ${page.page} lies outside the mapping`);
  });
}

function roundUp(size: bigint): bigint {
  return ((size + PAGE - 1n) / PAGE) * PAGE;
}

function checkStep(scenario: Scenario, step: Step, path: string, report: Report): void {
  const needProcess = (label: string, field: string): void => {
    if (!scenario.processes.some((process) => process.label === label)) report(`${path}.${field}`, `there is no process ${label}`);
  };
  const needMap = (label: string, name: string): void => {
    const here = scenario.processes.find((process) => process.label === label)?.maps.some((map) => map.name === name);
    const later = scenario.steps.some((other) => other.kind === 'map' && other.process === label && other.map.name === name);
    if (here === false && !later) report(`${path}.map`, `process ${label} has no mapping ${name}`);
  };
  switch (step.kind) {
    case 'madvise':
    case 'access':
      needProcess(step.process, 'process');
      needMap(step.process, step.map);
      return;
    case 'unmap':
      needProcess(step.process, 'process');
      needMap(step.process, step.map);
      return;
    case 'map':
      needProcess(step.process, 'process');
      checkMapping(scenario, step.map, `${path}.map`, report);
      return;
    case 'exit':
    case 'policy':
      needProcess(step.process, 'process');
      return;
    case 'inject':
      if (step.by !== undefined) needProcess(step.by, 'by');
      step.failures.forEach((failure, i) => {
        if (failure.pfn < 0n || failure.pfn >= 1n << 52n) report(`${path}.failures[${i}].pfn`, 'is no page frame number');
        else if (failure.pfn * PAGE >= 1n << 40n && !ownsFrame(scenario, failure.pfn))
          report(`${path}.failures[${i}].pfn`, `frame 0x${failure.pfn.toString(16)} belongs to no device and no memory`);
      });
      return;
    case 'call':
      if (step.by !== undefined) needProcess(step.by, 'by');
      step.args.forEach((argument, i) => {
        if (typeof argument !== 'string') return;
        const device = argument.slice(argument.indexOf(':') + 1);
        if (argument.startsWith('super_block:')) {
          if (!scenario.filesystems.some((fs) => fs.mountpoint === device))
            report(`${path}.args[${i}]`, `there is no filesystem at ${device}`);
          return;
        }
        if (!scenario.pmem.some((pmem) => pmem.name === device)) report(`${path}.args[${i}]`, `there is no pmem device ${device}`);
      });
      step.failed.forEach((range, i) => {
        if (range.length <= 0n) report(`${path}.failed[${i}].length`, 'at least one byte fails');
      });
      return;
    case 'unbind':
      if (!scenario.pmem.some((device) => device.name === step.device)) report(`${path}.device`, `there is no pmem device ${step.device}`);
      return;
    case 'unlink':
      if (!scenario.filesystems.some((fs) => fs.files.some((file) => file.path === step.path)))
        report(`${path}.path`, `no filesystem lists ${step.path}`);
  }
}

function ownsFrame(scenario: Scenario, pfn: bigint): boolean {
  return scenario.pmem.some((device) => byteInside(device, pfn * PAGE) !== undefined);
}
