// arch/x86/include/asm: page-table entry accessors, interrupt flag, CPU features, jump labels. Models of asm that alternatives patch at boot.
import { intrinsic, intrinsics, nothing, type KernelIntrinsic, type KernelModel } from '../../../model.ts';
import type { IntrinsicCall } from '../../../../machine/intrinsic.ts';

const PARAVIRT = 'arch/x86/include/asm/paravirt.h';
const IRQFLAGS = 'arch/x86/include/asm/irqflags.h';
const native = 'paravirt call patched to the native instruction at boot';

const entryValue = intrinsics(
  [
    'pteval_t pte_val(pte_t pte)',
    'pte_t __pte(pteval_t val)',
    'pgdval_t pgd_val(pgd_t pgd)',
    'pgd_t __pgd(pgdval_t val)',
    'pmdval_t pmd_val(pmd_t pmd)',
    'pmd_t __pmd(pmdval_t val)',
    'pudval_t pud_val(pud_t pud)',
    'pud_t __pud(pudval_t val)',
    'p4dval_t p4d_val(p4d_t p4d)',
    'p4d_t __p4d(p4dval_t val)',
  ],
  PARAVIRT,
  native,
  (call) => call.u64(0),
);

const entryStore = intrinsics(
  [
    'void set_pte(pte_t *ptep, pte_t pte)',
    'void set_pmd(pmd_t *pmdp, pmd_t pmd)',
    'void set_pud(pud_t *pudp, pud_t pud)',
    'void set_p4d(p4d_t *p4dp, p4d_t p4d)',
    'void __set_pgd(pgd_t *pgdp, pgd_t pgd)',
    'void native_set_pte(pte_t *ptep, pte_t pte)',
    'void native_set_pmd(pmd_t *pmdp, pmd_t pmd)',
    'void native_set_pud(pud_t *pudp, pud_t pud)',
  ],
  PARAVIRT,
  native,
  (call) => {
    call.machine.memory.writeUnsigned(call.u64(0), 8, call.u64(1));
    return undefined;
  },
);

/** Reads an entry and clears it in one step. */
const entryTake = intrinsics(
  [
    'pte_t native_ptep_get_and_clear(pte_t *xp)',
    'pmd_t native_pmdp_get_and_clear(pmd_t *xp)',
    'pud_t native_pudp_get_and_clear(pud_t *xp)',
  ],
  'arch/x86/include/asm/pgtable_64.h',
  'atomic exchange',
  (call) => {
    const at = call.u64(0);
    const old = call.machine.memory.readU64(at);
    call.machine.memory.writeU64(at, 0n);
    return old;
  },
);

function setIrqs(disabled: boolean): (call: IntrinsicCall, kernel: KernelModel) => undefined {
  return (_call, kernel) => {
    kernel.locks.irqsDisabled = disabled;
    return undefined;
  };
}

const IF = 0x200n;
const interrupts: readonly KernelIntrinsic[] = [
  ...intrinsics(['unsigned long arch_local_save_flags(void)', 'unsigned long native_save_fl(void)'], IRQFLAGS, native, (_call, kernel) =>
    kernel.locks.irqsDisabled ? 0n : IF,
  ),
  ...intrinsics(['void arch_local_irq_disable(void)', 'void native_irq_disable(void)'], IRQFLAGS, native, setIrqs(true)),
  ...intrinsics(['void arch_local_irq_enable(void)', 'void native_irq_enable(void)'], IRQFLAGS, native, setIrqs(false)),
  intrinsic('unsigned long arch_local_irq_save(void)', IRQFLAGS, native, (_call, kernel) => {
    const flags = kernel.locks.irqsDisabled ? 0n : IF;
    kernel.locks.irqsDisabled = true;
    return flags;
  }),
  intrinsic('void arch_local_irq_restore(unsigned long flags)', IRQFLAGS, native, (call, kernel) => {
    kernel.locks.irqsDisabled = (call.u64(0) & IF) === 0n;
    return undefined;
  }),
];

/** include/linux/jump_label.h: a branch whose direction follows `key->enabled`. */
function staticBranch(call: IntrinsicCall, kernel: KernelModel): boolean {
  // Tracepoints are off; their keys are defined by macros in units that nothing else needs.
  if (kernel.program.symbolize(call.u64(0))?.startsWith('__tracepoint_') === true) return call.bool(1);
  const enabled = call.machine.memory.readS32(call.u64(0)) > 0;
  return enabled !== call.bool(1);
}

