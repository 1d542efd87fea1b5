// Presets about who owns the failed page: one file, several, none, and filesystems that cannot tell.

import type { ScenarioInput } from '../schema.ts';
import { BLOCK, file, frame, MIB, namespace, process, SIMULATED, START, xfs } from './parts.ts';

const f1 = file('f1', 131, 24, 16);
const shared1 = file('f1', 131, 24, 16, { reflink: true });
const shared2 = file('f2', 132, 24, 16, { reflink: true });
const onExt4 = file('f1', 12, 33280, 16);

export const ownerPresets: readonly ScenarioInput[] = [
  {
    id: 'single-owner',
    title: 'One file, three processes',
    description:
      'A poisons page 3 of a file that A, B (early kill) and C (default policy) map: A and B are signalled, C is not, and nobody maps the page afterwards.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [f1] })],
    processes: [process('A', 0, f1), process('B', 1, f1, { mcePolicy: 'early' }), process('C', 2, f1)],
    steps: [{ kind: 'madvise', process: 'A', map: 'm0', page: 3 }],
  },
  {
    id: 'reflinked-pair',
    title: 'One block, two files',
    description: 'f2 is a reflink copy of f1. Only the reverse map knows that B, who maps f2, uses the page that A poisons through f1.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [shared1, shared2] })],
    processes: [process('A', 0, shared1), process('B', 1, shared2, { mcePolicy: 'early' })],
    steps: [{ kind: 'madvise', process: 'A', map: 'm0', page: 5 }],
  },
  {
    id: 'kill-policies',
    title: 'Nobody is current: only the policy decides',
    description: 'The failure comes from outside any process. A asked for early kill, B for late kill, C left the default.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [f1] })],
    processes: [process('A', 0, f1, { mcePolicy: 'early' }), process('B', 1, f1, { mcePolicy: 'late' }), process('C', 2, f1)],
    steps: [{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(27 * BLOCK), flags: SIMULATED }] }],
  },
  {
    id: 'no-reverse-map',
    title: 'XFS without a reverse map',
    description: 'Without rmapbt the holder answers -EOPNOTSUPP, and the generic path asks page->mapping.',
    pmem: [namespace()],
    filesystems: [xfs({ rmapbt: false, reflink: false, files: [f1] })],
    processes: [process('A', 0, f1), process('B', 1, f1, { mcePolicy: 'early' })],
    steps: [{ kind: 'madvise', process: 'A', map: 'm0', page: 3 }],
  },
  {
    id: 'ext4-generic',
    title: 'A filesystem that registers no holder',
    description:
      'ext4 takes the device without a holder: page->mapping and page->index name the one owner, and its processes are signalled.',
    pmem: [namespace()],
    filesystems: [{ mountpoint: '/mnt', device: 'pmem0', type: 'ext4', files: [onExt4] }],
    processes: [process('A', 0, onExt4), process('B', 1, onExt4, { mcePolicy: 'early' })],
    steps: [{ kind: 'madvise', process: 'A', map: 'm0', page: 3 }],
  },
  {
    id: 'no-holder',
    title: 'Nobody holds the device',
    description: 'No filesystem is mounted: the holder hook answers -EOPNOTSUPP, the generic path finds no owner and gives -EBUSY.',
    pmem: [namespace()],
    steps: [{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(16 * MIB), flags: SIMULATED }] }],
  },
  {
    id: 'device-dax',
    title: 'No page-map operations: device-dax',
    description: 'A device-dax page map has no operations at all: the generic path signals with the size of the mapping (2 MiB, lsb 21).',
    pmem: [{ name: 'dax0.0', start: START, size: 512 * MIB, dataOffset: 2 * MIB, driver: 'devdax', mode: 'devdax', align: 2 * MIB }],
    processes: [
      {
        label: 'A',
        pid: 401,
        mcePolicy: 'early',
        maps: [
          {
            name: 'm0',
            path: '/dev/dax0.0',
            start: '0x7f0000000000',
            length: 8 * MIB,
            pages: [{ page: 512, pfn: frame(4 * MIB), shift: 21, write: true }],
          },
        ],
      },
    ],
    steps: [{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(4 * MIB + 88 * BLOCK), flags: SIMULATED }] }],
  },
];
