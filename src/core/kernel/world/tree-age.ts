// What a tree does not have yet: said once per trace, so that a path without holders is not taken for a bug.
import type { KernelModel } from '../model.ts';

const HOLDER = 'struct dax_holder_operations';
const UNIT = 'drivers/dax/super.c';

/** Notes about parts of the path that came later than this tree (holder operations: v6.0). */
export function ageNotes(kernel: KernelModel): readonly string[] {
  if (kernel.program.typeNamed(HOLDER, UNIT) !== undefined) return [];
  const lacks = ['dax_holder_notify_failure', 'mf_dax_kill_procs'].filter((name) => kernel.program.functionAddress(name) === undefined);
  const also = lacks.length === 0 ? '' : `, nor ${lacks.map((name) => `${name}()`).join(' or ')}`;
  return [
    `this tree predates the holder API of v6.0: ${UNIT} knows no ${HOLDER}${also}. Nobody but the struct page is asked who owns a failed page: the generic path.`,
  ];
}
