// Page faults of the scenario: the DAX entry is made by the tree's own fs/dax.c, the page-table entry by us.
import {
  add,
  advance,
  alignDown,
  type Bytes,
  byteOfPage,
  compare,
  contains,
  distance,
  elementsOf,
  endOf,
  isAligned,
  lastOf,
  type PageIndex,
  type Pages,
  pages,
  pagesToBytes,
  type Pfn,
  pfn,
  pfnToPhys,
  physToPfn,
  subtract,
} from '../../../base/units.ts';
import type { PmemDevice, Scenario } from '../../scenario/schema.ts';
import { deviceShift, pagesOfEntry } from '../../scenario/present-pages.ts';
import { leafByte, pmemOf } from '../../scenario/devices.ts';
import { stopWithLimit } from '../../machine/outcome.ts';
import type { KernelModel, StateKey } from '../model.ts';
import { isDiscarded } from '../fs/eviction.ts';
import { lookForSharers } from '../fs/xfs/sharers.ts';
import { pageAddress, pageMember } from './pages.ts';
import { ACCESSED, DIRTY, lookUp, mapPage, NO_EXECUTE, PRESENT, USER, WRITABLE } from './page-tables.ts';
import { mapRamPage, prepareZeroPage } from './ram.ts';
import { inodeOf } from './inodes.ts';
import type { TaskState, VmaState } from './types.ts';
import { addressOf, indexOf } from './vma-places.ts';

/** Pages and bytes of a 2 MiB entry. */
const PMD_PAGES = pagesOfEntry(21);
const PMD_BYTES = pagesToBytes(PMD_PAGES);

/** One fault: the page of the mapping, counted from its start. */
export interface FaultRequest {
  readonly page: Pages;
  readonly write: boolean;
  /** Frame, when the scenario knows it; else it follows from the file's extents. */
  readonly pfn: Pfn | undefined;
  readonly shift: 12 | 21 | 30;
  /** Private copy in RAM. */
  readonly anonymous: boolean;
}

/** A page of a file on its device. */
interface Block {
  readonly pfn: Pfn | undefined;
  /** Byte of the filesystem's device; undefined in a hole, and where no filesystem is. */
  readonly physical?: Bytes;
  readonly shared: boolean;
  readonly copied: boolean;
}

/** Where a page of a file lies, whether other files share the block, and whether a write fault copied it there (such a fault still says IOMAP_F_SHARED). */
function extentOf(scenario: Scenario, path: string, index: PageIndex): Block {
  const at = byteOfPage(index);
  const character = deviceOf(scenario, path);
  if (character !== undefined) {
    const byte = leafByte(scenario, character.name, at);
    return { pfn: byte === undefined ? undefined : physToPfn(byte.physical), shared: false, copied: false };
  }
  for (const fs of scenario.filesystems) {
    const file = fs.files.find((f) => f.path === path);
    const extent = file?.extents.find((e) => contains({ start: e.logical, length: e.length }, at));
    if (file === undefined || extent === undefined) continue;
    const device = file.realtime && fs.realtimeDevice !== undefined ? fs.realtimeDevice : fs.device;
    const physical = add(extent.physical, subtract(at, extent.logical));
    const byte = leafByte(scenario, device, physical);
    return { pfn: byte === undefined ? undefined : physToPfn(byte.physical), physical, shared: extent.shared, copied: extent.copied };
  }
  return { pfn: undefined, shared: false, copied: false };
}

/** The device-dax node that a path names. */
function deviceOf(scenario: Scenario, path: string): PmemDevice | undefined {
  return scenario.pmem.find((device) => device.driver === 'devdax' && `/dev/${device.name}` === path);
}

/** Frames of RAM that no scenario names: where the page cache puts pages of files without DAX. */
const ramFrames: StateKey<{ next: Pfn; readonly byPage: Map<string, Pfn> }> = {
  name: 'page-cache frames',
  create: () => ({ next: pfn(0x1000n), byPage: new Map() }),
  clone: (state) => ({ next: state.next, byPage: new Map(state.byPage) }),
};

function freeFrame(kernel: KernelModel, path: string, index: PageIndex): Pfn {
  const state = kernel.part(ramFrames);
  const name = `${path}:${index}`;
  const known = state.byPage.get(name);
  if (known !== undefined) return known;
  const frame = state.next;
  state.next = advance(frame, pages(1n));
  state.byPage.set(name, frame);
  return frame;
}

/** A bit of an entry that software defines, as this tree numbers it; 0 in trees that do without. */
function softwareBit(kernel: KernelModel, name: string): bigint {
  const bit = kernel.constant(name, 'mm/memory-failure.c');
  return bit === undefined ? 0n : 1n << bit;
}

