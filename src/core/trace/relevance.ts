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
const STORY = new Set(['mutex_lock_failed', 'memory_failure_queue', 'put_page', 'xa_store_range']);

/** Steps inside fs/xfs/libxfs that repeat for each key compared. */
const XFS_DETAIL =
  /^(xfs_btree_(?!query_range|overlapped_query_range|simple_query_range|del_cursor)|xfs_rmapbt_(?!init_cursor)|xfs_rmap_(?!query)|xfs_buf_|xfs_verify_|xfs_ag_|xfs_agino|xfs_alloc_ag)/;

/** True when a call belongs into the readable trace. */
export function isRelevant(info: FunctionInfo, intrinsic: Intrinsic | undefined): boolean {
  if (STORY.has(info.name)) return true;
  if (info.inline || info.name.startsWith('__builtin') || info.name.startsWith('trace_') || info.name.startsWith('__cond_resched'))
    return false;
  const file = intrinsic?.file ?? info.place?.path ?? info.unit;
  if (file === undefined) return true;
  if (MACHINERY.some((prefix) => file.startsWith(prefix))) return false;
  return !XFS_DETAIL.test(info.name);
}
