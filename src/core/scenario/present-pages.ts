// Page tables of scenario processes: which entry covers a page of a mapping, and which frame lies there.

import {
  add,
  advance,
  type Bytes,
  byteOfPage,
  compare,
  contains,
  type PageIndex,
  pages,
  pagesToBytes,
  type Pages,
  type Pfn,
  physToPfn,
  subtract,
  x86Pages,
} from '../../base/units.ts';
import { leafByte } from './devices.ts';
import type { Mapping, PresentPage, Scenario } from './schema.ts';

/** Pages that an entry covers whose size is 2^`shift` bytes: 1 for 12, 512 for 21. */
export function pagesOfEntry(shift: number): Pages {
  return pages(1n << (BigInt(shift) - x86Pages.pageShift));
}

/** Size of the entries of a device-dax node: its alignment. */
export function deviceShift(align: Bytes): 12 | 21 | 30 {
  return ([30, 21] as const).find((shift) => compare(align, pagesToBytes(pagesOfEntry(shift))) >= 0) ?? 12;
}

/** The entry that covers a page, counted from the start of the mapping; undefined where nothing is present. */
function entryAt(present: readonly PresentPage[], page: Pages): PresentPage | undefined {
  return present.find((entry) => contains({ start: entry.page, length: pagesOfEntry(entry.shift) }, page));
}

/** The frame at a page of a mapping; undefined where nothing is present. */
export function presentFrame({ pages: present }: Pick<Mapping, 'pages'>, page: Pages): Pfn | undefined {
  const entry = entryAt(present, page);
  return entry === undefined ? undefined : advance(entry.pfn, subtract(page, entry.page));
}

/** Frame where a page of a file lies, by the file's extents; undefined in a hole and for what is no file of a filesystem. */
export function frameOfFile(scenario: Scenario, path: string, index: PageIndex): Pfn | undefined {
  const at = byteOfPage(index);
  for (const fs of scenario.filesystems) {
    const file = fs.files.find((candidate) => candidate.path === path);
    const extent = file?.extents.find((e) => contains({ start: e.logical, length: e.length }, at));
    if (file === undefined || extent === undefined) continue;
    const device = file.realtime && fs.realtimeDevice !== undefined ? fs.realtimeDevice : fs.device;
    const byte = leafByte(scenario, device, add(extent.physical, subtract(at, extent.logical)));
    return byte === undefined ? undefined : physToPfn(byte.physical);
  }
  return undefined;
}
