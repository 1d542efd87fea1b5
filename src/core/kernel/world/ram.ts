// Ordinary pages in RAM that a scenario's mappings reach: page cache of files without DAX, private copies of DAX pages.
import {
  advance,
  alignDown,
  contains,
  distance,
  elementsOf,
  framesOf,
  overlaps,
  type PageIndex,
  type Pages,
  pages,
  type Pfn,
  pfnToPhys,
} from '../../../base/units.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { IntrinsicCall } from '../../machine/intrinsic.ts';
import type { View } from '../../machine/view.ts';
import { intrinsic, type KernelIntrinsic, type KernelModel } from '../model.ts';
import { listAddTail, listInit } from './list.ts';
import { pageAddress } from './pages.ts';
import type { InodeState, VmaState } from './types.ts';
import { indexOf } from './vma-places.ts';

const UNIT = 'mm/memory-failure.c';
/** 128 MiB sections (arch/x86/include/asm/sparsemem.h SECTION_SIZE_BITS). */
const SECTION_PAGES = pages(32768n);
/** ZONE_DMA32: below 4 GiB. */
const ZONE_DMA32 = 1n;

function flag(kernel: KernelModel, name: string): bigint {
  const bit = kernel.constant(name, UNIT);
  return bit === undefined ? 0n : 1n << bit;
}

/** Makes the section of a frame present and online, through the tree's own functions, once. */
function onlineSection(kernel: KernelModel, pfn: Pfn): void {
  const start = alignDown(pfn, SECTION_PAGES);
  if (kernel.seenOnce(`section ${start}`)) return;
  if (kernel.program.functionAddress('sparse_add_section') === undefined) return;
  kernel.run('sparse_add_section', [0n, start, SECTION_PAGES, 0n, 0n]);
  if (kernel.program.functionAddress('online_mem_sections') !== undefined)
    kernel.run('online_mem_sections', [start, advance(start, SECTION_PAGES)]);
}

/** One anon_vma per mapping, in its interval tree. */
function anonVmaOf(kernel: KernelModel, map: VmaState): bigint {
  const vma = kernel.view('struct vm_area_struct', map.vma);
  const known = vma.member('anon_vma').read();
  if (known !== 0n || kernel.program.typeNamed('struct anon_vma') === undefined) return known;
  const anon = kernel.create('struct anon_vma', `anon_vma of ${map.name}`);
  anon.member('root').write(anon.address);
  anon.firstMember('refcount.counter', 'refcount').write(1);
  const chain = kernel.create('struct anon_vma_chain', `anon_vma_chain of ${map.name}`);
  chain.member('vma').write(map.vma);
  chain.member('anon_vma').write(anon.address);
  listInit(kernel.machine.memory, chain.member('same_vma').address);
  listAddTail(kernel.machine.memory, chain.member('same_vma').address, vma.member('anon_vma_chain').address);
  kernel.run('anon_vma_interval_tree_insert', [chain.address, anon.member('rb_root').address]);
  vma.member('anon_vma').write(anon.address);
  return anon.address;
}

/** Pages of a large folio that readahead makes where a filesystem allows it (mm/readahead.c page_cache_ra_order starts at order 2). */
const FOLIO_PAGES = pages(4n);

/** The folio of a page-cache page: its first frame and index, when the frames of the mapping show one; else the page alone. */
function folioOf(map: VmaState, index: PageIndex, pfn: Pfn): { readonly pfn: Pfn; readonly index: PageIndex; readonly pages: Pages } {
  const first = { pfn: alignDown(pfn, FOLIO_PAGES), index: alignDown(index, FOLIO_PAGES), pages: FOLIO_PAGES };
  const whole =
    distance(first.pfn, pfn) === distance(first.index, index) &&
    elementsOf({ start: pages(0n), length: FOLIO_PAGES }).every((i) =>
      map.scenario.pages.some((p) => indexOf(map, p.page) === advance(first.index, i) && p.pfn === advance(first.pfn, i) && !p.anonymous),
    );
  return whole ? first : { pfn, index, pages: pages(1n) };
}

/** A page of the page cache or a private copy as it is before anybody maps it. */
function preparePage(kernel: KernelModel, pfn: Pfn, flags: bigint): View {
  const page = kernel.view('struct page', pageAddress(kernel, pfn));
  const links = kernel.program.functionAddress('set_page_links', UNIT);
  if (links !== undefined) kernel.run('set_page_links', [page.address, ZONE_DMA32, 0n, pfn], UNIT);
  const word = page.member('flags');
  word.write(word.read() | flags);
  page.firstMember('_refcount.counter', '_refcount').write(0);
  page.firstMember('_mapcount.counter', '_mapcount').write(-1);
  return page;
}

