// Sizes of types in code: an incomplete type refuses the function instead of being a bug of ours.
import { sizeOf } from '../ctype/layout.ts';
import type { CType } from '../ctype/types.ts';
import { Refused } from './context.ts';

/** Size in bytes. */
export function sizeOfComplete(type: CType): number {
  const size = sizeOf(type);
  if (size === undefined) throw new Refused(`a value of an incomplete ${type.kind} type`, -1);
  return size;
}
