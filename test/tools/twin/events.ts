// Random events in a built world: failures of pages inside, at the edges and outside, ranges, removals, calls of single hops.

import { pfn } from '../../../src/base/units.ts';
import type { PmemDeviceState, World } from '../../../src/core/kernel/world/types.ts';
import type { KernelModel } from '../../../src/core/kernel/model.ts';
import { rangesOf } from '../../../src/core/scenario/devices.ts';
import { takeReference } from '../../../src/core/kernel/world/gup.ts';
import type { Seeded } from '../seeded.ts';
import { chance } from './worlds.ts';

/** A call of the tree by a task. */
export interface TwinEvent {
  readonly function: string;
  readonly unit: string;
  readonly args: readonly bigint[];
  /** Address of the current task. */
  readonly task: bigint;
  /** Frame that gets a reference first, as MF_COUNT_INCREASED says. */
  readonly counted: bigint | undefined;
}

const FAILURE = 'mm/memory-failure.c';
const MADV_HWPOISON = 100n;
const ALL = (1n << 64n) - 1n;
const PAGE = 4096n;

function flagsOf(random: Seeded, kernel: KernelModel): bigint {
  const names = ['MF_ACTION_REQUIRED', 'MF_MUST_KILL', 'MF_SOFT_OFFLINE', 'MF_SW_SIMULATED', 'MF_NO_RETRY', 'MF_MEM_PRE_REMOVE'];
  let flags = 0n;
  for (const name of names) if (chance(random, 22)) flags |= kernel.constant(name, FAILURE) ?? 0n;
  return flags;
}

function frames(random: Seeded, world: World): bigint {
  const { scenario } = world;
  const device = random.pick(scenario.pmem);
  const range = random.pick(rangesOf(device));
  const first = range.start / PAGE;
  const count = range.length / PAGE;
  const mapped = scenario.processes.flatMap((p) =>
    p.maps.flatMap((m) => m.pages.map((page) => page.pfn + (page.shift === 21 ? BigInt(random.below(512)) : 0n))),
  );
  const kind = random.below(100);
  if (kind < 50 && mapped.length > 0) return random.pick(mapped);
  if (kind < 60 && mapped.length > 0) return random.pick(mapped) + BigInt(random.below(9) - 4);
  if (kind < 70) return first + device.dataOffset / PAGE + BigInt(random.below(32));
  if (kind < 78) return first + count - 1n - BigInt(random.below(3));
  if (kind < 84) return random.pick([first - 1n, first + count, first, first + device.dataOffset / PAGE - 1n]);
  if (kind < 96) return first + (BigInt(random.below(0x7fffffff)) % count);
  return random.pick([0n, 1n, 0x100n, 0x1000n, 0x7ffffn, 0x3ffffffffn, ALL >> 12n]);
}

function range(random: Seeded, world: World): readonly [bigint, bigint] {
  const device = random.pick(world.scenario.pmem);
  const size = device.size - device.dataOffset;
  const page = (): bigint => (frames(random, world) * PAGE - device.start - device.dataOffset) & ALL;
  const offset = random.pick([0n, 0n, size - PAGE, size, size + PAGE, page(), page(), page(), BigInt(random.below(0x7fffffff))]) & ALL;
  const length =
    random.pick([
      PAGE,
      PAGE,
      PAGE,
      2n * PAGE,
      16n * PAGE,
      512n * PAGE,
      size,
      ALL,
      64n,
      0n,
      size - offset,
      BigInt(random.below(0x7fffffff)),
    ]) & ALL;
  return [offset, length];
}

/** True when the filesystem sits on the device itself; now and then also when not: the call then meets NULL. */
function isHeldByXfs(world: World, device: PmemDeviceState): boolean {
  if (device.daxDevice === 0n) return false;
  return world.kernel.view('struct dax_device', device.daxDevice).member('holder_data').read() !== 0n && world.scenario.mapped.length === 0;
}

/** A random event; undefined when this world has nothing for it. */
export function randomEvent(random: Seeded, world: World): TwinEvent | undefined {
  const { kernel, state } = world;
  const tasks = [...state.tasks.values()].filter((t) => t.state === 'alive' && t.mm !== 0n);
  if (tasks.length === 0) return undefined;
  const actor = random.pick(tasks);
  const device = random.pick([...state.devices.values()]);
  const inodes = [...state.inodes.values()].filter((inode) => inode.dax);
  const event = (name: string, unit: string, args: readonly bigint[], counted?: bigint): TwinEvent | undefined =>
    kernel.program.functionAddress(name, unit) === undefined ? undefined : { function: name, unit, args, task: actor.task, counted };
  const kind = random.below(100);
  if (kind < 58) {
    return event('memory_failure', FAILURE, [frames(random, world), flagsOf(random, kernel)]);
  }
  if (kind < 66) {
    const holders = tasks.filter((t) => t.maps.length > 0);
    if (holders.length === 0) return undefined;
    const task = random.pick(holders);
    const map = random.pick(task.maps);
    const pages = map.length / PAGE;
    const first = BigInt(random.below(Number(pages)));
    const start = map.start + first * PAGE;
    const made = event('madvise_inject_error', 'mm/madvise.c', [MADV_HWPOISON, start, start + PAGE * (1n + BigInt(random.below(2)))]);
    return made === undefined ? undefined : { ...made, task: task.task };
  }
  const [offset, length] = range(random, world);
  const flags = flagsOf(random, kernel);
  if (kind < 78 && device.daxDevice !== 0n)
    return event('dax_holder_notify_failure', 'drivers/dax/super.c', [device.daxDevice, offset, length, flags]);
  if (kind < 84 && isHeldByXfs(world, device))
    return event('xfs_dax_notify_failure', 'fs/xfs/xfs_notify_failure.c', [device.daxDevice, offset, length, flags]);
  if (kind < 91 && inodes.length > 0) {
    const inode = random.pick(inodes);
    const count = random.pick([1n, 1n, 2n, 16n, 512n]);
    return event('mf_dax_kill_procs', FAILURE, [inode.mapping, BigInt(random.below(40)), count, flags]);
  }
  if (kind < 95 && device.daxDevice !== 0n)
    return event('pmem_pagemap_memory_failure', 'drivers/nvdimm/pmem.c', [
      device.pgmap,
      frames(random, world),
      random.pick([1n, 1n, 2n, 512n]),
      flags,
    ]);
  if (kind < 97 && device.daxDevice !== 0n) return event('kill_dax', 'drivers/dax/super.c', [device.daxDevice]);
  if (device.daxDevice !== 0n) return event('pmem_release_disk', 'drivers/nvdimm/pmem.c', [device.driver]);
  return undefined;
}

/** What the caller of an event has done before. */
export function prepareEvent(world: World, event: TwinEvent): void {
  world.kernel.current = event.task;
  if (event.counted !== undefined) takeReference(world.kernel, pfn(event.counted));
}
