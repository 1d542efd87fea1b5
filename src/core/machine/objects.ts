// Table of heap objects with bounds and history; records are immutable, so a snapshot is a copy of the array.
import type { ObjectNote, StackEntry } from './outcome.ts';

export interface HeapObject {
  readonly address: bigint;
  /** Bytes. */
  readonly size: number;
  readonly name: string;
  readonly allocatedAt: StackEntry | undefined;
  readonly freedAt: StackEntry | undefined;
}

/** What a fault says about an object. */
export function describeObject(object: HeapObject, address: bigint): ObjectNote {
  return {
    name: object.name,
    size: object.size,
    offset: Number(address - object.address),
    allocatedAt: object.allocatedAt,
    freedAt: object.freedAt,
  };
}

/** Bytes around an object that still count as a miss of that object. */
const reach = 64n;

/** Every heap object that ever was, freed ones too: a fault names what lay at its address. */
export class Objects {
  /** In order of allocation. */
  private list: HeapObject[] = [];
  /** Indexes into `list`, sorted by address; rebuilt when an object was added out of order. */
  private sorted: number[] | undefined = [];

  add(object: HeapObject): void {
    const index = this.list.length;
    this.list.push(object);
    if (this.sorted !== undefined) {
      const last = this.sorted.at(-1);
      const previous = last === undefined ? undefined : this.list[last];
      if (previous === undefined || previous.address < object.address) this.sorted.push(index);
      else this.sorted = undefined;
    }
  }

  all(): readonly HeapObject[] {
    return this.list;
  }

  /** The newest object that contains the address. */
  at(address: bigint): HeapObject | undefined {
    const found = this.below(address);
    return found !== undefined && address < found.address + BigInt(Math.max(found.size, 1)) ? found : undefined;
  }

  /** The object that the address most likely was meant for: containing it, or ending or starting close to it. */
  near(address: bigint): HeapObject | undefined {
    const below = this.below(address);
    if (below !== undefined && address < below.address + BigInt(below.size) + reach) return below;
    const above = this.below(address + reach);
    return above !== undefined && above.address >= address ? above : undefined;
  }

  /** Replaces the record of the object that starts at the same address. */
  replace(object: HeapObject): void {
    const index = this.indexBelow(object.address);
    if (index !== undefined) this.list[index] = object;
  }

  save(): readonly HeapObject[] {
    return this.list.slice();
  }

  load(list: readonly HeapObject[]): void {
    this.list = list.slice();
    this.sorted = undefined;
  }

  private below(address: bigint): HeapObject | undefined {
    const index = this.indexBelow(address);
    return index === undefined ? undefined : this.list[index];
  }

  private indexBelow(address: bigint): number | undefined {
    this.sorted ??= this.list.map((_, i) => i).sort((a, b) => this.order(a, b));
    const { sorted, list } = this;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[sorted[middle] as number] as HeapObject).address <= address) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : sorted[low - 1];
  }

  private order(a: number, b: number): number {
    const x = (this.list[a] as HeapObject).address;
    const y = (this.list[b] as HeapObject).address;
    return x < y ? -1 : x > y ? 1 : a - b;
  }
}
