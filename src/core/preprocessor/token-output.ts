// Collects the tokens of one unit and hands them out as a stream.

import { Token } from './token-kind.ts';

/** Growing parallel arrays; whoever writes in bulk reserves first and then sets `length`. */
export class TokenOutput {
  kind: Uint8Array;
  id: Int32Array;
  location: Int32Array;
  expansion: Int32Array;
  length = 0;

  constructor(capacity: number) {
    this.kind = new Uint8Array(capacity);
    this.id = new Int32Array(capacity);
    this.location = new Int32Array(capacity);
    this.expansion = new Int32Array(capacity);
  }

  reserve(count: number): void {
    const need = this.length + count;
    if (need <= this.kind.length) return;
    const size = Math.max(need, this.kind.length + (this.kind.length >> 1));
    this.kind = copied(new Uint8Array(size), this.kind, this.length);
    this.id = copied(new Int32Array(size), this.id, this.length);
    this.location = copied(new Int32Array(size), this.location, this.length);
    this.expansion = copied(new Int32Array(size), this.expansion, this.length);
  }

  push(kind: number, id: number, location: number, expansion: number): void {
    if (this.length === this.kind.length) this.reserve(1);
    const at = this.length++;
    this.kind[at] = kind;
    this.id[at] = id;
    this.location[at] = location;
    this.expansion[at] = expansion;
  }

  /** Arrays without spare room, but with `lookahead` end tokens. */
  finish(lookahead: number): { kind: Uint8Array; id: Int32Array; location: Int32Array; expansion: Int32Array; length: number } {
    const last = this.length === 0 ? 0 : (this.location[this.length - 1] ?? 0);
    const { length } = this;
    this.reserve(lookahead);
    const size = length + lookahead;
    for (let i = length; i < size; i++) {
      this.kind[i] = Token.End;
      this.id[i] = -1;
      this.location[i] = last;
      this.expansion[i] = 0;
    }
    return {
      kind: this.kind.slice(0, size),
      id: this.id.slice(0, size),
      location: this.location.slice(0, size),
      expansion: this.expansion.slice(0, size),
      length,
    };
  }

  /** A copy of the first `length` tokens of finished arrays, with room to go on. */
  static continued(from: { kind: Uint8Array; id: Int32Array; location: Int32Array; expansion: Int32Array }, length: number): TokenOutput {
    const output = new TokenOutput(0);
    const size = from.kind.length + 4096;
    output.kind = copied(new Uint8Array(size), from.kind, length);
    output.id = copied(new Int32Array(size), from.id, length);
    output.location = copied(new Int32Array(size), from.location, length);
    output.expansion = copied(new Int32Array(size), from.expansion, length);
    output.length = length;
    return output;
  }
}

function copied<T extends Uint8Array | Int32Array>(target: T, source: T, length: number): T {
  target.set(source.subarray(0, length));
  return target;
}
