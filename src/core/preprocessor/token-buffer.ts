// A growing run of tokens on their way through macro expansion: four numbers each, so that copying is a memory move.

import { LimitReached, maxArena } from './limits.ts';

/** Numbers per token: meta (kind | flags << 8), interned spelling, location, expansion. */
export const stride = 4;

/** Used as a stack: whoever appends also resets `top`. */
export class TokenBuffer {
  data: Int32Array;
  /** First free token. */
  top = 0;

  constructor(capacity: number) {
    this.data = new Int32Array(capacity * stride);
  }

  /** Makes room for `count` more tokens; `data` may be another array afterwards. */
  reserve(count: number): void {
    const need = (this.top + count) * stride;
    if (need <= this.data.length) return;
    if (this.top + count > maxArena) throw new LimitReached(`a macro expands to more than ${maxArena} tokens`);
    const grown = new Int32Array(Math.max(this.data.length * 2, need));
    grown.set(this.data);
    this.data = grown;
  }

  push(meta: number, id: number, location: number, expansion: number): void {
    if ((this.top + 1) * stride > this.data.length) this.reserve(1);
    const at = this.top++ * stride;
    const data = this.data;
    data[at] = meta;
    data[at + 1] = id;
    data[at + 2] = location;
    data[at + 3] = expansion;
  }

  /** Appends a macro's replacement list, written by `expansion`. */
  appendList(list: Int32Array, count: number, expansion: number): void {
    this.reserve(count);
    const target = this.data;
    const size = count * stride;
    let to = this.top * stride;
    for (let from = 0; from < size; from += stride, to += stride) {
      target[to] = list[from] ?? 0;
      target[to + 1] = list[from + 1] ?? 0;
      target[to + 2] = list[from + 2] ?? 0;
      target[to + 3] = expansion;
    }
    this.top += count;
  }

  /** Appends tokens [start, start + count) of another buffer, or of this one. */
  append(from: TokenBuffer, start: number, count: number): void {
    this.reserve(count);
    if (from === this) this.data.copyWithin(this.top * stride, start * stride, (start + count) * stride);
    else if (count < 8) {
      const source = from.data;
      const target = this.data;
      let to = this.top * stride;
      for (let i = start * stride; i < (start + count) * stride; i++) target[to++] = source[i] ?? 0;
    } else this.data.set(from.data.subarray(start * stride, (start + count) * stride), this.top * stride);
    this.top += count;
  }
}

/** A copy of twice the length. */
export function doubled(old: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(old.length * 2);
  grown.set(old);
  return grown;
}

/** A copy of at least `size`, and at least twice the length. */
export function grownBytes(old: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(Math.max(old.length * 2, size));
  grown.set(old);
  return grown;
}
