// Processes of a scenario file: what they map, which pages are present, what SIGBUS does to them.

import { z } from 'zod';
import { byteCount, frame, name, pageOffset, userAddress } from './fields.ts';

/** A present page of a mapping: `page` counts pages from the start of the mapping. */
export const presentSchema = z.strictObject({
  page: pageOffset,
  pfn: frame,
  /** Level of the entry: 12 pte, 21 pmd, 30 pud. */
  shift: z.union([z.literal(12), z.literal(21), z.literal(30)]).prefault(12),
  write: z.boolean().prefault(false),
  /** A private copy (anonymous page in RAM), no page of the file. */
  anonymous: z.boolean().prefault(false),
});

/** A mapping of a file or device-dax node; addresses, length and offset in bytes. */
export const mapSchema = z.strictObject({
  name,
  path: z.string().min(1),
  start: userAddress,
  length: byteCount,
  offset: byteCount.prefault(0),
  prot: z
    .string()
    .regex(/^r?w?x?$/)
    .prefault('rw'),
  sharing: z.enum(['shared', 'private']).prefault('shared'),
  sync: z.boolean().prefault(false),
  pages: z.array(presentSchema).prefault([]),
});

/** A process with one thread. */
export const processSchema = z.strictObject({
  label: name,
  pid: z.int().positive().optional(),
  comm: z.string().min(1).max(15).optional(),
  /** prctl(PR_MCE_KILL). */
  mcePolicy: z.enum(['early', 'late', 'default']).prefault('default'),
  /** What SIGBUS does to it; `block` = handler installed, signal blocked. */
  sigbus: z.enum(['handler', 'default', 'ignore', 'block']).prefault('handler'),
  maps: z.array(mapSchema).prefault([]),
});
