// Where runs of a unit's tokens were first written: tokens copied from another unit's header share that unit's record of origins.

import type { Expansions } from './expansions.ts';
import type { TokenOrigins } from './token-origins.ts';

/** The tokens that one unit wrote itself, their origins, and the expansions that they name. */
export interface OriginSource {
  readonly kind: Uint8Array;
  readonly id: Int32Array;
  readonly origins: TokenOrigins;
  readonly expansions: Expansions;
}

/** Runs of tokens in order. A run without a source is the unit's own. */
export class TokenSegments {
  private readonly starts: number[] = [0];
  private readonly firsts: number[] = [0];
  private readonly sources: (OriginSource | undefined)[] = [undefined];

  /** Tokens from `start` on are those of `source` from `first` on. */
  add(start: number, first: number, source: OriginSource | undefined): void {
    let last = this.starts.length - 1;
    if ((this.starts[last] ?? 0) === start) {
      this.starts.pop();
      this.firsts.pop();
      this.sources.pop();
      last--;
    }
    const goesOn = last >= 0 && this.sources[last] === source && first - (this.firsts[last] ?? 0) === start - (this.starts[last] ?? 0);
    if (goesOn) return;
    this.starts.push(start);
    this.firsts.push(first);
    this.sources.push(source);
  }

  /** Position of token `i` among those of its source; undefined as source means the unit itself. */
  find(i: number): { readonly source: OriginSource | undefined; readonly index: number } {
    const at = this.runOf(i);
    return { source: this.sources[at], index: (this.firsts[at] ?? 0) + i - (this.starts[at] ?? 0) };
  }

  /** Visits the runs of tokens [from, to) in order: tokens [start, end) are those of `source` from `first` on. */
  runs(from: number, to: number, visit: (start: number, end: number, first: number, source: OriginSource | undefined) => void): void {
    for (let at = this.runOf(from), token = from; token < to; at++) {
      const end = Math.min(this.starts[at + 1] ?? to, to);
      visit(token, end, (this.firsts[at] ?? 0) + token - (this.starts[at] ?? 0), this.sources[at]);
      token = end;
    }
  }

  /** How many of the first `length` tokens are the unit's own. */
  ownBefore(length: number): number {
    for (let at = this.starts.length - 1; at >= 0; at--) {
      const start = this.starts[at] ?? 0;
      if (start >= length || this.sources[at] !== undefined) continue;
      return (this.firsts[at] ?? 0) + Math.min(this.starts[at + 1] ?? length, length) - start;
    }
    return 0;
  }

  /** Appends to `into`, at its token `start`, the runs of tokens [from, to) of this unit; `self` is what its own runs come from. */
  copy(from: number, to: number, self: OriginSource, into: TokenSegments, start: number): void {
    for (let at = this.runOf(from), token = from; token < to; at++) {
      into.add(start + token - from, (this.firsts[at] ?? 0) + token - (this.starts[at] ?? 0), this.sources[at] ?? self);
      token = this.starts[at + 1] ?? to;
    }
  }

  /** The runs of the first `length` tokens. */
  fork(length: number): TokenSegments {
    const copy = new TokenSegments();
    copy.clear();
    for (let at = 0; at < this.starts.length && ((this.starts[at] ?? 0) < length || at === 0); at++) {
      copy.add(this.starts[at] ?? 0, this.firsts[at] ?? 0, this.sources[at]);
    }
    return copy;
  }

  /** One run that begins at 0. */
  clear(): void {
    this.starts.length = this.firsts.length = this.sources.length = 1;
    this.starts[0] = this.firsts[0] = 0;
    this.sources[0] = undefined;
  }

  private runOf(i: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= i) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
