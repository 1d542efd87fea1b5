// Presets on which the designs of failure reporting differ: mapped devices of several shapes, removal, an error of one cache line.

import type { ScenarioInput } from '../schema.ts';
import { BLOCK, file, frame, mappedDevice, MIB, namespace, oneTarget, process, SIMULATED, START, xfs } from './parts.ts';

const shared1 = file('f1', 131, 24, 16, { reflink: true });
const shared2 = file('f2', 132, 24, 16, { reflink: true });
const SECTORS = MIB / 512;
/** File page 3 of f1 lies at block 27. */
const PAGE3 = 27 * BLOCK;
/** Root of the reverse map of the first group. */
const RMAP_ROOT = 8 * BLOCK;

/** A reflinked pair; A maps the first file, B the second; `base` is the device byte of filesystem byte 0. */
const pairOn = (base: number) => [
  process('A', 0, shared1, { base, mcePolicy: 'early' as const }),
  process('B', 1, shared2, { base, mcePolicy: 'early' as const }),
];

/** A second namespace at 2 GiB. */
const SECOND = 0x80000000;

/** f1 on two legs with chunks of 16 blocks: its pages 0 to 7 lie in chunk 1 (second leg), the others in chunk 2 (first leg). */
const stripedFrame = (page: number): number => (page < 8 ? SECOND / BLOCK + 8 + page : START / BLOCK + 16 + (page - 8));

/** The smallest devices whose memory the kernel maps (SUBSECTION_SIZE): a removal that goes page by page can be run and counted. */
const SMALL = 2 * MIB;
const HALF = SMALL / 512;
const onFirst = file('f1', 131, 24, 16);
const onSecond = file('f2', 132, 800, 16, { reflink: true });
const copyOnSecond = file('f3', 133, 800, 16, { reflink: true });
const secondBase = { base: SECOND - START - SMALL };

export const designPresets: readonly ScenarioInput[] = [
  {
    id: 'dm-reflinked',
    title: 'Two files share the block, a mapped device in between',
    description:
      'Only a design that translates through the mapped device reaches the reverse map that knows B; the generic path names one owner.',
    pmem: [namespace()],
    mapped: [mappedDevice('lin0', 0, oneTarget(504, 'pmem0', 8))],
    filesystems: [xfs({ device: 'lin0', agBlocks: 32256, files: [shared1, shared2] })],
    processes: pairOn(8 * MIB),
    steps: [{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(8 * MIB + PAGE3), flags: SIMULATED }] }],
  },
  {
    id: 'dm-two-levels',
    title: 'A mapped device on a mapped device',
    description: 'Two translations must be undone one after the other, 8 MiB and 16 MiB, before the filesystem sees its own offset.',
    pmem: [namespace()],
    mapped: [mappedDevice('low', 0, oneTarget(504, 'pmem0', 8)), mappedDevice('high', 1, oneTarget(480, 'low', 16))],
    filesystems: [xfs({ device: 'high', agBlocks: 30720, files: [shared1, shared2] })],
    processes: pairOn(24 * MIB),
    steps: [{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(24 * MIB + PAGE3), flags: SIMULATED }] }],
  },
  {
    id: 'dm-untranslatable',
    title: 'A target that cannot say where its data lies',
    description:
      'A write cache has no way back from a place of the device below: the answer must be -EOPNOTSUPP, so that the generic path does what it can.',
    pmem: [namespace()],
    mapped: [mappedDevice('wc', 0, oneTarget(504, 'pmem0', 8, 'writecache'))],
    filesystems: [xfs({ device: 'wc', agBlocks: 32256, files: [shared1, shared2] })],
    processes: pairOn(8 * MIB),
    steps: [{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: frame(8 * MIB + PAGE3), flags: SIMULATED }] }],
  },
  {
    id: 'dm-stripe',
    title: 'Chunks go round over two devices',
    description:
      'Block 27 of the filesystem is block 11 of the second device: the way back needs the number of the leg and the size of a chunk.',
    pmem: [namespace(), namespace({ name: 'pmem1', start: SECOND, dev: '259:1' })],
    mapped: [
      mappedDevice('str0', 0, [{ start: 0, length: 1024 * SECTORS, type: 'stripe', of: 'pmem0', legs: [{ of: 'pmem1' }], chunk: 128 }]),
    ],
    filesystems: [xfs({ device: 'str0', agBlocks: 65536, files: [shared1, shared2] })],
    processes: [
      process('A', 0, shared1, { mcePolicy: 'early', frameOf: stripedFrame }),
      process('B', 1, shared2, { mcePolicy: 'early', frameOf: stripedFrame }),
    ],
    steps: [{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: `0x${stripedFrame(3).toString(16)}`, flags: SIMULATED }] }],
  },
  {
    id: 'cache-line',
    title: 'The hardware names 64 bytes',
    description:
      'Three machine checks for one cache line each: in file data, in the unused end of a reverse-map block, in a record of that block. Page-granular trees lose what the hardware knew and shut the filesystem down for the second one.',
    pmem: [namespace()],
    filesystems: [xfs({ files: [file('f1', 131, 24, 16)] })],
    processes: [process('A', 0, file('f1', 131, 24, 16), { mcePolicy: 'early' })],
    steps: [
      { kind: 'inject', via: 'mce', failures: [{ pfn: frame(PAGE3), at: 0x240, lsb: 6 }] },
      { kind: 'inject', via: 'mce', failures: [{ pfn: frame(RMAP_ROOT), at: 0xc00, lsb: 6 }] },
      { kind: 'inject', via: 'mce', failures: [{ pfn: frame(RMAP_ROOT), at: 0x40, lsb: 6 }] },
    ],
  },
  {
    id: 'removal',
    title: 'One of two devices is removed',
    description:
      'The filesystem lies on both devices, one behind the other; the second one goes. B and C map (reflinked) files there, A maps a file on the first one and loses nothing but the filesystem.',
    pmem: [namespace({ size: SMALL }), namespace({ name: 'pmem1', start: SECOND, size: SMALL, dev: '259:1' })],
    mapped: [
      mappedDevice('lin0', 0, [
        { start: 0, length: HALF, type: 'linear', of: 'pmem0' },
        { start: HALF, length: HALF, type: 'linear', of: 'pmem1' },
      ]),
    ],
    filesystems: [xfs({ device: 'lin0', agBlocks: 256, logBlocks: 64, files: [onFirst, onSecond, copyOnSecond] })],
    processes: [
      process('A', 0, onFirst, { mcePolicy: 'early' }),
      process('B', 1, onSecond, { mcePolicy: 'early', ...secondBase }),
      process('C', 2, copyOnSecond, { mcePolicy: 'early', ...secondBase }),
    ],
    steps: [{ kind: 'unbind', device: 'pmem1' }],
  },
];
