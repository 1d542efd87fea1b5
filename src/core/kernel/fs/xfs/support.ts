// Helpers that xfs_alloc_buftarg() sets up and that have no content in a scenario: LRU lists, counters, shrinkers.
import { intrinsic, type KernelIntrinsic } from '../../model.ts';

const WHY = 'memory reclaim and statistics: nothing in a scenario depends on them';

export const supportIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic(
    'int __list_lru_init(struct list_lru *lru, bool memcg_aware, struct lock_class_key *key, struct shrinker *shrinker)',
    'mm/list_lru.c',
    WHY,
    () => 0,
    { returns: 'errno' },
  ),
  intrinsic('void list_lru_destroy(struct list_lru *lru)', 'mm/list_lru.c', WHY, () => undefined),
  intrinsic(
    'int __percpu_counter_init(struct percpu_counter *fbc, s64 amount, gfp_t gfp, struct lock_class_key *key)',
    'lib/percpu_counter.c',
    WHY,
    () => 0,
    { fidelity: { partial: 'the counter stays empty' }, returns: 'errno' },
  ),
  intrinsic(
    'int __percpu_counter_init_many(struct percpu_counter *fbc, s64 amount, gfp_t gfp, u32 nr_counters, struct lock_class_key *key)',
    'lib/percpu_counter.c',
    WHY,
    () => 0,
    { fidelity: { partial: 'the counter stays empty' }, returns: 'errno' },
  ),
  intrinsic('void percpu_counter_destroy(struct percpu_counter *fbc)', 'lib/percpu_counter.c', WHY, () => undefined),
  intrinsic('void percpu_counter_destroy_many(struct percpu_counter *fbc, u32 nr_counters)', 'lib/percpu_counter.c', WHY, () => undefined),
  intrinsic('int register_shrinker(struct shrinker *shrinker, const char *fmt, ...)', 'mm/vmscan.c', WHY, () => 0, { returns: 'errno' }),
  intrinsic('void unregister_shrinker(struct shrinker *shrinker)', 'mm/vmscan.c', WHY, () => undefined),
  intrinsic(
    'struct shrinker *shrinker_alloc(unsigned int flags, const char *fmt, ...)',
    'mm/shrinker.c',
    WHY,
    (_call, kernel) => kernel.create('struct shrinker', 'shrinker').address,
  ),
  intrinsic('void shrinker_register(struct shrinker *shrinker)', 'mm/shrinker.c', WHY, () => undefined),
  intrinsic('void shrinker_free(struct shrinker *shrinker)', 'mm/shrinker.c', WHY, (call, kernel) => {
    if (call.u64(0) !== 0n) kernel.machine.heap.free(call.u64(0));
    return undefined;
  }),
];
