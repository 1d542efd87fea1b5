// How checks tell what contradicts itself, and what several of them ask.

import { byteInside, pmemOf } from './devices.ts';
import type { Scenario } from './schema.ts';

export const PAGE = 4096n;
/** Frames of RAM lie below 1 TiB in every scenario. */
const RAM_END = 1n << 40n;

/** Takes the path of the offending field and a sentence. */
export type Report = (path: string, message: string) => void;

/** Why a frame cannot be meant; undefined when a device owns it or it may be RAM. */
export function strangeFrame(scenario: Scenario, pfn: bigint): string | undefined {
  if (pfn >= 1n << 52n) return 'is no page frame number';
  if (scenario.pmem.some((device) => byteInside(device, pfn * PAGE) !== undefined)) return undefined;
  const hex = `0x${pfn.toString(16)}`;
  const asByte = pmemOf(scenario, pfn);
  if (asByte !== undefined)
    return `frame ${hex} belongs to no device and no memory; as a physical address it lies in ${asByte.name}, whose frame is 0x${(pfn / PAGE).toString(16)}`;
  return pfn * PAGE >= RAM_END ? `frame ${hex} belongs to no device and no memory` : undefined;
}
