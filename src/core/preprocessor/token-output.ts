// Collects the tokens of one unit while it is preprocessed.

import { LimitReached, maxTokens } from './limits.ts';
import { Token } from './token-kind.ts';
import { TokenOrigins } from './token-origins.ts';

/** Tokens without spare room, closed by end tokens. */
export interface FinishedTokens {
  readonly kind: Uint8Array;
  readonly id: Int32Array;
  readonly origins: TokenOrigins;
  readonly length: number;
}

/** Growing parallel arrays. */
export class TokenOutput {
  kind: Uint8Array;
  id: Int32Array;
  origins: TokenOrigins;
  length = 0;

  constructor(capacity: number) {
    this.kind = new Uint8Array(capacity);
    this.id = new Int32Array(capacity);
    this.origins = new TokenOrigins(capacity);
  }

  /** Makes room for `count` tokens. */
  reserve(count: number): void {
    this.origins.reserve(count);
    const need = this.length + count;
    if (need <= this.kind.length) return;
    if (need > maxTokens) throw new LimitReached(`the unit has more than ${maxTokens} tokens`);
    const size = Math.max(need, this.kind.length + (this.kind.length >> 1));
    const kind = new Uint8Array(size);
    kind.set(this.kind.subarray(0, this.length));
    this.kind = kind;
    const id = new Int32Array(size);
    id.set(this.id.subarray(0, this.length));
    this.id = id;
  }

  /** Appends one token; there must be room. */
  put(kind: number, id: number, location: number, expansion: number): void {
    const at = this.length++;
    this.kind[at] = kind;
    this.id[at] = id;
    this.origins.push(location, expansion);
  }

  /** Appends one token. */
  push(kind: number, id: number, location: number, expansion: number): void {
    this.reserve(1);
    this.put(kind, id, location, expansion);
  }

  /** Copies what was collected, with `lookahead` end tokens after it. */
  finish(lookahead: number): FinishedTokens {
    const { length } = this;
    const kind = new Uint8Array(length + lookahead).fill(Token.End, length);
    kind.set(this.kind.subarray(0, length));
    const id = new Int32Array(length + lookahead).fill(-1, length);
    id.set(this.id.subarray(0, length));
    return { kind, id, origins: this.origins.trimmed(), length };
  }

  /** Empties it; room is kept. */
  clear(): void {
    this.length = 0;
    this.origins.clear();
  }

  /** Starts over with the first `length` tokens of a finished unit. */
  restart(from: FinishedTokens, length: number): void {
    this.length = 0;
    if (this.kind.length < length + 4096) {
      this.kind = new Uint8Array(length + 4096);
      this.id = new Int32Array(length + 4096);
    }
    this.kind.set(from.kind.subarray(0, length));
    this.id.set(from.id.subarray(0, length));
    this.length = length;
    this.origins = from.origins.fork(length);
  }
}