/** True for a frame of a memory section that has RAM, but no RAM itself: firmware, or a hole of the memory map. */
function isReserved({ memory, pmem }: Scenario, frame: Pfn): boolean {
  const here = pfnToPhys(frame);
  if (pmem.some((device) => contains({ start: device.start, length: device.size }, here))) return false;
  const section = { start: alignDown(frame, SECTION_PAGES), length: SECTION_PAGES };
  const ranges = memory.map(({ start, size }) => framesOf({ start, length: size }));
  return ranges.some((range) => overlaps(range, section)) && !ranges.some((range) => contains(range, frame));
}

/** The first of some frames that is RAM of which the scenario tells nothing: free, the kernel's own, or some process's. */
export function unknownRam({ memory, processes, filesystems }: Scenario, frames: readonly Pfn[]): Pfn | undefined {
  const mapped = processes.flatMap((process) => process.maps.flatMap((map) => map.pages));
  const cached = filesystems.flatMap((fs) => fs.files.flatMap((file) => file.cached));
  return frames.find(
    (frame) =>
      memory.some(({ start, size }) => contains(framesOf({ start, length: size }), frame)) &&
      ![...mapped, ...cached].some((page) => page.pfn === frame),
  );
}

/** Frames that a scenario fails and that no allocator ever had: memmap_init() left their pages reserved. */
export function prepareReservedPages(kernel: KernelModel, scenario: Scenario): void {
  for (const step of scenario.steps) {
    if (step.kind !== 'inject') continue;
    for (const { pfn } of step.failures) if (isReserved(scenario, pfn)) prepareZeroPage(kernel, pfn);
  }
}

/** The zero page: reserved, in no list, never freed. */
export function prepareZeroPage(kernel: KernelModel, pfn: Pfn): void {
  onlineSection(kernel, pfn);
  if (kernel.seenOnce(`page ${pfn}`)) return;
  preparePage(kernel, pfn, flag(kernel, 'PG_reserved')).firstMember('_refcount.counter', '_refcount').write(1);
}

function prepareAnonymous(kernel: KernelModel, map: VmaState, index: PageIndex, pfn: Pfn): void {
  const page = preparePage(
    kernel,
    pfn,
    flag(kernel, 'PG_uptodate') | flag(kernel, 'PG_lru') | flag(kernel, 'PG_swapbacked') | flag(kernel, 'PG_dirty'),
  );
  // PAGE_MAPPING_ANON (include/linux/page-flags.h) is bit 0.
  page.member('mapping').write(anonVmaOf(kernel, map) | 1n);
  page.member('index').write(index);
}

function prepareCached(kernel: KernelModel, inode: InodeState, map: VmaState, index: PageIndex, pfn: Pfn): void {
  const folio = folioOf(map, index, pfn);
  if (kernel.seenOnce(`folio ${folio.pfn}`)) return;
  giveBackingDevice(kernel, inode.inode);
  const head = preparePage(kernel, folio.pfn, flag(kernel, 'PG_uptodate') | flag(kernel, 'PG_lru'));
  const [, ...tails] = elementsOf({ start: folio.pfn, length: folio.pages });
  for (const tail of tails) preparePage(kernel, tail, 0n);
  if (tails.length > 0) kernel.run('prep_compound_page', [head.address, 2n], kernel.program.findDefinition('prep_compound_page'));
  head.member('mapping').write(inode.mapping);
  head.member('index').write(folio.index);
  head.firstMember('_refcount.counter', '_refcount').write(folio.pages);
  addToCache(kernel, inode.mapping, folio.index, folio.pages, head.address);
}

/** One more user mapping of a page in RAM; makes the page what it is on first use. */
export function mapRamPage(kernel: KernelModel, inode: InodeState, map: VmaState, index: PageIndex, pfn: Pfn, anonymous: boolean): void {
  onlineSection(kernel, pfn);
  if (anonymous) {
    if (!kernel.seenOnce(`page ${pfn}`)) prepareAnonymous(kernel, map, index, pfn);
  } else prepareCached(kernel, inode, map, index, pfn);
  const page = kernel.view('struct page', pageAddress(kernel, pfn));
  const references = headOf(kernel, page).firstMember('_refcount.counter', '_refcount');
  const users = page.firstMember('_mapcount.counter', '_mapcount');
  references.write(references.read() + 1n);
  users.write(users.read() + 1n);
}

/** One user mapping less. */
export function unmapRamPage(kernel: KernelModel, pfn: Pfn): void {
  const page = kernel.view('struct page', pageAddress(kernel, pfn));
  const references = headOf(kernel, page).firstMember('_refcount.counter', '_refcount');
  const users = page.firstMember('_mapcount.counter', '_mapcount');
  references.write(references.read() - 1n);
  users.write(users.read() - 1n);
}

/** compound_head(). */
export function headOf(kernel: KernelModel, page: View): View {
  const link = page.has('compound_head') ? page.member('compound_head').read() : 0n;
  return (link & 1n) === 1n ? kernel.view('struct page', link - 1n) : page;
}

