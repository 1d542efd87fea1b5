// Random scenarios that could exist: devices, filesystems with shared and split files, processes with mappings, failures anywhere.

import type { ScenarioInput } from '../../../src/core/scenario/schema.ts';
import { BLOCK, file, type FileInput, MIB, START, xfs } from '../../../src/core/scenario/presets/parts.ts';

type Step = ScenarioInput['steps'][number];
type Process = NonNullable<ScenarioInput['processes']>[number];
type Extent = NonNullable<FileInput['extents']>[number];

/** Mulberry32: the same numbers for the same seed on every machine. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** In [0, below). */
  roll(below: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }

  chance(percent: number): boolean {
    return this.roll(100) < percent;
  }

  pick<T>(of: readonly T[]): T {
    return of[this.roll(of.length)] as T;
  }
}

const GROUP = 25600;
const GROUPS = 4;
/** Headers of the groups behind the first, and the log in one of them. */
const isMetadata = (block: number): boolean => block >= GROUP && block % GROUP < 17000;
const hex = (value: number): string => `0x${value.toString(16)}`;

interface Layout {
  readonly base: number;
  readonly scenario: Pick<ScenarioInput, 'pmem' | 'partitions' | 'mapped'>;
  readonly device: string;
}

/** A device with or without an info block, a partition or a mapped device on it. */
function layout(dice: Dice): Layout {
  const dataOffset = dice.pick([0, 0, 2 * MIB, 10 * MIB]);
  const pmem = [
    {
      name: 'pmem0',
      start: hex(START),
      size: 512 * MIB,
      dev: '259:0',
      dataOffset,
      ...(dataOffset > 0 ? { mode: 'fsdax-dev' as const } : {}),
    },
  ];
  const kind = dice.pick(['whole', 'whole', 'partition', 'linear'] as const);
  const shift = dice.pick([1, 4, 7]) * MIB;
  switch (kind) {
    case 'whole':
      return { base: dataOffset, device: 'pmem0', scenario: { pmem } };
    case 'partition':
      return {
        base: dataOffset + shift,
        device: 'pmem0p1',
        scenario: { pmem, partitions: [{ name: 'pmem0p1', of: 'pmem0', start: shift, size: 440 * MIB }] },
      };
    case 'linear':
      return {
        base: dataOffset + shift,
        device: 'lin0',
        scenario: {
          pmem,
          mapped: [
            {
              name: 'lin0',
              disk: 'dm-0',
              dev: '254:0',
              targets: [{ start: 0, length: (440 * MIB) / 512, type: 'linear', of: 'pmem0', offset: shift / 512 }],
            },
          ],
        },
      };
  }
}

/** Files of one to three extents; with reflink some extents belong to the file before as well. */
function files(dice: Dice, reflink: boolean): FileInput[] {
  const made: FileInput[] = [];
  const count = 1 + dice.roll(4);
  // Blocks are handed out in order, with gaps, so that nothing overlaps and edges meet.
  let next = 24 + dice.roll(3);
  for (let n = 0; n < count; n++) {
    const extents: Extent[] = [];
    let logical = 0;
    for (let e = 1 + dice.roll(3); e > 0; e--) {
      const donor = reflink && made.length > 0 && dice.chance(40) ? dice.pick(dice.pick(made).extents ?? []) : undefined;
      if (donor !== undefined) {
        Object.assign(donor, { shared: true });
        extents.push({ ...donor, logical, shared: true });
        logical += Number(donor.length);
      } else {
        const pages = 1 + dice.roll(6);
        // Sometimes in another group, sometimes right behind the last one.
        if (dice.chance(25)) next = GROUP * dice.pick([1, 3]) + (dice.chance(50) ? GROUP - 40 : 17000 + dice.roll(50));
        if (Math.floor(next / GROUP) !== Math.floor((next + pages - 1) / GROUP)) next = (Math.floor(next / GROUP) + 1) * GROUP + 17000;
        if (next + pages > GROUP * GROUPS) next = 2000 + dice.roll(100);
        while (
          isMetadata(next) ||
          made
            .concat([{ path: '', ino: 0, size: 0, extents }])
            .some((f) =>
              (f.extents ?? []).some(
                (x) => next * BLOCK < Number(x.physical) + Number(x.length) && Number(x.physical) < (next + pages) * BLOCK,
              ),
            )
        )
          next += 97;
        // Behind the last block there is nothing: such a file is shorter.
        if (next + pages > GROUP * GROUPS) break;
        extents.push({ logical, physical: next * BLOCK, length: pages * BLOCK });
        next += pages + dice.pick([0, 0, 1, 5]);
        logical += pages * BLOCK;
      }
      if (dice.chance(20)) logical += BLOCK;
    }
    if (extents.length === 0) continue;
    made.push({ ...file(`f${n}`, 131 + n, 0, logical / BLOCK, { reflink: extents.some((x) => x.shared === true) }), extents });
  }
  for (const f of made) if ((f.extents ?? []).some((x) => x.shared === true)) f.reflink = true;
  return made;
}

function physicalOf(f: FileInput, page: number): number | undefined {
  const at = page * BLOCK;
  const extent = (f.extents ?? []).find((e) => at >= Number(e.logical) && at < Number(e.logical) + Number(e.length));
  return extent === undefined ? undefined : Number(extent.physical) + at - Number(extent.logical);
}

