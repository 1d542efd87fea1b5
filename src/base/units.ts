// Quantities and positions with their units as types; the only room where raw arithmetic on them is allowed.

declare const unit: unique symbol;
declare const axis: unique symbol;

/** A count of `U`. The phantom is invariant: with a plain `U` a generic add(bytes, pages) would infer the union and compile. */
export type Quantity<U extends string> = bigint & { readonly [unit]: (u: U) => U };
/** A place on axis `A`, which is counted in `U`; positions do not add, they advance by quantities. */
export type Position<U extends string, A extends string> = bigint & { readonly [axis]: (u: U, a: A) => readonly [U, A] };

export type Bytes = Quantity<'bytes'>;
export type Pages = Quantity<'pages'>;
/** 512-byte sectors, XFS basic blocks. */
export type Sectors = Quantity<'sectors512'>;
export type FsBlocks = Quantity<'fsblocks'>;
/** Page frame number: physical address >> PAGE_SHIFT. */
export type Pfn = Position<'pages', 'memory'>;
export type PhysAddr = Position<'bytes', 'memory'>;
/** Page offset inside a file (`pgoff_t`). */
export type PageIndex = Position<'pages', 'file'>;
/** Virtual address of a process. */
export type UserAddr = Position<'bytes', 'process'>;

/** Shift between bytes and pages. */
export interface PageGeometry {
  readonly pageShift: bigint;
}
/** Frames of 4 KiB, as on x86-64 (arch/x86/include/asm/page_types.h PAGE_SHIFT): the machine that is simulated. */
export const x86Pages: PageGeometry = { pageShift: 12n };

export const bytes = (n: bigint): Bytes => n as Bytes;
export const pages = (n: bigint): Pages => n as Pages;
export const sectors = (n: bigint): Sectors => n as Sectors;
export const fsBlocks = (n: bigint): FsBlocks => n as FsBlocks;
export const pfn = (n: bigint): Pfn => n as Pfn;
export const physAddr = (n: bigint): PhysAddr => n as PhysAddr;
export const pageIndex = (n: bigint): PageIndex => n as PageIndex;
export const userAddr = (n: bigint): UserAddr => n as UserAddr;

/** Sum of two quantities of one unit. */
export function add<U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> {
  return (a + b) as Quantity<U>;
}

/** Difference of two quantities of one unit; negative when `b` is the larger. */
export function subtract<U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> {
  return (a - b) as Quantity<U>;
}

/** `count` times a quantity. */
export function times<U extends string>(a: Quantity<U>, count: bigint): Quantity<U> {
  return (a * count) as Quantity<U>;
}

/** How often `by` fits into `a` as a whole. */
export function quotient<U extends string>(a: Quantity<U>, by: Quantity<U>): bigint {
  return a / by;
}

/** True when `of` fits into `a` without a rest. */
export function isMultiple<U extends string>(a: Quantity<U>, of: Quantity<U>): boolean {
  return a % of === 0n;
}

/** One of `parts` equal parts, rounded down. */
export function share<U extends string>(a: Quantity<U>, parts: number): Quantity<U> {
  return (a / BigInt(parts)) as Quantity<U>;
}

/** What is left of `a` when `by` was taken away as often as it fits. */
export function remainder<U extends string>(a: Quantity<U>, by: Quantity<U>): Quantity<U> {
  return (a % by) as Quantity<U>;
}

/** The smaller of two quantities. */
export function smallest<U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> {
  return a < b ? a : b;
}

/** The larger of two quantities. */
export function largest<U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> {
  return a > b ? a : b;
}

/** More than nothing. */
export function isPositive<U extends string>(a: Quantity<U>): boolean {
  return a > 0n;
}

/** 1, 2, 4, 8, … */
export function isPowerOfTwo<U extends string>(a: Quantity<U>): boolean {
  return a > 0n && (a & (a - 1n)) === 0n;
}

/** Less than nothing. */
export function isNegative<U extends string>(a: Quantity<U>): boolean {
  return a < 0n;
}

/** Moves a position by a quantity of its own unit. */
export function advance<U extends string, A extends string>(p: Position<U, A>, by: Quantity<U>): Position<U, A> {
  return (p + by) as Position<U, A>;
}

/** Quantity between two positions of one axis; negative when `to` comes first. */
export function distance<U extends string, A extends string>(from: Position<U, A>, to: Position<U, A>): Quantity<U> {
  return (to - from) as Quantity<U>;
}

/** The nearest multiple of `step` at or before a position; `step` is a power of two. */
export function alignDown<U extends string, A extends string>(p: Position<U, A>, step: Quantity<U>): Position<U, A> {
  return (p & ~(step - 1n)) as Position<U, A>;
}

/** A position that is a multiple of `step`. */
export function isAligned<U extends string, A extends string>(p: Position<U, A>, step: Quantity<U>): boolean {
  return p % step === 0n;
}

/** Negative, zero or positive, as sort() wants it; both of one unit, and positions of one axis. */
export function compare<U extends string>(a: Quantity<U>, b: Quantity<U>): number;
export function compare<U extends string, A extends string>(a: Position<U, A>, b: Position<U, A>): number;
export function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Half-open interval of quantities: `start` counts from where the caller counts, `length` is never negative. */
export interface Interval<U extends string> {
  readonly start: Quantity<U>;
  readonly length: Quantity<U>;
}

