import { expect, test } from 'vitest';
import { bytes, pfn, userAddr } from '../../../src/base/units.ts';
import { entriesIn, lookUp, mapPage, PRESENT } from '../../../src/core/kernel/world/page-tables.ts';
import type { KernelModel } from '../../../src/core/kernel/model.ts';
import { Heap } from '../../../src/core/machine/heap.ts';
import { Memory } from '../../../src/core/machine/memory.ts';
import { Objects } from '../../../src/core/machine/objects.ts';
import { Pages } from '../../../src/core/machine/paging.ts';

function kernel(): { model: KernelModel; memory: Memory; pgd: bigint } {
  const objects = new Objects();
  const memory = new Memory(new Pages(1 << 24), objects);
  const heap = new Heap(memory, objects, () => undefined);
  const model = { machine: { memory, heap } } as unknown as KernelModel;
  return { model, memory, pgd: heap.allocate({ size: 4096, name: 'pgd', zeroed: true, align: 4096 }) };
}

test('a mapped page is found with its frame, its neighbour is not', () => {
  const { model, memory, pgd } = kernel();
  mapPage(model, pgd, userAddr(0x7f3178ba0000n), pfn(0x4001bn), 12, PRESENT);
  expect(lookUp(memory, pgd, userAddr(0x7f3178ba0010n))).toMatchObject({ pfn: 0x4001bn, shift: 12 });
  expect(lookUp(memory, pgd, userAddr(0x7f3178ba1000n))).toBeUndefined();
});

test('a page inside a 2 MiB entry has its own frame', () => {
  const { model, memory, pgd } = kernel();
  mapPage(model, pgd, userAddr(0x7f3178a00000n), pfn(0x40200n), 21, PRESENT);
  expect(lookUp(memory, pgd, userAddr(0x7f3178a05000n))).toMatchObject({ pfn: 0x40205n, shift: 21 });
});

test('the entries of a part of the address space are found in order, across large holes', () => {
  const { model, memory, pgd } = kernel();
  const start = userAddr(0x7f0000000000n);
  mapPage(model, pgd, userAddr(0x7f0000003000n), pfn(0x40003n), 12, PRESENT);
  mapPage(model, pgd, userAddr(0x7f00c0200000n), pfn(0x40200n), 21, PRESENT);
  mapPage(model, pgd, userAddr(0x7fff00000000n), pfn(0x40004n), 12, PRESENT);
  const found = entriesIn(memory, pgd, { start, length: bytes(0x100_0000_0000n) });
  expect(found.map(({ base, size }) => [base, size])).toEqual([
    [0x7f0000003000n, 0x1000n],
    [0x7f00c0200000n, 0x200000n],
    [0x7fff00000000n, 0x1000n],
  ]);
  expect(entriesIn(memory, pgd, { start, length: bytes(0x3000n) })).toEqual([]);
});
