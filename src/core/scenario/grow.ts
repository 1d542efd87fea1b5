// The same scenario with more of a device that a step removes: tells what grows with the device and what does not.

import { add, type Bytes, bytesToSectors, fsBlocks, fsBlocksToBytes, isMultiple, pages, pagesToBytes } from '../../base/units.ts';
import type { Filesystem, MappedDevice, Scenario } from './schema.ts';

/** Devices grow by multiples of what the kernel maps at once (SUBSECTION_SIZE). */
const STEP = pagesToBytes(pages(512n));

/** Removed devices grow by whole allocation groups of the filesystem that ends on them, and so do table and filesystem. */
export function growRemoved(scenario: Scenario): Scenario {
  const removed = scenario.steps.flatMap((step) => (step.kind === 'unbind' ? [step.device] : []));
  return removed.reduce(growDevice, scenario);
}

function growDevice(scenario: Scenario, device: string): Scenario {
  const mapped = scenario.mapped.find((candidate) => candidate.targets.at(-1)?.of === device);
  const fs = scenario.filesystems.find((candidate) => candidate.device === device || candidate.device === mapped?.name);
  const { groups, more } = growth(fs);
  return {
    ...scenario,
    pmem: scenario.pmem.map((pmem) => (pmem.name === device ? { ...pmem, size: add(pmem.size, more) } : pmem)),
    mapped: scenario.mapped.map((one) => (one === mapped ? lengthen(one, more) : one)),
    filesystems: scenario.filesystems.map((one) => (one === fs ? addGroups(one, groups) : one)),
  };
}

/** The fewest groups that fill whole steps. */
function growth(fs: Filesystem | undefined): { readonly groups: number; readonly more: Bytes } {
  if (fs?.geometry === undefined) return { groups: 0, more: STEP };
  const { agBlocks, blockSize } = fs.geometry;
  const sizeOf = (groups: number): Bytes => fsBlocksToBytes(fsBlocks(BigInt(agBlocks * groups)), blockSize);
  let groups = 1;
  while (!isMultiple(sizeOf(groups), STEP)) groups++;
  return { groups, more: sizeOf(groups) };
}

function lengthen(mapped: MappedDevice, more: Bytes): MappedDevice {
  const last = mapped.targets.length - 1;
  return {
    ...mapped,
    targets: mapped.targets.map((target, i) => (i === last ? { ...target, length: add(target.length, bytesToSectors(more)) } : target)),
  };
}

function addGroups(fs: Filesystem, groups: number): Filesystem {
  const { geometry } = fs;
  if (geometry === undefined) return fs;
  return {
    ...fs,
    geometry: {
      ...geometry,
      agCount: geometry.agCount + groups,
      blocks: add(geometry.blocks, fsBlocks(BigInt(geometry.agBlocks * groups))),
    },
  };
}
