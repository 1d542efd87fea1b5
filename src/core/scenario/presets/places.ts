// Presets about where the failed page lies: metadata, free space, edges, partitions, mapped devices, a device that goes.

import type { ScenarioInput } from '../schema.ts';
import { BLOCK, file, frame, MIB, namespace, process, SIMULATED, xfs } from './parts.ts';

const f1 = file('f1', 131, 24, 16);
const atEnd = file('f1', 131, 131056, 16);
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
    mapped: [
      {
        name: 'lin0',
        disk: 'dm-0',
        dev: '254:0',
        targets: [{ start: 0, length: (504 * MIB) / 512, type: 'linear', of: 'pmem0', offset: 16384 }],
      },
    ],
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
