// Random changes of the path's files for fuzzing: deleted, doubled, swapped tokens, truncation, random bytes; the same for a seed.

/** Files that are changed: they exist in the sample and in Debian's trees. */
export const mutatedFiles: readonly string[] = [
  'mm/memory-failure.c',
  'mm/memremap.c',
  'drivers/dax/super.c',
  'drivers/nvdimm/pmem.c',
  'fs/dax.c',
  'fs/xfs/xfs_notify_failure.c',
  'fs/xfs/libxfs/xfs_rmap.c',
  'include/linux/dax.h',
  'include/linux/mm_types.h',
];

/** A row of random numbers (mulberry32) and what is made of them. */
export class Mutator {
  /** Gives the same row again when handed to a new Mutator. */
  state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A number below `n`. */
  below(n: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }

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
