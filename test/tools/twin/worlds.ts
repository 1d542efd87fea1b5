// Random worlds for the twin: devices, a filesystem with shared and broken-up files, processes with mappings and policies.

import { xfs, type FileInput } from '../../../src/core/scenario/presets/parts.ts';
import { parseScenario } from '../../../src/core/scenario/read.ts';
import type { Scenario, ScenarioInput } from '../../../src/core/scenario/schema.ts';
import type { Seeded } from '../seeded.ts';

const BLOCK = 4096;
const MIB = 1048576;
const HUGE_BLOCKS = 512;
const AGS = 4;
const USER = 0x7f0000000000;

type Inputs<K extends 'processes' | 'filesystems'> = NonNullable<ScenarioInput[K]>[number];
type Map_ = NonNullable<Inputs<'processes'>['maps']>[number];
type Extent = NonNullable<FileInput['extents']>[number];

/** True in `percent` of all cases. */
export function chance(random: Seeded, percent: number): boolean {
  return random.below(100) < percent;
}

interface Place {
  /** Blocks of an allocation group. */
  readonly agBlocks: number;
  readonly logBlocks: number;
  /** Physical byte of the filesystem's byte 0. */
  readonly base: number;
  /** Used blocks: [start, end). */
  readonly used: (readonly [number, number])[];
}

/** A run of free blocks inside one allocation group; undefined when the place is crowded. */
function allocate(random: Seeded, place: Place, blocks: number, huge: boolean): number | undefined {
  for (let attempt = 0; attempt < 20; attempt++) {
    const ag = random.below(AGS);
    const first = ag * place.agBlocks + 24 + (ag === AGS / 2 ? place.logBlocks : 0);
    const end = (ag + 1) * place.agBlocks;
    const room = end - first - blocks;
    if (room <= 0) continue;
    // The edges of a group matter most.
    let start = chance(random, 25)
      ? first + random.below(Math.min(room, 40))
      : chance(random, 30)
        ? end - blocks
        : first + random.below(room);
    if (huge) start += (HUGE_BLOCKS - ((place.base / BLOCK + start) % HUGE_BLOCKS)) % HUGE_BLOCKS;
    if (start + blocks > end || place.used.some(([a, b]) => start < b && a < start + blocks)) continue;
    place.used.push([start, start + blocks]);
    return start;
  }
  return undefined;
}

function randomFile(random: Seeded, place: Place, n: number, others: readonly FileInput[]): FileInput {
  const extents: Extent[] = [];
  let page = chance(random, 20) ? random.below(8) : 0;
  let reflink = false;
  const lender = others.length > 0 && chance(random, 45) ? random.pick(others) : undefined;
  for (let i = 1 + random.below(3); i > 0; i--) {
    const lent =
      lender?.extents === undefined || lender.extents.length === 0 || chance(random, 40) ? undefined : random.pick(lender.extents);
    if (lent !== undefined) {
      // A part of another file's extent, perhaps at another offset.
      const blocks = Number(lent.length) / BLOCK;
      const skip = random.below(blocks);
      const length = 1 + random.below(blocks - skip);
      extents.push({ logical: page * BLOCK, physical: Number(lent.physical) + skip * BLOCK, length: length * BLOCK, shared: true });
      reflink = true;
      page += length + (chance(random, 30) ? random.below(5) : 0);
      continue;
    }
    const huge = chance(random, 12);
    if (huge) page = Math.ceil(page / HUGE_BLOCKS) * HUGE_BLOCKS;
    const length = huge ? HUGE_BLOCKS * (1 + random.below(2)) : 1 + random.below(chance(random, 10) ? 300 : 24);
    const start = allocate(random, place, length, huge);
    if (start === undefined) continue;
    extents.push({ logical: page * BLOCK, physical: start * BLOCK, length: length * BLOCK, shared: false });
    page += length + (chance(random, 30) ? random.below(5) : 0);
  }
  return {
    path: `/mnt/f${n}`,
    ino: 131 + n,
    size: Math.max(page, 1) * BLOCK,
    dax: !chance(random, 4),
    inCore: !chance(random, 6),
    reflink,
    extents,
  };
}

