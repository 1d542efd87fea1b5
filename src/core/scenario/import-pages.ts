// Page tables and page-cache entries at the time of the first injection, from what was touched and what was seen.

import {
  add,
  advance,
  alignDown,
  byteOfPage,
  compare,
  contains,
  distance,
  type PageIndex,
  pageOfByte,
  type Pages,
  pages,
  type Pfn,
  pfn,
  pfnToPhys,
  physToPfn,
  subtract,
} from '../../base/units.ts';
import { leafByte, physicalAt, pmemOf } from './devices.ts';
import type { Observation, ObservedMapping } from './observation.ts';
import type { PlanLine } from './plan.ts';
import { deviceShift, pagesOfEntry } from './present-pages.ts';
import type { Filesystem, FsFile, Mapping, Process, Scenario } from './schema.ts';

/** A line that reads or writes pages of a mapping. */
export type Touch = Extract<PlanLine, { kind: 'touch' }>;

/** A file as its users see it. */
export interface OwnedFile {
  readonly fs: Filesystem;
  readonly file: FsFile;
}

/** The file that a path names, with its filesystem. */
export function findFile(scenario: Scenario, path: string): OwnedFile | undefined {
  for (const fs of scenario.filesystems) {
    const file = fs.files.find((candidate) => candidate.path === path);
    if (file !== undefined) return { fs, file };
  }
  return undefined;
}

/** Frame of page `index` of a file according to its extents; undefined in a hole. */
export function framePfn(scenario: Scenario, owned: OwnedFile, index: PageIndex): Pfn | undefined {
  const at = byteOfPage(index);
  const extent = owned.file.extents.find(({ logical, length }) => contains({ start: logical, length }, at));
  if (extent === undefined) return undefined;
  const device = owned.file.realtime ? (owned.fs.realtimeDevice ?? owned.fs.device) : owned.fs.device;
  const leaf = leafByte(scenario, device, add(extent.physical, subtract(at, extent.logical)));
  return leaf === undefined ? undefined : physToPfn(leaf.physical);
}

/** True when a frame lies in one of the scenario's namespaces. */
export function isPmemFrame(scenario: Scenario, frame: Pfn): boolean {
  return pmemOf(scenario, pfnToPhys(frame)) !== undefined;
}

/** Fills `pages` of one mapping from the observed page table and, where that is silent, from the touches. */
export function fillPages(
  scenario: Scenario,
  observation: Observation,
  process: Process,
  map: Mapping,
  observed: ObservedMapping,
  touches: readonly Touch[],
): void {
  const own = touches.filter((touch) => touch.label === process.label && touch.map === map.name);
  const seen = new Map((observed.pages_before_first_inject ?? []).map((page) => [pages(BigInt(page.page)), page]));
  const owned = findFile(scenario, map.path);
  const huge = new Map<PageIndex, { readonly shift: 21 | 30; readonly write: boolean }>();
  const small = new Map<Pages, boolean>();
  for (const touch of own) {
    const shift = entryShift(scenario, observation, map, touch);
    // Whoever reads a page table through pagemap takes entries of 1 GiB out of it (mm/pagewalk.c walk_pud_range splits them).
    if (shift === 30 && seen.size > 0) continue;
    for (const page of touchedPages(touch)) {
      if (seen.get(page)?.present === 0) continue;
      const first = hugePage(map, page, shift);
      if (shift !== 12) huge.set(first, { shift, write: touch.write || huge.get(first)?.write === true });
      else small.set(page, touch.write || (small.get(page) ?? false));
    }
  }
  for (const [page, entry] of seen) {
    const isHuge = ([21, 30] as const).some((shift) => huge.get(hugePage(map, page, shift))?.shift === shift);
    if (entry.present === 1 && !isHuge && !small.has(page)) small.set(page, false);
  }
  for (const [index, { shift, write }] of huge) {
    const frame = owned === undefined ? devdaxFrame(scenario, map.path, index) : framePfn(scenario, owned, index);
    if (frame !== undefined)
      map.pages.push({ page: distance(fileIndex(map, pages(0n)), index), pfn: frame, shift, write, anonymous: false });
  }
  let spare = advance(RAM_FRAME, pages(BigInt(scenario.processes.indexOf(process)) * 0x100n));
  for (const [page, write] of [...small].sort(([a], [b]) => compare(a, b))) {
    const text = seen.get(page)?.pfn;
    const seenFrame = text === undefined ? undefined : pfn(BigInt(text));
    const fromFile =
      owned === undefined ? devdaxFrame(scenario, map.path, fileIndex(map, page)) : framePfn(scenario, owned, fileIndex(map, page));
    const copied =
      map.sharing === 'private' && (write || (seenFrame !== undefined && !isPmemFrame(scenario, seenFrame) && owned?.file.dax === true));
    const frame = seenFrame ?? (copied ? spare : fromFile);
    if (seenFrame === undefined && copied) spare = advance(spare, pages(1n));
    if (frame !== undefined) map.pages.push({ page, pfn: frame, shift: 12, write, anonymous: copied });
  }
  map.pages.sort((a, b) => compare(a.page, b.page));
}

