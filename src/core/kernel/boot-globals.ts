// Globals whose value boot decides: given here, so that a trace need not load the boot code's units to know them.
import type { MachineApi } from '../machine/api.ts';

/** Value of a global object: its first 8 bytes, or zero bytes all over. Arrays and structs are zero behind the first word. */
export interface BootGlobal {
  readonly name: string;
  /** File of the kernel that defines it. */
  readonly file: string;
  readonly value: bigint;
  readonly reason: string;
}

const layout = 'four-level paging without KASLR (Documentation/arch/x86/x86_64/mm.rst)';
const oneCpu = 'one CPU';

const bootGlobals: readonly BootGlobal[] = [
  { name: 'page_offset_base', file: 'arch/x86/kernel/head64.c', value: 0xffff888000000000n, reason: layout },
  { name: 'vmalloc_base', file: 'arch/x86/kernel/head64.c', value: 0xffffc90000000000n, reason: layout },
  { name: 'vmemmap_base', file: 'arch/x86/kernel/head64.c', value: 0xffffea0000000000n, reason: layout },
  { name: 'phys_base', file: 'arch/x86/kernel/head_64.S', value: 0n, reason: layout },
  { name: 'pgdir_shift', file: 'arch/x86/kernel/head64.c', value: 39n, reason: layout },
  { name: 'ptrs_per_p4d', file: 'arch/x86/kernel/head64.c', value: 1n, reason: layout },
  { name: '__pgtable_l5_enabled', file: 'arch/x86/kernel/head64.c', value: 0n, reason: layout },
  { name: 'highest_memmap_pfn', file: 'mm/memory.c', value: (1n << 34n) - 1n, reason: 'every frame has a struct page' },
  { name: 'physical_mask', file: 'arch/x86/mm/pgtable.c', value: (1n << 52n) - 1n, reason: layout },
  { name: 'sme_me_mask', file: 'arch/x86/mm/mem_encrypt_identity.c', value: 0n, reason: 'memory is not encrypted' },
  { name: '__supported_pte_mask', file: 'arch/x86/mm/init_64.c', value: 0xffffffffffffffffn, reason: 'all bits of an entry are supported' },
  {
    name: '__default_kernel_pte_mask',
    file: 'arch/x86/mm/init_64.c',
    value: 0xffffffffffffffffn,
    reason: 'all bits of an entry are supported',
  },
  { name: 'cpu_number', file: 'arch/x86/kernel/setup_percpu.c', value: 0n, reason: oneCpu },
  { name: '__per_cpu_offset', file: 'arch/x86/kernel/setup_percpu.c', value: 0n, reason: oneCpu },
  { name: 'this_cpu_off', file: 'arch/x86/kernel/setup_percpu.c', value: 0n, reason: oneCpu },
  { name: 'numa_node', file: 'mm/page_alloc.c', value: 0n, reason: 'one node' },
  { name: 'nr_cpu_ids', file: 'kernel/smp.c', value: 1n, reason: oneCpu },
  { name: '__num_online_cpus', file: 'kernel/cpu.c', value: 1n, reason: oneCpu },
  { name: '__cpu_online_mask', file: 'kernel/cpu.c', value: 1n, reason: oneCpu },
  { name: '__cpu_possible_mask', file: 'kernel/cpu.c', value: 1n, reason: oneCpu },
  { name: '__cpu_present_mask', file: 'kernel/cpu.c', value: 1n, reason: oneCpu },
  { name: 'boot_cpu_data', file: 'arch/x86/kernel/setup.c', value: 0n, reason: 'a CPU without optional features' },
  { name: 'jiffies', file: 'kernel/time/timer.c', value: 0n, reason: 'there is no time' },
  { name: 'jiffies_64', file: 'kernel/time/timer.c', value: 0n, reason: 'there is no time' },
  { name: 'system_state', file: 'init/main.c', value: 3n, reason: 'SYSTEM_RUNNING' },
  { name: 'hugetlb_optimize_vmemmap_key', file: 'mm/hugetlb_vmemmap.c', value: 0n, reason: 'no hugetlb pages' },
  { name: 'tasklist_lock', file: 'kernel/fork.c', value: 0n, reason: 'an unlocked lock' },
  { name: 'init_task', file: 'init/init_task.c', value: 0n, reason: 'head of the task list; its links are made with the world' },
  { name: 'node_data', file: 'arch/x86/mm/numa.c', value: 0n, reason: 'filled in with the world' },
  { name: 'mem_section', file: 'mm/sparse.c', value: 0n, reason: 'filled in with the world' },
  { name: 'radix_tree_node_cachep', file: 'lib/radix-tree.c', value: 0n, reason: 'created with the world' },
  { name: 'xfsstats', file: 'fs/xfs/xfs_stats.c', value: 0n, reason: 'counters, allocated with the first mount' },
  { name: 'system_wq', file: 'kernel/workqueue.c', value: 0n, reason: 'work never runs' },
  { name: 'system_unbound_wq', file: 'kernel/workqueue.c', value: 0n, reason: 'work never runs' },
  { name: 'system_long_wq', file: 'kernel/workqueue.c', value: 0n, reason: 'work never runs' },
  { name: 'oops_in_progress', file: 'lib/bust_spinlocks.c', value: 0n, reason: 'nothing happened yet' },
  { name: 'debug_locks', file: 'lib/debug_locks.c', value: 0n, reason: 'locks are observed by the machine' },
];

/** Where boot globals lie: below the program's own data. */
const base = 0xffffffff83000000n;
/** Room for the largest of them (init_task). */
const slot = 0x8000n;

/** Addresses of the boot globals for `ProgramOptions.linkerSymbols`. */
export function bootSymbols(): Map<string, bigint> {
  return new Map(bootGlobals.map((g, i) => [g.name, base + BigInt(i) * slot]));
}

/** Makes the boot globals exist in a machine's memory. */
export function placeBootGlobals(machine: MachineApi): void {
  bootGlobals.forEach((g, i) => {
    const address = base + BigInt(i) * slot;
    machine.memory.open(address, Number(slot), true);
    machine.memory.writeU64(address, g.value);
  });
}
