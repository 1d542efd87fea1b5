// The machine: runs functions of a program over simulated memory, step by step, with snapshots.
import { invariant } from '../../base/assert.ts';
import type { CType } from '../ctype/types.ts';
import { sizeOfComplete } from '../ctype/layout.ts';
import type { Budgets, MachineApi, MachineExtension, Snapshot, TaskId } from './api.ts';
import { defaultBudgets } from './api.ts';
import { MachineCalls } from './calls.ts';
import type { CodeProvider } from './code-provider.ts';
import type { CallTarget } from './intrinsic.ts';
import { high, low } from './memory.ts';
import type { HeapObject } from './objects.ts';
import type { Fault, Outcome } from './outcome.ts';
import { MachineStop } from './outcome.ts';
import { extend } from './operations.ts';
import { PAGE } from './paging.ts';
import type { PagesSnapshot } from './paging.ts';
import type { Task } from './state.ts';
import { typeName, View } from './view.ts';

interface SavedState extends Snapshot {
  readonly pages: PagesSnapshot;
  readonly heap: unknown;
  readonly objects: readonly HeapObject[];
  readonly tasks: readonly Task[];
  readonly task: number;
  readonly steps: number;
  readonly faults: readonly Fault[];
  readonly warned: ReadonlySet<string>;
  readonly extensions: readonly unknown[];
}

interface Watch {
  readonly name: string;
  readonly address: bigint;
  readonly size: number;
}

/** The machine: runs functions until they return, fault or meet a limit, and never throws for the user's code. */
export class Machine extends MachineCalls implements MachineApi {
  private readonly extensions: MachineExtension[] = [];
  private watches: readonly Watch[] = [];
  private running = false;

  constructor(provider: CodeProvider, budgets: Partial<Budgets> = {}) {
    super(provider, { ...defaultBudgets, ...budgets });
    this.memory.listener = {
      uninitialised: (note) => {
        this.warnOnce(note);
      },
      written: (address, size) => {
        if (this.watches.length > 0) this.noteWrite(address, size);
      },
    };
  }

  // ---- running ----------------------------------------------------------------------------------------------------

  call(target: CallTarget, args: readonly bigint[] = []): Outcome {
    // From inside an intrinsic: a fault in there unwinds the whole run.
    if (this.running) return { kind: 'value', value: this.callNested(target, args) };
    const started = this.attempt(() => {
      this.begin(target, args);
    });
    if (started.kind !== 'value') {
      this.abandon();
      return started;
    }
    const outcome = this.run();
    if (outcome === undefined) {
      const stack = this.backtrace();
      this.abandon();
      const where = stack.find((e) => e.place !== undefined);
      const text = `no end after ${this.budgets.steps} instructions${where === undefined ? '' : `, in ${where.function}`}`;
      const limit = this.toLimit({ kind: 'steps', text, name: where?.function }, stack);
      this.probe?.limit(limit);
      return { kind: 'limit', limit };
    }
    return outcome;
  }

  begin(target: CallTarget, args: readonly bigint[] = [], task: TaskId = this.task): void {
    this.switchTo(task);
    this.stopped = false;
    if (this.depth === 0) this.warned.clear();
    this.pending = this.enterFromHost(target, args, this.usedRegisters());
  }

  run(steps: number = this.budgets.steps): Outcome | undefined {
    const { pending } = this;
    invariant(pending, 'run needs a call that was begun');
    this.slice = this.fuel = Math.max(0, Math.min(steps, this.budgets.steps - this.steps));
    this.running = true;
    const ran = this.attempt(() => {
      this.runLoop();
    });
    this.running = false;
    this.stepsBefore += this.slice - this.fuel;
    this.slice = this.fuel = 0;
    if (ran.kind !== 'value') {
      this.abandon();
      return ran;
    }
    if (this.pc !== 1) return undefined;
    this.pending = undefined;
    return { kind: 'value', value: extend(this.pair(pending.slot), this.provider.signature(pending.id).returns) };
  }

  attempt<T>(work: () => T): Outcome<T> {
    try {
      return { kind: 'value', value: work() };
    } catch (error) {
      if (!(error instanceof MachineStop)) throw error;
      const stack = error.stack0 ?? this.backtrace();
      const { reason } = error;
      switch (reason.kind) {
        case 'exit':
          return { kind: 'exit', code: reason.code };
        case 'fault': {
          const fault = this.toFault(reason.note, stack);
          this.faults.push(fault);
          this.probe?.fault(fault);
          return { kind: 'fault', fault };
        }
        case 'limit': {
          const limit = this.toLimit(reason.note, stack);
          this.probe?.limit(limit);
          return { kind: 'limit', limit };
        }
      }
    }
  }