/** True when the tree has the functions of fs/dax.c that the model drives. */
function hasDaxFaults(kernel: KernelModel): boolean {
  return ['grab_mapping_entry', 'dax_insert_entry', 'dax_unlock_entry'].every(
    (f) => kernel.program.functionAddress(f, 'fs/dax.c') !== undefined,
  );
}

/** What dax_iomap_pte_fault()/dax_iomap_pmd_fault() do to the page cache of a DAX file: lock, insert, associate, unlock. */
function insertDaxEntry(
  kernel: KernelModel,
  map: VmaState,
  index: PageIndex,
  pfn: Pfn,
  request: FaultRequest,
  shared: boolean,
  isZero: boolean,
): void {
  const unit = 'fs/dax.c';
  const inode = inodeOf(kernel, map.path);
  if (inode === undefined) return;
  if (!hasDaxFaults(kernel)) {
    insertPlainEntry(kernel, inode.mapping, index, pfn, request.shift);
    return;
  }
  const order = request.shift === 12 ? 0n : 9n;
  const xas = kernel.create('struct xa_state', 'xa_state of a DAX fault', unit);
  xas.member('xa').write(kernel.view('struct address_space', inode.mapping).member('i_pages').address);
  xas.member('xa_index').write(index);
  xas.member('xa_shift').write(order - (order % 6n));
  xas.member('xa_sibs').write(order === 0n ? 0 : (1 << Number(order % 6n)) - 1);
  // XAS_RESTART (include/linux/xarray.h).
  xas.member('xa_node').write(3n);
  const vmf = kernel.create('struct vm_fault', 'vm_fault', unit);
  vmf.member('vma').write(map.vma);
  vmf.member('address').write(addressOf(map, request.page));
  vmf.member('pgoff').write(index);
  const iter = kernel.create('struct iomap_iter', 'iomap_iter', unit);
  const write = kernel.needConstant('IOMAP_WRITE', unit);
  iter.member('inode').write(inode.inode);
  iter.member('flags').write(request.write ? write : 0n);
  iter.member('iomap.flags').write(shared ? kernel.needConstant('IOMAP_F_SHARED', unit) : 0n);
  const entry = kernel.run('grab_mapping_entry', [xas.address, inode.mapping, order], unit);
  if ((entry & 3n) === 2n)
    return stopWithLimit(
      'model',
      `fault of page ${index} of ${map.path} falls back: entries of another size are present`,
      'grab_mapping_entry',
    );
  const flags = isZero ? 0n : kernel.needConstant('PFN_DEV', unit) | kernel.needConstant('PFN_MAP', unit);
  const frame: bigint = pfn;
  const kind = isZero ? kernel.needConstant('DAX_ZERO_PAGE', unit) : order === 0n ? 0n : kernel.needConstant('DAX_PMD', unit);
  const locked = kernel.run('dax_insert_entry', [xas.address, vmf.address, iter.address, entry, frame | flags, kind], unit);
  kernel.run('dax_unlock_entry', [xas.address, locked], unit);
  for (const view of [xas, vmf, iter]) kernel.machine.heap.free(view.address);
}

/** For trees whose fs/dax.c is shaped differently: the entry and page->mapping, as the generic path reads them. */
function insertPlainEntry(kernel: KernelModel, mapping: bigint, index: PageIndex, pfn: Pfn, shift: number): void {
  const frame: bigint = pfn;
  const space = kernel.view('struct address_space', mapping);
  const value = ((frame << 4n) | (shift === 12 ? 0n : 2n)) << 1n;
  kernel.run('xa_store', [space.member('i_pages').address, index, value | 1n, 0n]);
  const page = pageAddress(kernel, pfn);
  if (pageMember(kernel, page, 'mapping').read() === 0n) {
    pageMember(kernel, page, 'mapping').write(mapping);
    pageMember(kernel, page, 'index').write(index);
  }
}

/**
 * Brings a page of a mapping into the page table. Does nothing when it is there with the right to write. `build` keeps an entry
 * that the file has already; `entry` makes the file's entry only.
 */
