// Pages of simulated memory in one growable arena, copied on write, so that a snapshot is a copy of the page table.
//
// Every data byte has a shadow byte (the idea of KASAN and KMSAN): 0 = addressable and initialised, `UNINIT` = addressable
// but never written, values >= `UNADDRESSABLE` = not part of a live object. One compare answers both questions, which is
// why the interpreter's loads and stores test whole words of shadow.
import { Bug } from '../../base/assert.ts';
import { stopWithLimit } from './outcome.ts';

export const UNINIT = 1;
export const UNADDRESSABLE = 0x80;
/** Between objects, or never allocated. */
export const RED_ZONE = 0x81;
export const FREED = 0x82;
/** Locals of a function that returned. */
export const STACK_DEAD = 0x83;
/** Locals of a block that ended. */
export const SCOPE_DEAD = 0x84;

export const PAGE = 4096;
/** Entries of the translation cache; four words each: page address low, high, arena offset for reads, for writes (-1: ask). */
const TLB_ENTRIES = 256;

/** Index of the first word of an address's entry in the translation cache. */
function tlbSlot(lo: number, hi: number): number {
  return (((lo >>> 12) + (hi >>> 4)) & (TLB_ENTRIES - 1)) << 2;
}

/** A range of addresses whose pages come into being on first touch, with a content that depends on nothing but the world. */
export interface LazyRegion {
  readonly name: string;
  /** Page aligned. */
  readonly start: bigint;
  readonly end: bigint;
  readonly readOnly: boolean;
  /** Writes the page's content; `bytes` is zero before and counts as initialised, unless `shadow` is changed. False: no such page. */
  fill(pageAddress: bigint, bytes: Uint8Array, shadow: Uint8Array): boolean;
}

export interface PagesSnapshot {
  readonly id: number;
  readonly frameOf: Int32Array;
}

/** Simulated memory, found through a small table of the pages used last. */
export class Pages {
  data32: Int32Array;
  data8: Uint8Array;
  shadow32: Int32Array;
  shadow8: Uint8Array;
  readonly tlb = new Int32Array(TLB_ENTRIES * 4);
  /** Highest number of frames; more is a limit. */
  private readonly maxFrames: number;
  private frames: number;
  /** Frames from here on were never used. */
  private fresh = 0;
  private readonly free: number[] = [];
  private frameEpoch: Int32Array;
  private epoch = 1;
  private readonly pageIds = new Map<number, number>();
  private readonly pageKeys: number[] = [];
  /** Page id -> frame, -1 when the page does not exist in the current state. */
  private frameOf = new Int32Array(1024).fill(-1);
  private readonly pageReadOnly: boolean[] = [];
  private readonly regions: LazyRegion[] = [];
  private readonly snapshots = new Map<number, PagesSnapshot>();
  private nextSnapshot = 1;
  /** Pages with a watch: their writes always take the slow path. */
  private readonly watched = new Set<number>();

  constructor(maxBytes: number) {
    this.maxFrames = Math.max(64, Math.floor(maxBytes / PAGE));
    this.frames = 256;
    this.data8 = new Uint8Array(this.frames * PAGE);
    this.shadow8 = new Uint8Array(this.frames * PAGE);
    this.data32 = new Int32Array(this.data8.buffer);
    this.shadow32 = new Int32Array(this.shadow8.buffer);
    this.frameEpoch = new Int32Array(this.frames);
    this.flush();
  }

  addRegion(region: LazyRegion): void {
    this.regions.push(region);
  }

  /** Forgets all cached translations. */
  flush(): void {
    // No page address has low bits set, so 1 never matches.
    for (let i = 0; i < this.tlb.length; i += 4) {
      this.tlb[i] = 1;
      this.tlb[i + 2] = -1;
      this.tlb[i + 3] = -1;
    }
  }

  /** Arena offset of the page an address lies in, for reading; -1 when there is no such page. */
  forRead(lo: number, hi: number): number {
    const slot = tlbSlot(lo, hi);
    const { tlb } = this;
    const base = lo & -PAGE;
    if (tlb[slot] === base && tlb[slot + 1] === hi) return tlb[slot + 2] as number;
    const id = this.pageId(base, hi);
    if (id < 0) return -1;
    const frame = this.frameOf[id] as number;
    tlb[slot] = base;
    tlb[slot + 1] = hi;
    tlb[slot + 2] = frame * PAGE;
    tlb[slot + 3] = this.mayCacheWrite(id, frame) ? frame * PAGE : -1;
    return frame * PAGE;
  }

