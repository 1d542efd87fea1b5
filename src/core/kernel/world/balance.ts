// What an injection must leave as it found it: references, allocations, preemption and interrupts. Locks have their own table.
import type { Pfn } from '../../../base/units.ts';
import type { HeapObject } from '../../machine/objects.ts';
import { preemptCount } from '../kernel/sched/sched.ts';
import type { KernelModel } from '../model.ts';
import { unreachable } from './leaks.ts';
import { inodeOf } from './inodes.ts';
import { pageAddress } from './pages.ts';
import { worldKey } from './state.ts';
import { indexOf } from './vma-places.ts';

/** Counts before an injection. */
export interface Balance {
  /** What is counted -> references. */
  readonly references: ReadonlyMap<string, bigint>;
  /** Addresses of the objects that lived. */
  readonly objects: ReadonlySet<bigint>;
  readonly preempt: number;
  readonly irqsDisabled: boolean;
  readonly lockedEntries: ReadonlySet<string>;
}

/** Caches whose objects outlive the call that made them: nodes of trees, signals that wait for delivery. */
const LASTING: readonly RegExp[] = [/^radix_tree_node/, /^maple_node/, /^sigqueue/, /^page/, /^kmem_cache/, /^percpu/];

/** Frames whose page references are compared: those that the scenario's steps fail. */
function failingFrames(kernel: KernelModel): readonly Pfn[] {
  const steps = kernel.part(worldKey).scenario?.steps ?? [];
  return [...new Set(steps.flatMap((s) => (s.kind === 'inject' || s.kind === 'madvise' ? (s.failures ?? []).map((f) => f.pfn) : [])))];
}

/** Live references of a percpu_ref on the one CPU. */
function percpuReferences(kernel: KernelModel, address: bigint): bigint {
  const pointer = kernel.view('struct percpu_ref', address).member('percpu_count_ptr').read();
  // __PERCPU_REF_ATOMIC_DEAD: the counter moved to the atomic one.
  return (pointer & 3n) === 0n && pointer !== 0n ? BigInt.asIntN(64, kernel.machine.memory.readU64(pointer)) : 0n;
}

function countReferences(kernel: KernelModel): Map<string, bigint> {
  const counts = new Map<string, bigint>();
  const { devices, tasks } = kernel.part(worldKey);
  for (const device of devices.values()) {
    if (!device.bound) continue;
    const pgmap = kernel.view('struct dev_pagemap', device.pgmap);
    if (pgmap.has('ref.percpu_count_ptr'))
      counts.set(`the dev_pagemap of ${device.name}`, percpuReferences(kernel, pgmap.member('ref').address));
  }
  for (const task of tasks.values()) {
    const view = kernel.view('struct task_struct', task.task);
    if (task.scenario !== undefined && view.has('usage.refs.counter'))
      counts.set(`the task_struct of ${task.label}`, view.member('usage.refs.counter').read());
  }
  for (const pfn of failingFrames(kernel)) {
    const page = kernel.view('struct page', pageAddress(kernel, pfn));
    counts.set(`the page of pfn 0x${pfn.toString(16)}`, page.firstMember('_refcount.counter', '_refcount').read());
  }
  return counts;
}

/** Most pages that are asked for their entry. */
const MOST_PAGES = 4096;

/** Entries of DAX files that are locked (fs/dax.c DAX_LOCKED, bit 0 of the value): whoever faults there next would wait forever. */
function lockedEntries(kernel: KernelModel): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  for (const task of kernel.part(worldKey).tasks.values()) {
    for (const map of task.maps) {
      const inode = inodeOf(kernel, map.path);
      if (inode?.dax !== true || map.path.startsWith('/dev/')) continue;
      const space = kernel.view('struct address_space', inode.mapping);
      for (const page of map.scenario.pages) {
        const index = indexOf(map, page.page);
        const name = `the DAX entry of page ${index} of ${map.path}`;
        if (seen.has(name) || seen.size > MOST_PAGES) continue;
        seen.add(name);
        // The tree's own function: in a broken tree it may not end, then nothing more can be said.
        const read = kernel.machine.attempt(() => kernel.run('xa_load', [space.member('i_pages').address, index]));
        if (read.kind !== 'value') return found;
        const entry = read.value;
        if ((entry & 1n) === 1n && ((entry >> 1n) & 1n) === 1n) found.add(name);
      }
    }
  }
  return found;
}

/** Takes stock before an injection. */
export function takeBalance(kernel: KernelModel): Balance {
  return {
    references: countReferences(kernel),
    objects: new Set(kernel.machine.heap.live().map((o) => o.address)),
    preempt: preemptCount(kernel),
    irqsDisabled: kernel.locks.irqsDisabled,
    lockedEntries: lockedEntries(kernel),
  };
}

/** Allocated by the injection and still there: a leak when nobody points to it. */
function isSuspect(object: HeapObject, before: Balance): boolean {
  return (
    object.allocatedAt !== undefined &&
    /^(kmalloc-\d+|xfs_\w+_cur)$/.test(object.name) &&
    !before.objects.has(object.address) &&
    !LASTING.some((r) => r.test(object.name))
  );
}

/** What is different after an injection that returned; one sentence each. */
export function imbalance(kernel: KernelModel, before: Balance): readonly string[] {
  const found: string[] = [];
  for (const [what, count] of countReferences(kernel)) {
    const old = before.references.get(what);
    if (old === undefined || old === count) continue;
    const n = count > old ? count - old : old - count;
    found.push(
      `${n} reference${n === 1n ? '' : 's'} to ${what} ${n === 1n ? 'was' : 'were'} ${count > old ? 'not released' : 'released too often'}`,
    );
  }
  const suspects = kernel.machine.heap.live().filter((object) => isSuspect(object, before));
  for (const object of unreachable(kernel, suspects)) {
    const at = object.allocatedAt;
    const place = at?.place === undefined ? '' : ` at ${at.place.path}:${at.place.line}`;
    found.push(`memory leak: ${object.size} bytes allocated in ${at?.function ?? '?'}${place} were not freed`);
  }
  for (const name of lockedEntries(kernel)) if (!before.lockedEntries.has(name)) found.push(`${name} is still locked`);
  const preempt = preemptCount(kernel);
  if (preempt !== before.preempt) found.push(`preempt_count is ${preempt}, was ${before.preempt}`);
  if (kernel.locks.irqsDisabled !== before.irqsDisabled)
    found.push(kernel.locks.irqsDisabled ? 'interrupts stay disabled' : 'interrupts were enabled');
  return found;
}
