// The machine's state, all of it plain data: code, tasks with registers and frames, memory, faults; and what is read off it.
import type { Place } from '../../base/place.ts';
import { invariant } from '../../base/assert.ts';
import type { Budgets } from './api.ts';
import type { CodeProvider } from './code-provider.ts';
import { Heap } from './heap.ts';
import type { Intrinsic } from './intrinsic.ts';
import type { LoweredFunction } from './ir.ts';
import { opcode } from './ir.ts';
import { join, Memory } from './memory.ts';
import { Objects } from './objects.ts';
import type { Fault, FaultNote, Limit, LimitNote, ObjectNote, StackEntry } from './outcome.ts';
import { MachineStop, stopWithFault, stopWithLimit } from './outcome.ts';
import { PAGE, Pages, STACK_DEAD } from './paging.ts';
import type { Probe } from './probe.ts';
import { vmallocBase } from './regions.ts';

/** Words per frame: function, return pc, caller's fp, destination (relative to it, -1 none), caller's sp, flags, arguments, window. */
export const FRAME = 8;
/** Frame flags. */
export const OBSERVED = 1;
/** Its return resumes the intrinsic below. */
export const RESUMES = 2;
export const INTRINSIC = 4;

/** Words per function in `info`: entry (0 unknown, -1 intrinsic), register words, frame memory, flags (1 variadic). */
export const INFO = 8;

/** An intrinsic that waits for the function it asked to be called. */
export interface Continuation {
  readonly state: number;
  readonly keep: readonly bigint[];
}

/** A simulated thread of execution. */
export interface Task {
  registers: Int32Array;
  frames: Int32Array;
  depth: number;
  fp: number;
  pc: number;
  sp: number;
  stackLow: number;
  stackHigh: number;
  continuations: readonly Continuation[];
  /** The host call in progress: where its result will be. */
  pending: { readonly slot: number; readonly id: number } | undefined;
}

/** Faults of one run; more come from an endless loop. */
const MOST_FAULTS = 1000;

/** Distance between the stacks of tasks. */
const stackStride = 0x1000000n;

export class MachineState {
  readonly provider: CodeProvider;
  readonly budgets: Budgets;
  readonly maxDepth: number;
  readonly memory: Memory;
  readonly pages: Pages;
  readonly objects = new Objects();
  readonly heap: Heap;
  probe: Probe | undefined = undefined;
  faults: Fault[] = [];
  /** Places (function id and pc) whose non-fatal fault was reported. */
  warned = new Set<string>();

  // Code of all functions lowered so far; word 1 is HALT.
  code = new Int32Array(1 << 14);
  codeLength = 2;
  info = new Int32Array(INFO * 1024);
  readonly fns: (LoweredFunction | undefined)[] = [];
  readonly intrinsics: (Intrinsic | undefined)[] = [];

  // The current task, unpacked for the interpreter.
  registers = new Int32Array(1 << 14);
  frames = new Int32Array(0);
  depth = 0;
  fp = 0;
  pc = 1;
  sp = 0;
  stackLow = 0;
  stackHigh = 0;
  continuations: readonly Continuation[] = [];
  pending: Task['pending'] = undefined;
  readonly tasks: Task[] = [];
  task = 0;

  fuel = 0;
  slice = 0;
  stepsBefore = 0;
  private readonly knownPlaces = new Map<number, Place>();
  /** Set when the run must end now. */
  stopped = false;

  constructor(provider: CodeProvider, budgets: Budgets) {
    this.provider = provider;
    this.budgets = budgets;
    this.maxDepth = budgets.depth;
    this.pages = new Pages(budgets.memory);
    this.memory = new Memory(this.pages, this.objects);
    this.heap = new Heap(this.memory, this.objects, () => this.caller());
    this.memory.describe = (address) => this.describeAddress(address);
    this.code[1] = opcode('HALT');
    this.newTask();
    this.loadTask(0);
  }

  get observed(): boolean {
    return this.probe !== undefined;
  }

  get steps(): number {
    return this.stepsBefore + this.slice - this.fuel;
  }

  // ---- tasks ------------------------------------------------------------------------------------------------------

  newTask(): number {
    const top = vmallocBase + BigInt(this.tasks.length + 1) * stackStride;
    const sp = Number(BigInt.asIntN(32, top));
    return (
      this.tasks.push({
        registers: new Int32Array(1 << 12),
        // Room for every frame the budget allows: the fast path of a call does not check.
        frames: new Int32Array(FRAME * (this.maxDepth + 1)),
        depth: 0,
        fp: 0,
        pc: 1,
        sp,
        stackLow: sp - this.budgets.stack,
        stackHigh: Number(BigInt.asIntN(32, top >> 32n)),
        continuations: [],
        pending: undefined,
      }) - 1
    );
  }

