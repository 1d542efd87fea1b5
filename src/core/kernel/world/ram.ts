// Ordinary pages in RAM that a scenario's mappings reach: page cache of files without DAX, private copies of DAX pages.
import type { KernelModel } from '../model.ts';
import { listAddTail, listInit } from './list.ts';
import { pageAddress } from './pages.ts';
import type { InodeState, VmaState } from './types.ts';

const UNIT = 'mm/memory-failure.c';
/** 128 MiB sections (arch/x86/include/asm/sparsemem.h SECTION_SIZE_BITS). */
const SECTION_PAGES = 32768n;
/** ZONE_DMA32: below 4 GiB. */
const ZONE_DMA32 = 1n;

function flag(kernel: KernelModel, name: string): bigint {
  const bit = kernel.constant(name, UNIT);
  return bit === undefined ? 0n : 1n << bit;
}

/** Makes the section of a frame present and online, through the tree's own functions, once. */
function onlineSection(kernel: KernelModel, pfn: bigint): void {
  const start = pfn & ~(SECTION_PAGES - 1n);
  if (kernel.seenOnce(`section ${start}`)) return;
  if (kernel.program.functionAddress('sparse_add_section') === undefined) return;
  kernel.run('sparse_add_section', [0n, start, SECTION_PAGES, 0n, 0n]);
  if (kernel.program.functionAddress('online_mem_sections') !== undefined) kernel.run('online_mem_sections', [start, start + SECTION_PAGES]);
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

/** One more user mapping of a page in RAM; makes the page what it is on first use. */
export function mapRamPage(kernel: KernelModel, inode: InodeState, map: VmaState, index: bigint, pfn: bigint, anonymous: boolean): void {
  onlineSection(kernel, pfn);
  const page = kernel.view('struct page', pageAddress(kernel, pfn));
  const references = page.firstMember('_refcount.counter', '_refcount');
  const users = page.firstMember('_mapcount.counter', '_mapcount');
  if (!kernel.seenOnce(`page ${pfn}`)) {
    const links = kernel.program.functionAddress('set_page_links', UNIT);
    if (links !== undefined) kernel.run('set_page_links', [page.address, ZONE_DMA32, 0n, pfn], UNIT);
    const flags = page.member('flags');
    flags.write(flags.read() | flag(kernel, 'PG_uptodate') | flag(kernel, 'PG_lru') | (anonymous ? flag(kernel, 'PG_swapbacked') | flag(kernel, 'PG_dirty') : 0n));
    // PAGE_MAPPING_ANON (include/linux/page-flags.h) is bit 0.
    page.member('mapping').write(anonymous ? anonVmaOf(kernel, map) | 1n : inode.mapping);
    page.member('index').write(index);
    references.write(anonymous ? 0n : 1n);
    users.write(-1n);
    if (!anonymous) {
      giveBackingDevice(kernel, inode.inode);
      addToCache(kernel, inode.mapping, index, page.address);
    }
  }
  references.write(references.read() + 1n);
  users.write(users.read() + 1n);
}

/** A filesystem whose pages are written back has a backing device. */
function giveBackingDevice(kernel: KernelModel, inode: bigint): void {
  const sb = kernel.view('struct inode', inode).member('i_sb').read();
  const type = kernel.program.typeNamed('struct backing_dev_info', UNIT);
  if (sb === 0n || type === undefined) return;
  const link = kernel.view('struct super_block', sb).member('s_bdi');
  if (link.read() !== 0n) return;
  const bdi = kernel.machine.create(type, 'backing_dev_info');
  if (bdi.has('capabilities')) bdi.member('capabilities').write(kernel.constant('BDI_CAP_WRITEBACK', UNIT) ?? 1n);
  link.write(bdi.address);
}

function addToCache(kernel: KernelModel, mapping: bigint, index: bigint, page: bigint): void {
  const space = kernel.view('struct address_space', mapping);
  kernel.run('xa_store', [space.member('i_pages').address, index, page, 0xcc0n]);
  if (space.has('nrpages')) space.member('nrpages').write(space.member('nrpages').read() + 1n);
}
