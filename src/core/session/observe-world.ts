// Questions about the state of a world that laws and results need: who maps a frame, what is shut down, what is still held.

import { inodesInCore, mountsOf } from '../kernel/fs/mounts.ts';
import { frozenSuperblocks } from '../kernel/fs/super.ts';
import { heldBuffers } from '../kernel/fs/xfs/buffers.ts';
import { groupsOf } from '../kernel/fs/xfs/perag.ts';
import { leakedLocks } from '../kernel/locks.ts';
import { type Balance, imbalance, takeBalance } from '../kernel/world/balance.ts';
import type { KernelModel } from '../kernel/model.ts';
import { entriesIn, lookUp } from '../kernel/world/page-tables.ts';
import { worldKey } from '../kernel/world/state.ts';
import { isEarlyKill, policyOf } from '../kernel/world/tasks.ts';
import { isShutdown } from '../kernel/fs/xfs/buffers.ts';
import type { TaskState } from '../kernel/world/types.ts';
import { naturalShift } from '../kernel/world/faults.ts';
import { addressOf, indexOf } from '../kernel/world/vma-places.ts';
import { frameOfFile } from '../scenario/present-pages.ts';
import type { Scenario, Step } from '../scenario/schema.ts';
import {
  add,
  advance,
  alignDown,
  bytesToPages,
  compare,
  contains,
  distance,
  elementsOf,
  pageOfByte,
  pages,
  pagesToBytes,
  type Pfn,
  smallest,
  type Stretch,
  type UserAddr,
} from '../../base/units.ts';
import type { FilesystemResult } from '../trace/result.ts';
import type { Candidate, Mapper } from '../verdict/facts.ts';

/** Processes of the scenario, in its order. */
export function scenarioTasks(kernel: KernelModel): readonly TaskState[] {
  return [...kernel.part(worldKey).tasks.values()].filter((task) => task.scenario !== undefined);
}

/** Label of the process whose task_struct lies at an address. */
export function labelOf(kernel: KernelModel, task: bigint): string | undefined {
  return [...kernel.part(worldKey).tasks.values()].find((candidate) => candidate.task === task)?.label;
}

/** Page-table entries of living processes that map a frame. */
export function mappersOf(kernel: KernelModel, pfn: Pfn): readonly Mapper[] {
  return mappersIn(kernel, { start: pfn, length: pages(1n) });
}

/** The same for several frames: one entry of the result for each page-table entry, named by its first frame in the range. */
export function mappersIn(kernel: KernelModel, frames: Stretch<'pages', 'memory'>): readonly Mapper[] {
  const found: Mapper[] = [];
  for (const task of scenarioTasks(kernel)) {
    if (task.state !== 'alive' || task.mm === 0n) continue;
    const pgd = kernel.view('struct mm_struct', task.mm).member('pgd').read();
    for (const map of task.maps) {
      for (const { entry, base, size } of entriesIn(kernel.machine.memory, pgd, map)) {
        const shown = { start: alignDown(entry.pfn, bytesToPages(size)), length: bytesToPages(size) };
        const pfn = compare(shown.start, frames.start) > 0 ? shown.start : frames.start;
        const at = advance(base, pagesToBytes(distance(shown.start, pfn)));
        if (!contains(shown, pfn) || !contains(frames, pfn) || !contains(map, at)) continue;
        const index = pageOfByte(add(map.offset, distance(map.start, at)));
        found.push({ process: task.label, map: map.name, path: map.path, index, address: at, shift: entry.shift, pfn });
      }
    }
  }
  return found;
}

/** Processes as the kill policy sees them. */
export function candidatesOf(kernel: KernelModel): readonly Candidate[] {
  const early = isEarlyKill(kernel);
  return scenarioTasks(kernel).map((task) => ({
    label: task.label,
    alive: task.state === 'alive',
    mcePolicy: policyOf(kernel, task.task),
    ...(early === undefined ? {} : { earlyByDefault: early }),
    deaf: task.scenario?.sigbus === 'ignore' || task.scenario?.sigbus === 'block',
  }));
}

/** Filesystems of the scenario with their state. */
export function filesystemStates(kernel: KernelModel): readonly FilesystemResult[] {
  return mountsOf(kernel).map((mount) => ({
    device: mount.fs.device,
    mountpoint: mount.fs.mountpoint,
    ...(mount.fs.geometry === undefined ? {} : { blockSize: mount.fs.geometry.blockSize }),
    shutdown: isShutdown(kernel, mount.info),
  }));
}

/** What was counted before an injection, to be compared with what is there after it. */
export interface Before {
  /** Users of each dax_device, by the name of its namespace. */
  readonly daxUsers: ReadonlyMap<string, DaxUsers>;
  readonly references: ReadonlyMap<string, bigint>;
  /** What was held already: an earlier injection may have leaked it, or have ended in the middle. */
  readonly held: ReadonlySet<string>;
  readonly balance: Balance;
}

/** Takes stock before an injection. */
export function stateBefore(kernel: KernelModel): Before {
  const tasks = [...scenarioTasks(kernel).map(({ task }) => task), kernel.current];
  return {
    references: references(kernel),
    balance: takeBalance(kernel),
    daxUsers: daxUsers(kernel),
    held: new Set(heldNow(kernel, tasks)),
  };
}