  switchTo(task: number): void {
    if (task === this.task) return;
    this.saveTask();
    this.loadTask(task);
  }

  saveTask(): void {
    const { registers, frames, depth, fp, pc, sp, stackLow, stackHigh, continuations, pending } = this;
    this.tasks[this.task] = { registers, frames, depth, fp, pc, sp, stackLow, stackHigh, continuations, pending };
  }

  loadTask(task: number): void {
    const t = this.tasks[task];
    invariant(t, `task ${task} exists`);
    this.task = task;
    this.registers = t.registers as Int32Array<ArrayBuffer>;
    this.frames = t.frames as Int32Array<ArrayBuffer>;
    this.depth = t.depth;
    this.fp = t.fp;
    this.pc = t.pc;
    this.sp = t.sp;
    this.stackLow = t.stackLow;
    this.stackHigh = t.stackHigh;
    this.continuations = t.continuations;
    this.pending = t.pending;
  }

  /** Register words in use. */
  usedRegisters(): number {
    if (this.depth === 0) return 0;
    const d = (this.depth - 1) * FRAME;
    const { frames } = this;
    if (((frames[d + 5] as number) & INTRINSIC) !== 0) return (frames[d + 7] as number) + 2 * (frames[d + 6] as number) + 64;
    return this.fp + (this.info[(frames[d] as number) * INFO + 1] as number) + 64;
  }

  // ---- the stack in memory ----------------------------------------------------------------------------------------

  /** Frame memory for function `id`, whose registers start at `fp`: uninitialised objects between red zones. */
  openFrame(id: number): void {
    const fn = this.fns[id] as LoweredFunction;
    if (fn.align > 16) this.lowerStack((this.sp - fn.memory) & (fn.align - 1));
    this.lowerStack(fn.memory);
    const { sp, stackHigh, pages } = this;
    this.registers[this.fp + fn.frameSlot] = sp;
    this.registers[this.fp + fn.frameSlot + 1] = stackHigh;
    const { shadow } = fn;
    let done = 0;
    while (done < fn.memory) {
      const lo = sp + done;
      const length = Math.min(fn.memory - done, PAGE - (lo & (PAGE - 1)));
      const p = (this.stackPage(lo) + (lo & (PAGE - 1))) >> 2;
      const { shadow32 } = pages;
      const first = done >> 2;
      const words = length >> 2;
      for (let i = 0; i < words; i++) shadow32[p + i] = shadow[first + i] as number;
      done += length;
    }
  }

  /** Gives the stack back up to `sp`. */
  closeFrame(sp: number): void {
    for (let lo = this.sp; lo !== sp;) {
      const length = Math.min((sp - lo) >>> 0, PAGE - (lo & (PAGE - 1)));
      const p = this.stackPage(lo) + (lo & (PAGE - 1));
      if (length < 128) {
        const { shadow32 } = this.pages;
        const end = (p + length) >> 2;
        // STACK_DEAD in all four bytes.
        for (let i = p >> 2; i < end; i++) shadow32[i] = 0x83838383 | 0;
      } else {
        this.pages.shadow8.fill(STACK_DEAD, p, p + length);
      }
      lo = (lo + length) | 0;
    }
    this.sp = sp;
  }

  /** Moves the stack pointer down by a multiple of 16. */
  lowerStack(size: number): void {
    const sp = (this.sp - size) | 0;
    if (sp >>> 0 < this.stackLow >>> 0 || size < 0) {
      stopWithFault({
        kind: 'stack-exhausted',
        text: `BUG: stack guard page was hit at ${join(sp, this.stackHigh).toString(16).padStart(16, '0')} (stack of ${this.budgets.stack} bytes)`,
      });
    }
    this.sp = sp;
  }

  /** Arena offset of a stack page, for writing. */
  stackPage(lo: number): number {
    const base = this.pages.forWrite(lo, this.stackHigh);
    if (base >= 0) return base;
    this.pages.ensure(lo, this.stackHigh);
    return this.pages.forWrite(lo, this.stackHigh);
  }

  growRegisters(words: number): void {
    if (words <= this.registers.length) return;
    if (words > 1 << 24) stopWithLimit('depth', 'too many nested calls');
    const wider = new Int32Array(Math.max(words, this.registers.length * 2));
    wider.set(this.registers);
    this.registers = wider;
  }

