// The same scenario with more of a device that a step removes: tells what grows with the device and what does not.

import { add, type Bytes, bytesToSectors, fsBlocks, fsBlocksToBytes, pages, pagesToBytes } from '../../base/units.ts';
import type { Filesystem, MappedDevice, Scenario } from './schema.ts';

/** How much a device grows that no filesystem lies on. */
const BARE = pagesToBytes(pages(64n));

/** Removed devices grow by one allocation group of the filesystem that ends on them, and so do table and filesystem. */
export function growRemoved(scenario: Scenario): Scenario {
  const removed = scenario.steps.flatMap((step) => (step.kind === 'unbind' ? [step.device] : []));
  return removed.reduce(growDevice, scenario);
}

function growDevice(scenario: Scenario, device: string): Scenario {
  const mapped = scenario.mapped.find((candidate) => candidate.targets.at(-1)?.of === device);
  const fs = scenario.filesystems.find((candidate) => candidate.device === device || candidate.device === mapped?.name);
  const more = fs?.geometry === undefined ? BARE : fsBlocksToBytes(fsBlocks(BigInt(fs.geometry.agBlocks)), fs.geometry.blockSize);
  return {
    ...scenario,
    pmem: scenario.pmem.map((pmem) => (pmem.name === device ? { ...pmem, size: add(pmem.size, more) } : pmem)),
    mapped: scenario.mapped.map((one) => (one === mapped ? lengthen(one, more) : one)),
    filesystems: scenario.filesystems.map((one) => (one === fs ? addGroup(one) : one)),
  };
}

function lengthen(mapped: MappedDevice, more: Bytes): MappedDevice {
  const last = mapped.targets.length - 1;
  return {
    ...mapped,
    targets: mapped.targets.map((target, i) => (i === last ? { ...target, length: add(target.length, bytesToSectors(more)) } : target)),
  };
}

function addGroup(fs: Filesystem): Filesystem {
  const { geometry } = fs;
  if (geometry === undefined) return fs;
  return {
    ...fs,
    geometry: { ...geometry, agCount: geometry.agCount + 1, blocks: add(geometry.blocks, fsBlocks(BigInt(geometry.agBlocks))) },
  };
}