/** Frames of a mapping's pages that were touched. */
function presentPages(
  random: Seeded,
  base: number,
  of: FileInput,
  map: { readonly start: number; readonly offset: number; readonly length: number },
  write: boolean,
) {
  const pages: NonNullable<Map_['pages']>[number][] = [];
  const density = random.pick([100, 100, 60, 10]);
  for (const extent of of.extents ?? []) {
    const logical = Number(extent.logical);
    for (let at = logical; at < logical + Number(extent.length);) {
      const page = (at - map.offset) / BLOCK;
      const physical = base + Number(extent.physical) + (at - logical);
      const left = Math.min(logical + Number(extent.length), map.offset + map.length) - at;
      const huge =
        at >= map.offset &&
        (map.start + page * BLOCK) % (2 * MIB) === 0 &&
        physical % (2 * MIB) === 0 &&
        at % (2 * MIB) === 0 &&
        left >= 2 * MIB;
      if (at >= map.offset && at < map.offset + map.length && chance(random, density)) {
        const shift = huge ? (21 as const) : (12 as const);
        pages.push({ page, pfn: physical / BLOCK, shift, write: write && extent.shared !== true && !(of.reflink ?? false) });
      }
      at += huge ? 2 * MIB : BLOCK;
    }
    if (pages.length > 400) break;
  }
  return pages;
}

function randomProcess(random: Seeded, base: number, n: number, files: readonly FileInput[]): Inputs<'processes'> {
  const maps: Map_[] = [];
  const mappable = files.filter((f) => (f.extents ?? []).length > 0 && f.inCore !== false && f.dax === true);
  for (let m = mappable.length === 0 ? 0 : 1 + random.below(2); m > 0; m--) {
    const of = random.pick(mappable);
    const filePages = Number(of.size) / BLOCK;
    const whole = chance(random, 60) || filePages < 2;
    const skip = whole ? 0 : random.below(filePages - 1);
    const count = whole ? filePages : 1 + random.below(filePages - skip);
    const start = USER + n * 0x40000000 + m * 0x8000000 + (chance(random, 50) ? 0 : random.below(64) * BLOCK);
    const map = { start, offset: skip * BLOCK, length: count * BLOCK };
    const sharing = chance(random, 85) ? ('shared' as const) : ('private' as const);
    const writable = chance(random, 70);
    maps.push({
      name: `m${m}`,
      path: of.path,
      ...map,
      sharing,
      prot: writable ? 'rw' : 'r',
      pages: presentPages(random, base, of, map, writable && sharing === 'shared'),
    });
  }
  return {
    label: String.fromCharCode(65 + n),
    pid: 401 + n,
    mcePolicy: random.pick(['early', 'late', 'default'] as const),
    sigbus: random.pick(['handler', 'handler', 'default', 'ignore', 'block'] as const),
    maps,
  };
}

