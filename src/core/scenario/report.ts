// How checks tell what contradicts itself, and what several of them ask.

import {
  type Bytes,
  bytes,
  contains,
  framesOf,
  isMultiple,
  pageBytes,
  pages,
  type Pfn,
  pfn,
  pfnToPhys,
  physAddr,
  physToPfn,
} from '../../base/units.ts';
import { pmemOf } from './devices.ts';
import type { Scenario } from './schema.ts';

/** Frames of RAM lie below 1 TiB in every scenario. */
const ram = framesOf({ start: physAddr(0n), length: bytes(1n << 40n) });
/** Frames that a frame number can mean, with room to spare. */
const frames = { start: pfn(0n), length: pages(1n << 52n) };

/** Sizes and offsets that are whole pages. */
export const isWholePages = (length: Bytes): boolean => isMultiple(length, pageBytes());

/** Takes the path of the offending field and a sentence. */
export type Report = (path: string, message: string) => void;

/** Why a frame cannot be meant; undefined when a device owns it or it may be RAM. */
export function strangeFrame(scenario: Scenario, frame: Pfn): string | undefined {
  if (!contains(frames, frame)) return 'is no page frame number';
  if (pmemOf(scenario, pfnToPhys(frame)) !== undefined) return undefined;
  const hex = `0x${frame.toString(16)}`;
  const mistaken = physAddr(frame);
  const asByte = pmemOf(scenario, mistaken);
  if (asByte !== undefined)
    return `frame ${hex} belongs to no device and no memory; as a physical address it lies in ${asByte.name}, whose frame is 0x${physToPfn(mistaken).toString(16)}`;
  return contains(ram, frame) ? undefined : `frame ${hex} belongs to no device and no memory`;
}
