// Leaked memory as kmemleak tells it: an allocation to which no pointer is left anywhere.
import type { MachineApi } from './api.ts';
import type { HeapObject } from './objects.ts';

const PAGE = 4096n;
/** Pointers into the direct map or vmalloc space have these upper bits. */
const KERNEL_TOP = 0xff;

type Parts = Pick<MachineApi, 'memory' | 'heap'>;

/** Calls `found` with each aligned word in [start, start + size) that looks like a pointer to allocated memory. */
function scan({ memory }: Parts, start: bigint, size: number, found: (pointer: bigint) => void): void {
  const first = (start + 7n) & ~7n;
  for (let at = first; at + 8n <= start + BigInt(size); at += 8n) {
    if (memory.peekByte(at + 7n) !== KERNEL_TOP || memory.peekByte(at + 6n) !== KERNEL_TOP) continue;
    // Frames that ended left their words behind.
    if (!memory.isAddressable(at, 8)) continue;
    let value = 0n;
    for (let i = 7n; i >= 0n; i--) value = (value << 8n) | BigInt(memory.peekByte(at + i));
    found(value);
  }
}

/** Where pointers may be besides the objects that are no suspects. */
export interface Roots {
  /** True for pages all of whose words count. */
  isRoot(page: bigint): boolean;
  /** Words that lie in no page: registers. */
  readonly words?: Iterable<bigint>;
}

/** Takes away from `lost` what a pointer leads to, directly or through other lost objects. */
class Marker {
  private readonly machine: Parts;
  private readonly lost: Map<bigint, HeapObject>;
  private readonly open: HeapObject[] = [];

  constructor(machine: Parts, lost: Map<bigint, HeapObject>) {
    this.machine = machine;
    this.lost = lost;
  }

  readonly pointer = (pointer: bigint): void => {
    const at = this.machine.heap.objectAt(pointer)?.address;
    const object = at === undefined ? undefined : this.lost.get(at);
    if (object === undefined) return;
    this.lost.delete(object.address);
    this.open.push(object);
  };

  from(start: bigint, size: number): void {
    scan(this.machine, start, size, this.pointer);
    for (let object = this.open.pop(); object !== undefined; object = this.open.pop())
      scan(this.machine, object.address, object.size, this.pointer);
  }
}

/** Those of `suspects` that neither a root nor a live object besides them points to, directly or through other suspects. */
export function unreachable(machine: Parts, suspects: readonly HeapObject[], roots: Roots): readonly HeapObject[] {
  if (suspects.length === 0) return [];
  const lost = new Map(suspects.map((object) => [object.address, object]));
  const marker = new Marker(machine, lost);
  const others = machine.heap.live().filter((object) => !lost.has(object.address));
  for (const object of others) marker.from(object.address, object.size);
  for (const page of machine.memory.pages.presentPages()) if (roots.isRoot(page)) marker.from(page, Number(PAGE));
  for (const word of roots.words ?? []) marker.pointer(word);
  marker.from(0n, 0);
  return suspects.filter((object) => lost.has(object.address));
}

/** Those of some lost objects that no other lost object leads to: the ones whose pointer was dropped. One of each ring. */
export function dropped(machine: Parts, objects: readonly HeapObject[]): readonly HeapObject[] {
  const pointedAt = new Set<bigint>();
  for (const object of objects) {
    const note = (pointer: bigint): void => {
      const at = machine.heap.objectAt(pointer)?.address;
      if (at !== undefined && at !== object.address) pointedAt.add(at);
    };
    scan(machine, object.address, object.size, note);
  }
  const rest = new Map(objects.map((object) => [object.address, object]));
  const marker = new Marker(machine, rest);
  const found: HeapObject[] = [];
  const take = (object: HeapObject): void => {
    if (!rest.delete(object.address)) return;
    found.push(object);
    marker.from(object.address, object.size);
  };
  for (const object of objects) if (!pointedAt.has(object.address)) take(object);
  for (const object of objects) take(object);
  return found;
}
