// The state that intrinsics share while a simulated kernel runs: locks, log, signals, allocator caches, and parts of other rooms.
import { Bug } from '../../base/assert.ts';
import { describePlace, type Place } from '../../base/place.ts';
import type { MachineApi, MachineExtension } from '../machine/api.ts';
import { defineIntrinsic, prototypeName, type IntrinsicDefinition, type IntrinsicResult } from '../machine/intrinsic.ts';
import { stopWithLimit, type Outcome } from '../machine/outcome.ts';
import type { View } from '../machine/view.ts';
import type { ProgramApi } from '../program/api.ts';
import { placeBootGlobals } from './boot-globals.ts';
import { LockTable } from './locks.ts';
import { placeOf } from './places.ts';

/** Key of a part of the kernel's state that another file owns. The value must be plain data; `clone` makes snapshots independent. */
export interface StateKey<T> {
  readonly name: string;
  create(): T;
  clone(value: T): T;
}

/** A signal as the kernel generated it (tracepoint signal:signal_generate). */
export interface SignalRecord {
  /** Address of the task_struct. */
  readonly task: bigint;
  readonly pid: number;
  readonly signo: number;
  readonly code: number;
  readonly addr: bigint;
  readonly lsb: number;
  /** TRACE_SIGNAL_*: 0 delivered, 1 ignored, 2 already pending, 3 overflow, 4 info lost. */
  readonly result: number;
  /** Sent to the thread group, not to one thread. */
  readonly group: boolean;
}

/** What a trace must know besides calls, in the order it happened. */
export type KernelEvent =
  | { readonly kind: 'signal'; readonly signal: SignalRecord }
  /** `device`: name of the block device; `flags`: SHUTDOWN_*. */
  | { readonly kind: 'shutdown'; readonly device: string; readonly mountpoint: string | undefined; readonly flags: bigint }
  /** A page-table range that was cleared: [start, end) of the mm, user addresses. */
  | { readonly kind: 'unmap'; readonly mm: bigint; readonly vma: bigint; readonly start: bigint; readonly end: bigint }
  | { readonly kind: 'freeze' | 'thaw'; readonly device: string; readonly value: number }
  /** Anything else worth a line. */
  | { readonly kind: 'note'; readonly text: string };

interface Saved {
  readonly once: readonly string[];
  readonly locks: unknown;
  readonly parts: readonly (readonly [StateKey<unknown>, unknown])[];
  readonly current: bigint;
  readonly cut: boolean;
}

/** One simulated kernel. Bound to its machine and program before anything runs. */
export class KernelModel implements MachineExtension {
  readonly name = 'kernel';
  readonly locks = new LockTable();
  /** Who wants to hear of events as they happen (the recorder). */
  onEvent: ((event: KernelEvent) => void) | undefined;
  /** Runs where the current task may sleep or holds no lock any more: other tasks get their turn (set by the world). */
  onQuiet: (() => void) | undefined;
  /** An oops ended this task (set by the world). */
  onDeath: ((task: bigint) => void) | undefined;
  /** Address of the task that runs queued work, made when it is first needed (set by the world). */
  workerTask: (() => bigint) | undefined;
  /** The last function of the tree that the world called and that faulted: an oops of the simulated kernel, no limit of ours. */
  failed: { readonly function: string; readonly outcome: Outcome } | undefined;
  /** Address of the current task_struct. */
  current = 0n;
  private once = new Set<string>();
  private parts = new Map<StateKey<unknown>, unknown>();
  private cut = false;
  private boundMachine: MachineApi | undefined;
  private boundProgram: ProgramApi | undefined;

  /** Must be called once, before the first run; attaches the model to the machine's snapshots. */
  bind(machine: MachineApi, program: ProgramApi): void {
    this.boundMachine = machine;
    this.boundProgram = program;
    machine.attach(this);
    placeBootGlobals(machine);
  }

  get machine(): MachineApi {
    if (this.boundMachine === undefined) throw new Bug('kernel model used before bind()');
    return this.boundMachine;
  }

  get program(): ProgramApi {
    if (this.boundProgram === undefined) throw new Bug('kernel model used before bind()');
    return this.boundProgram;
  }

  /** State of another file; created on first use. */
  part<T>(key: StateKey<T>): T {
    let value = this.parts.get(key) as T | undefined;
    if (value === undefined) this.parts.set(key, (value = key.create()));
    return value;
  }

  emit(event: KernelEvent): void {
    this.onEvent?.(event);
  }

