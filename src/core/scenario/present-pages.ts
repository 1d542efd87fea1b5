// Page tables of scenario processes: which entry covers a page of a mapping, and which frame lies there.

import { advance, contains, pages, type Pages, type Pfn, subtract, x86Pages } from '../../base/units.ts';
import type { Mapping, PresentPage } from './schema.ts';

/** Pages that an entry covers whose size is 2^`shift` bytes: 1 for 12, 512 for 21. */
export function pagesOfEntry(shift: number): Pages {
  return pages(1n << (BigInt(shift) - x86Pages.pageShift));
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
