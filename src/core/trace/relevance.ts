// Which calls a reader wants to see: the path itself, without locks, allocators, printing and container internals.

import type { FunctionInfo } from '../program/api.ts';
import type { Intrinsic } from '../machine/intrinsic.ts';

/** Folders and files whose functions are machinery: they appear only when everything is asked for. */
const MACHINERY = [
  'arch/',
  'include/',
  'lib/',
  'kernel/locking/',
  'kernel/rcu/',
  'kernel/sched/',
  'kernel/printk/',
  'kernel/time/',
  'kernel/panic.c',
  'kernel/softirq.c',
  'kernel/workqueue.c',
  'kernel/context_tracking.c',
  'mm/slab',
  'mm/slub.c',
  'mm/util.c',
  'mm/percpu',
  'mm/page_alloc.c',
  'mm/vmalloc.c',
  'mm/vmstat.c',
  'mm/interval_tree.c',
  'fs/inode.c',
  'fs/xfs/xfs_message.c',
] as const;

/** Functions of machinery files that the story needs all the same. */
const STORY = new Set([
  'memory_failure_queue',
  'put_page',
  'xa_store_range',
  'mce_log',
  'mce_gen_pool_process',
  'apei_mce_report_mem_error',
  'uc_decode_notifier',
  'kill_me_maybe',
]);

/** Small steps of files whose larger ones tell the story. */
const DETAILS: readonly RegExp[] = [
  // fs/xfs/libxfs: what repeats for each key compared.
  /^(xfs_btree_(?!query_range|overlapped_query_range|simple_query_range|del_cursor)|xfs_rmapbt_(?!init_cursor)|xfs_rmap_(?!query)|xfs_buf_|xfs_verify_|xfs_ag_|xfs_agino|xfs_alloc_ag|xfs_agfl_)/,
  // fs/dax.c and drivers/dax: tests of an entry's bits, the queue of waiters, the read section.
  /^dax_(is_\w+|to_pfn|to_folio|entry_\w+|wake_entry|lock_entry|unlock_entry|alive|read_lock|read_unlock|holder)$/,
  // kernel/signal.c: how a signal gets into its queue.
  /^(siginfo_layout|prepare_signal|sig_\w+|__sigqueue_alloc|complete_signal|signal_wake_up_state|__send_signal_locked|recalc_\w+|force_sig_info|wants_signal|inc_rlimit_get_ucounts|__lock_task_sighand)$/,
  // mm/memory.c: the walk through the page table.
  /^(unmap_single_vma|unmap_page_range|zap_p\w+_range|vm_normal_\w+|sync_mm_rss|uprobe_munmap|lru_add_drain|tlb_\w+|__tlb_\w+|flush_tlb_\w+)$/,
  // mm/gup.c: the walk that finds the frame of a user address.
  /^(gup_\w+_range|internal_get_user_pages_fast|gup_fast\w*|lockless_pages_from_mm|is_valid_gup_\w+|try_grab_\w+)$/,
  /^Page[A-Z]\w*$/,
];

/** True when a call belongs into the readable trace. */
export function isRelevant(info: FunctionInfo, intrinsic: Intrinsic | undefined): boolean {
  if (STORY.has(info.name)) return true;
  if (info.inline || info.name.startsWith('__builtin') || info.name.startsWith('trace_') || info.name.startsWith('__cond_resched'))
    return false;
  const file = intrinsic?.file ?? info.place?.path ?? info.unit;
  if (file === undefined) return true;
  if (MACHINERY.some((prefix) => file.startsWith(prefix))) return false;
  return !DETAILS.some((detail) => detail.test(info.name));
}