function randomInput(random: Seeded, id: string): ScenarioInput {
  const agBlocks = random.pick([4096, 6144, 10000, 16384]);
  const logBlocks = random.pick([1024, 2048]);
  const bytes = agBlocks * AGS * BLOCK;
  const start = random.pick([0x40000000, 0x80000000, 0x140000000, 0x1040000000]) + random.below(16) * 2 * MIB;
  const dataOffset = chance(random, 40) ? random.pick([2 * MIB, 4 * MIB, 8192, 16 * MIB + BLOCK]) : 0;
  const partition = chance(random, 20) ? random.pick([MIB, 4 * MIB, 4 * MIB + BLOCK]) : 0;
  const target = chance(random, 15) ? random.pick([0, 2048, 16384]) : undefined;
  const spare = chance(random, 40) ? 0 : random.below(64) * BLOCK;
  // Memory is added in sub-sections of 2 MiB.
  const size = Math.ceil((dataOffset + partition + (target ?? 0) * 512 + bytes + spare) / (2 * MIB)) * 2 * MIB;
  const devices: ScenarioInput['pmem'] = [
    {
      name: 'pmem0',
      start,
      size,
      dataOffset,
      mode: dataOffset === 0 ? 'raw' : random.pick(['fsdax-mem', 'fsdax-dev'] as const),
      dev: '259:0',
    },
  ];
  if (chance(random, 25)) devices.push({ name: 'pmem1', start: start + size + 64 * MIB, size: 64 * MIB, dev: '259:1' });
  const devdax = chance(random, 15);
  if (devdax)
    devices.push({
      name: 'dax2.0',
      start: start + size + 256 * MIB,
      size: 64 * MIB,
      driver: 'devdax',
      mode: 'devdax',
      align: random.pick([4096, 2 * MIB]),
    });
  const base = start + dataOffset + partition + (target ?? 0) * 512;
  const place: Place = { agBlocks, logBlocks, base, used: [] };
  const files: FileInput[] = [];
  for (let n = 1 + random.below(5); n > 0; n--) files.push(randomFile(random, place, files.length + 1, files));
  const extra: {
    start: number;
    length: number;
    owner: string;
    offset?: number;
    attrFork?: boolean;
    bmbt?: boolean;
    unwritten?: boolean;
  }[] = [];
  for (let n = random.below(4); n > 0; n--) {
    const at = allocate(random, place, 1 + random.below(3), false);
    if (at === undefined) continue;
    const what = random.pick([{ attrFork: true }, { bmbt: true }, { unwritten: true, offset: 40 * BLOCK }, {}]);
    const owner =
      chance(random, 25) && Object.keys(what).length === 0
        ? random.pick(['xfs:inodes', 'xfs:refcount_btree', 'unknown'])
        : String(131 + 1 + random.below(files.length));
    extra.push({ start: at * BLOCK, length: BLOCK, owner, ...what });
  }
  const lower = partition > 0 ? 'pmem0p1' : 'pmem0';
  const rmapbt = !chance(random, 12);
  const reflink = rmapbt || files.some((f) => f.reflink === true);
  const kind = chance(random, 88) ? 'xfs' : random.pick(['ext4', 'none'] as const);
  const made = xfs({
    device: target === undefined ? lower : 'lin0',
    agBlocks,
    logBlocks,
    rmapbt,
    reflink,
    files,
    extra: rmapbt ? extra : [],
  });
  const { mountpoint, device } = made;
  const processes = kind === 'none' ? [] : Array.from({ length: random.below(5) }, (_, n) => randomProcess(random, base, n, files));
  if (devdax && chance(random, 80)) {
    const length = 2 * MIB * (1 + random.below(4));
    processes.push({
      label: 'X',
      pid: 440,
      mcePolicy: random.pick(['early', 'default'] as const),
      maps: [
        {
          name: 'm0',
          path: '/dev/dax2.0',
          start: USER + 0x1000000000,
          length,
          pages: [{ page: 0, pfn: (start + size + 256 * MIB) / BLOCK, shift: 12, write: true }],
        },
      ],
    });
  }
  return {
    id,
    earlyKill: chance(random, 30),
    pmem: devices,
    ...(partition > 0 ? { partitions: [{ name: 'pmem0p1', of: 'pmem0', start: partition, size: size - dataOffset - partition }] } : {}),
    ...(target === undefined
      ? {}
      : {
          mapped: [
            {
              name: 'lin0',
              disk: 'dm-0',
              dev: '254:0',
              targets: [{ start: 0, length: bytes / 512, type: 'linear', of: lower, offset: target }],
            },
          ],
        }),
    filesystems: kind === 'none' ? [] : kind === 'xfs' ? [made] : [{ mountpoint, device, type: 'ext4', files: made.files ?? [] }],
    processes,
    steps: [{ kind: 'inject', failures: [{ pfn: start / BLOCK }] }],
  };
}

/** A random scenario's world, or why it was no possible one. */
export function randomWorld(random: Seeded, id: string): Scenario | string {
  const parsed = parseScenario(randomInput(random, id));
  return parsed.kind === 'ok' ? parsed.value : (parsed.problems[0]?.message ?? 'invalid');
}
