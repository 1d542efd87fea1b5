// Random changes of the path's files for fuzzing: deleted, doubled, swapped tokens, truncation, random bytes; the same for a seed.

import { pathUnits } from './path-units.ts';
import { Seeded } from './seeded.ts';

/** Files that are changed: they exist in the sample and in Debian's trees. */
export const mutatedFiles: readonly string[] = [
  ...pathUnits,
  'fs/xfs/libxfs/xfs_rmap.c',
  'include/linux/dax.h',
  'include/linux/mm_types.h',
];

/** Random numbers, and changes of a text made from them. */
export class Mutator extends Seeded {
  /** One to three random changes of a text. */
  mutate(text: string): string {
    let pieces = text.split(/(\s+|[A-Za-z_]\w*|\d\w*|"[^"\n]*"|[^\sA-Za-z_0-9])/).filter((piece) => piece !== '');
    for (let i = 1 + this.below(3); i > 0; i--) {
      const at = this.below(pieces.length);
      const other = this.below(pieces.length);
      switch (this.below(7)) {
        case 0:
          pieces.splice(at, 1);
          break;
        case 1:
          pieces.splice(at, 0, pieces[at] ?? '');
          break;
        case 2:
          [pieces[at], pieces[other]] = [pieces[other] ?? '', pieces[at] ?? ''];
          break;
        case 3:
          pieces.splice(at, 0, pieces[other] ?? '');
          break;
        case 4:
          pieces[at] =
            ['0', '-1', '1', '!', '&', '*', '->', '<<', '0xffffffffffffffffULL', 'NULL', 'while (1)', 'return', '{', ')'][this.below(14)] ??
            '';
          break;
        case 5:
          pieces[at] = String.fromCharCode(1 + this.below(300));
          break;
        default:
          if (this.below(8) === 0) pieces = pieces.slice(0, at + 1);
          break;
      }
    }
    return pieces.join('');
  }
}
