import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Memory } from '../../../src/core/machine/memory.ts';
import { Objects } from '../../../src/core/machine/objects.ts';
import { Pages } from '../../../src/core/machine/paging.ts';
import { MachineStop } from '../../../src/core/machine/outcome.ts';

const base = 0xffff888000010ff0n;
const size = 96;

function fresh(): Memory {
  const memory = new Memory(new Pages(1 << 20), new Objects());
  memory.open(base, size, true);
  return memory;
}

describe('memory', () => {
  test('agrees with a plain array of bytes, across page borders and unaligned', () => {
    const access = fc.record({ at: fc.nat(size - 8), size: fc.constantFrom(1, 2, 4, 8), value: fc.bigInt(0n, (1n << 64n) - 1n) });
    fc.assert(
      fc.property(fc.array(access, { maxLength: 60 }), (writes) => {
        const memory = fresh();
        const naive = new Uint8Array(size);
        for (const w of writes) {
          memory.writeUnsigned(base + BigInt(w.at), w.size, BigInt.asUintN(8 * w.size, w.value));
          for (let i = 0; i < w.size; i++) naive[w.at + i] = Number((w.value >> BigInt(8 * i)) & 0xffn);
        }
        expect(memory.readBytes(base, size)).toEqual(naive);
        for (const w of writes) {
          let want = 0n;
          for (let i = 0; i < w.size; i++) want |= BigInt(naive[w.at + i] ?? 0) << BigInt(8 * i);
          expect(memory.readUnsigned(base + BigInt(w.at), w.size)).toBe(want);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('copies overlapping ranges as memmove does', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.nat(50), (to, from, length) => {
        const memory = fresh();
        const naive = Uint8Array.from({ length: size }, (_, i) => i + 1);
        memory.writeBytes(base, naive);
        memory.copy(base + BigInt(to), base + BigInt(from), length);
        naive.copyWithin(to, from, from + length);
        expect(memory.readBytes(base, size)).toEqual(naive);
      }),
      { numRuns: 60 },
    );
  });

  test('a restored snapshot has its old bytes, and a second one its own', () => {
    const memory = fresh();
    memory.writeU64(base, 1n);
    const first = memory.pages.snapshot();
    memory.writeU64(base, 2n);
    memory.open(base + 8192n, 8, true);
    const second = memory.pages.snapshot();
    memory.writeU64(base, 3n);
    memory.pages.restore(first);
    expect(memory.readU64(base)).toBe(1n);
    expect(memory.isAddressable(base + 8192n, 8)).toBe(false);
    memory.writeU64(base, 4n);
    memory.pages.restore(second);
    expect(memory.readU64(base)).toBe(2n);
    expect(memory.isAddressable(base + 8192n, 8)).toBe(true);
    memory.pages.restore(first);
    expect(memory.readU64(base)).toBe(1n);
  });

  test('many snapshots and restores use no more memory', () => {
    const memory = fresh();
    const start = memory.pages.snapshot();
    memory.writeU64(base, 1n);
    const used = memory.pages.bytesInUse;
    for (let i = 0; i < 5000; i++) {
      memory.pages.restore(start);
      memory.writeU64(base, BigInt(i));
    }
    expect(memory.pages.bytesInUse).toBeLessThanOrEqual(used + 8192);
  });

  test('a byte behind an object is a fault that says so', () => {
    const memory = fresh();
    expect(() => memory.readUnsigned(base + BigInt(size), 1)).toThrow(MachineStop);
    expect(() => {
      memory.writeUnsigned(base + BigInt(size) - 4n, 8, 0n);
    }).toThrow(/out-of-bounds/);
    expect(() => memory.readUnsigned(8n, 8)).toThrow('BUG: kernel NULL pointer dereference, address: 0000000000000008');
    expect(() => memory.readUnsigned(0x00dead0000000100n, 8)).toThrow(/non-canonical address 0xdead0000000100/);
  });

  test('a region makes its pages when they are touched, the same ones after a restore', () => {
    const memory = fresh();
    let filled = 0;
    memory.pages.addRegion({
      name: 'vmemmap',
      start: 0xffffea0000000000n,
      end: 0xffffea0001000000n,
      readOnly: false,
      fill(page, bytes) {
        filled++;
        bytes.fill(Number((page >> 12n) & 0xffn));
        return true;
      },
    });
    const start = memory.pages.snapshot();
    expect(memory.readU8(0xffffea0000003010n)).toBe(3);
    memory.writeU8(0xffffea0000003010n, 9);
    memory.pages.restore(start);
    expect(memory.readU8(0xffffea0000003010n)).toBe(3);
    expect(filled).toBe(2);
  });
});
