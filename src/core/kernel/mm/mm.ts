// mm: the few leaf functions that touch hardware, per-CPU batches or subsystems outside the scenario.
import { headOf } from '../world/ram.ts';
import { intrinsic, intrinsics, nothing, type KernelIntrinsic } from '../model.ts';

const gather = 'there is no TLB and no page is freed behind one';

export const mmIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic('void __mark_inode_dirty(struct inode *inode, int flags)', 'fs/fs-writeback.c', 'nothing is written back', nothing, {
    fidelity: { partial: 'the inode is not put on a list' },
  }),
  ...intrinsics(
    [
      'void lru_add_drain(void)',
      'void lru_add_drain_all(void)',
      'void lru_add_drain_cpu(int cpu)',
      'void drain_all_pages(struct zone *zone)',
      'void mark_page_accessed(struct page *page)',
      'void folio_mark_accessed(struct folio *folio)',
    ],
    'mm/swap.c',
    'per-CPU batches are empty',
    nothing,
  ),
  ...intrinsics(
    ['void zone_pcp_disable(struct zone *zone)', 'void zone_pcp_enable(struct zone *zone)'],
    'mm/page_alloc.c',
    'per-CPU lists of free pages are empty',
    nothing,
  ),
  ...intrinsics(
    [
      'void tlb_gather_mmu(struct mmu_gather *tlb, struct mm_struct *mm)',
      'void tlb_gather_mmu_fullmm(struct mmu_gather *tlb, struct mm_struct *mm)',
    ],
    'mm/mmu_gather.c',
    gather,
    (call, kernel) => {
      const tlb = kernel.view('struct mmu_gather', call.u64(0), 'mm/memory.c').clear();
      tlb.member('mm').write(call.u64(1));
      return undefined;
    },
  ),
  ...intrinsics(
    [
      'void tlb_finish_mmu(struct mmu_gather *tlb)',
      'void tlb_flush_mmu(struct mmu_gather *tlb)',
      'void tlb_flush_rmaps(struct mmu_gather *tlb, struct vm_area_struct *vma)',
      'void tlb_remove_table(struct mmu_gather *tlb, void *table)',
    ],
    'mm/mmu_gather.c',
    gather,
    nothing,
  ),
  ...intrinsics(
    [
      'bool __tlb_remove_page_size(struct mmu_gather *tlb, struct page *page, int page_size)',
      'bool __tlb_remove_folio_pages(struct mmu_gather *tlb, struct page *page, unsigned int nr_pages, bool delay_rmap)',
    ],
    'mm/mmu_gather.c',
    gather,
    (call, kernel) => {
      // The reference that the mapping held goes at once, as it would when the batch is flushed.
      const count = headOf(kernel, kernel.view('struct page', call.u64(1) & ~1n)).firstMember('_refcount.counter', '_refcount');
      if (count.read() > 1n) count.write(count.read() - 1n);
      return false;
    },
    { fidelity: { partial: 'the last reference stays' } },
  ),
  intrinsic(
    'struct page *__populate_section_memmap(unsigned long pfn, unsigned long nr_pages, int nid, struct vmem_altmap *altmap, struct dev_pagemap *pgmap)',
    'mm/sparse-vmemmap.c',
    'the array of struct page is a region of the machine',
    (call, kernel) => {
      const size = BigInt(kernel.view('struct page', 0n).size);
      return BigInt.asUintN(64, kernel.machine.memory.readU64(kernel.global('vmemmap_base')) + call.u64(0) * size);
    },
  ),
  ...intrinsics(
    [
      'void uprobe_munmap(struct vm_area_struct *vma, unsigned long start, unsigned long end)',
      'int uprobe_mmap(struct vm_area_struct *vma)',
    ],
    'kernel/events/uprobes.c',
    'no uprobes',
    () => 0,
  ),
  ...intrinsics(
    ['int PageHuge(struct page *page)', 'int PageHeadHuge(struct page *page_head)'],
    'mm/hugetlb.c',
    'a scenario has no hugetlb pages',
    () => 0,
  ),
  // A present entry with the size bit, or one that is neither none nor a table (arch/x86/mm/hugetlbpage.c).
  intrinsic(
    'int pmd_huge(pmd_t pmd)',
    'arch/x86/mm/hugetlbpage.c',
    'a test of two bits',
    (call) => call.u64(0) !== 0n && (call.u64(0) & 0x81n) !== 1n,
  ),
  intrinsic('int pud_huge(pud_t pud)', 'arch/x86/mm/hugetlbpage.c', 'a test of one bit', (call) => (call.u64(0) & 0x80n) !== 0n),
  intrinsic('int arch_memory_failure(unsigned long pfn, int flags)', 'arch/x86/kernel/cpu/sgx/main.c', 'no enclave pages', () => -6, {
    params: { pfn: 'pfn' },
    returns: 'errno',
  }),
  intrinsic('bool arch_is_platform_page(u64 paddr)', 'arch/x86/kernel/cpu/sgx/main.c', 'no enclave pages', () => false),
  ...intrinsics(
    ['bool capable(int cap)', 'bool ns_capable(struct user_namespace *ns, int cap)'],
    'kernel/capability.c',
    'the injecting task is root',
    () => true,
    { fidelity: { partial: 'every task is root' } },
  ),
  ...intrinsics(['void get_random_bytes(void *buf, size_t len)'], 'drivers/char/random.c', 'runs must repeat', (call) => {
    call.machine.memory.fill(call.u64(0), Number(call.u64(1)), 0x5a);
    return undefined;
  }),
  ...intrinsics(['u32 get_random_u32(void)', 'u64 get_random_u64(void)'], 'drivers/char/random.c', 'runs must repeat', () => 0x5a5a5a5an),
];
