// Byte-addressable memory of the simulated kernel: checked accesses over pages, with faults worded as the kernel words them.
import { Bug } from '../../base/assert.ts';
import { memoryFault } from './memory-faults.ts';
import type { Objects } from './objects.ts';
import { describeObject } from './objects.ts';
import { stopWithFault } from './outcome.ts';
import type { FaultNote } from './outcome.ts';
import type { Pages } from './paging.ts';
import { PAGE, RED_ZONE, FREED, STACK_DEAD, UNADDRESSABLE, UNINIT } from './paging.ts';

/** Who is told of things that do not stop the run. */
export interface MemoryListener {
  /** A load found no initialised byte. */
  uninitialised(note: FaultNote): void;
  /** A watched page was written. */
  written(address: bigint, size: number): void;
}

const decoder = new TextDecoder();

/** Low 32 bits of an address as a signed word. */
export function low(address: bigint): number {
  return Number(BigInt.asIntN(32, address));
}

/** High 32 bits of an address as a signed word. */
export function high(address: bigint): number {
  return Number(BigInt.asIntN(32, address >> 32n));
}

/** The address made of two signed words. */
export function join(lo: number, hi: number): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}

/** Access for TypeScript code; the interpreter works on `pages` directly and comes here only when its fast path fails. */
export class Memory {
  readonly pages: Pages;
  private readonly objects: Objects;
  /** Set by the machine. */
  listener: MemoryListener | undefined;
  /** Names stack and global objects for faults; set by the machine. */
  describe: ((address: bigint) => FaultNote['object']) | undefined;
  /** High word of the 64-bit value that `load64` left behind (the low word is its result). */
  high = 0;

  constructor(pages: Pages, objects: Objects) {
    this.pages = pages;
    this.objects = objects;
  }

  // ---- bigint interface for models and world builders -------------------------------------------------------------

  /** Unsigned little-endian value of 1, 2, 4 or 8 bytes. */
  readUnsigned(address: bigint, size: number): bigint {
    const lo = low(address);
    const hi = high(address);
    if (size === 8) {
      const l = this.load(lo, hi, 8);
      return join(l, this.high);
    }
    return BigInt(this.load(lo, hi, size) >>> 0);
  }

  writeUnsigned(address: bigint, size: number, value: bigint): void {
    this.store(low(address), high(address), size, low(value), high(value));
  }

  readU8(address: bigint): number {
    return Number(this.readUnsigned(address, 1));
  }

  readU32(address: bigint): number {
    return Number(this.readUnsigned(address, 4));
  }

  readS32(address: bigint): number {
    return this.readU32(address) | 0;
  }

  readU64(address: bigint): bigint {
    return this.readUnsigned(address, 8);
  }

  writeU8(address: bigint, value: number): void {
    this.writeUnsigned(address, 1, BigInt(value & 0xff));
  }

  writeU32(address: bigint, value: number): void {
    this.writeUnsigned(address, 4, BigInt(value >>> 0));
  }

  writeU64(address: bigint, value: bigint): void {
    this.writeUnsigned(address, 8, BigInt.asUintN(64, value));
  }

  /** A byte without any check; 0 when there is no page. */
  peekByte(address: bigint): number {
    const base = this.pages.forRead(low(address), high(address));
    return base < 0 ? 0 : (this.pages.data8[base + (low(address) & (PAGE - 1))] as number);
  }

  /** True when all bytes belong to live objects. */
  isAddressable(address: bigint, size: number): boolean {
    for (let i = 0; i < size; i++) {
      const at = address + BigInt(i);
      const base = this.pages.forRead(low(at), high(at));
      if (base < 0 || (this.pages.shadow8[base + (low(at) & (PAGE - 1))] as number) >= UNADDRESSABLE) return false;
    }
    return true;
  }

  /** Copy of `size` bytes. */
  readBytes(address: bigint, size: number): Uint8Array {
    this.checkLarge(address, size, 'read');
    const out = new Uint8Array(size);
    this.eachChunk(address, size, (at, length, done) => {
      const p = this.readable(at, length, size);
      out.set(this.pages.data8.subarray(p, p + length), done);
    });
    return out;
  }

  /** Copy of `size` bytes that somebody looks at: one that was never written is reported. */
  readInitialised(address: bigint, size: number): Uint8Array {
    const out = this.readBytes(address, size);
    for (let i = 0; i < size; i++) {
      const at = address + BigInt(i);
      const base = this.pages.forRead(low(at), high(at));
      if (this.pages.shadow8[base + (low(at) & (PAGE - 1))] !== UNINIT) continue;
      this.reportUninitialised(low(at), high(at), size);
      break;
    }
    return out;
  }

  writeBytes(address: bigint, bytes: Uint8Array): void {
    this.eachChunk(address, bytes.length, (at, length, done) => {
      const p = this.writable(at, length, bytes.length);
      this.pages.data8.set(bytes.subarray(done, done + length), p);
      this.pages.shadow8.fill(0, p, p + length);
      this.noteWrite(at, length);
    });
  }