/** A dax_device and who counts on it. */
interface DaxUsers {
  readonly dax: bigint;
  /** i_count of its inode. */
  readonly count: bigint;
  /** Takers that the world knows: mounts. */
  readonly taken: bigint;
  /** holder_data; 0 where the tree has none. */
  readonly holder: bigint;
}

function daxUsers(kernel: KernelModel): ReadonlyMap<string, DaxUsers> {
  const users = new Map<string, DaxUsers>();
  const type = kernel.program.typeNamed('struct dax_device', 'drivers/dax/super.c');
  for (const device of kernel.part(worldKey).devices.values()) {
    if (type === undefined || !device.bound || device.daxDevice === 0n) continue;
    const view = kernel.machine.view(type, device.daxDevice);
    if (!view.has('inode.i_count.counter')) continue;
    const taken = mountsOf(kernel).flatMap((mount) => mount.taken.filter(({ dax }) => dax === device.daxDevice)).length;
    users.set(device.name, {
      dax: device.daxDevice,
      count: view.member('inode.i_count.counter').read(),
      taken: BigInt(taken),
      holder: view.has('holder_data') ? view.member('holder_data').read() : 0n,
    });
  }
  return users;
}

/**
 * What a step that mounts, claims or puts left held beyond what it is for: its allocations stay by design, but locks do not, and a
 * dax_device has exactly as many users as there are takers. A put by somebody who took nothing is the caller's mistake, not judged.
 */
export function lifecycleLeaks(kernel: KernelModel, before: Before, step: Step): readonly string[] {
  const leaks = leakedLocks(kernel, kernel.current).filter((what) => !before.held.has(what));
  const after = daxUsers(kernel);
  for (const [name, old] of before.daxUsers) {
    const now = after.get(name);
    if (now === undefined || now.dax !== old.dax || step.kind === 'release' || step.kind === 'race') continue;
    const claimed = step.kind === 'claim' && now.holder !== old.holder ? 1n : 0n;
    const expected = old.count + now.taken - old.taken + claimed;
    if (now.count > expected) leaks.push(`a reference to the dax_device of ${name} was not released`);
    if (now.count < expected) leaks.push(`a reference to the dax_device of ${name} was released too often`);
  }
  return leaks;
}

/** Counts of inodes and allocation groups. */
function references(kernel: KernelModel): ReadonlyMap<string, bigint> {
  return new Map([
    ...inodesInCore(kernel).map(
      (inode) => [`the inode of ${inode.file.path}`, kernel.view('struct inode', inode.inode).member('i_count.counter').read()] as const,
    ),
    ...[...daxUsers(kernel)].map(([name, { count }]) => [`the dax_device of ${name}`, count] as const),
    ...groupsOf(kernel).map(
      (group) => [group.name, kernel.view('struct xfs_perag', group.perag).member('pag_ref.counter').read()] as const,
    ),
  ]);
}

/** Locks of some tasks, buffers, transactions and freezes, one sentence each. */
function heldNow(kernel: KernelModel, tasks: readonly bigint[]): readonly string[] {
  return [
    ...tasks.flatMap((task) => leakedLocks(kernel, task)),
    ...heldBuffers(kernel),
    ...frozenSuperblocks(kernel).map((name) => `${name} is still frozen`),
  ];
}

/** What an injection left held although it returned. */
export function leaksOf(kernel: KernelModel, before: Before, tasks: readonly bigint[]): readonly string[] {
  const leaks = [...heldNow(kernel, tasks).filter((what) => !before.held.has(what)), ...imbalance(kernel, before.balance)];
  for (const [name, count] of references(kernel)) {
    const old = before.references.get(name);
    if (old === undefined || old === count) continue;
    const n = count > old ? count - old : old - count;
    leaks.push(
      `${n} reference${n === 1n ? '' : 's'} to ${name} ${n === 1n ? 'was' : 'were'} ${count > old ? 'not released' : 'released too often'}`,
    );
  }
  return leaks;
}

/** Pages that madvise() of a step finds absent and faults in: the step itself makes its process a user of them. */
export function faultedIn(kernel: KernelModel, scenario: Scenario, step: Step): readonly Mapper[] {
  if (step.kind !== 'madvise' || step.advice === 'soft-offline') return [];
  const task = scenarioTasks(kernel).find((candidate) => candidate.label === step.process && candidate.state === 'alive');
  const map = task?.maps.find((candidate) => candidate.name === step.map);
  if (task === undefined || map === undefined) return [];
  return elementsOf({ start: step.page, length: smallest(step.count, bytesToPages(map.length)) }).flatMap((page) => {
    const address = addressOf(map, page);
    const index = indexOf(map, page);
    const pfn = frameOfFile(scenario, map.path, index);
    if (pfn === undefined || !contains(map, address) || isMapped(kernel, task, address)) return [];
    return [{ process: task.label, map: map.name, path: map.path, index, address, shift: naturalShift(scenario, map, page), pfn }];
  });
}

function isMapped(kernel: KernelModel, task: TaskState, address: UserAddr): boolean {
  return lookUp(kernel.machine.memory, kernel.view('struct mm_struct', task.mm).member('pgd').read(), address) !== undefined;
}