  /** Gives up the current task's frames after a stop, so that later calls start afresh. */
  private abandon(): void {
    this.depth = 0;
    this.fp = 0;
    this.pc = 1;
    this.continuations = [];
    this.pending = undefined;
    const task = this.tasks[this.task];
    if (task !== undefined && this.sp !== this.stackTop()) this.closeFrame(this.stackTop());
  }

  private stackTop(): number {
    return (this.stackLow + this.budgets.stack) | 0;
  }

  // ---- snapshots --------------------------------------------------------------------------------------------------

  attach(extension: MachineExtension): void {
    this.extensions.push(extension);
  }

  snapshot(): Snapshot {
    this.saveTask();
    const pages = this.pages.snapshot();
    const saved: SavedState = {
      id: pages.id,
      pages,
      heap: this.heap.save(),
      objects: this.objects.save(),
      tasks: this.tasks.map((t, i) => this.copyTask(t, i === this.task)),
      task: this.task,
      steps: this.steps,
      faults: this.faults.slice(),
      warned: new Set(this.warned),
      extensions: this.extensions.map((e) => e.save()),
    };
    return saved;
  }

  restore(snapshot: Snapshot): void {
    const saved = snapshot as SavedState;
    this.pages.restore(saved.pages);
    this.heap.load(saved.heap);
    this.objects.load(saved.objects);
    this.saveTask();
    const before = this.tasks.slice();
    this.tasks.length = 0;
    saved.tasks.forEach((t, i) => this.tasks.push(unpacked(t, before[i], this.maxDepth)));
    this.loadTask(saved.task);
    this.stepsBefore = saved.steps;
    this.slice = this.fuel = 0;
    this.faults = saved.faults.slice();
    this.warned = new Set(saved.warned);
    this.extensions.forEach((e, i) => {
      e.load(saved.extensions[i]);
    });
  }

  release(snapshot: Snapshot): void {
    this.pages.forget((snapshot as SavedState).pages);
  }

  /** Copies only the register and frame words in use. */
  private copyTask(task: Task, current: boolean): Task {
    const used = task.depth === 0 ? 0 : current ? this.usedRegisters() : task.registers.length;
    return { ...task, registers: task.registers.slice(0, used), frames: task.frames.slice(0, task.depth * 8) };
  }

  // ---- objects ----------------------------------------------------------------------------------------------------

  view(type: CType, address: bigint): View {
    return new View(this.memory, type, address);
  }

  create(type: CType, name: string): View {
    const address = this.heap.allocate({ size: sizeOfComplete(type), name: `${name} (${typeName(type)})`, zeroed: true });
    return this.view(type, address);
  }

  watch(name: string, address: bigint, size: number): () => void {
    const watch = { name, address, size };
    this.watches = [...this.watches, watch];
    this.setPagesWatched(watch, true);
    return () => {
      this.watches = this.watches.filter((w) => w !== watch);
      this.setPagesWatched(watch, false);
      for (const w of this.watches) this.setPagesWatched(w, true);
    };
  }

  private setPagesWatched(watch: Watch, on: boolean): void {
    for (let at = watch.address - (watch.address % BigInt(PAGE)); at < watch.address + BigInt(watch.size); at += BigInt(PAGE)) {
      this.pages.setWatched(low(at), high(at), on);
    }
  }

  private noteWrite(address: bigint, size: number): void {
    for (const w of this.watches) {
      if (address < w.address + BigInt(w.size) && address + BigInt(size) > w.address) this.probe?.watch?.(w.name, address, size);
    }
  }
}

/** A saved task in arrays that have room to run in: those it had before, if any. Registers above the saved ones are zero. */
function unpacked(task: Task, before: Task | undefined, depth: number): Task {
  const words = task.registers.length;
  const enough = before !== undefined && before.registers.length >= words + 1024;
  const registers = enough ? before.registers.fill(0, words) : new Int32Array(Math.max(1 << 12, words + 1024));
  registers.set(task.registers);
  const frames = before?.frames ?? new Int32Array(8 * (depth + 1));
  frames.set(task.frames);
  return { ...task, registers, frames };
}