/** Half-open interval of positions. */
export interface Stretch<U extends string, A extends string> {
  readonly start: Position<U, A>;
  readonly length: Quantity<U>;
}

/** True when `at` lies inside; an end is outside. */
export function contains<U extends string>(interval: Interval<U>, at: Quantity<U>): boolean;
export function contains<U extends string, A extends string>(stretch: Stretch<U, A>, at: Position<U, A>): boolean;
export function contains({ start, length }: { readonly start: bigint; readonly length: bigint }, at: bigint): boolean {
  return at >= start && at < start + length;
}

/** True when two intervals share at least one element. */
export function overlaps<U extends string>(a: Interval<U>, b: Interval<U>): boolean;
export function overlaps<U extends string, A extends string>(a: Stretch<U, A>, b: Stretch<U, A>): boolean;
export function overlaps(
  a: { readonly start: bigint; readonly length: bigint },
  b: { readonly start: bigint; readonly length: bigint },
): boolean {
  return a.start < b.start + b.length && b.start < a.start + a.length;
}

/** One past the last element of an interval. */
export function endOf<U extends string>(interval: Interval<U>): Quantity<U>;
export function endOf<U extends string, A extends string>(stretch: Stretch<U, A>): Position<U, A>;
export function endOf({ start, length }: { readonly start: bigint; readonly length: bigint }): bigint {
  return start + length;
}

/** The last element of an interval that is not empty: where the outside wants inclusive ends. */
export function lastOf<U extends string>(interval: Interval<U>): Quantity<U>;
export function lastOf<U extends string, A extends string>(stretch: Stretch<U, A>): Position<U, A>;
export function lastOf({ start, length }: { readonly start: bigint; readonly length: bigint }): bigint {
  return start + length - 1n;
}

/** Length of what lies from `first` to `last`, both included: where the outside names inclusive ends. */
export function lengthOfEnds<U extends string, A extends string>(first: Position<U, A>, last: Position<U, A>): Quantity<U> {
  return (last - first + 1n) as Quantity<U>;
}

/** Every element of an interval, in order. */
export function elementsOf<U extends string>(interval: Interval<U>): readonly Quantity<U>[];
export function elementsOf<U extends string, A extends string>(stretch: Stretch<U, A>): readonly Position<U, A>[];
export function elementsOf({ start, length }: { readonly start: bigint; readonly length: bigint }): readonly bigint[] {
  return Array.from({ length: Number(length) }, (_, i) => start + BigInt(i));
}

/** include/linux/pfn.h PFN_PHYS: the physical address of a frame's first byte. */
export function pfnToPhys(p: Pfn, g: PageGeometry = x86Pages): PhysAddr {
  return (p << g.pageShift) as PhysAddr;
}

/** include/linux/pfn.h PHYS_PFN: the frame a physical address lies in. */
export function physToPfn(p: PhysAddr, g: PageGeometry = x86Pages): Pfn {
  return (p >> g.pageShift) as Pfn;
}

/** Frames that a stretch of physical bytes touches; nothing touches none. */
export function framesOf({ start, length }: Stretch<'bytes', 'memory'>, g: PageGeometry = x86Pages): Stretch<'pages', 'memory'> {
  const first = physToPfn(start, g);
  return { start: first, length: (length <= 0n ? 0n : ((start + length - 1n) >> g.pageShift) - first + 1n) as Pages };
}

/** Bytes covered by `n` whole pages. */
export function pagesToBytes(n: Pages, g: PageGeometry = x86Pages): Bytes {
  return (n << g.pageShift) as Bytes;
}

/** Whole pages in `n` bytes; what is left over does not count. */
export function bytesToPages(n: Bytes, g: PageGeometry = x86Pages): Pages {
  return (n >> g.pageShift) as Pages;
}

/** Bytes of a page. */
export const pageBytes = (g: PageGeometry = x86Pages): Bytes => pagesToBytes(pages(1n), g);

/** Bytes covered by `n` sectors (include/linux/blk_types.h SECTOR_SHIFT). */
export function sectorsToBytes(n: Sectors): Bytes {
  return (n << 9n) as Bytes;
}

/** Whole sectors in `n` bytes. */
export function bytesToSectors(n: Bytes): Sectors {
  return (n >> 9n) as Sectors;
}

/** Bytes covered by `n` filesystem blocks of `blockSize` bytes. */
export function fsBlocksToBytes(n: FsBlocks, blockSize: number): Bytes {
  return (n * BigInt(blockSize)) as Bytes;
}

/** Whole filesystem blocks in `n` bytes. */
export function bytesToFsBlocks(n: Bytes, blockSize: number): FsBlocks {
  return (n / BigInt(blockSize)) as FsBlocks;
}

/** The page that byte `at` of a file (or of a device-dax node) lies in. */
export function pageOfByte(at: Bytes, g: PageGeometry = x86Pages): PageIndex {
  return (at >> g.pageShift) as PageIndex;
}

/** First byte of a file's page. */
export function byteOfPage(page: PageIndex, g: PageGeometry = x86Pages): Bytes {
  return (page << g.pageShift) as Bytes;
}
