// mm/swap.c, mm/vmscan.c, mm/memcontrol.c, mm/vmstat.c: LRU lists, memory control groups and statistics have no content in a scenario.
import type { IntrinsicCall } from '../../machine/intrinsic.ts';
import { intrinsic, intrinsics, nothing, type KernelIntrinsic, type KernelModel } from '../model.ts';

/** Takes a page off its list: it keeps one reference more, as folio_isolate_lru() leaves it. */
function isolate(call: IntrinsicCall, kernel: KernelModel): boolean {
  const page = kernel.view('struct page', call.u64(0));
  const bit = kernel.constant('PG_lru', 'mm/memory-failure.c') ?? 0n;
  const flags = page.member('flags');
  if (((flags.read() >> bit) & 1n) === 0n) return false;
  flags.write(flags.read() & ~(1n << bit));
  const count = page.firstMember('_refcount.counter', '_refcount');
  count.write(count.read() + 1n);
  return true;
}

const EBUSY = 16;
const lists = 'pages are on no list';
const groups = 'a scenario has no memory control groups';
const counters = 'statistics';

export const lruIntrinsics: readonly KernelIntrinsic[] = [
  ...intrinsics(['int isolate_lru_page(struct page *page)'], 'mm/vmscan.c', lists, (call, kernel) => (isolate(call, kernel) ? 0 : -EBUSY)),
  // 6.1 gives an errno, later trees a bool: the declaration of the tree decides what a caller reads.
  intrinsic('bool folio_isolate_lru(struct folio *folio)', 'mm/vmscan.c', lists, (call, kernel) => {
    const done = isolate(call, kernel);
    const returns = kernel.program.functionAt(kernel.program.functionAddress('folio_isolate_lru') ?? 0n)?.returns;
    const isBool = returns?.kind === 'int' && returns.name === '_Bool';
    return isBool ? done : done ? 0 : -EBUSY;
  }),
  ...intrinsics(
    [
      'void __mem_cgroup_uncharge(struct folio *folio)',
      'void folio_memcg_lock(struct folio *folio)',
      'void folio_memcg_unlock(struct folio *folio)',
      'void lock_page_memcg(struct page *page)',
      'void unlock_page_memcg(struct page *page)',
      'void mem_cgroup_uncharge(struct folio *folio)',
      'void workingset_update_node(struct xa_node *node)',
    ],
    'mm/memcontrol.c',
    groups,
    nothing,
  ),
  ...intrinsics(
    [
      'void __mod_lruvec_page_state(struct page *page, enum node_stat_item idx, int val)',
      'void __lruvec_stat_mod_folio(struct folio *folio, enum node_stat_item idx, int val)',
      'void __mod_lruvec_state(struct lruvec *lruvec, enum node_stat_item idx, int val)',
      'void __mod_node_page_state(struct pglist_data *pgdat, enum node_stat_item item, long delta)',
      'void mod_node_page_state(struct pglist_data *pgdat, enum node_stat_item item, long delta)',
      'void __mod_zone_page_state(struct zone *zone, enum zone_stat_item item, long delta)',
      'void mod_zone_page_state(struct zone *zone, enum zone_stat_item item, long delta)',
      'void mod_lruvec_page_state(struct page *page, enum node_stat_item idx, int val)',
      'void mm_trace_rss_stat(struct mm_struct *mm, int member)',
      'void __inc_node_page_state(struct page *page, enum node_stat_item item)',
      'void __dec_node_page_state(struct page *page, enum node_stat_item item)',
    ],
    'mm/vmstat.c',
    counters,
    nothing,
  ),
  ...intrinsics(['void try_to_unmap_flush(void)', 'void try_to_unmap_flush_dirty(void)'], 'mm/rmap.c', 'there is no TLB', nothing),
];
