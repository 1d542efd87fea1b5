// The array of struct page: a lazy region whose content follows from what the world says about each frame.
import { endOf, pages, type Pfn, pfn, type Stretch } from '../../../base/units.ts';
import type { IntrinsicCall } from '../../machine/intrinsic.ts';
import { stopWithLimit } from '../../machine/outcome.ts';
import { vmemmapBase } from '../../machine/regions.ts';
import type { View } from '../../machine/view.ts';
import { intrinsic, type KernelIntrinsic, type KernelModel, type StateKey } from '../model.ts';

/** Frames with pages of one kind: [first, end). */
interface PageRange {
  readonly first: bigint;
  readonly end: bigint;
  /** Bytes of one struct page. */
  readonly template: Uint8Array;
}

interface PageState {
  /** Pages of the region that were filled: frames that come a second time are written anew there. Snapshots share it: more is harmless. */
  readonly filled: Set<bigint>;
  readonly ranges: readonly PageRange[];
  readonly ram: Uint8Array | undefined;
  /** Bytes of struct page in this tree; 0 while unknown. */
  readonly size: number;
  /** A struct page of nobody, in which templates are made. */
  readonly scratch: bigint;
}

/** Read by the lazy region. Must not change once a page of a range was touched, so that content stays deterministic. */
const pagesKey: StateKey<{ value: PageState }> = {
  name: 'pages',
  create: () => ({ value: { ranges: [], ram: undefined, size: 0, scratch: 0n, filled: new Set() } }),
  clone: (s) => ({ value: s.value }),
};

/** 46 bits of physical memory (MAX_PHYSMEM_BITS of four-level paging), 64 bytes per page. */
const regionEnd = vmemmapBase + (1n << 40n);

/** Makes the region exist. To be called once per machine, before anything reads a struct page. */
export function addPageRegion(kernel: KernelModel): void {
  const page = kernel.program.typeNamed('struct page');
  if (page === undefined) stopWithLimit('missing-type', 'no struct page in this tree', 'struct page');
  const { size } = kernel.view('struct page', vmemmapBase);
  const scratch = kernel.create('struct page', 'template of struct page');
  scratch.firstMember('_refcount.counter', '_refcount').write(1);
  if (scratch.has('_mapcount')) scratch.firstMember('_mapcount.counter', '_mapcount').write(-1);
  const ram = kernel.machine.memory.readBytes(scratch.address, size);
  kernel.part(pagesKey).value = { ranges: [], ram, size, scratch: scratch.address, filled: new Set() };
  kernel.machine.memory.pages.addRegion({
    name: 'vmemmap',
    start: vmemmapBase,
    end: regionEnd,
    readOnly: false,
    fill: (at, bytes) => {
      const { ranges, ram: plain, size: bytesPerPage, filled } = kernel.part(pagesKey).value;
      if (plain === undefined || bytesPerPage === 0) return false;
      filled.add(at);
      // A struct page may straddle two pages of the region when its size is no power of two.
      const offset = at - vmemmapBase;
      const width = BigInt(bytesPerPage);
      for (let n = offset / width; n * width < offset + 4096n; n++) {
        const range = ranges.findLast((r) => n >= r.first && n < r.end);
        const source = range?.template ?? plain;
        const start = Number(n * width - offset);
        for (let i = Math.max(0, -start); i < bytesPerPage && start + i < 4096; i++) bytes[start + i] = source[i] ?? 0;
      }
      return true;
    },
  });
}

/** Address of the struct page of a frame. */
export function pageAddress(kernel: KernelModel, pfn: Pfn): bigint {
  const n: bigint = pfn;
  return vmemmapBase + n * BigInt(kernel.part(pagesKey).value.size);
}

/** A member of a page by its names, in struct page or, in trees that moved it there, in struct folio, which lies over it. */
export function pageMember(kernel: KernelModel, address: bigint, ...names: readonly string[]): View {
  const page = kernel.view('struct page', address);
  const isInPage = names.some((name) => page.has(name)) || kernel.program.typeNamed('struct folio') === undefined;
  return (isInPage ? page : kernel.view('struct folio', address)).firstMember(...names);
}

