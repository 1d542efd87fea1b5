// Where inside a page the hardware says that the error begins.
import { advance, bytes, pfnToPhys, type PhysAddr } from '../../../base/units.ts';
import type { Failure } from '../../scenario/schema.ts';

/** Physical address of the first failed byte. */
export function failedByte({ pfn, at }: Failure): PhysAddr {
  return advance(pfnToPhys(pfn), bytes(BigInt(at ?? 0)));
}
