// Steps of a scenario file: what fails, through which entry, and what happens to holders and processes in between.

import { z } from 'zod';
import { byteCount, frame, name, pageCount, physicalAddress, s64, u64 } from './fields.ts';
import { mapSchema } from './process-schema.ts';

/** memory_failure(pfn, flags); one injection may make several such calls (madvise over a range). */
export const failureSchema = z.strictObject({
  pfn: frame,
  flags: u64.prefault(0),
  /** Byte inside the page at which the error begins, where the hardware says it. */
  at: z.int().min(0).max(4095).optional(),
  /**
   * log2 of the bytes that are lost, as a machine check says it: 6 is a cache line. Left out: the page. A record of more than a page
   * still makes memory_failure() look at one frame, `pfn`.
   */
  lsb: z.int().min(0).max(30).optional(),
});

/** False: set-up that only changes the world and has no entry in the result. */
const injection = z.boolean().prefault(true);

const argumentsSchema = z
  .array(
    z.union([
      s64,
      z
        .string()
        .regex(
          /^(dax_device|pmem_device|gendisk|super_block|holder):.+$/,
          'expected a number or dax_device:NAME, pmem_device:NAME, gendisk:NAME, super_block:MOUNTPOINT, holder:MOUNTPOINT',
        ),
    ]),
  )
  .prefault([]);

/** A function of the tree with its arguments. */
const functionCall = z.strictObject({ function: name, file: z.string().min(1).optional(), args: argumentsSchema });

/** One thing that happens; injections become entries of the result, other steps only change the world. */
export const stepSchema = z.discriminatedUnion('kind', [
  /** madvise(MADV_HWPOISON) by a process on `count` pages of a mapping; `failures` may be left out: then the page table decides. */
  z.strictObject({
    kind: z.literal('madvise'),
    process: name,
    map: name,
    page: pageCount,
    count: pageCount.prefault(1),
    /** `soft-offline`: MADV_SOFT_OFFLINE, nothing has failed yet. */
    advice: z.enum(['hwpoison', 'soft-offline']).optional(),
    failures: z.array(failureSchema).optional(),
  }),
  /** memory_failure(): `by` is the current task's process label, or left out for a task that maps nothing. */
  z.strictObject({
    kind: z.literal('inject'),
    /**
     * Entry: the function itself; debugfs hwpoison-inject; a machine check (through the decode chain where nobody consumed the
     * error); a firmware record (APEI, CPER) through ghes_proc(); memory_failure_queue() with its fifo and work.
     */
    via: z.enum(['memory_failure', 'hwpoison-inject', 'mce', 'ghes', 'queue']).prefault('memory_failure'),
    by: name.optional(),
    failures: z.array(failureSchema).min(1),
  }),
  /** The driver is unbound from the namespace while things are as they are. */
  z.strictObject({ kind: z.literal('unbind'), device: name, injection }),
  /** kill_dax() alone: the device dies, its driver stays. */
  z.strictObject({ kind: z.literal('kill'), device: name }),
  /** The driver is bound again to a namespace that was unbound: new page map, new dax_device. */
  z.strictObject({ kind: z.literal('rebind'), device: name, injection }),
  /** A filesystem with `mounted: false`, or one that was unmounted, is mounted: it claims its devices. */
  z.strictObject({ kind: z.literal('mount'), mountpoint: z.string().startsWith('/'), injection }),
  z.strictObject({ kind: z.literal('unmount'), mountpoint: z.string().startsWith('/'), injection }),
  /** Somebody else asks for the dax_device: fs_dax_get_by_bdev() with a holder of its own, which has no operations. */
  z.strictObject({ kind: z.literal('claim'), device: name, holder: name }),
  /** fs_put_dax() by a claimant, or by a mount point's filesystem, whether it holds the device or not. */
  z.strictObject({ kind: z.literal('release'), device: name, holder: name }),
  /** unpoison_memory() on frames, as debugfs unpoison-pfn does. */
  z.strictObject({ kind: z.literal('unpoison'), pfns: z.array(frame).min(1) }),
  /** soft_offline_page(): the page is to be left before it fails. */
  z.strictObject({ kind: z.literal('soft-offline'), pfns: z.array(frame).min(1) }),
  /** An address-range scrub of a namespace ends with these physical ranges: they become badblocks. */
  z.strictObject({
    kind: z.literal('scrub'),
    device: name,
    bad: z.array(z.strictObject({ start: physicalAddress, length: byteCount })).min(1),
  }),
  /** Any function of the tree, for entries that have no step of their own and for drivers' set-up. */
  z.strictObject({
    kind: z.literal('call'),
    function: name,
    /** File that defines it; needed for a static function. */
    file: z.string().min(1).optional(),
    /** Numbers, or structures of the world: `dax_device:pmem0`, `pmem_device:pmem0`, `gendisk:pmem0`, `super_block:/mnt`, `holder:/mnt`. */
    args: argumentsSchema,
    by: name.optional(),
    /** Physical bytes that have failed, for the laws; left out: nothing failed. */
    failed: z.array(z.strictObject({ start: physicalAddress, length: byteCount })).prefault([]),
    injection,
  }),
  /**
   * Two tasks at once: `first` is stopped at each of its instructions inside the function `inside` in turn, `second` runs there, then
   * `first` goes on. Recorded is the first order of events that ends badly, else the last.
   */
  z.strictObject({
    kind: z.literal('race'),
    first: functionCall,
    second: functionCall,
    inside: name,
    failed: z.array(z.strictObject({ start: physicalAddress, length: byteCount })).prefault([]),
  }),
  /** A process reads or writes pages of a mapping (faults them in again). */
  z.strictObject({
    kind: z.literal('access'),
    process: name,
    map: name,
    page: pageCount,
    count: pageCount.prefault(1),
    how: z.enum(['read', 'write']),
  }),
  z.strictObject({ kind: z.literal('map'), process: name, map: mapSchema }),
  z.strictObject({ kind: z.literal('unmap'), process: name, map: name }),
  z.strictObject({ kind: z.literal('exit'), process: name }),
  z.strictObject({ kind: z.literal('policy'), process: name, mcePolicy: z.enum(['early', 'late', 'default']) }),
  z.strictObject({ kind: z.literal('unlink'), path: z.string().min(1) }),
  /** Blocks of a file become free: a hole is punched, or, without a length, the file ends there. */
  z.strictObject({ kind: z.literal('discard'), path: z.string().min(1), start: byteCount, length: byteCount.optional() }),
  /** Inodes that nobody uses are dropped from the caches (drop_caches), as far as the filesystem can at once. */
  z.strictObject({ kind: z.literal('drop-caches') }),
  /** vm.memory_failure_early_kill is set. */
  z.strictObject({ kind: z.literal('sysctl'), earlyKill: z.boolean() }),
  /** A command of an observation that no other step stands for: it keeps its place in the result, which says that nothing is known. */
  z.strictObject({ kind: z.literal('command'), text: z.string() }),
]);
