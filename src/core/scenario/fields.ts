// Kinds of numbers and names that scenario files are made of.

import { z } from 'zod';
import { bytes, fsBlocks, pageIndex, pages, pfn, physAddr, sectors, userAddr } from '../../base/units.ts';

const TOP = 1n << 64n;

/** A JSON number, a decimal string or "0x…"; after parsing a bigint in [least, 2^64). */
function integer(least: bigint, below: string): z.ZodType<bigint, number | string> {
  return z
    .union([z.number(), z.string().regex(/^-?(0x[0-9a-fA-F]+|[0-9]+)$/, 'expected a decimal or 0x… number')])
    .transform((text, context) => {
      const refuse = (message: string): typeof z.NEVER => {
        context.issues.push({ code: 'custom', message, input: text });
        return z.NEVER;
      };
      if (typeof text === 'number' && !Number.isInteger(text)) return refuse('expected a whole number');
      if (typeof text === 'number' && !Number.isSafeInteger(text)) return refuse('write numbers beyond 2^53 as a string');
      const value = typeof text === 'number' ? BigInt(text) : text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
      if (value < least) return refuse(below);
      return value >= TOP ? refuse('does not fit into 64 bits') : value;
    });
}

/** Sizes, addresses, counts and positions. */
export const u64 = integer(0n, 'must not be negative');
/** Numbers that may count backwards; two's complement of 64 bits. */
export const s64 = integer(-(1n << 63n), 'does not fit into 64 bits');

/** Names of devices, processes and mappings. */
export const name = z.string().min(1);

/** The same numbers with their units: whoever mixes them up afterwards does not compile. */
export const byteCount = u64.transform(bytes);
export const pageCount = u64.transform(pages);
/** Pages from the start of a mapping; a huge page may begin before it. */
export const pageOffset = s64.transform(pages);
export const sectorCount = u64.transform(sectors);
export const fsBlockCount = u64.transform(fsBlocks);
export const frame = u64.transform(pfn);
export const physicalAddress = u64.transform(physAddr);
export const userAddress = u64.transform(userAddr);
/** Page of a file. */
export const filePage = u64.transform(pageIndex);
