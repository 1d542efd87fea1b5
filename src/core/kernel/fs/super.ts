// Freezing and thawing of superblocks, as MF_MEM_PRE_REMOVE uses it; state lies in s_writers as in fs/super.c.
import type { IntrinsicCall, IntrinsicResult } from '../../machine/intrinsic.ts';
import type { View } from '../../machine/view.ts';
import { intrinsic, type KernelIntrinsic, type KernelModel, type StateKey } from '../model.ts';

const EINVAL = 22;
const EBUSY = 16;
const FREEZE_HOLDER_KERNEL = 1;
const FREEZE_HOLDER_USERSPACE = 2;

/** Who holds a superblock frozen, per super_block address: bits of FREEZE_HOLDER_*. */
const frozen: StateKey<Map<bigint, number>> = { name: 'frozen superblocks', create: () => new Map(), clone: (map) => new Map(map) };

/** Superblocks that are still frozen: leaks at the end of an injection. */
export function frozenSuperblocks(kernel: KernelModel): readonly string[] {
  return [...kernel.part(frozen)].filter(([, who]) => who !== 0).map(([sb]) => kernel.view('struct super_block', sb).member('s_id').text());
}

function freeze(call: IntrinsicCall, kernel: KernelModel): IntrinsicResult {
  const sb = call.u64(0);
  const who = call.argCount > 1 ? call.u32(1) : FREEZE_HOLDER_USERSPACE;
  const view = kernel.view('struct super_block', sb);
  const holders = kernel.part(frozen).get(sb) ?? 0;
  if ((holders & who) !== 0 || (call.argCount <= 1 && holders !== 0)) return -EBUSY;
  setFrozen(kernel, view, holders | who);
  kernel.emit({ kind: 'freeze', device: view.member('s_id').text(), value: who });
  return 0;
}

function thaw(call: IntrinsicCall, kernel: KernelModel): IntrinsicResult {
  const sb = call.u64(0);
  const who = call.argCount > 1 ? call.u32(1) : FREEZE_HOLDER_USERSPACE;
  const view = kernel.view('struct super_block', sb);
  const holders = kernel.part(frozen).get(sb) ?? 0;
  if ((holders & who) === 0) return -EINVAL;
  setFrozen(kernel, view, holders & ~who);
  kernel.emit({ kind: 'thaw', device: view.member('s_id').text(), value: who });
  return 0;
}

/** Mirrors the holders into the members that this tree has, so that interpreted readers see them. */
function setFrozen(kernel: KernelModel, view: View, holders: number): void {
  kernel.part(frozen).set(view.address, holders);
  const complete = kernel.constant('SB_FREEZE_COMPLETE') ?? 4n;
  view.member('s_writers.frozen').write(holders === 0 ? 0n : complete);
  if (view.has('s_writers.freeze_holders')) view.member('s_writers.freeze_holders').write(holders);
  if (view.has('s_writers.freeze_kcount')) view.member('s_writers.freeze_kcount').write((holders & FREEZE_HOLDER_KERNEL) === 0 ? 0 : 1);
  if (view.has('s_writers.freeze_ucount')) view.member('s_writers.freeze_ucount').write((holders & FREEZE_HOLDER_USERSPACE) === 0 ? 0 : 1);
}

const WHY = 'freezing waits for writers and flushes the log; a scenario has neither';

export const superIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic('int freeze_super(struct super_block *sb, enum freeze_holder who)', 'fs/super.c', WHY, freeze, { fidelity: { partial: 'nothing is flushed, nobody waits' }, returns: 'errno' }),
  intrinsic('int thaw_super(struct super_block *sb, enum freeze_holder who)', 'fs/super.c', WHY, thaw, { fidelity: { partial: 'nobody is woken' }, returns: 'errno' }),
];
