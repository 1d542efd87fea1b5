// Pages of a mapping as addresses of its process and as pages of its file.
import { advance, type PageIndex, pageOfByte, type Pages, pagesToBytes, type UserAddr } from '../../../base/units.ts';
import type { VmaState } from './types.ts';

/** User address of a page of a mapping. */
export function addressOf(map: Pick<VmaState, 'start'>, page: Pages): UserAddr {
  return advance(map.start, pagesToBytes(page));
}

/** Page of the file that lies at a page of a mapping. */
export function indexOf(map: Pick<VmaState, 'offset'>, page: Pages): PageIndex {
  return advance(pageOfByte(map.offset), page);
}