/** Adds frames whose struct pages are copies of one that the tree's own code initialised. */
export function addDevicePages(kernel: KernelModel, frames: Stretch<'pages', 'memory'>, template: Uint8Array): void {
  const [first, end]: readonly [bigint, bigint] = [frames.start, endOf(frames)];
  const state = kernel.part(pagesKey);
  if (state.value.ranges.some((range) => range.first < end && first < range.end)) rewrite(kernel, first, end, template);
  // What the new range covers is never asked for again; a tree that adds the same frames in an endless loop must not pile them up.
  const others = state.value.ranges.filter((range) => range.first < first || range.end > end);
  state.value = { ...state.value, ranges: [...others, { first, end, template }] };
}

/** Writes the struct pages of frames whose region was filled for the driver that had them before. */
function rewrite(kernel: KernelModel, first: bigint, end: bigint, template: Uint8Array): void {
  const { filled, size } = kernel.part(pagesKey).value;
  const width = BigInt(size);
  for (const at of [...filled]) {
    for (let n = (at - vmemmapBase) / width; n * width < at - vmemmapBase + 4096n; n++)
      if (n >= first && n < end) kernel.machine.memory.writeBytes(vmemmapBase + n * width, template);
  }
}

/**
 * memmap_init_zone_device() would initialise every struct page of the device; instead one is made with the tree's own
 * set_page_links() and the bits that __init_zone_device_page() sets, and the others are copies of it, made when they are touched.
 */
function initialise(kernel: KernelModel, call: IntrinsicCall): void {
  const [first, count, pgmap] = [call.u64(1), call.u64(2), call.u64(3)];
  addDevicePages(
    kernel,
    { start: pfn(first), length: pages(count) },
    kernel.machine.memory.readBytes(templatePage(kernel, call, first, pgmap), kernel.part(pagesKey).value.size),
  );
}

function templatePage(kernel: KernelModel, call: IntrinsicCall, frame: bigint, pgmap: bigint): bigint {
  const { scratch, size } = kernel.part(pagesKey).value;
  kernel.machine.memory.writeBytes(scratch, new Uint8Array(size));
  const page = kernel.view('struct page', scratch);
  const links = kernel.program.functionAddress('set_page_links', 'mm/memory-failure.c');
  if (links !== undefined) call.run(links, [page.address, kernel.constant('ZONE_DEVICE') ?? 4n, 0n, frame]);
  const flags = page.member('flags');
  // LAST_CPUPID_MASK all over means that no CPU ever touched the page (page_cpupid_reset_last).
  const cpuShift = kernel.constant('LAST_CPUPID_PGSHIFT', 'mm/memory-failure.c');
  const cpuMask = kernel.constant('LAST_CPUPID_MASK', 'mm/memory-failure.c');
  const reserved = kernel.constant('PG_reserved', 'mm/memory-failure.c');
  flags.write(
    flags.read() |
      (cpuShift === undefined || cpuMask === undefined ? 0n : cpuMask << cpuShift) |
      (reserved === undefined ? 0n : 1n << reserved),
  );
  page.firstMember('_refcount.counter', '_refcount').write(1);
  page.firstMember('_mapcount.counter', '_mapcount').write(-1);
  pageMember(kernel, page.address, 'pgmap').write(pgmap);
  return page.address;
}

const PAGEFILE = 'mm/mm_init.c';
export const pageIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic(
    'void memmap_init_zone_device(struct zone *zone, unsigned long start_pfn, unsigned long nr_pages, struct dev_pagemap *pgmap)',
    PAGEFILE,
    'one page is initialised by the tree, the others are copies made on first touch',
    (call, kernel) => {
      initialise(kernel, call);
      return undefined;
    },
    { params: { start_pfn: 'pfn', nr_pages: 'pages' } },
  ),
];
