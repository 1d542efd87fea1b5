// Machine checks: the tree's own consumers of an error record, which decide what memory_failure() is called with.
import type { Outcome } from '../../machine/outcome.ts';
import type { Failure } from '../../scenario/schema.ts';
import type { KernelModel } from '../model.ts';
import { failedByte } from './failed-byte.ts';
import type { TaskState } from './types.ts';

const UNIT = 'arch/x86/kernel/cpu/mce/core.c';
// Intel SDM vol. 3, 16.3.2: VAL, UC, EN, MISCV, ADDRV, S; MISC says a physical address, its low six bits the granularity.
// The error code is that of a memory scrub on an unspecified channel (16.9.2, table 16-13).
const STATUS = (1n << 63n) | (1n << 61n) | (1n << 60n) | (1n << 59n) | (1n << 58n) | (1n << 56n) | 0xcfn;
const MISC = 2n << 6n;
const PAGE_LSB = 12;
/** Physical address bits of the simulated CPU. */
const PHYSICAL_BITS = 46;

/**
 * What to call for a record: mce_log() for errors that nobody consumed yet, whose record then goes through pool, interrupt work and
 * decode chain; kill_me_maybe() for those the task hit.
 */
export type MachineCheckCall = { readonly name: string; readonly unit: string; readonly args: readonly bigint[] };

/** Prepares the record; undefined when the tree has no such consumer (then memory_failure() is called itself). */
export function machineCheck(kernel: KernelModel, task: TaskState, failure: Failure): Outcome<MachineCheckCall | undefined> {
  return kernel.machine.attempt(() => {
    if (!kernel.program.loadUnit(UNIT)) return undefined;
    const required = kernel.constant('MF_ACTION_REQUIRED', 'mm/memory-failure.c') ?? 2n;
    if (failure.flags === 0n) return unconsumed(kernel, failure);
    return failure.flags === required ? consumed(kernel, task, failure) : undefined;
  });
}

function unconsumed(kernel: KernelModel, failure: Failure): MachineCheckCall | undefined {
  const type = kernel.program.typeNamed('struct mce', UNIT);
  const severity = kernel.constant('MCE_AO_SEVERITY', UNIT);
  if (type === undefined || severity === undefined || kernel.program.functionAddress('uc_decode_notifier', UNIT) === undefined)
    return undefined;
  const cpu = kernel.program.typeNamed('struct cpuinfo_x86', UNIT);
  const data = kernel.program.globalAddress('boot_cpu_data');
  if (cpu !== undefined && data !== undefined) kernel.machine.view(cpu, data).member('x86_phys_bits').write(PHYSICAL_BITS);
  const record = kernel.machine.create(type, 'machine check record');
  record.member('status').write(STATUS);
  record.member('misc').write(MISC | BigInt(failure.lsb ?? PAGE_LSB));
  record.member('addr').write(failedByte(failure));
  record.member('severity').write(severity);
  if (!prepareDecodeChain(kernel)) return { name: 'uc_decode_notifier', unit: UNIT, args: [0n, 0n, record.address] };
  return { name: 'mce_log', unit: UNIT, args: [record.address] };
}

/** mcheck_init(): who listens on the decode chain, and the pool of records. False where the tree has no such chain. */
export function prepareDecodeChain(kernel: KernelModel): boolean {
  const has = (name: string): boolean => kernel.program.functionAddress(name, UNIT) !== undefined;
  if (!kernel.program.loadUnit(UNIT) || !['mcheck_init', 'mce_log', 'mce_gen_pool_init'].every(has)) return false;
  if (kernel.seenOnce('mcheck_init')) return true;
  kernel.run('mce_gen_pool_init', []);
  kernel.run('mcheck_init', [], UNIT);
  const nfit = 'drivers/acpi/nfit/mce.c';
  if (kernel.program.loadUnit(nfit) && kernel.program.functionAddress('nfit_mce_register', nfit) !== undefined)
    kernel.run('nfit_mce_register', [], nfit);
  return true;
}

function consumed(kernel: KernelModel, task: TaskState, failure: Failure): MachineCheckCall | undefined {
  const view = kernel.view('struct task_struct', task.task);
  if (!view.has('mce_kill_me') || !view.has('mce_addr') || kernel.program.functionAddress('kill_me_maybe', UNIT) === undefined)
    return undefined;
  view.member('mce_addr').write(failedByte(failure));
  view.member('mce_ripv').write(1);
  return { name: 'kill_me_maybe', unit: UNIT, args: [view.member('mce_kill_me').address] };
}
