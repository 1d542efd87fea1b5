// How units combine: scales that add and compare, shifts that convert. Pure functions over names.
import type { UnitName } from '../../base/unit-name.ts';

/** Units of one scale may be added and compared. */
export type Scale = 'byte' | 'page' | 'sector' | 'fsblock' | 'other';

/** What a unit is counted in: two units of one scale may be added and compared. */
export function scaleOf(unit: UnitName): Scale {
  switch (unit) {
    case 'bytes':
    case 'physAddr':
    case 'fileBytes':
    case 'userAddr':
      return 'byte';
    case 'pfn':
    case 'pages':
    case 'pageIndex':
      return 'page';
    case 'sectors512':
      return 'sector';
    case 'fsblocks':
    case 'agblocks':
      return 'fsblock';
    default:
      return 'other';
  }
}

/** True when two units name different scales of the same axis: mixing them is a mistake. */
export function conflict(a: UnitName, b: UnitName): boolean {
  const x = scaleOf(a);
  const y = scaleOf(b);
  return x !== 'other' && y !== 'other' && x !== y;
}

/** Sum or difference of two values. */
export function combine(operator: '+' | '-', a: UnitName | undefined, b: UnitName | undefined): UnitName | undefined {
  if (a === undefined) return operator === '+' ? b : undefined;
  if (b === undefined || scaleOf(a) !== scaleOf(b)) return a;
  const position = (u: UnitName): boolean =>
    u === 'physAddr' || u === 'pfn' || u === 'pageIndex' || u === 'userAddr' || u === 'fileBytes' || u === 'agblocks';
  if (operator === '-' && position(a) && position(b)) return scaleOf(a) === 'byte' ? 'bytes' : scaleOf(a) === 'page' ? 'pages' : 'fsblocks';
  if (operator === '+' && !position(a) && position(b)) return b;
  return a;
}

/** `value >> PAGE_SHIFT` and the like. */
export function shiftRight(unit: UnitName | undefined, by: 'page' | 'sector' | 'fsblock'): UnitName {
  if (by === 'page') return unit === 'physAddr' ? 'pfn' : unit === 'fileBytes' ? 'pageIndex' : unit === 'userAddr' ? 'pageIndex' : 'pages';
  return by === 'sector' ? 'sectors512' : 'fsblocks';
}

/** `value << PAGE_SHIFT` and the like. */
export function shiftLeft(unit: UnitName | undefined, by: 'page' | 'sector' | 'fsblock'): UnitName {
  if (by === 'page') return unit === 'pfn' ? 'physAddr' : unit === 'pageIndex' ? 'fileBytes' : 'bytes';
  return 'bytes';
}

/** The unit that fits a scale when nothing more is known. */
export function quantityOf(scale: Scale): UnitName {
  switch (scale) {
    case 'byte':
      return 'bytes';
    case 'page':
      return 'pages';
    case 'sector':
      return 'sectors512';
    case 'fsblock':
      return 'fsblocks';
    case 'other':
      return 'unknown';
  }
}

/** Unit names as sentences use them. */
export const unitText: Readonly<Record<UnitName, string>> = {
  pfn: 'page frame number (position in pages)',
  pages: 'pages',
  bytes: 'bytes',
  physAddr: 'physical address (bytes)',
  sectors512: '512-byte sectors',
  fsblocks: 'filesystem blocks',
  agblocks: 'filesystem blocks inside the allocation group',
  pageIndex: 'page index',
  fileBytes: 'bytes inside the file',
  userAddr: 'user virtual address',
  flags: 'flags',
  errno: '0 or -errno',
  log2Bytes: 'log2 of bytes',
  agNumber: 'allocation group number',
  inodeNumber: 'inode number',
  pointer: 'pointer',
  boolean: 'true or false',
  count: 'count',
  unknown: 'unknown',
};