function processes(dice: Dice, all: readonly FileInput[], base: number): Process[] {
  return Array.from({ length: 1 + dice.roll(4) }, (_, n) => {
    const maps = Array.from({ length: 1 + dice.roll(2) }, (_map, m) => {
      const f = dice.pick(all);
      const pages = Number(f.size) / BLOCK;
      const offset = dice.roll(pages);
      const length = 1 + dice.roll(pages - offset);
      const present = Array.from({ length }, (_page, page) => ({ page, at: physicalOf(f, offset + page) })).flatMap(({ page, at }) =>
        at === undefined || dice.chance(25)
          ? []
          : [{ page, pfn: hex((START + base + at) / BLOCK), write: f.reflink !== true && dice.chance(60) }],
      );
      const start = 0x7f0000000000 + n * 0x1000000 + m * 0x100000;
      return {
        name: `m${m}`,
        path: f.path,
        start: hex(start),
        length: length * BLOCK,
        offset: offset * BLOCK,
        pages: present,
        ...(dice.chance(15) ? { sharing: 'private' as const, pages: present.map((page) => ({ ...page, write: false })) } : {}),
      };
    });
    return {
      label: String.fromCharCode(65 + n),
      pid: 401 + n,
      mcePolicy: dice.pick(['early', 'early', 'late', 'default'] as const),
      sigbus: dice.pick(['handler', 'handler', 'handler', 'block', 'ignore', 'default'] as const),
      maps,
    };
  });
}

/** A frame that is worth failing: a page of a file, metadata, free space, an edge, or anywhere. */
function frame(dice: Dice, all: readonly FileInput[], base: number): number {
  const first = START + base;
  const f = dice.pick(all);
  const at = physicalOf(f, dice.roll(Number(f.size) / BLOCK)) ?? 0;
  const extent = dice.pick(f.extents ?? []);
  const end = Number(extent.physical) + Number(extent.length);
  const places = [
    at,
    at,
    at,
    at,
    Number(extent.physical),
    end - BLOCK,
    end,
    dice.roll(60) * BLOCK,
    dice.roll(GROUP * GROUPS) * BLOCK,
    GROUP * GROUPS * BLOCK - BLOCK,
    GROUP * GROUPS * BLOCK,
  ];
  return dice.chance(4) ? START / BLOCK + dice.roll(512) : (first + dice.pick(places)) / BLOCK;
}

function steps(dice: Dice, all: readonly FileInput[], people: readonly Process[], base: number): Step[] {
  const made: Step[] = [];
  for (let n = 1 + dice.roll(4); n > 0; n--) {
    const pfn = hex(frame(dice, all, base));
    const by = dice.pick(people);
    switch (dice.roll(8)) {
      case 0:
      case 1: {
        const map = dice.pick(by.maps ?? []);
        const page = (map.pages ?? []).length > 0 ? dice.pick(map.pages ?? []).page : undefined;
        if (page !== undefined) made.push({ kind: 'madvise', process: by.label, map: map.name, page: Number(page) });
        break;
      }
      case 2:
        made.push({ kind: 'inject', via: 'mce', failures: [{ pfn, at: dice.roll(64) * 64, lsb: 6 }] });
        break;
      case 3:
        made.push({ kind: 'inject', via: 'ghes', failures: [{ pfn }] });
        break;
      case 4:
        made.push({ kind: 'inject', via: 'queue', failures: [{ pfn }, { pfn: hex(frame(dice, all, base)) }] });
        break;
      case 5:
        made.push({ kind: 'inject', by: by.label, failures: [{ pfn, flags: 2 }] });
        break;
      default:
        made.push({ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn, flags: 0x20 }] });
    }
    if (dice.chance(10)) made.push({ kind: 'policy', process: by.label, mcePolicy: dice.pick(['early', 'late', 'default'] as const) });
    if (dice.chance(10)) made.push({ kind: 'unmap', process: by.label, map: 'm0' });
  }
  if (dice.chance(12)) made.push({ kind: dice.pick(['unbind', 'kill'] as const), device: 'pmem0' });
  if (made.length === 0 || made.every((step) => step.kind === 'policy' || step.kind === 'unmap'))
    made.push({ kind: 'inject', via: 'memory_failure', failures: [{ pfn: hex(frame(dice, all, base)) }] });
  return made;
}

/** One random scenario. */
export function randomScenario(seed: number): ScenarioInput {
  const dice = new Dice(seed);
  const { base, scenario, device } = layout(dice);
  const onExt4 = dice.chance(15);
  const rmapbt = !onExt4 && dice.chance(85);
  const reflink = !onExt4 && dice.chance(60);
  const all = files(dice, reflink);
  const people = processes(dice, all, base);
  const options = { device, agBlocks: GROUP, rmapbt, reflink, files: all };
  const filesystem = onExt4 ? { mountpoint: '/mnt', device, type: 'ext4', files: all } : xfs(options);
  return {
    id: `random-${seed}`,
    ...scenario,
    earlyKill: dice.chance(25),
    filesystems: [filesystem],
    processes: people,
    steps: steps(dice, all, people, base),
  };
}
