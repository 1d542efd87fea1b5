// Units: what must not compile, and the laws of positions and quantities.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  advance,
  alignDown,
  bytes,
  compare,
  contains,
  distance,
  framesOf,
  isAligned,
  lastOf,
  lengthOfEnds,
  overlaps,
  pageIndex,
  pages,
  pagesToBytes,
  pfn,
  pfnToPhys,
  physAddr,
  physToPfn,
  sectors,
  sectorsToBytes,
  userAddr,
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
  // @ts-expect-error a page of a file is no page frame
  distance(pageIndex(1n), pfn(1n));
  // @ts-expect-error a user address is no physical address
  contains({ start: userAddr(0n), length: bytes(1n) }, physAddr(0n));
  // @ts-expect-error sectors are not bytes
  compare(sectors(1n), bytes(1n));
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

  it('inclusive ends count both', () => {
    expect(lengthOfEnds(physAddr(0x1000n), physAddr(0x1fffn))).toBe(0x1000n);
    const stretch = { start: pfn(7n), length: pages(3n) };
    expect(lengthOfEnds(stretch.start, lastOf(stretch))).toBe(stretch.length);
  });

  it('a stretch of bytes touches the frames of its first and last byte', () => {
    fc.assert(
      fc.property(count, fc.bigInt({ min: 1n, max: 1n << 20n }), (at, n) => {
        const range = { start: physAddr(at), length: bytes(n) };
        const frames = framesOf(range);
        expect([frames.start, lastOf(frames)]).toEqual([physToPfn(range.start), physToPfn(lastOf(range))]);
      }),
    );
    expect(framesOf({ start: physAddr(0x1234n), length: bytes(0n) }).length).toBe(0n);
  });

  it('what is aligned down lies at most one step below and is aligned', () => {
    fc.assert(
      fc.property(count, fc.constantFrom(1n, 8n, 512n), (at, step) => {
        const down = alignDown(pfn(at), pages(step));
        expect(isAligned(down, pages(step))).toBe(true);
        expect(contains({ start: down, length: pages(step) }, pfn(at))).toBe(true);
      }),
    );
  });

  it('intervals are half open', () => {
    const page = { start: sectorsToBytes(sectors(8n)), length: bytes(4096n) };
    expect([contains(page, bytes(4096n)), contains(page, bytes(8191n)), contains(page, bytes(8192n))]).toEqual([true, true, false]);
    expect(overlaps(page, { start: bytes(8192n), length: bytes(1n) })).toBe(false);
  });
});