  /** Arena offset for writing, copying a shared page first; -1 no such page, -2 read-only (unless `force`). */
  forWrite(lo: number, hi: number, force = false): number {
    const slot = tlbSlot(lo, hi);
    const { tlb } = this;
    const base = lo & -PAGE;
    if (tlb[slot] === base && tlb[slot + 1] === hi && (tlb[slot + 3] as number) >= 0) return tlb[slot + 3] as number;
    const id = this.pageId(base, hi);
    if (id < 0) return -1;
    if (this.pageReadOnly[id] === true && !force) return -2;
    let frame = this.frameOf[id] as number;
    if (this.frameEpoch[frame] !== this.epoch) {
      const copy = this.newFrame();
      this.data8.copyWithin(copy * PAGE, frame * PAGE, (frame + 1) * PAGE);
      this.shadow8.copyWithin(copy * PAGE, frame * PAGE, (frame + 1) * PAGE);
      this.frameOf[id] = copy;
      frame = copy;
    }
    tlb[slot] = base;
    tlb[slot + 1] = hi;
    tlb[slot + 2] = frame * PAGE;
    tlb[slot + 3] = this.mayCacheWrite(id, frame) ? frame * PAGE : -1;
    return frame * PAGE;
  }

  /** Makes a page exist, all red zone, when neither it nor a region for it does. */
  ensure(lo: number, hi: number): void {
    const base = lo & -PAGE;
    if (this.pageId(base, hi) >= 0) return;
    const id = this.assignId(base, hi);
    const frame = this.newFrame();
    this.data8.fill(0, frame * PAGE, (frame + 1) * PAGE);
    this.shadow8.fill(RED_ZONE, frame * PAGE, (frame + 1) * PAGE);
    this.frameOf[id] = frame;
  }

  /** Every frame that holds this page in the current state or in a snapshot: for content that all states share (globals). */
  framesOf(lo: number, hi: number): readonly number[] {
    const id = this.pageIds.get(key(lo & -PAGE, hi));
    if (id === undefined) return [];
    const found = new Set<number>();
    for (const table of [this.frameOf, ...[...this.snapshots.values()].map((s) => s.frameOf)]) {
      const frame = table[id];
      if (frame !== undefined && frame >= 0) found.add(frame * PAGE);
    }
    return [...found];
  }

  /** True while any page is watched. */
  get watching(): boolean {
    return this.watched.size > 0;
  }

  setWatched(lo: number, hi: number, on: boolean): void {
    this.ensure(lo, hi);
    const id = this.pageId(lo & -PAGE, hi);
    if (on) this.watched.add(id);
    else this.watched.delete(id);
    this.flush();
  }

  snapshot(): PagesSnapshot {
    const snapshot = { id: this.nextSnapshot++, frameOf: this.frameOf.slice(0, this.pageKeys.length) };
    this.snapshots.set(snapshot.id, snapshot);
    this.newEpoch();
    return snapshot;
  }

  restore(snapshot: PagesSnapshot): void {
    const { frameOf } = this;
    const saved = snapshot.frameOf;
    for (let id = 0; id < this.pageKeys.length; id++) {
      const frame = frameOf[id] as number;
      const before = id < saved.length ? (saved[id] as number) : -1;
      if (frame !== before) {
        // A frame of the current epoch belongs to nobody else.
        if (frame >= 0 && this.frameEpoch[frame] === this.epoch) this.release(frame);
        frameOf[id] = before;
      }
    }
    this.newEpoch();
  }

  /** A snapshot that will not be restored any more. */
  forget(snapshot: PagesSnapshot): void {
    this.snapshots.delete(snapshot.id);
  }

  /** Bytes of memory in use by the current state and by snapshots. */
  get bytesInUse(): number {
    return (this.fresh - this.free.length) * PAGE;
  }

