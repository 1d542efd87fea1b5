// The stacks of simulated tasks: memory of frames, which bytes of it are alive, and what lies at an address in it.
//
// A frame whose locals may be pointed at from outside has its memory apart from the stack, in an area that is used round and
// round: a pointer that outlives the frame does not meet the locals of the next one (the idea of ASan's fake stack). On the
// stack itself such a frame takes the same room, so that exhaustion stays what it is.
import type { Budgets } from './api.ts';
import type { CodeProvider } from './code-provider.ts';
import type { LoweredFunction } from './ir.ts';
import { join } from './memory.ts';
import type { ObjectNote } from './outcome.ts';
import { stopWithFault } from './outcome.ts';
import { PAGE, SCOPE_DEAD, STACK_DEAD, UNINIT } from './paging.ts';
import type { ApartFrame } from './state.ts';
import { FRAME, MachineState } from './state.ts';

/** Bytes from the top of a task's stack down to the end of the area for frames apart, and its size. */
const apartDistance = 0x800000;
const apartSize = 0x80000;
/** Larger frames, and those of a recursion deeper than this, stay on the stack: what lives never fills more than half of the area. */
const apartMost = 0x400;
const apartFrames = 256;
/** Ended frames apart that faults can name. */
const mostRetired = 64;

/** The part of the machine that gives frames their memory. */
export class MachineStack extends MachineState {
  constructor(provider: CodeProvider, budgets: Budgets) {
    super(provider, budgets);
    this.memory.describe = (address) => this.describeAddress(address);
  }

  /** Frame memory for function `id`, whose registers start at `fp`: uninitialised objects between red zones. */
  openFrame(id: number): void {
    const fn = this.fns[id] as LoweredFunction;
    const top = this.sp;
    if (fn.align > 16) this.lowerStack((this.sp - fn.memory) & (fn.align - 1));
    this.lowerStack(fn.memory);
    const { stackHigh, pages } = this;
    const base = fn.addressLeaves ? this.placeApart(id, fn, top) : this.sp;
    this.registers[this.fp + fn.frameSlot] = base;
    this.registers[this.fp + fn.frameSlot + 1] = stackHigh;
    const { shadow } = fn;
    let done = 0;
    while (done < fn.memory) {
      const lo = base + done;
      const length = Math.min(fn.memory - done, PAGE - (lo & (PAGE - 1)));
      const p = (this.stackPage(lo) + (lo & (PAGE - 1))) >> 2;
      const { shadow32 } = pages;
      const first = done >> 2;
      const words = length >> 2;
      for (let i = 0; i < words; i++) shadow32[p + i] = shadow[first + i] as number;
      done += length;
    }
  }

  /** Gives the stack back up to `sp`; `mark` is what its bytes are from then on. */
  closeFrame(sp: number, mark = STACK_DEAD): void {
    let from = this.sp;
    const { apart } = this;
    for (let last = apart[apart.length - 1]; last !== undefined && last.sp >>> 0 < sp >>> 0; last = apart[apart.length - 1]) {
      apart.pop();
      this.mark(last.base, last.base + (this.fns[last.id] as LoweredFunction).memory, STACK_DEAD);
      if (this.retired.push(last) > mostRetired) this.retired = this.retired.slice(mostRetired >> 1);
      this.mark(from, last.sp, mark);
      from = last.top;
    }
    this.mark(from, sp, mark);
    this.sp = sp;
  }

  /** Marks stack bytes from one low word of an address to another. */
  private mark(from: number, to: number, as: number): void {
    for (let lo = from; lo !== to;) {
      const length = Math.min((to - lo) >>> 0, PAGE - (lo & (PAGE - 1)));
      const p = this.stackPage(lo) + (lo & (PAGE - 1));
      if (length < 128 && ((p | length) & 3) === 0) {
        const { shadow32 } = this.pages;
        const word = Math.imul(as, 0x01010101);
        const end = (p + length) >> 2;
        for (let i = p >> 2; i < end; i++) shadow32[i] = word;
      } else {
        this.pages.shadow8.fill(as, p, p + length);
      }
      lo = (lo + length) | 0;
    }
  }

