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
import type { Fault, FaultNote, Limit, LimitNote, StackEntry } from './outcome.ts';
import { MachineStop, stopWithLimit } from './outcome.ts';
import { Pages } from './paging.ts';
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

/** Memory of a frame away from the stack. */
export interface ApartFrame {
  /** Function id. */
  readonly id: number;
  /** Low word of the memory's address. */
  readonly base: number;
  /** The stack pointer below and above the room that stands for it on the stack itself. */
  readonly sp: number;
  readonly top: number;
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
  /** Frames whose memory lies apart (see stack.ts), outermost first, and where the next such memory ends. */
  apart: readonly ApartFrame[];
  apartNext: number;
  /** Such frames that ended last: faults name them. */
  retired: readonly ApartFrame[];
  /** The host call in progress: where its result will be. */
  pending: { readonly slot: number; readonly id: number } | undefined;
}

/** Faults of one run; more come from an endless loop. */
const MOST_FAULTS = 1000;

/** Distance between the stacks of tasks. */
const stackStride = 0x1000000n;

/** The part of the machine that a snapshot copies. */
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
  /** Non-fatal faults that were reported since the last call from outside: kind, pc, text. */
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
  apart: ApartFrame[] = [];
  apartNext = 0;
  retired: ApartFrame[] = [];
  /** Down to here the area for frames apart is known to hold no living frame; 0 not known. */
  apartLimit = 0;
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
        apart: [],
        apartNext: 0,
        retired: [],
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
    const { registers, frames, depth, fp, pc, sp, stackLow, stackHigh, continuations, apartNext, pending } = this;
    const [apart, retired] = [this.apart.slice(), this.retired.slice()];
    const stack = { sp, stackLow, stackHigh, apart, apartNext, retired };
    this.tasks[this.task] = { registers, frames, depth, fp, pc, ...stack, continuations, pending };
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
    this.apart = t.apart.slice();
    this.apartNext = t.apartNext;
    this.apartLimit = 0;
    this.retired = t.retired.slice();
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

  /** 64-bit words in the registers of the current task's frames, and whatever earlier calls left above them. */
  liveWords(): readonly bigint[] {
    const words: bigint[] = [];
    const used = this.usedRegisters();
    for (let i = 0; i + 1 < used; i++) words.push(join(this.registers[i] as number, this.registers[i + 1] as number));
    return words;
  }

  // ---- registers, reading the state -------------------------------------------------------------------------------

  growRegisters(words: number): void {
    if (words <= this.registers.length) return;
    if (words > 1 << 24) stopWithLimit('depth', 'too many nested calls');
    const wider = new Int32Array(Math.max(words, this.registers.length * 2));
    wider.set(this.registers);
    this.registers = wider;
  }

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

  /** Records a fault that does not end the run; the same again at the same instruction is no second fault. */
  warn(note: FaultNote): void {
    const what = `${note.kind}@${this.pc} ${note.text}`;
    if (this.warned.has(what)) return;
    this.warned.add(what);
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
