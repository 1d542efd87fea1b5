// Allocation of named objects in simulated memory, with their history; addresses are never reused, so stale pointers stay wrong.
import type { Memory } from './memory.ts';
import { describeObject } from './objects.ts';
import type { HeapObject, Objects } from './objects.ts';
import type { StackEntry } from './outcome.ts';
import { stopWithFault, stopWithLimit } from './outcome.ts';
import { heapBase, vmallocHeapBase } from './regions.ts';

/** Where an allocation lies: 'direct' = direct map (kmalloc, pages: virt_to_phys works), 'vmalloc' = vmalloc space. */
export type HeapRegion = 'direct' | 'vmalloc';

export interface AllocateRequest {
  /** Bytes. */
  readonly size: number;
  /** Appears in faults: `kmalloc-64`, `struct dax_device`. */
  readonly name: string;
  /** Bytes, a power of two; default 8, or what kmalloc guarantees for powers of two. */
  readonly align?: number;
  /** Contents are zero and initialised; otherwise reading before writing is a fault. */
  readonly zeroed: boolean;
  readonly region?: HeapRegion;
}

/** Unaddressable bytes kept behind every object. */
const redZone = 32;

/** The allocator. Its state is plain data (`save`/`load`). */
export class Heap {
  private readonly memory: Memory;
  private readonly objects: Objects;
  private readonly where: () => StackEntry | undefined;
  private next: Record<HeapRegion, bigint> = { direct: heapBase, vmalloc: vmallocHeapBase };

  /** `where` tells who is allocating, for the object's history. */
  constructor(memory: Memory, objects: Objects, where: () => StackEntry | undefined) {
    this.memory = memory;
    this.objects = objects;
    this.where = where;
  }

  /** Sets where the next object of a region goes (world builders choose physical addresses). */
  startAt(region: HeapRegion, address: bigint): void {
    this.next[region] = address;
  }

  /** Address of a new object. */
  allocate(request: AllocateRequest): bigint {
    const size = Math.max(request.size, 1);
    const region = request.region ?? 'direct';
    const align = request.align ?? ((size & (size - 1)) === 0 ? Math.min(Math.max(size, 8), 4096) : 8);
    const mask = BigInt(align - 1);
    const address = (this.next[region] + mask) & ~mask;
    this.next[region] = address + BigInt(size + redZone);
    this.place(address, request);
    return address;
  }

  /** Makes an object at an address that the caller chose (page tables, per-cpu areas, struct pages). */
  place(address: bigint, request: AllocateRequest): void {
    if (request.size > 64 << 20) stopWithLimit('memory', `allocation of ${request.size} bytes for ${request.name}`);
    this.memory.open(address, request.size, request.zeroed);
    this.objects.add({ address, size: request.size, name: request.name, allocatedAt: this.where(), freedAt: undefined });
  }

  /** Frees an object; the address must be its start. */
  free(address: bigint): void {
    const object = this.objects.at(address);
    if (object === undefined || object.address !== address) {
      stopWithFault({
        kind: 'bad-free',
        text: `BUG: KASAN: invalid-free of address ${address.toString(16)}`,
        address,
        object: object === undefined ? this.memory.describe?.(address) : describeObject(object, address),
      });
    }
    if (object.freedAt !== undefined) {
      stopWithFault({
        kind: 'double-free',
        text: `BUG: KASAN: double-free in ${object.name}`,
        address,
        object: describeObject(object, address),
      });
    }
    this.memory.close(address, object.size, 'freed');
    this.objects.replace({ ...object, freedAt: this.where() });
  }

  /** The live or freed object that contains an address. */
  objectAt(address: bigint): HeapObject | undefined {
    return this.objects.at(address);
  }

  /** Bytes of the live object that starts at an address (ksize). */
  sizeOf(address: bigint): number | undefined {
    const object = this.objects.at(address);
    return object !== undefined && object.address === address && object.freedAt === undefined ? object.size : undefined;
  }

  /** Every object ever allocated, freed ones too, in order of allocation: what a run cost. */
  all(): readonly HeapObject[] {
    return this.objects.all();
  }

  /** Live objects in order of allocation: what a run leaked. */
  live(): readonly HeapObject[] {
    return this.objects.all().filter((o) => o.freedAt === undefined);
  }

  save(): unknown {
    return { ...this.next };
  }

  load(state: unknown): void {
    this.next = { ...(state as Record<HeapRegion, bigint>) };
  }
}