  /** Address (low word) for the memory of a frame that is pointed at from outside. */
  private placeApart(id: number, fn: LoweredFunction, top: number): number {
    if (fn.memory > apartMost || this.apart.length >= apartFrames) return this.sp;
    const end = (this.stackLow + this.budgets.stack - apartDistance) | 0;
    let next = this.apartNext === 0 ? end : this.apartNext;
    // Twice round at most: what lives may fill the area, then the stack has to do.
    for (let wraps = 0; ;) {
      const base = (next - fn.memory) & -fn.align;
      if (base >= this.apartLimit && this.apartLimit !== 0) {
        this.apartNext = base;
        this.apart.push({ id, base, sp: this.sp, top });
        return base;
      }
      // The highest living frame below is where this stretch ends; when it is in the way, go on below it.
      let limit = (end - apartSize) | 0;
      for (const f of this.apart) {
        const upper = f.base + (this.fns[f.id] as LoweredFunction).memory;
        if (upper <= next && upper > limit) limit = upper;
      }
      const blocked = this.apart.find((f) => f.base + (this.fns[f.id] as LoweredFunction).memory === limit);
      this.apartLimit = limit;
      if (base >= limit) continue;
      if (blocked !== undefined) {
        next = blocked.base;
      } else {
        if (++wraps > 1) return this.sp;
        next = end;
        this.apartLimit = 0;
      }
    }
  }

  /** Moves the stack pointer down by a multiple of 16. */
  lowerStack(size: number): void {
    const sp = (this.sp - size) | 0;
    if ((this.sp >>> 0) - size < this.stackLow >>> 0 || size < 0) {
      stopWithFault({
        kind: 'stack-exhausted',
        text: `BUG: stack guard page was hit at ${join(sp, this.stackHigh).toString(16).padStart(16, '0')} (stack of ${this.budgets.stack} bytes)`,
      });
    }
    this.sp = sp;
  }

  /** Arena offset of a stack page, for writing. */
  private stackPage(lo: number): number {
    const base = this.pages.forWrite(lo, this.stackHigh);
    if (base >= 0) return base;
    this.pages.ensure(lo, this.stackHigh);
    return this.pages.forWrite(lo, this.stackHigh);
  }

  // ---- locals of inner scopes -------------------------------------------------------------------------------------

  /** A local's scope begins, or a jump went into it: if it was dead, it lives without a value. */
  beginLocal(lo: number, size: number): void {
    const p = this.stackPage(lo) + (lo & (PAGE - 1));
    if (this.pages.shadow8[p] === SCOPE_DEAD) this.mark(lo, (lo + size) | 0, UNINIT);
  }

  /** A local's scope ends. */
  endLocal(lo: number, size: number): void {
    this.mark(lo, (lo + size) | 0, SCOPE_DEAD);
  }

  /** A local is declared without a value. */
  forgetLocal(lo: number, size: number): void {
    this.mark(lo, (lo + size) | 0, UNINIT);
  }

  // ---- names ------------------------------------------------------------------------------------------------------

  /** Names what lies at an address: a local of a live frame or of one that ended, a global, a string. */
  describeAddress(address: bigint): ObjectNote | undefined {
    return this.describeApart(address) ?? this.describeOnStack(address) ?? this.provider.describeAddress(address);
  }

  private describeOnStack(address: bigint): ObjectNote | undefined {
    let top = join(this.sp, this.stackHigh);
    for (let frame = this.depth - 1; frame >= 0; frame--) {
      const callerSp = join(this.frames[frame * FRAME + 4] as number, this.stackHigh);
      if (address >= top && address < callerSp) {
        const fn = this.fns[this.functionOf(frame)];
        if (fn === undefined) return undefined;
        // While a frame is on top its registers start at `fp`; below, the next frame knows where.
        const fp = frame === this.depth - 1 ? this.fp : (this.frames[(frame + 1) * FRAME + 2] as number);
        return localAt(fn, address, join(this.registers[fp + fn.frameSlot] as number, this.stackHigh));
      }
      top = callerSp;
    }
    return undefined;
  }

  private describeApart(address: bigint): ObjectNote | undefined {
    const within = ({ id, base }: ApartFrame): boolean => {
      const start = join(base, this.stackHigh);
      return address >= start && address < start + BigInt((this.fns[id] as LoweredFunction).memory);
    };
    const frame = this.apart.find(within) ?? this.retired.findLast(within);
    return frame === undefined ? undefined : localAt(this.fns[frame.id] as LoweredFunction, address, join(frame.base, this.stackHigh));
  }
}

/** The local of a function that an address in its frame's memory belongs to. */
function localAt(fn: LoweredFunction, address: bigint, base: bigint): ObjectNote | undefined {
  const offset = Number(address - base);
  const found = fn.objects.findLast((o) => offset >= o.offset) ?? fn.objects[0];
  if (found === undefined) return undefined;
  return { name: `local '${found.name}' of ${fn.name}`, size: found.size, offset: offset - found.offset };
}
