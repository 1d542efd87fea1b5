// Instructions on bit-fields and records: reads and writes of several bytes at [slot] + offset.
import { high, join, low } from './memory.ts';
import { UNINIT } from './paging.ts';
import { MachineStack } from './stack.ts';

/** The part of the machine that reads and writes bit-fields and records. */
export class RecordOperations extends MachineStack {
  pair(slot: number): bigint {
    return join(this.registers[slot] as number, this.registers[slot + 1] as number);
  }

  setPair(slot: number, value: bigint): void {
    this.registers[slot] = low(value);
    this.registers[slot + 1] = high(value);
  }

  bitLoad(d: number, a: number, offset: number, shift: number, width: number, signed: boolean): void {
    const { registers: R, memory } = this;
    const bytes = (shift + width + 7) >> 3;
    this.offsetAddress(a, offset);
    const p = memory.span(this.spanLow, this.spanHigh, bytes, false);
    let v0 = 0;
    let v1 = 0;
    let v2 = 0;
    if (p >= 0) {
      const { data8, shadow8 } = this.pages;
      let missing = 0;
      for (let i = 0; i < bytes; i++) {
        const byte = data8[p + i] as number;
        if (shadow8[p + i] === UNINIT) missing++;
        if (i < 4) v0 |= byte << (8 * i);
        else if (i < 8) v1 |= byte << (8 * (i - 4));
        else v2 = byte;
      }
      if (missing === bytes) memory.load(this.spanLow, this.spanHigh, 1);
    } else {
      memory.readBytes(this.spanAddress, bytes).forEach((byte, i) => {
        if (i < 4) v0 |= byte << (8 * i);
        else if (i < 8) v1 |= byte << (8 * (i - 4));
        else v2 = byte;
      });
    }
    let l = shift === 0 ? v0 : (v0 >>> shift) | (v1 << (32 - shift));
    let h = shift === 0 ? v1 : (v1 >>> shift) | (v2 << (32 - shift));
    if (width <= 32) {
      const up = 32 - width;
      l = signed ? (l << up) >> up : (l << up) >>> up;
      h = signed ? l >> 31 : 0;
    } else {
      const up = 64 - width;
      h = signed ? (h << up) >> up : (h << up) >>> up;
    }
    R[d] = l;
    R[d + 1] = h;
  }

  bitStore(base: number, offset: number, shift: number, width: number, value: number): void {
    const { registers: R, memory } = this;
    const bytes = (shift + width + 7) >> 3;
    this.offsetAddress(base, offset);
    const l = R[value] as number;
    const h = R[value + 1] as number;
    const p = memory.span(this.spanLow, this.spanHigh, bytes, true);
    const { data8, shadow8 } = this.pages;
    for (let i = 0; i < bytes; i++) {
      // Bits of this byte that belong to the field, and the value's bits that go there.
      const firstBit = 8 * i - shift;
      const from = Math.max(0, -firstBit);
      const to = Math.min(8, width - firstBit);
      const mask = ((1 << (to - from)) - 1) << from;
      const bits = firstBit >= 32 ? h >>> (firstBit - 32) : firstBit > 0 ? (l >>> firstBit) | (h << (32 - firstBit)) : l << -firstBit;
      if (p >= 0) {
        data8[p + i] = ((data8[p + i] as number) & ~mask) | (bits & mask);
        shadow8[p + i] = 0;
      } else {
        const at = this.spanAddress + BigInt(i);
        memory.writeUnsigned(at, 1, BigInt((memory.peekByte(at) & ~mask) | (bits & mask)) & 0xffn);
      }
    }
    if (p >= 0 && this.pages.watching) memory.listener?.written(this.spanAddress, bytes);
  }

  copyRecord(to: number, toOffset: number, from: number, fromOffset: number, size: number): void {
    const { memory } = this;
    this.offsetAddress(from, fromOffset);
    const sourceLow = this.spanLow;
    const sourceHigh = this.spanHigh;
    const p = memory.span(sourceLow, sourceHigh, size, false);
    this.offsetAddress(to, toOffset);
    const q = memory.span(this.spanLow, this.spanHigh, size, true);
    if (p < 0 || q < 0) {
      memory.copy(this.spanAddress, join(sourceLow, sourceHigh), size);
      return;
    }
    const { data8, shadow8 } = this.pages;
    if (size > 32 || (p < q && p + size > q)) {
      data8.copyWithin(q, p, p + size);
      shadow8.copyWithin(q, p, p + size);
    } else if (((p | q | size) & 3) === 0) {
      const { data32, shadow32 } = this.pages;
      for (let i = 0, a = p >> 2, b = q >> 2; i < size; i += 4, a++, b++) {
        data32[b] = data32[a] as number;
        shadow32[b] = shadow32[a] as number;
      }
    } else {
      for (let i = 0; i < size; i++) {
        data8[q + i] = data8[p + i] as number;
        shadow8[q + i] = shadow8[p + i] as number;
      }
    }
    if (this.pages.watching) memory.listener?.written(this.spanAddress, size);
  }

  zero(base: number, offset: number, size: number): void {
    const { memory } = this;
    this.offsetAddress(base, offset);
    const p = memory.span(this.spanLow, this.spanHigh, size, true);
    if (p < 0) {
      memory.fill(this.spanAddress, size, 0);
      return;
    }
    this.pages.data8.fill(0, p, p + size);
    this.pages.shadow8.fill(0, p, p + size);
    if (this.pages.watching) memory.listener?.written(this.spanAddress, size);
  }

  loadSmall(d: number, a: number, offset: number, size: number): void {
    this.offsetAddress(a, offset);
    const p = this.memory.span(this.spanLow, this.spanHigh, size, false);
    if (p >= 0 && (p & 3) === 0 && (size === 4 || size === 8)) {
      const { data32 } = this.pages;
      this.registers[d] = data32[p >> 2] as number;
      this.registers[d + 1] = size === 8 ? (data32[(p >> 2) + 1] as number) : 0;
      return;
    }
    const bytes = this.memory.readBytes(this.spanAddress, size);
    let value = 0n;
    bytes.forEach((byte, i) => {
      value |= BigInt(byte) << BigInt(8 * i);
    });
    this.setPair(d, value);
  }

  storeSmall(base: number, offset: number, size: number, value: number): void {
    if (size === 8 || size === 4) {
      this.offsetAddress(base, offset);
      this.memory.store(this.spanLow, this.spanHigh, size, this.registers[value] as number, this.registers[value + 1] as number);
      return;
    }
    const bytes = new Uint8Array(size);
    const v = this.pair(value);
    for (let i = 0; i < size; i++) bytes[i] = Number((v >> BigInt(8 * i)) & 0xffn);
    this.offsetAddress(base, offset);
    this.memory.writeBytes(this.spanAddress, bytes);
  }

  /** Words of the address that `offsetAddress` worked out last. */
  private spanLow = 0;
  private spanHigh = 0;

  private get spanAddress(): bigint {
    return join(this.spanLow, this.spanHigh);
  }

  /** Works out [slot] + offset in words; no BigInt, these instructions are not rare in programs with records. */
  private offsetAddress(slot: number, offset: number): void {
    const x = this.registers[slot] as number;
    const lo = (x + offset) | 0;
    let hi = this.registers[slot + 1] as number;
    if (lo >>> 0 < x >>> 0) hi = (hi + 1) | 0;
    this.spanLow = lo;
    this.spanHigh = hi;
  }
}