/** First frame given to private copies whose real frame the observation does not tell. */
const RAM_FRAME = pfn(0x8000n);

/** Size of the entries that the faults of a touch made. */
function entryShift(scenario: Scenario, observation: Observation, map: Mapping, touch: Touch): 12 | 21 | 30 {
  const device = scenario.pmem.find((candidate) => candidate.driver === 'devdax' && `/dev/${candidate.name}` === map.path);
  if (device !== undefined) return deviceShift(device.align);
  const faults = observation.topology.touch_faults?.[`TOUCH ${touch.text}`] ?? {};
  return (faults['dax_pmd_fault_done:NOPAGE'] ?? 0) > 0 && (faults['dax_pte_fault_done:NOPAGE'] ?? 0) === 0 ? 21 : 12;
}

function devdaxFrame(scenario: Scenario, path: string, index: PageIndex): Pfn | undefined {
  const device = scenario.pmem.find((candidate) => `/dev/${candidate.name}` === path);
  return device === undefined ? undefined : physToPfn(physicalAt(device, add(device.dataOffset, byteOfPage(index))));
}

/** Page index inside the file of page `page` of a mapping. */
export function fileIndex(map: Mapping, page: Pages): PageIndex {
  return advance(pageOfByte(map.offset), page);
}

/** First page index of the entry of 2^`shift` bytes that page `page` of a mapping lies in. */
function hugePage(map: Mapping, page: Pages, shift: number): PageIndex {
  return alignDown(fileIndex(map, page), pagesOfEntry(shift));
}

/** Pages of the file that the faults of a touch brought in: the touched ones, or the huge pages that they lie in. */
export function touchedRuns(
  scenario: Scenario,
  observation: Observation,
  map: Mapping,
  touch: Touch,
): readonly { readonly start: PageIndex; readonly count: Pages }[] {
  const shift = entryShift(scenario, observation, map, touch);
  if (shift === 12) return [{ start: fileIndex(map, pages(BigInt(touch.page))), count: pages(BigInt(touch.count)) }];
  return [...new Set(touchedPages(touch).map((page) => hugePage(map, page, shift)))].map((start) => ({
    start,
    count: pagesOfEntry(shift),
  }));
}

function touchedPages(touch: Touch): readonly Pages[] {
  return Array.from({ length: touch.count }, (_, i) => pages(BigInt(touch.page + i)));
}

/** Says whether a file is DAX when its users' page tables tell: a shared mapping of RAM frames means the page cache. */
export function decideDax(scenario: Scenario, observedPages: ReadonlyMap<string, readonly Pfn[]>): void {
  for (const fs of scenario.filesystems) {
    for (const file of fs.files) {
      const frames = observedPages.get(file.path) ?? [];
      if (frames.length > 0) file.dax = frames.some((frame) => isPmemFrame(scenario, frame));
    }
  }
}

/** Entries that the touches left in each mapping (`i_pages`), independent of later unmapping. */
export function fillCached(
  scenario: Scenario,
  observation: Observation,
  touches: readonly Touch[],
  maps: ReadonlyMap<string, Mapping>,
): void {
  for (const touch of touches) {
    const map = maps.get(`${touch.label}:${touch.map}`);
    const owned = map === undefined ? undefined : findFile(scenario, map.path);
    if (map === undefined || owned === undefined) continue;
    // A write to a private mapping makes a copy in RAM and leaves no entry (fs/dax.c dax_fault_cow_page()).
    if (touch.write && map.sharing === 'private') continue;
    const huge = entryShift(scenario, observation, map, touch) !== 12;
    for (const page of touchedPages(touch)) {
      const index = huge ? hugePage(map, page, 21) : fileIndex(map, page);
      addCached(scenario, owned, index, huge ? 9 : 0, touch.write && map.sharing === 'shared', map, page);
    }
  }
  for (const map of maps.values()) {
    const owned = findFile(scenario, map.path);
    if (owned === undefined) continue;
    for (const page of map.pages) {
      if (!page.anonymous)
        addCached(
          scenario,
          owned,
          fileIndex(map, page.page),
          page.shift === 21 ? 9 : 0,
          page.write && map.sharing === 'shared',
          map,
          page.page,
        );
    }
  }
  for (const fs of scenario.filesystems) for (const file of fs.files) file.cached.sort((a, b) => compare(a.index, b.index));
}

function addCached(scenario: Scenario, owned: OwnedFile, index: PageIndex, order: number, dirty: boolean, map: Mapping, page: Pages): void {
  const present = map.pages.find((candidate) => candidate.page === page && !candidate.anonymous);
  // What is seen outside the device is the page cache, or the zero page of a hole or unwritten block.
  const isOutside = present !== undefined && !isPmemFrame(scenario, present.pfn);
  const frame = owned.file.dax === false || isOutside ? present?.pfn : (framePfn(scenario, owned, index) ?? present?.pfn);
  if (frame === undefined) return;
  const known = owned.file.cached.find((candidate) => candidate.index === index);
  if (known === undefined) owned.file.cached.push({ index, pfn: frame, order, dirty });
  else known.dirty ||= dirty;
}
