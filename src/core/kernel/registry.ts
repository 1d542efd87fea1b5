// The list of all intrinsics and asm models: what is not interpreted from the user's tree, each with its reason.
import { bindIntrinsics, type IntrinsicRegistry } from '../machine/intrinsic.ts';
import type { AsmModel } from '../machine/asm.ts';
import { x86AsmModels } from './arch/x86/asm/models.ts';
import { x86Intrinsics } from './arch/x86/include/paravirt.ts';
import { lockingIntrinsics } from './kernel/locking/locks.ts';
import { printkIntrinsics } from './kernel/printk/printk.ts';
import { rcuIntrinsics } from './kernel/rcu/rcu.ts';
import { schedIntrinsics } from './kernel/sched/sched.ts';
import { signalIntrinsics } from './kernel/signal.ts';
import { stringIntrinsics } from './lib/string.ts';
import { mmIntrinsics } from './mm/mm.ts';
import { slabIntrinsics } from './mm/slab.ts';
import type { KernelIntrinsic, KernelModel } from './model.ts';

/** Intrinsics of the core kernel and mm. Those of filesystems and block devices are added by `allIntrinsics`' caller through `extra`. */
export const coreIntrinsics: readonly KernelIntrinsic[] = [
  ...x86Intrinsics, ...lockingIntrinsics, ...rcuIntrinsics, ...schedIntrinsics, ...printkIntrinsics, ...signalIntrinsics, ...slabIntrinsics, ...stringIntrinsics, ...mmIntrinsics,
];

/** Registry for one kernel. Later records of a name win. */
export function kernelRegistry(kernel: KernelModel, extra: readonly KernelIntrinsic[] = []): IntrinsicRegistry {
  return bindIntrinsics([...coreIntrinsics, ...extra], kernel);
}

/** Asm models for one kernel. */
export function kernelAsmModels(kernel: KernelModel): readonly AsmModel[] {
  return x86AsmModels(kernel);
}
