// The list of all intrinsics and asm models: what is not interpreted from the user's tree, each with its reason.
import { bindIntrinsics, type IntrinsicRegistry } from '../machine/intrinsic.ts';
import type { AsmModel } from '../machine/asm.ts';
import { vfsIntrinsics } from './fs/vfs-inode.ts';
import { leafIntrinsics } from './fs/xfs/leaf.ts';
import { fsIntrinsics } from './fs/registry-fs.ts';
import { x86AsmModels } from './arch/x86/asm/models.ts';
import { x86Intrinsics } from './arch/x86/include/paravirt.ts';
import { lockingIntrinsics } from './kernel/locking/locks.ts';
import { printkIntrinsics } from './kernel/printk/printk.ts';
import { rcuIntrinsics } from './kernel/rcu/rcu.ts';
import { schedIntrinsics } from './kernel/sched/sched.ts';
import { signalIntrinsics } from './kernel/signal.ts';
import { firmwareIntrinsics } from './drivers/acpi/ghes.ts';
import { bitmapIntrinsics } from './lib/bitmap.ts';
import { workIntrinsics } from './kernel/workqueue.ts';
import { listIntrinsics } from './lib/list_debug.ts';
import { stringIntrinsics } from './lib/string.ts';
import { hotplugIntrinsics } from './mm/hotplug.ts';
import { lruIntrinsics } from './mm/lru.ts';
import { mmIntrinsics } from './mm/mm.ts';
import { slabIntrinsics } from './mm/slab.ts';
import { gupIntrinsics } from './world/gup.ts';
import { folioIntrinsics } from './world/ram.ts';
import { pageIntrinsics } from './world/pages.ts';
import { intrinsic, nothing, type KernelIntrinsic, type KernelModel } from './model.ts';

/** Intrinsics of the core kernel and mm. See `allIntrinsics` for the whole list. */
export const coreIntrinsics: readonly KernelIntrinsic[] = [
  ...x86Intrinsics,
  ...lockingIntrinsics,
  ...rcuIntrinsics,
  ...schedIntrinsics,
  ...workIntrinsics,
  ...printkIntrinsics,
  ...signalIntrinsics,
  ...slabIntrinsics,
  ...stringIntrinsics,
  ...bitmapIntrinsics,
  ...listIntrinsics,
  ...mmIntrinsics,
  ...lruIntrinsics,
  ...hotplugIntrinsics,
  ...gupIntrinsics,
  ...pageIntrinsics,
  ...folioIntrinsics,
];

/** Everything that is not interpreted: core kernel, then filesystems, block devices and device-mapper. */
export const allIntrinsics: readonly KernelIntrinsic[] = [
  ...coreIntrinsics,
  ...vfsIntrinsics,
  ...leafIntrinsics,
  ...fsIntrinsics,
  ...firmwareIntrinsics,
];

const COMPILE_TIME_ASSERTION = '__compiletime_assert_';
/**
 * BUILD_BUG_ON() calls a function that must not be left over after optimisation. Its condition may need the value that gcc knows
 * a local variable to have (min() and max() of 6.10 and later), so reaching the call here proves nothing.
 */
const compileTimeAssertion = intrinsic(
  `void ${COMPILE_TIME_ASSERTION}(void)`,
  'include/linux/compiler_types.h',
  'gcc removes the call when it can prove the condition',
  nothing,
);

/** Registry for one kernel. Later records of a name win. */
export function kernelRegistry(kernel: KernelModel, extra: readonly KernelIntrinsic[] = []): IntrinsicRegistry {
  const bound = bindIntrinsics([...allIntrinsics, ...extra], kernel);
  const assertion = bindIntrinsics([compileTimeAssertion], kernel).find(COMPILE_TIME_ASSERTION);
  return { all: bound.all, find: (name) => bound.find(name) ?? (name.startsWith(COMPILE_TIME_ASSERTION) ? assertion : undefined) };
}

/** Asm models for one kernel. */
export function kernelAsmModels(kernel: KernelModel): readonly AsmModel[] {
  return x86AsmModels(kernel);
}