const branches: readonly KernelIntrinsic[] = [
  ...intrinsics(
    [
      'bool arch_static_branch(struct static_key *const key, const bool branch)',
      'bool arch_static_branch_jump(struct static_key *const key, const bool branch)',
    ],
    'arch/x86/include/asm/jump_label.h',
    'asm goto patched at run time',
    staticBranch,
  ),
  intrinsic('bool _static_cpu_has(u16 bit)', 'arch/x86/include/asm/cpufeature.h', 'asm goto patched at boot', () => false, {
    fidelity: { partial: 'a CPU without optional features' },
  }),
  ...intrinsics(
    [
      'void jump_label_update(struct static_key *key)',
      'void __jump_label_update(struct static_key *key)',
      'void jump_label_lock(void)',
      'void jump_label_unlock(void)',
      'void cpus_read_lock(void)',
      'void cpus_read_unlock(void)',
      'void lockdep_assert_cpus_held(void)',
    ],
    'kernel/jump_label.c',
    'patches code',
    nothing,
  ),
];

const bits: readonly KernelIntrinsic[] = [
  ...intrinsics(
    [
      'unsigned int __arch_hweight32(unsigned int w)',
      'unsigned int __arch_hweight16(unsigned int w)',
      'unsigned int __arch_hweight8(unsigned int w)',
    ],
    'arch/x86/include/asm/arch_hweight.h',
    'asm call with alternatives',
    (call) => count(BigInt(call.u32(0))),
  ),
  intrinsic('unsigned long __arch_hweight64(__u64 w)', 'arch/x86/include/asm/arch_hweight.h', 'asm call with alternatives', (call) =>
    BigInt(count(call.u64(0))),
  ),
];

function count(value: bigint): number {
  return value.toString(2).replaceAll('0', '').length;
}

const encryption: readonly KernelIntrinsic[] = [
  ...intrinsics(['u64 cc_mkdec(u64 val)', 'u64 cc_mkenc(u64 val)'], 'arch/x86/coco/core.c', 'memory is not encrypted', (call) =>
    call.u64(0),
  ),
  intrinsic('bool cc_platform_has(enum cc_attr attr)', 'arch/x86/coco/core.c', 'memory is not encrypted', () => false),
];

/** Identification and machine-check registers: only what a record copies. */
const REGISTERS = 'registers of the simulated CPU';

const cpu: readonly KernelIntrinsic[] = [
  intrinsic(
    'struct task_struct *get_current(void)',
    'arch/x86/include/asm/current.h',
    'per-CPU variable',
    (_call, kernel) => kernel.current,
  ),
  ...intrinsics(
    [
      'void flush_tlb_mm_range(struct mm_struct *mm, unsigned long start, unsigned long end, unsigned int stride_shift, bool freed_tables)',
      'void flush_tlb_page(struct vm_area_struct *vma, unsigned long a)',
      'void flush_tlb_all(void)',
      'void flush_tlb_kernel_range(unsigned long start, unsigned long end)',
      'void arch_flush_lazy_mmu_mode(void)',
      'void arch_enter_lazy_mmu_mode(void)',
      'void arch_leave_lazy_mmu_mode(void)',
      'void flush_tlb_batched_pending(struct mm_struct *mm)',
    ],
    'arch/x86/mm/tlb.c',
    'there is no TLB',
    nothing,
  ),
  intrinsic(
    'void __cpuid(unsigned int *eax, unsigned int *ebx, unsigned int *ecx, unsigned int *edx)',
    'arch/x86/include/asm/processor.h',
    REGISTERS,
    (call) => {
      for (let i = 0; i < 4; i++) call.machine.memory.writeU32(call.u64(i), 0);
      return undefined;
    },
    { fidelity: { partial: 'a CPU that reports no features' } },
  ),
  ...intrinsics(
    [
      'unsigned long long __rdmsr(unsigned int msr)',
      'u64 paravirt_read_msr(unsigned int msr)',
      'unsigned long long native_read_msr(unsigned int msr)',
    ],
    'arch/x86/include/asm/msr.h',
    REGISTERS,
    () => 0n,
    { fidelity: { partial: 'every register is 0' } },
  ),
  ...intrinsics(
    ['void sync_core(void)', 'void iret_to_self(void)'],
    'arch/x86/include/asm/sync_core.h',
    'one CPU executes in order',
    nothing,
  ),
  intrinsic('int set_mce_nospec(unsigned long pfn)', 'arch/x86/mm/pat/set_memory.c', 'page attributes of the direct map', () => 0),
  intrinsic('int clear_mce_nospec(unsigned long pfn)', 'arch/x86/mm/pat/set_memory.c', 'page attributes of the direct map', () => 0),
  ...intrinsics(
    [
      'void clflush_cache_range(void *vaddr, unsigned int size)',
      'void arch_wb_cache_pmem(void *addr, size_t size)',
      'void arch_invalidate_pmem(void *addr, size_t size)',
    ],
    'arch/x86/mm/pat/set_memory.c',
    'there are no CPU caches',
    nothing,
  ),
];

export const x86Intrinsics: readonly KernelIntrinsic[] = [
  ...entryValue,
  ...entryStore,
  ...entryTake,
  ...interrupts,
  ...branches,
  ...bits,
  ...encryption,
  ...cpu,
];
