// The paged memory with its shadow against a map from address to byte.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Memory } from '../../../src/core/machine/memory.ts';
import { MachineStop } from '../../../src/core/machine/outcome.ts';
import { Objects } from '../../../src/core/machine/objects.ts';
import { Pages } from '../../../src/core/machine/paging.ts';

/** Undefined: allocated, never written. */
type Naive = Map<bigint, number | undefined>;

const base = 0xffff888000000f00n;
const at = fc.bigInt({ min: 0n, max: 0x2400n }).map((n) => base + n);
const size = fc.constantFrom(1, 2, 4, 8);

const operation = fc.oneof(
  fc.record({ kind: fc.constant('open' as const), at, length: fc.integer({ min: 1, max: 5000 }), zeroed: fc.boolean() }),
  fc.record({ kind: fc.constant('close' as const), at, length: fc.integer({ min: 1, max: 600 }) }),
  fc.record({ kind: fc.constant('write' as const), at, size, value: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }) }),
  fc.record({ kind: fc.constant('read' as const), at, size }),
  fc.record({ kind: fc.constant('fill' as const), at, length: fc.integer({ min: 1, max: 5000 }), byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('copy' as const), at, from: at, length: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ kind: fc.constant('snapshot' as const) }),
  fc.record({ kind: fc.constant('restore' as const) }),
);

const range = (from: bigint, length: number): bigint[] => Array.from({ length }, (_, i) => from + BigInt(i));

/** What the naive memory says a read gives. */
function naiveRead(naive: Naive, from: bigint, bytes: number): bigint | 'fault' {
  const addresses = range(from, bytes);
  if (!addresses.every((a) => naive.has(a))) return 'fault';
  return addresses.reduce((value, a, i) => value | (BigInt(naive.get(a) ?? 0) << BigInt(8 * i)), 0n);
}

function attempt<T>(work: () => T): T | 'fault' {
  try {
    return work();
  } catch (error) {
    if (error instanceof MachineStop) return 'fault';
    throw error;
  }
}

test('reads, writes, fills, copies and snapshots do what a map of bytes does', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 5, maxLength: 80 }), (operations) => {
      const pages = new Pages(64 << 20);
      const memory = new Memory(pages, new Objects());
      let reports = 0;
      memory.listener = {
        uninitialised: () => {
          reports++;
        },
        written: () => undefined,
      };
      let naive: Naive = new Map();
      let saved: { readonly pages: ReturnType<Pages['snapshot']>; readonly naive: Naive } | undefined;
      for (const o of operations) {
        switch (o.kind) {
          case 'open':
            memory.open(o.at, o.length, o.zeroed);
            for (const a of range(o.at, o.length)) naive.set(a, o.zeroed ? 0 : undefined);
            break;
          case 'close': {
            // Only what was opened can be closed.
            if (!range(o.at, o.length).every((a) => naive.has(a))) break;
            memory.close(o.at, o.length, 'freed');
            for (const a of range(o.at, o.length)) naive.delete(a);
            break;
          }
          case 'write': {
            const addresses = range(o.at, o.size);
            const expected = addresses.every((a) => naive.has(a)) ? undefined : 'fault';
            // A fault may come after the first bytes of an access that crosses a page: those were written.
            if (expected === 'fault' && (o.at & 0xfffn) + BigInt(o.size) > 4096n) break;
            expect(
              attempt(() => {
                memory.writeUnsigned(o.at, o.size, o.value);
              }),
            ).toBe(expected);
            if (expected === undefined) addresses.forEach((a, i) => naive.set(a, Number((o.value >> BigInt(8 * i)) & 0xffn)));
            break;
          }
          case 'read': {
            const before = reports;
            const expected = naiveRead(naive, o.at, o.size);
            expect(attempt(() => memory.readUnsigned(o.at, o.size))).toBe(expected);
            // Reported when no byte was ever written; padding that travels with its neighbours is not.
            const crosses = (o.at & 0xfffn) + BigInt(o.size) > 4096n;
            if (expected !== 'fault' && !crosses)
              expect(reports - before).toBe(range(o.at, o.size).every((a) => naive.get(a) === undefined) ? 1 : 0);
            break;
          }
          case 'fill': {
            if (!range(o.at, o.length).every((a) => naive.has(a))) break;
            memory.fill(o.at, o.length, o.byte);
            for (const a of range(o.at, o.length)) naive.set(a, o.byte);
            break;
          }
          case 'copy': {
            const [to, from] = [range(o.at, o.length), range(o.from, o.length)];
            if (![...to, ...from].every((a) => naive.has(a))) break;
            memory.copy(o.at, o.from, o.length);
            const bytes = from.map((a) => naive.get(a));
            to.forEach((a, i) => naive.set(a, bytes[i]));
            break;
          }
          case 'snapshot':
            saved = { pages: pages.snapshot(), naive: new Map(naive) };
            break;
          case 'restore':
            if (saved === undefined) break;
            pages.restore(saved.pages);
            naive = new Map(saved.naive);
            break;
        }
      }
      for (const a of naive.keys()) expect(memory.peekByte(a)).toBe(naive.get(a) ?? 0);
    }),
    { numRuns: 100, seed: 4 },
  );
});