  /** True when `key` was seen before: *_ONCE macros. */
  seenOnce(key: string): boolean {
    if (this.once.has(key)) return true;
    this.once.add(key);
    return false;
  }

  /** __warn_printk() prints the "cut here" line before the trap: remembers that it did. */
  noteCutHere(): void {
    this.cut = true;
  }

  takeCutHere(): boolean {
    const was = this.cut;
    this.cut = false;
    return was;
  }

  describe(at: Place | undefined): string {
    return at === undefined ? '?' : describePlace(at);
  }

  /** Object of a named C type. A type this tree lacks is a limit that names it. */
  view(type: string, address: bigint, unit?: string): View {
    const found = this.program.typeNamed(type, unit);
    if (found === undefined) return stopWithLimit('missing-type', `no type ${type} in the loaded units of this tree`, type);
    return this.machine.view(found, address);
  }

  /** New zeroed object of a named C type. */
  create(type: string, name: string, unit?: string): View {
    const found = this.program.typeNamed(type, unit);
    if (found === undefined) return stopWithLimit('missing-type', `no type ${type} in the loaded units of this tree`, type);
    return this.machine.create(found, name);
  }

  /** Address of a global; a global this tree lacks is a limit. */
  global(name: string, unit?: string): bigint {
    const address = this.program.globalAddress(name, unit);
    if (address === undefined) return stopWithLimit('unresolved-symbol', `no object ${name} in this tree`, name);
    return address;
  }

  /** Value of an enumerator or constant macro; undefined when this tree has none of that name. */
  constant(name: string, unit?: string): bigint | undefined {
    return this.program.constant(name, unit);
  }

  /** The same, where the model cannot go on without it. */
  needConstant(name: string, unit?: string): bigint {
    const value = this.program.constant(name, unit);
    if (value === undefined) return stopWithLimit('unresolved-symbol', `no constant ${name} in this tree`, name);
    return value;
  }

  /** Calls an interpreted function from the world builder; a fault or limit in it stops the builder. */
  run(name: string, args: readonly bigint[], unit?: string): bigint {
    const target = this.program.functionAddress(name, unit);
    if (target === undefined) return stopWithLimit('unresolved-symbol', `no function ${name} in this tree`, name);
    const outcome = this.machine.call(target, args);
    switch (outcome.kind) {
      case 'value':
        return outcome.value;
      case 'fault':
        this.failed = { function: name, outcome };
        return stopWithLimit('model', `${name}() failed while the world was built: ${outcome.fault.text}`, name);
      case 'limit':
        return stopWithLimit(outcome.limit.kind, `${name}(): ${outcome.limit.text}`, outcome.limit.name ?? name);
      case 'exit':
        throw new Bug(`${name} exited`);
    }
  }

  currentPid(): number {
    return this.current === 0n ? 0 : this.view('struct task_struct', this.current).member('pid').readNumber();
  }

  save(): unknown {
    const saved: Saved = {
      once: [...this.once],
      locks: this.locks.save(),
      parts: [...this.parts].map(([key, value]) => [key, key.clone(value)] as const),
      current: this.current,
      cut: this.cut,
    };
    return saved;
  }

  load(state: unknown): void {
    const saved = state as Saved;
    this.once = new Set(saved.once);
    this.locks.load(saved.locks);
    this.parts = new Map(saved.parts.map(([key, value]) => [key, key.clone(value)]));
    this.current = saved.current;
    this.cut = saved.cut;
  }
}

export type KernelIntrinsic = IntrinsicDefinition<KernelModel>;

/** An intrinsic of the kernel model in one line; `exact` unless something is said to be missing. */
export function intrinsic(
  prototype: string,
  file: string,
  reason: string,
  run: IntrinsicDefinition<KernelModel>['run'],
  more: Partial<Pick<KernelIntrinsic, 'params' | 'returns' | 'fidelity' | 'resume'>> = {},
): KernelIntrinsic {
  return defineIntrinsic<KernelModel>({
    prototype,
    file: placeOf(prototypeName(prototype)) ?? file,
    reason,
    fidelity: more.fidelity ?? 'exact',
    run,
    ...more,
  });
}

/** Several functions with one body: families that differ in name only. */
export function intrinsics(
  prototypes: readonly string[],
  file: string,
  reason: string,
  run: IntrinsicDefinition<KernelModel>['run'],
  more: Parameters<typeof intrinsic>[4] = {},
): readonly KernelIntrinsic[] {
  return prototypes.map((p) => intrinsic(p, file, reason, run, more));
}

/** Body of functions without an effect on anything that is modelled. */
export const nothing = (): IntrinsicResult => undefined;
