// get_user_pages and VMA lookup over the page tables and mappings that the world built.
import {
  advance,
  bytesToPages,
  compare,
  contains,
  distance,
  endOf,
  overlaps,
  pages,
  pagesToBytes,
  type Pfn,
  pfnToPhys,
  type UserAddr,
  userAddr,
} from '../../../base/units.ts';
import type { IntrinsicCall } from '../../machine/intrinsic.ts';
import { pmemOf } from '../../scenario/devices.ts';
import { intrinsic, intrinsics, type KernelIntrinsic, type KernelModel } from '../model.ts';
import { faultPage, naturalShift } from './faults.ts';
import { lookUp } from './page-tables.ts';
import { pageAddress } from './pages.ts';
import { worldKey } from './state.ts';
import type { TaskState, VmaState } from './types.ts';

const EFAULT = 14;
const FOLL_WRITE = 1;

function taskOf(kernel: KernelModel, mm: bigint): TaskState | undefined {
  return [...kernel.part(worldKey).tasks.values()].find((t) => t.mm === mm && mm !== 0n);
}

/** Takes a reference as try_get_page() would: on the head of a compound page. */
export function takeReference(kernel: KernelModel, pfn: Pfn): bigint {
  const address = pageAddress(kernel, pfn);
  const page = kernel.view('struct page', address);
  const link = page.has('compound_head') ? page.member('compound_head').read() : 0n;
  const head = (link & 1n) === 1n ? kernel.view('struct page', link - 1n) : page;
  const count = head.firstMember('_refcount.counter', '_refcount');
  count.write(count.read() + 1n);
  return address;
}

/** follow_page_pte() and follow_devmap_pmd() hold the page map of a device's page while they take a reference to it. */
function holdPagemap(kernel: KernelModel, pfn: Pfn): void {
  const { scenario } = kernel.part(worldKey);
  if (scenario === undefined || pmemOf(scenario, pfnToPhys(pfn)) === undefined) return;
  if (kernel.program.functionAddress('get_dev_pagemap') === undefined) return;
  const pgmap = kernel.run('get_dev_pagemap', [pfn, 0n]);
  if (pgmap !== 0n) kernel.run('put_dev_pagemap', [pgmap], 'mm/memory-failure.c');
}

/** The frame behind a user address of a task; faults it in when a mapping covers it. */
function userFrame(kernel: KernelModel, task: TaskState, address: UserAddr, write: boolean): Pfn | undefined {
  const { scenario } = kernel.part(worldKey);
  const pgd = kernel.view('struct mm_struct', task.mm).member('pgd').read();
  const found = lookUp(kernel.machine.memory, pgd, address);
  if (found !== undefined) return found.pfn;
  const map = task.maps.find((m) => contains(m, address));
  if (map === undefined || scenario === undefined) return undefined;
  const page = bytesToPages(distance(map.start, address));
  faultPage(kernel, scenario, task, map, { page, write, pfn: undefined, shift: naturalShift(scenario, map, page), anonymous: false });
  const faulted = lookUp(kernel.machine.memory, pgd, address)?.pfn;
  if (faulted !== undefined) holdPagemap(kernel, faulted);
  return faulted;
}

function getPages(call: IntrinsicCall, kernel: KernelModel, start: UserAddr, count: number, flags: number, out: bigint): number {
  const task = [...kernel.part(worldKey).tasks.values()].find((t) => t.task === kernel.current);
  if (task === undefined) return -EFAULT;
  for (let i = 0; i < count; i++) {
    const pfn = userFrame(kernel, task, advance(start, pagesToBytes(pages(BigInt(i)))), (flags & FOLL_WRITE) !== 0);
    if (pfn === undefined) return i === 0 ? -EFAULT : i;
    call.machine.memory.writeU64(out + BigInt(8 * i), takeReference(kernel, pfn));
  }
  return count;
}

/** Mappings of an address space, lowest first. */
function mapsOf(kernel: KernelModel, mm: bigint): readonly VmaState[] {
  return [...(taskOf(kernel, mm)?.maps ?? [])].sort((a, b) => compare(a.start, b.start));
}

/** include/linux/mm.h: first VMA whose end lies above the address. */
function findVma(kernel: KernelModel, mm: bigint, address: UserAddr, covering: boolean): bigint {
  const found = mapsOf(kernel, mm).find((m) => compare(address, endOf(m)) < 0);
  return found === undefined || (covering && !contains(found, address)) ? 0n : found.vma;
}

const WHY = 'page tables and mappings of the world';
export const gupIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic(
    'long __gup_longterm_locked(struct mm_struct *mm, unsigned long start, unsigned long nr_pages, struct page **pages, int *locked, unsigned int gup_flags)',
    'mm/gup.c',
    'page faults are steps of the scenario',
    (call, kernel) => BigInt(getPages(call, kernel, userAddr(call.u64(1)), Number(call.u64(2)), call.u32(call.argCount - 1), call.u64(3))),
    { params: { start: 'userAddr', nr_pages: 'pages' }, returns: 'pages' },
  ),
  // Trees before 6.2 come here when the page is not there yet.
  intrinsic(
    'int __gup_longterm_unlocked(unsigned long start, int nr_pages, unsigned int gup_flags, struct page **pages)',
    'mm/gup.c',
    'page faults are steps of the scenario',
    (call, kernel) => getPages(call, kernel, userAddr(call.u64(0)), call.s32(1), call.u32(2), call.u64(3)),
    { params: { start: 'userAddr', nr_pages: 'pages' }, returns: 'pages' },
  ),
  intrinsic('struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)', 'mm/mmap.c', WHY, (call, kernel) =>
    findVma(kernel, call.u64(0), userAddr(call.u64(1)), false),
  ),
  ...intrinsics(
    ['struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)'],
    'include/linux/mm.h',
    WHY,
    (call, kernel) => findVma(kernel, call.u64(0), userAddr(call.u64(1)), true),
  ),
  intrinsic(
    'struct vm_area_struct *find_vma_intersection(struct mm_struct *mm, unsigned long start_addr, unsigned long end_addr)',
    'mm/mmap.c',
    WHY,
    (call, kernel) => {
      const asked = { start: userAddr(call.u64(1)), length: distance(userAddr(call.u64(1)), userAddr(call.u64(2))) };
      return mapsOf(kernel, call.u64(0)).find((m) => overlaps(m, asked))?.vma ?? 0n;
    },
  ),
];
