// lib/list_debug.c: the checks of CONFIG_DEBUG_LIST, done by us because every list operation of the kernel goes through them.
import type { IntrinsicCall, IntrinsicResult } from '../../machine/intrinsic.ts';
import { intrinsics, type KernelIntrinsic, type KernelModel } from '../model.ts';

/** include/linux/poison.h on x86-64. */
const POISON1 = 0xdead000000000100n;
const POISON2 = 0xdead000000000122n;

const px = (value: bigint): string => value.toString(16).padStart(16, '0');

/** What is wrong with inserting `entry` between two neighbours; undefined when nothing is. */
function addProblem(call: IntrinsicCall, entry: bigint, previous: bigint, next: bigint): string | undefined {
  const { memory } = call.machine;
  if (previous === 0n) return 'list_add corruption. prev is NULL.';
  if (next === 0n) return 'list_add corruption. next is NULL.';
  const back = memory.readU64(next + 8n);
  if (back !== previous)
    return `list_add corruption. next->prev should be prev (${px(previous)}), but was ${px(back)}. (next=${px(next)}).`;
  const forth = memory.readU64(previous);
  if (forth !== next) return `list_add corruption. prev->next should be next (${px(next)}), but was ${px(forth)}. (prev=${px(previous)}).`;
  if (entry === previous || entry === next) return `list_add double add: new=${px(entry)}, prev=${px(previous)}, next=${px(next)}.`;
  return undefined;
}

/** What is wrong with taking `entry` out. */
function removeProblem(call: IntrinsicCall, entry: bigint): string | undefined {
  const { memory } = call.machine;
  const next = memory.readU64(entry);
  const previous = memory.readU64(entry + 8n);
  if (next === 0n) return `list_del corruption, ${px(entry)}->next is NULL`;
  if (previous === 0n) return `list_del corruption, ${px(entry)}->prev is NULL`;
  if (next === POISON1) return `list_del corruption, ${px(entry)}->next is LIST_POISON1 (${px(POISON1)})`;
  if (previous === POISON2) return `list_del corruption, ${px(entry)}->prev is LIST_POISON2 (${px(POISON2)})`;
  const forth = memory.readU64(previous);
  if (forth !== entry) return `list_del corruption. prev->next should be ${px(entry)}, but was ${px(forth)}. (prev=${px(previous)})`;
  const back = memory.readU64(next + 8n);
  if (back !== entry) return `list_del corruption. next->prev should be ${px(entry)}, but was ${px(back)}. (next=${px(next)})`;
  return undefined;
}

/** CHECK_DATA_CORRUPTION(): a BUG or a WARN, as the configuration says. */
function report(call: IntrinsicCall, kernel: KernelModel, problem: string | undefined): IntrinsicResult {
  if (problem === undefined) return true;
  call.log(problem);
  if (kernel.constant('CONFIG_BUG_ON_DATA_CORRUPTION') === 1n) return { kind: 'fault', fault: { kind: 'bug', text: problem } };
  call.warn({ kind: 'warning', text: problem, fatal: false });
  return false;
}

const why = 'every list operation passes here';
const file = 'lib/list_debug.c';
export const listIntrinsics: readonly KernelIntrinsic[] = [
  ...intrinsics(
    ['__list_add_valid', '__list_add_valid_or_report'].map(
      (n) => `bool ${n}(struct list_head *new, struct list_head *prev, struct list_head *next)`,
    ),
    file,
    why,
    (call, kernel) => report(call, kernel, addProblem(call, call.u64(0), call.u64(1), call.u64(2))),
  ),
  ...intrinsics(
    ['__list_del_entry_valid', '__list_del_entry_valid_or_report'].map((n) => `bool ${n}(struct list_head *entry)`),
    file,
    why,
    (call, kernel) => report(call, kernel, removeProblem(call, call.u64(0))),
  ),
];
