// kernel/rcu: read-side sections of RCU and SRCU are counted; grace periods end at once, because nobody else runs.
import { acquire, mightSleep, release } from '../../locks.ts';
import { intrinsic, intrinsics, nothing, type KernelIntrinsic } from '../../model.ts';

const why = 'read sections are observed; one simulated CPU needs no grace periods';

export const rcuIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic('void __rcu_read_lock(void)', 'kernel/rcu/tree_plugin.h', why, (call, kernel) =>
    acquire(call, kernel, 'rcu', 'shared', 0n, false),
  ),
  intrinsic('void __rcu_read_unlock(void)', 'kernel/rcu/tree_plugin.h', why, (call, kernel) => {
    release(call, kernel, 'rcu', 0n);
    return undefined;
  }),
  intrinsic(
    'int __srcu_read_lock(struct srcu_struct *ssp)',
    'kernel/rcu/srcutree.c',
    why,
    (call, kernel) => acquire(call, kernel, 'srcu', 'shared', call.u64(0), false) ?? 0,
  ),
  intrinsic('void __srcu_read_unlock(struct srcu_struct *ssp, int idx)', 'kernel/rcu/srcutree.c', why, (call, kernel) => {
    release(call, kernel, 'srcu', call.u64(0));
    return undefined;
  }),
  ...intrinsics(['void synchronize_rcu(void)', 'void synchronize_rcu_expedited(void)'], 'kernel/rcu/tree.c', why, (call, kernel) => {
    mightSleep(call, kernel);
    return undefined;
  }),
  ...intrinsics(
    ['void synchronize_srcu(struct srcu_struct *ssp)', 'void synchronize_srcu_expedited(struct srcu_struct *ssp)'],
    'kernel/rcu/srcutree.c',
    why,
    (call, kernel) => {
      const held = kernel.locks.holders(call.u64(0));
      if (held.length > 0) {
        return {
          kind: 'fault',
          fault: {
            kind: 'lock',
            text: `INFO: task blocked forever: synchronize_srcu() inside a read section taken in ${held[0]?.at ?? ''}`,
          },
        };
      }
      mightSleep(call, kernel);
      return undefined;
    },
  ),
  ...intrinsics(
    [
      'int init_srcu_struct(struct srcu_struct *ssp)',
      'int __init_srcu_struct(struct srcu_struct *ssp, const char *name, struct lock_class_key *key)',
    ],
    'kernel/rcu/srcutree.c',
    why,
    () => 0,
  ),
  intrinsic('void cleanup_srcu_struct(struct srcu_struct *ssp)', 'kernel/rcu/srcutree.c', why, nothing),
  ...intrinsics(['bool rcu_is_watching(void)', 'int rcu_read_lock_held(void)'], 'kernel/rcu/tree.c', why, () => true),
  ...intrinsics(
    ['void rcu_note_context_switch(bool preempt)', 'void rcu_all_qs(void)', 'void rcu_softirq_qs(void)'],
    'kernel/rcu/tree.c',
    why,
    nothing,
  ),
];
