// Units: what must not compile, and the laws of positions and quantities.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  advance,
  bytes,
  contains,
  distance,
  overlaps,
  pages,
  pagesToBytes,
  pfn,
  pfnToPhys,
  physAddr,
  physToPfn,
  sectors,
  sectorsToBytes,
} from '../../../src/base/units.ts';

const geometry = { pageShift: 12n };
const count = fc.bigInt({ min: 0n, max: 1n << 40n });

/** Checked by tsc, never run. */
export function mustNotCompile(): void {
  // @ts-expect-error bytes are not pages
  add(bytes(1n), pages(1n));
  // @ts-expect-error a frame number moves by pages, not bytes
  advance(pfn(7n), bytes(4096n));
  // @ts-expect-error two frame numbers do not add
  add(pfn(1n), pfn(2n));
  // @ts-expect-error a raw bigint carries no unit
  pagesToBytes(3n, geometry);
}

describe('units', () => {
  it('advance and distance are inverse', () => {
    fc.assert(
      fc.property(count, count, (at, by) => {
        expect(distance(pfn(at), advance(pfn(at), pages(by)))).toBe(by);
      }),
    );
  });

  it('a frame and its first byte name each other', () => {
    fc.assert(
      fc.property(count, (n) => {
        expect(physToPfn(pfnToPhys(pfn(n), geometry), geometry)).toBe(n);
      }),
    );
  });

  it('every byte of a page lies in its frame', () => {
    expect(physToPfn(physAddr(0x4001dfffn), geometry)).toBe(0x4001dn);
    expect(pagesToBytes(pages(2n), geometry)).toBe(8192n);
  });

  it('intervals are half open', () => {
    const page = { start: sectorsToBytes(sectors(8n)), length: bytes(4096n) };
    expect([contains(page, bytes(4096n)), contains(page, bytes(8191n)), contains(page, bytes(8192n))]).toEqual([true, true, false]);
    expect(overlaps(page, { start: bytes(8192n), length: bytes(1n) })).toBe(false);
  });
});
