// Quantities and positions with their units as types; the only room where raw arithmetic on them is allowed.

declare const unit: unique symbol;
declare const axis: unique symbol;

/** A count of `U`. The phantom is invariant: with a plain `U` a generic add(bytes, pages) would infer the union and compile. */
export type Quantity<U extends string> = bigint & { readonly [unit]: (u: U) => U };
/** A place on the axis counted in `U`; positions do not add, they advance by quantities. */
export type Position<U extends string> = bigint & { readonly [axis]: (u: U) => U };

export type Bytes = Quantity<'bytes'>;
export type Pages = Quantity<'pages'>;
/** 512-byte sectors, XFS basic blocks. */
export type Sectors = Quantity<'sectors512'>;
export type FsBlocks = Quantity<'fsblocks'>;
/** Page frame number: physical address >> PAGE_SHIFT. */
export type Pfn = Position<'pages'>;
export type PhysAddr = Position<'bytes'>;
/** Page offset inside a file (`pgoff_t`). */
export type PageIndex = Position<'file pages'>;

/** Shift between bytes and pages of the simulated machine; there is no global page size. */
export interface PageGeometry {
  readonly pageShift: bigint;
}

export const bytes = (n: bigint): Bytes => n as Bytes;
export const pages = (n: bigint): Pages => n as Pages;
export const sectors = (n: bigint): Sectors => n as Sectors;
export const fsBlocks = (n: bigint): FsBlocks => n as FsBlocks;
export const pfn = (n: bigint): Pfn => n as Pfn;
export const physAddr = (n: bigint): PhysAddr => n as PhysAddr;
export const pageIndex = (n: bigint): PageIndex => n as PageIndex;

/** Sum of two quantities of one unit. */
export function add<U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> {
  return (a + b) as Quantity<U>;
}

/** Moves a position by a quantity of its own unit. */
export function advance<U extends string>(p: Position<U>, by: Quantity<U>): Position<U> {
  return (p + by) as Position<U>;
}

/** Quantity between two positions of one axis. */
export function distance<U extends string>(from: Position<U>, to: Position<U>): Quantity<U> {
  return (to - from) as Quantity<U>;
}

/** include/linux/pfn.h PFN_PHYS: the physical address of a frame's first byte. */
export function pfnToPhys(p: Pfn, g: PageGeometry): PhysAddr {
  return (p << g.pageShift) as PhysAddr;
}

/** include/linux/pfn.h PHYS_PFN: the frame a physical address lies in. */
export function physToPfn(p: PhysAddr, g: PageGeometry): Pfn {
  return (p >> g.pageShift) as Pfn;
}

/** Bytes covered by `n` whole pages. */
export function pagesToBytes(n: Pages, g: PageGeometry): Bytes {
  return (n << g.pageShift) as Bytes;
}

/** Frames of 4 KiB, as on x86-64 (arch/x86/include/asm/page_types.h PAGE_SHIFT). */
export const x86Pages: PageGeometry = { pageShift: 12n };

/** Bytes covered by `n` sectors (include/linux/blk_types.h SECTOR_SHIFT). */
export function sectorsToBytes(n: Sectors): Bytes {
  return (n << 9n) as Bytes;
}

/** Bytes covered by `n` filesystem blocks of `blockSize` bytes. */
export function fsBlocksToBytes(n: FsBlocks, blockSize: number): Bytes {
  return (n * BigInt(blockSize)) as Bytes;
}

/** The page that byte `at` of a file (or of a device-dax node) lies in. */
export function pageOfByte(at: Bytes, g: PageGeometry): PageIndex {
  return (at >> g.pageShift) as PageIndex;
}

/** Difference of two quantities of one unit; negative when `b` is the larger. */
export function subtract<U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> {
  return (a - b) as Quantity<U>;
}

/** Half-open interval of quantities: `start` counts from where the caller counts, `length` is never negative. */
export interface Interval<U extends string> {
  readonly start: Quantity<U>;
  readonly length: Quantity<U>;
}

/** True when `at` lies inside; an end is outside. */
export function contains<U extends string>(interval: Interval<U>, at: Quantity<U>): boolean {
  return at >= interval.start && at < interval.start + interval.length;
}

/** True when two intervals share at least one element. */
export function overlaps<U extends string>(a: Interval<U>, b: Interval<U>): boolean {
  return a.start < b.start + b.length && b.start < a.start + a.length;
}

/** True when file page `page` is one of the `count` pages from `first` on. */
export function isAmongPages(page: PageIndex, first: PageIndex, count: Pages): boolean {
  return page >= first && page < (first as bigint) + (count as bigint);
}