/** A filesystem whose pages are written back has a backing device. */
function giveBackingDevice(kernel: KernelModel, inode: bigint): void {
  const sb = kernel.view('struct inode', inode).member('i_sb').read();
  const type = kernel.program.typeNamed('struct backing_dev_info', UNIT);
  if (sb === 0n || type === undefined) return;
  const link = kernel.view('struct super_block', sb).member('s_bdi');
  if (link.read() === 0n) {
    const bdi = kernel.machine.create(type, 'backing_dev_info');
    if (bdi.has('capabilities')) bdi.member('capabilities').write(kernel.constant('BDI_CAP_WRITEBACK', UNIT) ?? 1n);
    if (bdi.has('wb.bdi')) bdi.member('wb.bdi').write(bdi.address);
    if (bdi.has('wb.stat[0].counters')) countPerCpu(kernel, bdi.member('wb.stat'));
    link.write(bdi.address);
  }
  // Pages of an inode are accounted to its writeback domain while they are dirty.
  const domain = kernel.view('struct inode', inode);
  if (domain.has('i_wb')) domain.member('i_wb').write(kernel.view('struct backing_dev_info', link.read(), UNIT).member('wb').address);
}

/** Gives each counter of an array its per-CPU half. */
function countPerCpu(kernel: KernelModel, counters: View): void {
  if (counters.type.kind !== 'array') return;
  for (let i = 0; i < (counters.type.length ?? 0); i++)
    counters
      .index(i)
      .member('counters')
      .write(kernel.machine.heap.allocate({ size: 4, name: 'percpu counter', zeroed: true }));
}

function addToCache(kernel: KernelModel, mapping: bigint, index: bigint, pages: bigint, head: bigint): void {
  const space = kernel.view('struct address_space', mapping);
  const tree = space.member('i_pages').address;
  if (pages === 1n) kernel.run('xa_store', [tree, index, head, GFP_KERNEL]);
  else kernel.run('xa_store_range', [tree, index, index + pages - 1n, head, GFP_KERNEL]);
  if (space.has('nrpages')) space.member('nrpages').write(space.member('nrpages').read() + pages);
}

/** Pages of a folio, from the head's order; 1 for a single page. */
function pagesOf(kernel: KernelModel, head: View): bigint {
  const next = kernel.view('struct page', head.address + BigInt(head.size));
  const linked = next.has('compound_head') && next.member('compound_head').read() === (head.address | 1n);
  return linked ? FOLIO_PAGES : 1n;
}

/**
 * split_huge_page() of a folio of the page cache: it is unmapped everywhere, and each of its pages stands alone afterwards. The page
 * that the caller asked for keeps the caller's lock and reference.
 */
function splitFolio(call: IntrinsicCall, kernel: KernelModel): number {
  const wanted = kernel.view('struct page', call.u64(0));
  const head = headOf(kernel, wanted);
  const pages = pagesOf(kernel, head);
  const mapping = head.member('mapping').read();
  const index = head.member('index').read();
  if (pages === 1n || mapping === 0n || (mapping & 1n) === 1n) return -EBUSY;
  call.run('unmap_mapping_pages', [mapping, index, pages, 0n]);
  const tree = kernel.view('struct address_space', mapping).member('i_pages').address;
  const count = (page: View): View => page.firstMember('_refcount.counter', '_refcount');
  const pins = count(head).read() - pages;
  const locked = flag(kernel, 'PG_locked');
  const common = head.member('flags').read() & ~(flag(kernel, 'PG_head') | locked);
  call.run('xa_store_range', [tree, index, index + pages - 1n, 0n, GFP_KERNEL]);
  for (let i = 0n; i < pages; i++) {
    const page = kernel.view('struct page', head.address + i * BigInt(head.size));
    const isWanted = page.address === wanted.address;
    if (page.has('compound_head')) page.member('compound_head').write(0n);
    page.member('flags').write(common | (isWanted ? locked : 0n));
    page.member('mapping').write(mapping);
    page.member('index').write(index + i);
    if (page.has('private')) page.member('private').write(0n);
    page.firstMember('_mapcount.counter', '_mapcount').write(-1);
    count(page).write(isWanted ? 1n + pins : 1n);
    call.run('xa_store', [tree, index + i, page.address, GFP_KERNEL]);
  }
  return 0;
}

const EBUSY = 16;
const GFP_KERNEL = 0xcc0n;
const partial = { fidelity: { partial: 'file folios of order 2 only' } };
export const folioIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic(
    'int split_huge_page_to_list(struct page *page, struct list_head *list)',
    'mm/huge_memory.c',
    'LRU lists and memory control groups have no content',
    splitFolio,
    partial,
  ),
  intrinsic(
    'int split_huge_page_to_list_to_order(struct page *page, struct list_head *list, unsigned int new_order)',
    'mm/huge_memory.c',
    'LRU lists and memory control groups have no content',
    splitFolio,
    partial,
  ),
];
