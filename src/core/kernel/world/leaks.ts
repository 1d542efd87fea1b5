// Memory that an injection leaked: allocations to which no object, global or struct page points any more. Stacks do not count.
import type { HeapObject } from '../../machine/objects.ts';
import { unreachable as unreachableFrom } from '../../machine/reachable.ts';
import { dataBase, rodataBase, vmemmapBase } from '../../machine/regions.ts';
import type { KernelModel } from '../model.ts';

/** Those of `suspects` that neither an object, a global nor a struct page points to, directly or through other suspects. */
export function unreachable(kernel: KernelModel, suspects: readonly HeapObject[]): readonly HeapObject[] {
  const isGlobal = (page: bigint): boolean => page >= dataBase && page < rodataBase;
  const isStructPage = (page: bigint): boolean => page >= vmemmapBase && page < dataBase;
  return unreachableFrom(kernel.machine, suspects, { isRoot: (page) => isGlobal(page) || isStructPage(page) });
}