  /** NUL-terminated UTF-8 text; cut after `limit` bytes. */
  readString(address: bigint, limit = 65536): string {
    return decoder.decode(this.readBytes(address, this.stringLength(address, limit)));
  }

  /** strlen, bounded. */
  stringLength(address: bigint, limit = 1 << 20): number {
    for (let n = 0; n < limit; n++) {
      if (this.load(low(address + BigInt(n)), high(address + BigInt(n)), 1) === 0) return n;
    }
    return limit;
  }

  /** memset. */
  fill(address: bigint, size: number, byte: number): void {
    this.checkLarge(address, size, 'write');
    this.eachChunk(address, size, (at, length) => {
      const p = this.writable(at, length, size);
      this.pages.data8.fill(byte & 0xff, p, p + length);
      this.pages.shadow8.fill(0, p, p + length);
      this.noteWrite(at, length);
    });
  }

  /** memmove; initialisedness is copied with the bytes. */
  copy(to: bigint, from: bigint, size: number): void {
    if (size === 0) return;
    this.checkLarge(from, size, 'read');
    this.checkLarge(to, size, 'write');
    const data = new Uint8Array(size);
    const shadow = new Uint8Array(size);
    this.eachChunk(from, size, (at, length, done) => {
      const p = this.readable(at, length, size);
      data.set(this.pages.data8.subarray(p, p + length), done);
      shadow.set(this.pages.shadow8.subarray(p, p + length), done);
    });
    this.eachChunk(to, size, (at, length, done) => {
      const p = this.writable(at, length, size);
      this.pages.data8.set(data.subarray(done, done + length), p);
      this.pages.shadow8.set(shadow.subarray(done, done + length), p);
      this.noteWrite(at, length);
    });
  }

  // ---- life of objects --------------------------------------------------------------------------------------------

  /** Makes bytes addressable: zero and initialised, or uninitialised. Pages come into being as needed. */
  open(address: bigint, size: number, zeroed: boolean): void {
    this.eachChunk(address, size, (at, length) => {
      const lo = low(at);
      const hi = high(at);
      this.pages.ensure(lo, hi);
      const p = this.pages.forWrite(lo, hi, true) + (lo & (PAGE - 1));
      this.pages.data8.fill(0, p, p + length);
      this.pages.shadow8.fill(zeroed ? 0 : UNINIT, p, p + length);
    });
  }

  /** Makes bytes unaddressable; the reason appears when they are used. */
  close(address: bigint, size: number, why: 'freed' | 'red-zone' | 'stack'): void {
    const mark = why === 'freed' ? FREED : why === 'stack' ? STACK_DEAD : RED_ZONE;
    this.eachChunk(address, size, (at, length) => {
      const lo = low(at);
      const p = this.pages.forWrite(lo, high(at), true) + (lo & (PAGE - 1));
      this.pages.shadow8.fill(mark, p, p + length);
    });
  }

  /** Marks addressable bytes as never written. */
  forgetContents(address: bigint, size: number): void {
    this.eachChunk(address, size, (at, length) => {
      const p = this.writable(at, length, size);
      this.pages.shadow8.fill(UNINIT, p, p + length);
    });
  }

  // ---- word interface: the interpreter's slow path ----------------------------------------------------------------

  /** Loads 1, 2, 4 or 8 bytes, zero-extended; for 8 the high word is left in `this.high`. */
  load(lo: number, hi: number, size: number): number {
    const { pages } = this;
    const offset = lo & (PAGE - 1);
    if (offset + size > PAGE) return this.loadAcross(lo, hi, size);
    const base = pages.forRead(lo, hi);
    if (base < 0) return this.fault(lo, hi, size, 'read', 0);
    const p = base + offset;
    const { shadow8, data8 } = pages;
    let missing = 0;
    for (let i = 0; i < size; i++) {
      const s = shadow8[p + i] as number;
      if (s !== 0) {
        if (s >= UNADDRESSABLE) return this.fault(lo, hi, size, 'read', s);
        missing++;
      }
    }
    if (missing === size) this.reportUninitialised(lo, hi, size);
    switch (size) {
      case 1:
        return data8[p] as number;
      case 2:
        return (data8[p] as number) | ((data8[p + 1] as number) << 8);
      case 8:
        this.high = word(data8, p + 4);
        return word(data8, p);
      default:
        return word(data8, p);
    }
  }

  /** Stores 1, 2, 4 or 8 bytes. */
  store(lo: number, hi: number, size: number, value: number, valueHigh: number): void {
    const { pages } = this;
    const offset = lo & (PAGE - 1);
    if (offset + size > PAGE) {
      this.storeAcross(lo, hi, size, value, valueHigh);
      return;
    }
    const base = pages.forWrite(lo, hi);
    if (base < 0) {
      this.fault(lo, hi, size, 'write', base === -2 ? -2 : 0);
      return;
    }
    const p = base + offset;
    const { shadow8, data8 } = pages;
    for (let i = 0; i < size; i++) {
      const s = shadow8[p + i] as number;
      if (s >= UNADDRESSABLE) this.fault(lo, hi, size, 'write', s);
    }
    for (let i = 0; i < size; i++) {
      shadow8[p + i] = 0;
      data8[p + i] = i < 4 ? value >>> (8 * i) : valueHigh >>> (8 * (i - 4));
    }
    if (pages.watching) this.listener?.written(join(lo, hi), size);
  }

