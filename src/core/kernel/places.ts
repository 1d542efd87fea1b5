// Where functions are defined that share a record with others of the same family.

const families: Readonly<Record<string, readonly string[]>> = {
  'arch/x86/include/asm/pgtable_64.h': ['native_set_pte', 'native_set_pmd', 'native_set_pud'],
  'arch/x86/include/asm/tlbflush.h': ['flush_tlb_page'],
  'arch/x86/include/asm/paravirt.h': ['arch_flush_lazy_mmu_mode', 'arch_enter_lazy_mmu_mode', 'arch_leave_lazy_mmu_mode'],
  'arch/x86/include/asm/string_64.h': ['memmove', '__memmove', 'memcpy_flushcache', '__memcpy_flushcache'],
  'arch/x86/lib/delay.c': ['__udelay', '__const_udelay', '__ndelay'],
  'arch/x86/lib/usercopy_64.c': ['arch_wb_cache_pmem'],
  'include/linux/memcontrol.h': ['mem_cgroup_uncharge'],
  'include/linux/percpu-rwsem.h': ['percpu_down_read', 'percpu_down_read_trylock', 'percpu_up_read'],
  'include/linux/printk.h': ['__printk_ratelimit'],
  'include/linux/slab.h': [
    'kvmalloc',
    'kvmalloc_noprof',
    'kmalloc_node',
    'kmalloc_node_noprof',
    'kvmalloc_node_noprof',
    'kmem_cache_alloc_trace',
  ],
  'include/linux/timekeeping.h': ['ktime_get_real_ns'],
  'include/linux/vmstat.h': ['mod_lruvec_page_state'],
  'kernel/panic.c': ['add_taint'],
  'kernel/rcu/tree_plugin.h': ['rcu_all_qs'],
  'kernel/rcu/update.c': ['rcu_read_lock_held'],
  'kernel/sched/core.c': ['kick_process'],
  'kernel/sched/swait.c': ['swake_up_one'],
  'kernel/sched/wait_bit.c': ['wake_up_bit', 'wake_up_var', '__wake_up_bit'],
  'kernel/time/timer.c': ['schedule_timeout_uninterruptible'],
  'mm/debug.c': ['dump_page'],
  'mm/folio-compat.c': ['isolate_lru_page'],
  'mm/memcontrol.c': ['__mod_lruvec_page_state', '__lruvec_stat_mod_folio', '__mod_lruvec_state'],
  'mm/memory.c': ['mm_trace_rss_stat'],
  'mm/page_alloc.c': ['drain_all_pages'],
  'mm/rmap.c': ['flush_tlb_batched_pending'],
  'mm/slub.c': ['__kmalloc_large_noprof'],
  'mm/util.c': ['kvmalloc_node', 'kvfree'],
  'mm/vmalloc.c': ['vfree'],
  'mm/workingset.c': ['workingset_update_node'],
};

const byName = new Map(Object.entries(families).flatMap(([file, names]) => names.map((name) => [name, file] as const)));

/** File that defines a function, when it is not that of its family. */
export function placeOf(name: string): string | undefined {
  return byName.get(name);
}