  // ---- reading the state ------------------------------------------------------------------------------------------

  /** Function of a frame; 0 is the outermost. */
  functionOf(frame: number): number {
    return this.frames[frame * FRAME] as number;
  }

  /** Where the frame stands: the current instruction, or the call it waits for. */
  placeOfFrame(frame: number, pc: number): Place | undefined {
    const id = this.functionOf(frame);
    const fn = this.fns[id];
    if (fn === undefined) return undefined;
    const offset = pc - (this.info[id * INFO] as number);
    const { places } = fn;
    let low = 0;
    let high = places.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle * 2] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return undefined;
    const token = places[(low - 1) * 2 + 1] as number;
    // Token indexes stay below 2^24; working out a place follows macro expansions.
    const key = id * 0x1000000 + token;
    let place = this.knownPlaces.get(key);
    if (place === undefined) {
      place = this.provider.placeOf(id, token);
      if (place !== undefined) this.knownPlaces.set(key, place);
    }
    return place;
  }

  backtrace(): readonly StackEntry[] {
    const entries: StackEntry[] = [];
    let { pc } = this;
    for (let frame = this.depth - 1; frame >= 0; frame--) {
      entries.push({ function: this.provider.nameOf(this.functionOf(frame)), place: this.placeOfFrame(frame, pc) });
      // The return address is the word after the call.
      pc = (this.frames[frame * FRAME + 1] as number) - 1;
    }
    return entries;
  }

  /** Innermost place that is known. */
  get place(): Place | undefined {
    return this.backtrace().find((e) => e.place !== undefined)?.place;
  }

  /** Innermost interpreted function, for the history of objects. */
  private caller(): StackEntry | undefined {
    if (this.depth === 0) return undefined;
    return this.backtrace().find((e) => e.place !== undefined);
  }

  /** Names what lies at an address: a local of a live frame, a global, a string. */
  describeAddress(address: bigint): ObjectNote | undefined {
    let top = join(this.sp, this.stackHigh);
    for (let frame = this.depth - 1; frame >= 0; frame--) {
      const callerSp = join(this.frames[frame * FRAME + 4] as number, this.stackHigh);
      if (address >= top && address < callerSp) {
        const id = this.functionOf(frame);
        const fn = this.fns[id];
        if (fn === undefined) return undefined;
        // While a frame is on top its registers start at `fp`; below, the next frame knows where.
        const fp = frame === this.depth - 1 ? this.fp : (this.frames[(frame + 1) * FRAME + 2] as number);
        const base = join(this.registers[fp + fn.frameSlot] as number, this.stackHigh);
        const offset = Number(address - base);
        const found = fn.objects.findLast((o) => offset >= o.offset) ?? fn.objects[0];
        return found === undefined
          ? undefined
          : { name: `local '${found.name}' of ${fn.name}`, size: found.size, offset: offset - found.offset };
      }
      top = callerSp;
    }
    return this.provider.describeAddress(address);
  }

  // ---- faults -----------------------------------------------------------------------------------------------------

  toFault(note: FaultNote, stack: readonly StackEntry[]): Fault {
    return {
      kind: note.kind,
      text: note.text,
      fatal: note.fatal ?? true,
      address: note.address,
      object: note.object,
      place: stack.find((e) => e.place !== undefined)?.place,
      stack,
    };
  }

  toLimit(note: LimitNote, stack: readonly StackEntry[]): Limit {
    return { kind: note.kind, name: note.name, text: note.text, place: stack.find((e) => e.place !== undefined)?.place, stack };
  }

  /** Records a fault that does not end the run. */
  warn(note: FaultNote): void {
    if (this.faults.length >= MOST_FAULTS) stopWithLimit('steps', `more than ${MOST_FAULTS} faults: ${note.text}`);
    const fault = this.toFault({ ...note, fatal: false }, this.backtrace());
    this.faults.push(fault);
    this.probe?.fault(fault);
  }

  /** Like `warn`, but once per instruction. */
  warnOnce(note: FaultNote): void {
    const where = `${note.kind}@${this.pc}`;
    if (this.warned.has(where)) return;
    this.warned.add(where);
    this.warn(note);
  }

  /** Remembers where an unwinding error started; called by the innermost interpreter loop. */
  locate(error: unknown): void {
    if (error instanceof MachineStop) error.stack0 ??= this.backtrace();
  }
}