  /**
   * Arena offset of `size` bytes that lie in one page and are all addressable (initialised or not); -1 when they cross pages.
   * Faults like any access.
   */
  span(lo: number, hi: number, size: number, write: boolean): number {
    const offset = lo & (PAGE - 1);
    if (offset + size > PAGE) return -1;
    const base = write ? this.pages.forWrite(lo, hi) : this.pages.forRead(lo, hi);
    if (base < 0) return this.fault(lo, hi, size, write ? 'write' : 'read', base === -2 ? -2 : 0);
    const p = base + offset;
    const { shadow8 } = this.pages;
    // Whole words first: a word without any of the four top bits has no unaddressable byte.
    let i = 0;
    if ((p & 3) === 0) {
      const { shadow32 } = this.pages;
      for (; i + 4 <= size && ((shadow32[(p + i) >> 2] as number) & 0x80808080) === 0; i += 4);
    }
    for (; i < size; i++) {
      const s = shadow8[p + i] as number;
      if (s >= UNADDRESSABLE) return this.fault((lo + i) | 0, hi, size - i, write ? 'write' : 'read', s);
    }
    return p;
  }

  private loadAcross(lo: number, hi: number, size: number): number {
    let l = 0;
    let h = 0;
    const address = join(lo, hi);
    for (let i = 0; i < size; i++) {
      const at = address + BigInt(i);
      const byte = this.load(low(at), high(at), 1);
      if (i < 4) l |= byte << (8 * i);
      else h |= byte << (8 * (i - 4));
    }
    this.high = h;
    return l;
  }

  private storeAcross(lo: number, hi: number, size: number, value: number, valueHigh: number): void {
    const address = join(lo, hi);
    for (let i = 0; i < size; i++) {
      const at = address + BigInt(i);
      this.store(low(at), high(at), 1, i < 4 ? value >>> (8 * i) : valueHigh >>> (8 * (i - 4)), 0);
    }
  }

  private reportUninitialised(lo: number, hi: number, size: number): void {
    const address = join(lo, hi);
    const near = this.objects.at(address);
    const object = this.describe?.(address) ?? (near === undefined ? undefined : describeObject(near, address));
    this.listener?.uninitialised({
      kind: 'uninitialised-read',
      text: `BUG: KMSAN: uninit-value: ${size} bytes read from ${object === undefined ? address.toString(16) : object.name}`,
      fatal: false,
      address,
      object,
    });
  }

  private fault(lo: number, hi: number, size: number, access: 'read' | 'write', shadow: number): never {
    const address = join(lo, hi);
    return stopWithFault(memoryFault(address, size, access, shadow, this.describe?.(address), this.objects.near(address)));
  }

  /** A size that is a negative number in truth faults long before its end: nothing of that size is allocated here. */
  private checkLarge(address: bigint, size: number, access: 'read' | 'write'): void {
    if (size < 1 << 20) return;
    this.eachChunk(address, size, (at, length) => {
      if (access === 'read') this.readable(at, length, size);
      else this.writable(at, length, size);
    });
  }

  /** Arena offset of a chunk inside one page that may be read; `size` is what the whole access reads. */
  private readable(at: bigint, length: number, size: number): number {
    const base = this.pages.forRead(low(at), high(at));
    if (base < 0) return this.fault(low(at), high(at), size, 'read', 0);
    const p = base + (low(at) & (PAGE - 1));
    this.checkAddressable(p, at, length, 'read', size);
    return p;
  }

  private writable(at: bigint, length: number, size: number): number {
    const base = this.pages.forWrite(low(at), high(at));
    if (base < 0) return this.fault(low(at), high(at), size, 'write', base === -2 ? -2 : 0);
    const p = base + (low(at) & (PAGE - 1));
    this.checkAddressable(p, at, length, 'write', size);
    return p;
  }

  private checkAddressable(p: number, at: bigint, length: number, access: 'read' | 'write', size: number): void {
    const { shadow8 } = this.pages;
    for (let i = 0; i < length; i++) {
      const s = shadow8[p + i] as number;
      if (s >= UNADDRESSABLE) {
        const bad = at + BigInt(i);
        this.fault(low(bad), high(bad), size, access, s);
      }
    }
  }

  private noteWrite(at: bigint, length: number): void {
    if (this.pages.watching) this.listener?.written(at, length);
  }

  private eachChunk(address: bigint, size: number, work: (at: bigint, length: number, done: number) => void): void {
    if (size < 0) throw new Bug(`negative size ${size}`);
    let done = 0;
    while (done < size) {
      const at = BigInt.asUintN(64, address + BigInt(done));
      const length = Math.min(size - done, PAGE - (low(at) & (PAGE - 1)));
      work(at, length, done);
      done += length;
    }
  }
}

function word(bytes: Uint8Array, p: number): number {
  return (bytes[p] as number) | ((bytes[p + 1] as number) << 8) | ((bytes[p + 2] as number) << 16) | ((bytes[p + 3] as number) << 24);
}
