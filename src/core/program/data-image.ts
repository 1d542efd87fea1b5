// Globals and string literals: placed when first named, their bytes worked out when their page is first touched.
import type { ObjectNote } from '../machine/outcome.ts';
import type { LazyRegion, Pages } from '../machine/paging.ts';
import { PAGE, RED_ZONE } from '../machine/paging.ts';

/** An object of static storage at its address. */
export interface PlacedObject {
  readonly name: string;
  readonly address: bigint;
  /** Bytes reserved; the content may not be longer. */
  readonly size: number;
  /** The bytes, or undefined until somebody looks. Throws a MachineStop when they cannot be known. */
  content: Uint8Array | (() => Uint8Array);
}

export interface PlaceRequest {
  readonly name: string;
  readonly size: number;
  readonly align: number;
  /** Keeps other objects off its pages, because making its content is expensive. */
  readonly ownPages: boolean;
  readonly content: Uint8Array | (() => Uint8Array);
}

/** Unaddressable bytes between neighbours. */
const gap = 16;

/** One region of static data. Placing is not part of the machine's state: an object has its address in every state. */
export class DataImage implements LazyRegion {
  readonly name: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly readOnly: boolean;
  /** Ascending by address. */
  private readonly list: PlacedObject[] = [];
  private next: bigint;
  private pages: Pages | undefined;

  constructor(name: string, start: bigint, size: bigint, readOnly: boolean) {
    this.name = name;
    this.start = start;
    this.end = start + size;
    this.readOnly = readOnly;
    this.next = start;
  }

  /** The memory whose pages this region fills. */
  bind(pages: Pages): void {
    this.pages = pages;
    pages.addRegion(this);
  }

  /** Reserves room; gives the address. */
  place(request: PlaceRequest): bigint {
    const align = BigInt(Math.max(request.align, request.size >= 32 ? 16 : 8, request.ownPages ? PAGE : 1));
    let address = roundUp(this.next, align);
    // A page that exists already has its bytes: go on with the next one.
    if (this.exists(address)) address = roundUp(roundUp(address + 1n, BigInt(PAGE)), align);
    this.list.push({ name: request.name, address, size: request.size, content: request.content });
    this.next = address + BigInt(request.size + gap);
    if (request.ownPages) this.next = roundUp(this.next, BigInt(PAGE));
    return address;
  }

  fill(pageAddress: bigint, bytes: Uint8Array, shadow: Uint8Array): boolean {
    const end = pageAddress + BigInt(PAGE);
    shadow.fill(RED_ZONE);
    let any = false;
    // Making one object's content may place others on this very page: the list is read as it grows.
    for (let i = this.firstEndingAfter(pageAddress); i < this.list.length; i++) {
      const object = this.list[i] as PlacedObject;
      if (object.address >= end) break;
      any = true;
      const content = contentOf(object);
      const from = Number(pageAddress - object.address);
      const skip = Math.max(0, from);
      const at = Math.max(0, -from);
      const length = Math.min(object.size - skip, PAGE - at);
      if (skip < content.length) bytes.set(content.subarray(skip, Math.min(content.length, skip + length)), at);
      shadow.fill(0, at, at + length);
    }
    return any;
  }

  /** The object that contains an address, or that ends shortly before it. */
  objectAt(address: bigint): PlacedObject | undefined {
    if (address < this.start || address >= this.end) return undefined;
    const i = this.firstEndingAfter(address - BigInt(gap));
    const found = this.list[i];
    return found !== undefined && address >= found.address - BigInt(gap) ? found : undefined;
  }

  describe(address: bigint): ObjectNote | undefined {
    const object = this.objectAt(address);
    if (object === undefined) return undefined;
    return { name: `global '${object.name}'`, size: object.size, offset: Number(address - object.address) };
  }

  private exists(address: bigint): boolean {
    const { pages } = this;
    if (pages === undefined) return false;
    return pages.framesOf(Number(BigInt.asIntN(32, address)), Number(BigInt.asIntN(32, address >> 32n))).length > 0;
  }

  /** Index of the first object that ends after an address. */
  private firstEndingAfter(address: bigint): number {
    let low = 0;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const o = this.list[middle] as PlacedObject;
      if (o.address + BigInt(o.size) <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function contentOf(object: PlacedObject): Uint8Array {
  if (typeof object.content === 'function') object.content = object.content();
  return object.content;
}

function roundUp(n: bigint, to: bigint): bigint {
  return ((n + to - 1n) / to) * to;
}
