// Leaked memory as kmemleak tells it: an allocation to which no pointer is left anywhere.
import type { HeapObject } from '../../machine/objects.ts';
import { dataBase, rodataBase, vmemmapBase } from '../../machine/regions.ts';
import type { KernelModel } from '../model.ts';

const PAGE = 4096n;
const WORD = 8;
/** Pointers into the direct map or vmalloc space have these upper bits. */
const KERNEL_TOP = 0xffff;

/** Calls `found` with each aligned word in [start, start + size) that looks like a pointer to allocated memory. */
function scan(kernel: KernelModel, start: bigint, size: number, found: (pointer: bigint) => void): void {
  const { memory } = kernel.machine;
  const first = (start + 7n) & ~7n;
  for (let at = first; at + 8n <= start + BigInt(size); at += 8n) {
    if (memory.peekByte(at + 7n) !== KERNEL_TOP >> WORD || memory.peekByte(at + 6n) !== (KERNEL_TOP & 0xff)) continue;
    let value = 0n;
    for (let i = 7n; i >= 0n; i--) value = (value << 8n) | BigInt(memory.peekByte(at + i));
    found(value);
  }
}

/** Those of `suspects` that neither an object, a global nor a struct page points to, directly or through other suspects. Stacks do not count. */
export function unreachable(kernel: KernelModel, suspects: readonly HeapObject[]): readonly HeapObject[] {
  if (suspects.length === 0) return [];
  const lost = new Set(suspects);
  const open: HeapObject[] = [];
  const mark = (pointer: bigint): void => {
    for (const object of lost) {
      if (pointer < object.address || pointer >= object.address + BigInt(object.size)) continue;
      lost.delete(object);
      open.push(object);
      return;
    }
  };
  for (const object of kernel.machine.heap.live()) if (!lost.has(object)) scan(kernel, object.address, object.size, mark);
  for (const page of kernel.machine.memory.pages.presentPages()) {
    const isGlobal = page >= dataBase && page < rodataBase;
    if (isGlobal || (page >= vmemmapBase && page < dataBase)) scan(kernel, page, Number(PAGE), mark);
  }
  for (let object = open.pop(); object !== undefined; object = open.pop()) scan(kernel, object.address, object.size, mark);
  return suspects.filter((object) => lost.has(object));
}