  /** Addresses of the pages that exist now, for comparing states. */
  presentPages(): readonly bigint[] {
    const present: bigint[] = [];
    this.pageKeys.forEach((k, id) => {
      if ((this.frameOf[id] as number) >= 0) present.push(BigInt(k) << 12n);
    });
    return present.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  private mayCacheWrite(id: number, frame: number): boolean {
    return this.frameEpoch[frame] === this.epoch && this.pageReadOnly[id] !== true && !this.watched.has(id);
  }

  private newEpoch(): void {
    this.epoch++;
    this.flush();
  }

  private release(frame: number): void {
    this.frameEpoch[frame] = 0;
    this.free.push(frame);
  }

  /** Id of a page that exists now, or -1. Lazy regions make their page here. */
  private pageId(base: number, hi: number): number {
    const known = this.pageIds.get(key(base, hi));
    if (known !== undefined && (this.frameOf[known] as number) >= 0) return known;
    if (this.regions.length === 0) return -1;
    const address = (BigInt(hi >>> 0) << 32n) | BigInt(base >>> 0);
    const region = this.regions.find((r) => address >= r.start && address < r.end);
    if (region === undefined) return -1;
    const frame = this.newFrame();
    const bytes = this.data8.subarray(frame * PAGE, (frame + 1) * PAGE).fill(0);
    const shadow = this.shadow8.subarray(frame * PAGE, (frame + 1) * PAGE).fill(0);
    if (!region.fill(address, bytes, shadow)) {
      this.release(frame);
      return -1;
    }
    const id = known ?? this.assignId(base, hi);
    this.pageReadOnly[id] = region.readOnly;
    this.frameOf[id] = frame;
    return id;
  }

  private assignId(base: number, hi: number): number {
    const k = key(base, hi);
    const known = this.pageIds.get(k);
    if (known !== undefined) return known;
    const id = this.pageKeys.length;
    this.pageIds.set(k, id);
    this.pageKeys.push(k);
    if (id >= this.frameOf.length) {
      const wider = new Int32Array(this.frameOf.length * 2).fill(-1);
      wider.set(this.frameOf);
      this.frameOf = wider;
    }
    this.frameOf[id] = -1;
    return id;
  }

  private newFrame(): number {
    let frame = this.free.pop();
    if (frame === undefined) {
      if (this.fresh === this.frames) this.makeRoom();
      frame = this.free.pop() ?? this.fresh++;
    }
    if (frame >= this.frames) throw new Bug('frame beyond the arena');
    this.frameEpoch[frame] = this.epoch;
    return frame;
  }

  /** Collects frames that no state refers to; grows the arena when that gives too little. */
  private makeRoom(): void {
    const used = new Uint8Array(this.frames);
    for (const f of this.frameOf) if (f >= 0) used[f] = 1;
    for (const s of this.snapshots.values()) for (const f of s.frameOf) if (f >= 0) used[f] = 1;
    this.free.length = 0;
    // A page being filled or copied is not in the table yet: keep frames of this epoch unless they are on no list at all.
    for (let f = 0; f < this.fresh; f++) {
      if (used[f] === 0 && this.frameEpoch[f] !== this.epoch) this.release(f);
    }
    if (this.free.length > this.frames >> 2) return;
    if (this.frames >= this.maxFrames) {
      if (this.free.length > 0) return;
      stopWithLimit('memory', `simulated memory of ${this.maxFrames * PAGE} bytes is used up`);
    }
    this.frames = Math.min(this.frames * 2, this.maxFrames);
    const data8 = new Uint8Array(this.frames * PAGE);
    data8.set(this.data8);
    const shadow8 = new Uint8Array(this.frames * PAGE);
    shadow8.set(this.shadow8);
    const frameEpoch = new Int32Array(this.frames);
    frameEpoch.set(this.frameEpoch);
    this.data8 = data8;
    this.shadow8 = shadow8;
    this.data32 = new Int32Array(data8.buffer);
    this.shadow32 = new Int32Array(shadow8.buffer);
    this.frameEpoch = frameEpoch;
  }
}

/** Page number of a canonical address as an exact double. */
function key(base: number, hi: number): number {
  return (hi >>> 0) * 0x100000 + (base >>> 12);
}
