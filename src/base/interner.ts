// Gives each distinct text a small number, so that tokens are compared and stored as integers.

import { invariant } from './assert.ts';

const multiplier = 0x01000193;
/** Characters handed to one String.fromCharCode call; engines limit the number of arguments. */
const chunk = 4096;

/** Texts numbered from 0 in the order of first sight; numbers are never reused, texts are never dropped. */
export class Interner {
  /** Made from `chars` when first asked for: most spellings are only ever compared. */
  private readonly texts: (string | undefined)[] = [];
  private chars = new Uint16Array(1 << 18);
  private charsUsed = 0;
  private starts = new Int32Array(1 << 14);
  private hashes = new Int32Array(1 << 14);
  private slots = new Int32Array(1 << 15);

  /** How many texts there are; every id is below it. */
  get size(): number {
    return this.texts.length;
  }

  /** Number of `text`; the same text always has the same number. */
  intern(text: string): number {
    return this.internSlice(text, 0, text.length);
  }

  /** Number of `text`, or -1 when it was never interned. */
  find(text: string): number {
    const hash = hashSlice(text, 0, text.length);
    const slot = this.slotOf(text, 0, text.length, hash);
    return (this.slots[slot] ?? 0) - 1;
  }

  /** Number of text.slice(start, end), without making the slice when it is known. */
  internSlice(text: string, start: number, end: number): number {
    return this.internHashed(text, start, end, hashSlice(text, start, end));
  }

  /** internSlice for a caller that computed `hash` while it scanned (see `hashStep`). */
  internHashed(text: string, start: number, end: number, hash: number): number {
    const slot = this.slotOf(text, start, end, hash);
    const found = this.slots[slot] ?? 0;
    if (found !== 0) return found - 1;
    return this.insert(text, start, end, hash, slot);
  }

  /** Text of a number given out before. */
  text(id: number): string {
    const known = this.texts[id];
    if (known !== undefined) return known;
    invariant(id >= 0 && id < this.texts.length, `no interned text ${id}`);
    const end = this.starts[id + 1] ?? 0;
    let text = '';
    for (let at = this.starts[id] ?? 0; at < end; at += chunk) {
      text += String.fromCharCode(...this.chars.subarray(at, Math.min(end, at + chunk)));
    }
    this.texts[id] = text;
    return text;
  }

  private slotOf(text: string, start: number, end: number, hash: number): number {
    const slots = this.slots;
    const mask = slots.length - 1;
    const length = end - start;
    let slot = mix(hash) & mask;
    for (;;) {
      const entry = slots[slot] ?? 0;
      if (entry === 0) return slot;
      if (this.hashes[entry - 1] === hash) {
        const from = this.starts[entry - 1] ?? 0;
        if ((this.starts[entry] ?? 0) - from === length) {
          const chars = this.chars;
          let i = 0;
          while (i < length && chars[from + i] === text.charCodeAt(start + i)) i++;
          if (i === length) return slot;
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  private insert(text: string, start: number, end: number, hash: number, slot: number): number {
    const id = this.texts.length;
    const length = end - start;
    if (this.charsUsed + length > this.chars.length) {
      const grown = new Uint16Array(Math.max(this.chars.length * 2, this.charsUsed + length));
      grown.set(this.chars);
      this.chars = grown;
    }
    if (id + 2 > this.starts.length) {
      const starts = new Int32Array(this.starts.length * 2);
      starts.set(this.starts);
      this.starts = starts;
      const hashes = new Int32Array(this.hashes.length * 2);
      hashes.set(this.hashes);
      this.hashes = hashes;
    }
    this.texts.push(undefined);
    for (let i = 0; i < length; i++) this.chars[this.charsUsed + i] = text.charCodeAt(start + i);
    this.charsUsed += length;
    this.starts[id + 1] = this.charsUsed;
    this.hashes[id] = hash;
    this.slots[slot] = id + 1;
    if (this.texts.length * 2 > this.slots.length) this.rehash();
    return id;
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.texts.length; id++) {
      let slot = mix(this.hashes[id] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.slots = slots;
  }
}

/** Start value of a hash built with `hashStep`. */
export const hashSeed = 0x811c9dc5 | 0;

/** Hash of a text so far, and one more UTF-16 unit (FNV-1a). */
export function hashStep(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, multiplier);
}

function hashSlice(text: string, start: number, end: number): number {
  let hash = hashSeed;
  for (let i = start; i < end; i++) hash = hashStep(hash, text.charCodeAt(i));
  return hash;
}

function mix(hash: number): number {
  return hash ^ (hash >>> 15);
}
