// Kinds of numbers and names that scenario files are made of.

import { z } from 'zod';

/** 64-bit numbers are written as a JSON number, a decimal string or "0x…"; after parsing they are bigint. */
export const u64 = z
  .union([z.number().int(), z.string().regex(/^-?(0x[0-9a-fA-F]+|[0-9]+)$/, 'expected a decimal or 0x… number')])
  .transform((text, context) => {
    if (typeof text === 'number') {
      if (Number.isSafeInteger(text)) return BigInt(text);
      context.issues.push({ code: 'custom', message: 'write numbers beyond 2^53 as a string', input: text });
      return z.NEVER;
    }
    return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  });

/** Names of devices, processes and mappings. */
export const name = z.string().min(1);
