// get_user_pages and VMA lookup over the page tables and mappings that the world built.
import type { IntrinsicCall } from '../../machine/intrinsic.ts';
import { intrinsic, intrinsics, type KernelIntrinsic, type KernelModel } from '../model.ts';
import { faultPage, naturalShift } from './faults.ts';
import { lookUp } from './page-tables.ts';
import { pageAddress } from './pages.ts';
import { worldKey } from './state.ts';
import type { TaskState } from './types.ts';

const PAGE = 4096n;
const EFAULT = 14;
const FOLL_WRITE = 1;

function taskOf(kernel: KernelModel, mm: bigint): TaskState | undefined {
  return [...kernel.part(worldKey).tasks.values()].find((t) => t.mm === mm && mm !== 0n);
}

/** Takes a reference as try_get_page() would: on the head of a compound page. */
export function takeReference(kernel: KernelModel, pfn: bigint): bigint {
  const address = pageAddress(kernel, pfn);
  const page = kernel.view('struct page', address);
  const link = page.has('compound_head') ? page.member('compound_head').read() : 0n;
  const head = (link & 1n) === 1n ? kernel.view('struct page', link - 1n) : page;
  const count = head.firstMember('_refcount.counter', '_refcount');
  count.write(count.read() + 1n);
  return address;
}

/** The frame behind a user address of a task; faults it in when a mapping covers it. */
function userFrame(kernel: KernelModel, task: TaskState, address: bigint, write: boolean): bigint | undefined {
  const { scenario } = kernel.part(worldKey);
  const pgd = kernel.view('struct mm_struct', task.mm).member('pgd').read();
  const found = lookUp(kernel.machine.memory, pgd, address);
  if (found !== undefined) return found.pfn;
  const map = task.maps.find((m) => address >= m.start && address < m.end);
  if (map === undefined || scenario === undefined) return undefined;
  const page = (address - map.start) / PAGE;
  faultPage(kernel, scenario, task, map, { page, write, pfn: undefined, shift: naturalShift(scenario, map, page), anonymous: false });
  return lookUp(kernel.machine.memory, pgd, address)?.pfn;
}

function getPages(call: IntrinsicCall, kernel: KernelModel, start: bigint, count: number, flags: number, pages: bigint): number {
  const task = [...kernel.part(worldKey).tasks.values()].find((t) => t.task === kernel.current);
  if (task === undefined) return -EFAULT;
  for (let i = 0; i < count; i++) {
    const pfn = userFrame(kernel, task, start + BigInt(i) * PAGE, (flags & FOLL_WRITE) !== 0);
    if (pfn === undefined) return i === 0 ? -EFAULT : i;
    call.machine.memory.writeU64(pages + BigInt(8 * i), takeReference(kernel, pfn));
  }
  return count;
}

/** include/linux/mm.h: first VMA whose end lies above the address. */
function findVma(kernel: KernelModel, mm: bigint, address: bigint, covering: boolean): bigint {
  const maps = [...(taskOf(kernel, mm)?.maps ?? [])].sort((a, b) => (a.start < b.start ? -1 : 1));
  const found = maps.find((m) => address < m.end);
  return found === undefined || (covering && address < found.start) ? 0n : found.vma;
}

const WHY = 'page tables and mappings of the world';
export const gupIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic(
    'long __gup_longterm_locked(struct mm_struct *mm, unsigned long start, unsigned long nr_pages, struct page **pages, int *locked, unsigned int gup_flags)',
    'mm/gup.c',
    'page faults are steps of the scenario',
    (call, kernel) => BigInt(getPages(call, kernel, call.u64(1), Number(call.u64(2)), call.u32(call.argCount - 1), call.u64(3))),
    { params: { start: 'user address', nr_pages: 'pages' }, returns: 'pages or errno' },
  ),
  // Trees before 6.2 come here when the page is not there yet.
  intrinsic(
    'int __gup_longterm_unlocked(unsigned long start, int nr_pages, unsigned int gup_flags, struct page **pages)',
    'mm/gup.c',
    'page faults are steps of the scenario',
    (call, kernel) => getPages(call, kernel, call.u64(0), call.s32(1), call.u32(2), call.u64(3)),
    { params: { start: 'user address', nr_pages: 'pages' }, returns: 'pages or errno' },
  ),
  intrinsic('struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)', 'mm/mmap.c', WHY, (call, kernel) =>
    findVma(kernel, call.u64(0), call.u64(1), false),
  ),
  ...intrinsics(
    ['struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)'],
    'include/linux/mm.h',
    WHY,
    (call, kernel) => findVma(kernel, call.u64(0), call.u64(1), true),
  ),
  intrinsic(
    'struct vm_area_struct *find_vma_intersection(struct mm_struct *mm, unsigned long start_addr, unsigned long end_addr)',
    'mm/mmap.c',
    WHY,
    (call, kernel) => {
      const maps = [...(taskOf(kernel, call.u64(0))?.maps ?? [])].sort((a, b) => (a.start < b.start ? -1 : 1));
      return maps.find((m) => call.u64(1) < m.end && call.u64(2) > m.start)?.vma ?? 0n;
    },
  ),
];
