// What a number of the simulated kernel counts: one list for contracts, intrinsics and traces.

/** The unit of a value as data; the units of our own values are types (`units.ts`). */
export type UnitName =
  | 'pfn'
  | 'pages'
  | 'bytes'
  | 'physAddr'
  | 'sectors512'
  | 'fsblocks'
  | 'agblocks'
  | 'pageIndex'
  | 'fileBytes'
  | 'userAddr'
  | 'flags'
  | 'errno'
  | 'log2Bytes'
  | 'agNumber'
  | 'inodeNumber'
  | 'pointer'
  | 'boolean'
  | 'count'
  | 'unknown';

/** How a reader is told; units that say nothing beside a value are not here. */
const words: Readonly<Partial<Record<UnitName, string>>> = {
  pfn: 'pfn',
  pages: 'pages',
  bytes: 'bytes',
  physAddr: 'phys',
  sectors512: 'sectors',
  fsblocks: 'fs blocks',
  agblocks: 'fs blocks',
  pageIndex: 'page index',
  fileBytes: 'bytes of the file',
  userAddr: 'address',
  flags: 'flags',
  errno: 'errno',
  log2Bytes: 'log2 bytes',
  agNumber: 'AG',
  inodeNumber: 'inode',
};

/** The words for a unit; undefined for units that tell the reader nothing (pointer, count). */
export function unitWord(unit: string | undefined): string | undefined {
  return unit === undefined ? undefined : words[unit as UnitName];
}
