// Presets about how a failure enters the kernel, and about devices and holders that come and go.

import type { ScenarioInput } from '../schema.ts';
import { BLOCK, file, frame, namespace, process, SIMULATED, START, xfs } from './parts.ts';

const f1 = file('f1', 131, 24, 16);
const shared1 = file('f1', 131, 24, 16, { reflink: true });
const shared2 = file('f2', 132, 24, 16, { reflink: true });
const A = process('A', 0, f1, { mcePolicy: 'early' });
/** File page 3 of f1 lies at block 27. */
const PAGE3 = 27 * BLOCK;
const fail: NonNullable<ScenarioInput['steps']>[number] = {
  kind: 'inject',
  via: 'hwpoison-inject',
  failures: [{ pfn: frame(PAGE3), flags: SIMULATED }],
};
/** Write access to the whole file, once it is mapped. */
const touch: NonNullable<ScenarioInput['steps']>[number] = { kind: 'access', process: 'A', map: 'm0', page: 0, count: 16, how: 'write' };
const map: NonNullable<ScenarioInput['steps']>[number] = {
  kind: 'map',
  process: 'A',
  map: { name: 'm0', path: f1.path, start: '0x7f0000000000', length: 16 * BLOCK },
};

export const entryPresets: readonly ScenarioInput[] = [
  {
    id: 'machine-check',
    title: 'A machine check that nobody consumed',
    description:
      'The record of 64 lost bytes goes through mce_log(), its pool, an interrupt work and the decode chain: nfit makes a bad block of 512 bytes of it, uc_decode_notifier() a page for memory_failure().',
    pmem: [namespace({ nfit: true })],
    filesystems: [xfs({ files: [f1] })],
    processes: [A],
    steps: [{ kind: 'inject', via: 'mce', failures: [{ pfn: frame(PAGE3), at: 0x240, lsb: 6 }] }],
  },
  {
    id: 'firmware-record',
    title: 'A firmware record (APEI, CPER)',
    description:
      'ghes_proc() reads the record, prints it, feeds the decode chain with its granularity and queues the page for memory_failure(), which a kernel thread calls later: nobody is current.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [f1] })],
    processes: [A, process('B', 1, f1)],
    steps: [{ kind: 'inject', via: 'ghes', failures: [{ pfn: frame(PAGE3), at: 0x240, lsb: 6 }] }],
  },
  {
    id: 'failure-queue',
    title: 'Two pages in the queue',
    description: 'memory_failure_queue() puts frames into a fifo of the CPU; its work takes both out again when the interrupt is over.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [f1] })],
    processes: [A],
    steps: [{ kind: 'inject', via: 'queue', failures: [{ pfn: frame(PAGE3) }, { pfn: frame(PAGE3 + BLOCK) }] }],
  },
  {
    id: 'scrub',
    title: 'A scrub finds bad bytes',
    description:
      'An address-range scrub reports 512 bytes of a file: they become bad blocks of region and namespace, and nobody is told until somebody reads them.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [f1] })],
    processes: [A],
    steps: [{ kind: 'scrub', device: 'pmem0', bad: [{ start: START + PAGE3 + 0x200, length: 512 }] }],
  },
  {
    id: 'soft-offline',
    title: 'Soft offline is refused',
    description: 'A page of persistent memory is no page that could be left for another one: sysfs and madvise both get -EIO.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [f1] })],
    processes: [A],
    steps: [
      { kind: 'soft-offline', pfns: [frame(PAGE3)] },
      { kind: 'madvise', process: 'A', map: 'm0', page: 3, advice: 'soft-offline' },
    ],
  },
  {
    id: 'unpoison',
    title: 'A poisoned page cannot be unpoisoned',
    description: 'unpoison_memory() looks for a page that is online; a page of a device never is, so the poison stays.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [f1] })],
    processes: [A],
    steps: [fail, { kind: 'unpoison', pfns: [frame(PAGE3)] }],
  },
  {
    id: 'kill',
    title: 'The device dies under its holder',
    description:
      'kill_dax() tells the holder first, then clears it. A failure afterwards finds a device that is not alive: -ENXIO, and nobody maps the page any more.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [f1] })],
    processes: [A],
    steps: [{ kind: 'kill', device: 'pmem0' }, fail],
  },
  {
    id: 'second-claimant',
    title: 'A second claimant',
    description:
      'The filesystem holds the device: fs_dax_get_by_bdev() refuses somebody else, who puts it all the same. The holder stays, and failures still reach both owners of the block. A refusal keeps the reference that it took (law 4).',
    pmem: [namespace()],
    filesystems: [xfs({ files: [shared1, shared2] })],
    processes: [process('A', 0, shared1, { mcePolicy: 'early' }), process('B', 1, shared2, { mcePolicy: 'early' })],
    steps: [{ kind: 'claim', device: 'pmem0', holder: 'other' }, { kind: 'release', device: 'pmem0', holder: 'other' }, fail],
  },
  {
    id: 'race',
    title: 'The holder puts its device while a failure is under way',
    description:
      'fs_put_dax() runs at each instruction of dax_holder_notify_failure() in turn. Nothing makes it wait for whoever has read the operations already: the filesystem is then asked while the device knows its holder no more.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [f1] })],
    processes: [A],
    steps: [
      {
        kind: 'race',
        first: { function: 'dax_holder_notify_failure', args: ['dax_device:pmem0', PAGE3, BLOCK, 0] },
        second: { function: 'fs_put_dax', args: ['dax_device:pmem0', 'holder:/mnt'] },
        inside: 'dax_holder_notify_failure',
        failed: [{ start: START + PAGE3, length: BLOCK }],
      },
    ],
  },
  {
    id: 'rebind',
    title: 'Unbound, bound again, mounted again',
    description: 'Each generation of the device has its own page map and dax_device; a failure reaches the holder of the one that lives.',
    pmem: [namespace()],
    filesystems: [{ ...xfs({ files: [f1] }), mounted: false }],
    processes: [{ label: 'A', pid: 401, mcePolicy: 'early' }],
    steps: [
      { kind: 'mount', mountpoint: '/mnt' },
      map,
      touch,
      { kind: 'unbind', device: 'pmem0' },
      fail,
      { kind: 'unmap', process: 'A', map: 'm0' },
      { kind: 'unmount', mountpoint: '/mnt' },
      { kind: 'rebind', device: 'pmem0' },
      { kind: 'mount', mountpoint: '/mnt' },
      map,
      touch,
      fail,
    ],
  },
];
