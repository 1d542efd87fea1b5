// Where each token of a stream came from, packed: differences as variable-length numbers, with a restart point every 64 tokens.

/** Restart points: byte position, location, expansion. */
const pointSize = 3;
const pointShift = 6;
const pointMask = (1 << pointShift) - 1;
/** Most bytes that one token takes: two 33-bit differences. */
const maxBytes = 11;

/** Location and expansion of tokens 0, 1, 2, …; written once in order, read at random. About 2 bytes a token instead of 8. */
export class TokenOrigins {
  private bytes: Uint8Array;
  private used = 0;
  private points: Int32Array;
  private count = 0;
  private location = 0;
  private expansion = 0;

  constructor(tokens: number) {
    this.bytes = new Uint8Array(tokens * 3 + 64);
    this.points = new Int32Array(((tokens >> pointShift) + 2) * pointSize);
  }

  /** How many tokens there are. */
  get length(): number {
    return this.count;
  }

  /** Makes room for `tokens` more. */
  reserve(tokens: number): void {
    const bytes = this.used + tokens * maxBytes;
    if (bytes > this.bytes.length) {
      const grown = new Uint8Array(Math.max(bytes, this.bytes.length + (this.bytes.length >> 1)));
      grown.set(this.bytes.subarray(0, this.used));
      this.bytes = grown;
    }
    const points = (((this.count + tokens) >> pointShift) + 2) * pointSize;
    if (points > this.points.length) {
      const grown = new Int32Array(Math.max(points, this.points.length + (this.points.length >> 1)));
      grown.set(this.points);
      this.points = grown;
    }
  }

  /** Appends one token; there must be room. */
  push(location: number, expansion: number): void {
    let { used } = this;
    if ((this.count & pointMask) === 0) {
      const at = (this.count >> pointShift) * pointSize;
      this.points[at] = used;
      this.points[at + 1] = location;
      this.points[at + 2] = expansion;
      this.location = location;
      this.expansion = expansion;
      this.count++;
      return;
    }
    this.count++;
    const step = location - this.location;
    const changed = expansion !== this.expansion;
    // Zigzag, with the lowest bit telling whether an expansion follows.
    let value = (step < 0 ? -step * 2 - 1 : step * 2) * 2 + (changed ? 1 : 0);
    const { bytes } = this;
    while (value > 127) {
      bytes[used++] = (value % 128) | 128;
      value = Math.floor(value / 128);
    }
    bytes[used++] = value;
    if (changed) {
      const jump = expansion - this.expansion;
      value = jump < 0 ? -jump * 2 - 1 : jump * 2;
      while (value > 127) {
        bytes[used++] = (value % 128) | 128;
        value = Math.floor(value / 128);
      }
      bytes[used++] = value;
      this.expansion = expansion;
    }
    this.location = location;
    this.used = used;
  }

  /** Linear location of token `i`. */
  locationOf(i: number): number {
    return this.read(i).location;
  }

  /** Location and expansion of token `i`; those of the last token beyond the end. */
  read(i: number): { readonly location: number; readonly expansion: number } {
    const last = Math.min(i, this.count - 1);
    if (last < 0) return { location: 0, expansion: 0 };
    const point = (last >> pointShift) * pointSize;
    let at = this.points[point] ?? 0;
    let location = this.points[point + 1] ?? 0;
    let expansion = this.points[point + 2] ?? 0;
    const { bytes } = this;
    for (let left = last & pointMask; left > 0; left--) {
      let value = 0;
      let scale = 1;
      let byte: number;
      do {
        byte = bytes[at++] ?? 0;
        value += (byte & 127) * scale;
        scale *= 128;
      } while (byte > 127);
      const step = Math.floor(value / 2);
      location += step % 2 === 0 ? step / 2 : -(step + 1) / 2;
      if (value % 2 === 1) {
        value = 0;
        scale = 1;
        do {
          byte = bytes[at++] ?? 0;
          value += (byte & 127) * scale;
          scale *= 128;
        } while (byte > 127);
        expansion += value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
    }
    return { location, expansion };
  }

  /** The first `tokens` tokens as origins that can be appended to. */
  fork(tokens: number): TokenOrigins {
    const copy = new TokenOrigins(0);
    // Back to the restart point, then token by token.
    const whole = tokens & ~pointMask;
    const point = (whole >> pointShift) * pointSize;
    copy.used = whole < this.count ? (this.points[point] ?? 0) : this.used;
    copy.bytes = new Uint8Array(copy.used + 4096);
    copy.bytes.set(this.bytes.subarray(0, copy.used));
    copy.points = this.points.slice(0, point + 64 * pointSize);
    copy.count = whole;
    copy.reserve(tokens - whole);
    for (let i = whole; i < tokens; i++) {
      const { location, expansion } = this.read(i);
      copy.push(location, expansion);
    }
    return copy;
  }

  /** A copy without spare room. */
  trimmed(): TokenOrigins {
    const copy = new TokenOrigins(0);
    copy.bytes = this.bytes.slice(0, this.used);
    copy.used = this.used;
    copy.points = this.points.slice(0, ((this.count + pointMask) >> pointShift) * pointSize);
    copy.count = this.count;
    return copy;
  }

  /** Bytes held. */
  get size(): number {
    return this.bytes.byteLength + this.points.byteLength;
  }

  /** Forgets all tokens and keeps the room. */
  clear(): void {
    this.used = 0;
    this.count = 0;
  }
}