export function faultPage(
  kernel: KernelModel,
  scenario: Scenario,
  task: TaskState,
  map: VmaState,
  request: FaultRequest,
  mode: 'build' | 'step' | 'entry' = 'step',
): void {
  const { memory } = kernel.machine;
  const inode = inodeOf(kernel, map.path);
  if (inode === undefined) return;
  const count = pagesOfEntry(request.shift);
  const address = addressOf(map, request.page);
  const pgd = kernel.view('struct mm_struct', task.mm).member('pgd').read();
  const present = lookUp(memory, pgd, address);
  if (mode !== 'entry' && present !== undefined && (!request.write || (present.value & WRITABLE) !== 0n)) return;
  const index = indexOf(map, request.page);
  const known = extentOf(scenario, map.path, index);
  if (isDiscarded(kernel, map.path, byteOfPage(index))) return;
  const copy = request.anonymous ? freeFrame(kernel, `${task.label}:${map.name}:${map.path}`, index) : undefined;
  const found = request.pfn ?? copy ?? (inode.dax ? known.pfn : freeFrame(kernel, map.path, index));
  if (found === undefined) return;
  const protection =
    PRESENT | USER | ACCESSED | (request.write ? WRITABLE | DIRTY : 0n) | (map.scenario.prot.includes('x') ? 0n : NO_EXECUTE);
  if (request.anonymous || !inode.dax) {
    mapRamPage(kernel, inode, map, index, found, request.anonymous);
    mapPage(kernel, pgd, address, found, 12, protection);
    return;
  }
  const aligned = alignDown(index, count);
  const first = alignDown(found, count);
  // A hole and unwritten blocks are read as the zero page.
  const isZero = pmemOf(scenario, pfnToPhys(first)) === undefined;
  if (isZero) prepareZeroPage(kernel, first);
  // pte_mkdevmap() sets both bits, pmd_mkdevmap() one: vm_normal_page() looks for them.
  const devmap =
    (isZero ? 0n : softwareBit(kernel, '_PAGE_BIT_DEVMAP')) | (request.shift === 12 ? softwareBit(kernel, '_PAGE_BIT_SPECIAL') : 0n);
  const mapHere = (): void => {
    mapPage(kernel, pgd, alignDown(address, pagesToBytes(count)), first, request.shift, protection | devmap);
  };
  if (map.path.startsWith('/dev/')) {
    associate(kernel, inode.mapping, first, aligned, count);
    mapHere();
    return;
  }
  if (mode === 'step' && known.physical !== undefined && !isZero) lookForSharers(kernel, map.path, known.physical, request.write);
  // The scenario lists what is there when its first step runs: later users of a file find the entry that the first one made.
  if (mode === 'step' || !hasEntry(kernel, inode.mapping, aligned))
    insertDaxEntry(kernel, map, aligned, first, request, known.shared || (known.copied && request.write), isZero);
  if (mode !== 'entry') mapHere();
}

/** dax_set_mapping() of drivers/dax/device.c: owner and index of each page, or of the head of a compound page. */
function associate(kernel: KernelModel, mapping: bigint, pfn: Pfn, index: PageIndex, count: Pages): void {
  for (const i of elementsOf({ start: pages(0n), length: count })) {
    const page = kernel.view('struct page', pageAddress(kernel, advance(pfn, i)));
    if (page.has('compound_head') && (page.member('compound_head').read() & 1n) === 1n) continue;
    if (pageMember(kernel, page.address, 'mapping').read() !== 0n) continue;
    pageMember(kernel, page.address, 'mapping').write(mapping);
    pageMember(kernel, page.address, 'index').write(advance(index, i));
  }
}

/** True when the file's i_pages holds something at a page index. */
export function hasEntry(kernel: KernelModel, mapping: bigint, index: PageIndex): boolean {
  return kernel.run('xa_load', [kernel.view('struct address_space', mapping).member('i_pages').address, index]) !== 0n;
}

/** Size of entry that a fault would make: for device-dax its alignment, for a DAX file a huge one when file offset, address and block are aligned to 2 MiB. */
export function naturalShift(scenario: Scenario, map: VmaState, page: Pages): 12 | 21 | 30 {
  const device = deviceOf(scenario, map.path);
  if (device !== undefined) return deviceShift(device.align);
  const first = alignDown(indexOf(map, page), PMD_PAGES);
  const { pfn: frame } = extentOf(scenario, map.path, first);
  if (frame === undefined) return 12;
  const start = addressOf(map, distance(indexOf(map, pages(0n)), first));
  const huge = { start, length: PMD_BYTES };
  const isInside = compare(start, map.start) >= 0 && compare(endOf(huge), endOf(map)) <= 0;
  const last = extentOf(scenario, map.path, lastOf({ start: first, length: PMD_PAGES }));
  const isOneRun = last.pfn === lastOf({ start: frame, length: PMD_PAGES });
  return isInside && isOneRun && isAligned(frame, PMD_PAGES) && isAligned(start, PMD_BYTES) ? 21 : 12;
}
