// Presets about where the failed page lies: metadata, free space, edges, partitions, mapped devices, a device that goes.

import type { ScenarioInput } from '../schema.ts';
import { BLOCK, file, frame, mappedDevice, MIB, namespace, oneTarget, process, SIMULATED, START, xfs } from './parts.ts';

const f1 = file('f1', 131, 24, 16);
const atEnd = file('f1', 131, 131056, 16);
/** Pages 0 to 7 at block 24, pages 8 to 15 at block 1000. */
const split = file('f1', 131, 24, 16, {
  extents: [
    { logical: 0, physical: 24 * BLOCK, length: 8 * BLOCK },
    { logical: 8 * BLOCK, physical: 1000 * BLOCK, length: 8 * BLOCK },
  ],
});
const splitFrame = (page: number): number => START / BLOCK + (page < 8 ? 24 + page : 992 + page);
/** File page 3 of f1 lies at block 27. */
const PAGE3 = 27 * BLOCK;

export const placePresets: readonly ScenarioInput[] = [
  {
    id: 'metadata',
    title: 'The superblock fails',
    description: 'The first block of the filesystem fails: XFS shuts down and memory_failure() gives -EUCLEAN.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [f1] })],
    processes: [process('A', 0, f1, { mcePolicy: 'early' })],
    steps: [{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(0), flags: SIMULATED }] }],
  },
  {
    id: 'free-space',
    title: 'A free block fails',
    description: 'No reverse-map record covers the block: nobody is signalled and nothing shuts down.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [f1] })],
    processes: [process('A', 0, f1, { mcePolicy: 'early' })],
    steps: [{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(129 * MIB), flags: SIMULATED }] }],
  },
  {
    id: 'last-page',
    title: 'The last block of the device fails',
    description:
      'File data in the very last block: inclusive and exclusive ends meet here, and a range that is cut too short signals nobody.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [atEnd] })],
    processes: [process('A', 0, atEnd, { mcePolicy: 'early' })],
    steps: [{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(131071 * BLOCK), flags: SIMULATED }] }],
  },
  {
    id: 'before-metadata',
    title: 'The page before a metadata block fails',
    description:
      'The failed page is the last of f1; the next block is a bmap btree block of another file: a range that is cut too long shuts the filesystem down.',
    pmem: [namespace()],
    filesystems: [
      xfs({
        files: [f1, { path: '/mnt/f2', ino: 132, size: 0, dax: true }],
        extra: [{ start: 40 * BLOCK, length: BLOCK, owner: 132, bmbt: true }],
      }),
    ],
    processes: [process('A', 0, f1, { mcePolicy: 'early' })],
    steps: [{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(39 * BLOCK), flags: SIMULATED }] }],
  },
  {
    id: 'second-extent',
    title: 'The second extent of a file fails',
    description:
      'f1 lies in two pieces, and page 9 of it fails: the record says where its piece begins in the file, in blocks, and the page index follows from both.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [split] })],
    processes: [process('A', 0, split, { mcePolicy: 'early', frameOf: splitFrame })],
    steps: [{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(1001 * BLOCK), flags: SIMULATED }] }],
  },
  {
    id: 'range',
    title: 'One notification for metadata and data',
    description:
      'The holder is told of three blocks at once: a bmap btree block of f2 and two pages of f1 behind it. The filesystem shuts down, and A is signalled for both pages all the same.',
    pmem: [namespace()],
    filesystems: [
      xfs({
        files: [f1, { path: '/mnt/f2', ino: 132, size: 0, dax: true }],
        extra: [{ start: 23 * BLOCK, length: BLOCK, owner: 132, bmbt: true }],
        inodeBlocks: 7,
      }),
    ],
    processes: [process('A', 0, f1, { mcePolicy: 'early' })],
    steps: [
      {
        kind: 'call',
        function: 'dax_holder_notify_failure',
        args: ['dax_device:pmem0', 23 * BLOCK, 3 * BLOCK, 0],
        failed: [{ start: START + 23 * BLOCK, length: 3 * BLOCK }],
      },
    ],
  },
  {
    id: 'external-log',
    title: 'Behind the end of an external log',
    description:
      'The log lies on a partition of a device of its own. The first failure lies behind that partition and concerns nobody; the second lies in the log, and the filesystem shuts down.',
    pmem: [namespace(), { name: 'pmem1', start: '0x80000000', size: 64 * MIB, dev: '259:1' }],
    partitions: [{ name: 'pmem1p1', of: 'pmem1', start: 0, size: 32 * MIB }],
    filesystems: [{ ...xfs({ files: [f1] }), logDevice: 'pmem1p1' }],
    processes: [process('A', 0, f1, { mcePolicy: 'early' })],
    steps: [
      {
        kind: 'inject',
        via: 'hwpoison-inject',
        failures: [{ pfn: `0x${((0x80000000 + 48 * MIB) / BLOCK).toString(16)}`, flags: SIMULATED }],
      },
      {
        kind: 'inject',
        via: 'hwpoison-inject',
        failures: [{ pfn: `0x${((0x80000000 + 4 * MIB) / BLOCK).toString(16)}`, flags: SIMULATED }],
      },
    ],
  },
  {
    id: 'partition',
    title: 'The filesystem starts 4 MiB into the device',
    description:
      'Device offsets are not filesystem offsets: the start of the partition is taken away first. The second failure lies before the partition and concerns nobody.',
    pmem: [namespace()],
    partitions: [{ name: 'pmem0p1', of: 'pmem0', start: 4 * MIB, size: 400 * MIB }],
    filesystems: [xfs({ device: 'pmem0p1', agBlocks: 25600, reflink: false, files: [f1] })],
    processes: [process('A', 0, f1, { base: 4 * MIB }), process('B', 1, f1, { base: 4 * MIB, mcePolicy: 'early' })],
    steps: [
      { kind: 'madvise', process: 'A', map: 'm0', page: 3 },
      { kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(MIB), flags: SIMULATED }] },
    ],
  },
  {
    id: 'dm-linear',
    title: 'A mapped device in between',
    description:
      'XFS holds the mapped device, nobody holds the pmem device below it: the notification ends there and the generic path signals the owners.',
    pmem: [namespace()],
    mapped: [mappedDevice('lin0', 0, oneTarget(504, 'pmem0', 8))],
    filesystems: [xfs({ device: 'lin0', agBlocks: 32256, files: [f1] })],
    processes: [process('A', 0, f1, { base: 8 * MIB }), process('B', 1, f1, { base: 8 * MIB, mcePolicy: 'early' })],
    steps: [{ kind: 'madvise', process: 'A', map: 'm0', page: 3 }],
  },
  {
    id: 'data-offset',
    title: 'The page map lies on the device',
    description: 'data_offset is 10 MiB: the first failure lies in the metadata of the namespace (-ENXIO), the second in file data.',
    pmem: [namespace({ dataOffset: 10 * MIB, mode: 'fsdax-dev' })],
    filesystems: [xfs({ agBlocks: 32128, files: [f1] })],
    processes: [process('A', 0, f1, { base: 10 * MIB, mcePolicy: 'early' })],
    steps: [
      { kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(5 * MIB), flags: SIMULATED }] },
      { kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(10 * MIB + PAGE3), flags: SIMULATED }] },
    ],
  },
  {
    id: 'unbind',
    title: 'The driver is unbound under a mounted filesystem',
    description:
      'kill_dax() notifies the holder of the whole device, from 0 to U64_MAX: trees with MF_MEM_PRE_REMOVE freeze, signal every mapper, shut down and thaw.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [f1] })],
    processes: [process('A', 0, f1, { mcePolicy: 'early' }), process('B', 1, f1)],
    steps: [{ kind: 'unbind', device: 'pmem0' }],
  },
];
