// Calls and returns that need more than pushing a frame: first calls, intrinsics, observed calls, inline assembly.
import { Bug } from '../../base/assert.ts';
import type { AsmCall, AsmModel, AsmSite } from './asm.ts';
import { CallOfIntrinsic } from './call-of-intrinsic.ts';
import type { CallTarget, Intrinsic, IntrinsicCall, IntrinsicResult } from './intrinsic.ts';
import { high, join, low } from './memory.ts';
import type { FaultNote, LimitNote } from './outcome.ts';
import { MachineStop, stopWithFault, stopWithLimit } from './outcome.ts';
import { extend, MachineOperations } from './operations.ts';
import { execute } from './execute.ts';
import type { Machine } from './machine.ts';
import { FRAME, INFO, INTRINSIC, OBSERVED, RESUMES } from './state.ts';

/** The part of the machine that enters and leaves functions. */
export class MachineCalls extends MachineOperations {
  private readonly models = new Map<AsmSite, AsmModel>();
  /** Words that nested calls may use from here on: above everything of the current frame. */
  private nestedBase = 0;

  /**
   * Enters a function. `window` is the absolute index of its first register, `dst` the destination relative to the caller's
   * frame pointer or -1, `returnPc` where the caller goes on.
   */
  enter(id: number, window: number, count: number, dst: number, returnPc: number, flags = 0): void {
    let entry = this.info[id * INFO] ?? 0;
    if (entry === 0) entry = this.load(id);
    if (this.depth >= this.maxDepth) this.tooDeep();
    const observing = this.probe !== undefined && (this.probe.wants?.(id) ?? true);
    const frame = this.depth * FRAME;
    this.growRegisters(window + Math.max(this.info[id * INFO + 1] as number, 2 * count) + 64);
    const site = observing && this.depth > 0 ? this.placeOfFrame(this.depth - 1, this.pc) : undefined;
    const caller = observing && this.depth > 0 ? this.provider.nameOf(this.functionOf(this.depth - 1)) : undefined;
    const intrinsic = entry < 0 ? this.intrinsics[id] : undefined;
    this.frames.set(
      [id, returnPc, this.fp, dst, this.sp, flags | (observing ? OBSERVED : 0) | (intrinsic === undefined ? 0 : INTRINSIC), count, window],
      frame,
    );
    this.depth++;
    if (observing) {
      this.probe?.enter({
        function: this.provider.nameOf(id),
        kind: intrinsic === undefined ? 'interpreted' : 'intrinsic',
        functionId: id,
        depth: this.depth - 1,
        site,
        caller,
        args: this.argumentsOf(id, window, count),
      });
    }
    if (intrinsic !== undefined) {
      this.runIntrinsic(intrinsic, window, count);
      return;
    }
    this.fp = window;
    this.pc = entry;
    if (((this.info[id * INFO + 3] as number) & 1) !== 0) this.spillVariadic(id, window, count);
    if ((this.info[id * INFO + 2] as number) > 0) this.openFrame(id);
  }

  /** So many frames fill any stack, also those whose locals live in registers here. */
  private tooDeep(): never {
    const address = join(this.sp, this.stackHigh).toString(16).padStart(16, '0');
    return stopWithFault({
      kind: 'stack-exhausted',
      text: `BUG: stack guard page was hit at ${address} (more than ${this.maxDepth} nested calls)`,
    });
  }

  /** Returns from a frame that somebody watches or waits for. `slot` is the absolute index of the value, -1 none, -2 missing. */
  leave(slot: number): void {
    if (slot >= 0) this.finish(this.registers[slot] as number, this.registers[slot + 1] as number, true);
    else this.finish(0, 0, slot === -2);
  }

  /** Resolves a function on its first call: lowers it or finds its intrinsic. Gives its entry. */
  private load(id: number): number {
    if ((id + 1) * INFO > this.info.length) {
      const wider = new Int32Array(Math.max(this.info.length * 2, (id + 64) * INFO));
      wider.set(this.info);
      this.info = wider;
    }
    if (this.info[id * INFO] !== 0) return this.info[id * INFO] as number;
    const resolved = this.provider.resolve(id);
    switch (resolved.kind) {
      case 'lowered':
        this.install(id, resolved.fn);
        break;
      case 'intrinsic':
        this.intrinsics[id] = resolved.intrinsic;
        this.info.set([-1, 0, 0, 0], id * INFO);
        break;
      case 'limit':
        throw new MachineStop({ kind: 'limit', note: resolved.limit });
    }
    return this.info[id * INFO] as number;
  }

  /** Arguments as raw 64-bit values, extended from their types. */
  private argumentsOf(id: number, window: number, count: number): bigint[] {
    const { params } = this.provider.signature(id);
    const args: bigint[] = [];
    for (let i = 0; i < count; i++) args.push(extend(this.pair(window + 2 * i), params[i] ?? 64));
    return args;
  }

  private spillVariadic(id: number, window: number, count: number): void {
    const fn = this.fns[id];
    if (fn === undefined) throw new Bug('variadic function without code');
    const extra = Math.max(0, count - fn.params);
    const size = Math.ceil((extra * 8 + 16) / 16) * 16;
    const values: bigint[] = [];
    for (let i = 0; i < extra; i++) values.push(this.pair(window + 2 * (fn.params + i)));
    this.lowerStack(size);
    const area = join(this.sp, this.stackHigh);
    this.memory.open(area, Math.max(extra * 8, 8), extra === 0);
    values.forEach((v, i) => {
      this.memory.writeU64(area + BigInt(8 * i), v);
    });
    this.setPair(window + fn.variadicSlot, area);
  }

  // ---- intrinsics -------------------------------------------------------------------------------------------------

  private runIntrinsic(intrinsic: Intrinsic, window: number, count: number): void {
    this.nestedBase = window + 2 * count + 2;
    this.conclude(intrinsic, intrinsic.run(this.intrinsicCall(intrinsic, window, count)));
  }

  private intrinsicCall(intrinsic: Intrinsic, window: number, count: number): IntrinsicCall {
    return new CallOfIntrinsic(this, intrinsic.name, window, count);
  }

  /** Acts on what a body answered. The intrinsic's frame is on top. */
  private conclude(intrinsic: Intrinsic, result: IntrinsicResult): void {
    switch (typeof result) {
      case 'undefined':
        this.finish(0, 0, false);
        return;
      case 'number':
        this.finish(result | 0, result > 0x7fffffff ? 0 : result >> 31, true);
        return;
      case 'boolean':
        this.finish(result ? 1 : 0, 0, true);
        return;
      case 'bigint':
        this.finish(low(result), high(result), true);
        return;
      case 'object':
        break;
      default:
        throw new Bug(`${intrinsic.name} answered with a ${typeof result}`);
    }
    if (result.kind === 'call') {
      const window = this.frames[(this.depth - 1) * FRAME + 7] as number;
      const count = this.frames[(this.depth - 1) * FRAME + 6] as number;
      this.continuations = [...this.continuations, { state: result.state, keep: result.keep }];
      const base = window + 2 * count + 2;
      this.fp = window;
      this.enter(this.targetId(result.target), this.placeArguments(base, result.args), result.args.length, -1, 1, RESUMES);
      return;
    }
    if (result.kind === 'exit') throw new MachineStop({ kind: 'exit', code: result.code });
    this.raise(result);
  }

  private raise(result: { kind: 'fault'; fault: FaultNote } | { kind: 'limit'; limit: LimitNote }): void {
    if (result.kind === 'limit') throw new MachineStop({ kind: 'limit', note: result.limit });
    if (result.fault.fatal === false) {
      this.warn(result.fault);
      this.finish(0, 0, false);
      return;
    }
    stopWithFault(result.fault);
  }

  /** Pops the top frame and hands its value to whoever waits for it. */
  private finish(lo: number, hi: number, hasValue: boolean): void {
    const d = (this.depth - 1) * FRAME;
    const { frames } = this;
    const id = frames[d] as number;
    const flags = frames[d + 5] as number;
    this.depth--;
    if (this.sp !== frames[d + 4]) this.closeFrame(frames[d + 4] as number);
    this.fp = frames[d + 2] as number;
    this.pc = frames[d + 1] as number;
    if ((flags & OBSERVED) !== 0) {
      const { returns } = this.provider.signature(id);
      const value = hasValue && returns !== 0 ? extend(join(lo, hi), returns) : undefined;
      this.probe?.leave(this.provider.nameOf(id), id, this.depth, value);
    }
    if ((flags & RESUMES) !== 0) {
      this.resume(id, lo, hi);
      return;
    }
    const dst = frames[d + 3] as number;
    if (dst >= 0) {
      this.registers[this.fp + dst] = lo;
      this.registers[this.fp + dst + 1] = hi;
    }
  }

  /** The function that an intrinsic asked for has returned. */
  private resume(callee: number, lo: number, hi: number): void {
    const d = (this.depth - 1) * FRAME;
    const intrinsic = this.intrinsics[this.frames[d] as number];
    const continuation = this.continuations.at(-1);
    if (intrinsic === undefined || continuation === undefined) throw new Bug('nothing to resume');
    this.continuations = this.continuations.slice(0, -1);
    const window = this.frames[d + 7] as number;
    const count = this.frames[d + 6] as number;
    this.fp = this.frames[d + 2] as number;
    this.nestedBase = window + 2 * count + 2;
    const call = new CallOfIntrinsic(this, intrinsic.name, window, count);
    const result = extend(join(lo, hi), this.provider.signature(callee).returns);
    this.conclude(intrinsic, intrinsic.resume(Object.assign(call, { state: continuation.state, keep: continuation.keep, result })));
  }

  targetId(target: CallTarget): number {
    if (typeof target === 'bigint') return this.functionAt(low(target), high(target));
    const caller = this.depth > 0 ? this.functionOf(this.depth - 1) : undefined;
    const id = this.provider.idOf(target, caller);
    if (id === undefined) return stopWithLimit('unresolved-symbol', `no function ${target} in this tree`, target);
    return id;
  }

  private placeArguments(base: number, args: readonly bigint[]): number {
    this.growRegisters(base + 2 * args.length + 64);
    args.forEach((a, i) => {
      this.setPair(base + 2 * i, BigInt.asUintN(64, a));
    });
    return base;
  }

  /** Enters a call whose return halts the interpreter; gives the absolute index of its result pair. */
  enterFromHost(target: CallTarget, args: readonly bigint[], base: number): { slot: number; id: number } {
    const id = this.targetId(target);
    this.growRegisters(base + 2 * args.length + 64);
    this.setPair(base, 0n);
    this.placeArguments(base + 2, args);
    this.enter(id, base + 2, args.length, base - this.fp, 1);
    return { slot: base, id };
  }

  /** Runs a call to completion inside another one. */
  callNested(target: CallTarget, args: readonly bigint[]): bigint {
    const { pc, fp, nestedBase, fuel, slice } = this;
    this.stepsBefore += slice - fuel;
    this.slice = this.fuel = Math.max(0, this.budgets.steps - this.stepsBefore);
    // The frame on top belongs to the intrinsic; calls are placed relative to its caller's frame pointer.
    const { slot, id } = this.enterFromHost(target, args, nestedBase);
    this.runLoop();
    if (this.pc !== 1) stopWithLimit('steps', `no end after ${this.budgets.steps} instructions`);
    const result = extend(this.pair(slot), this.provider.signature(id).returns);
    this.stepsBefore += this.slice - this.fuel;
    this.slice = slice;
    this.fuel = fuel;
    this.stepsBefore -= slice - fuel;
    this.pc = pc;
    this.fp = fp;
    this.nestedBase = nestedBase;
    return result;
  }

  /** Interprets until the outermost host call returns or fuel runs out. */
  protected runLoop(): void {
    if (this.pc !== 1) execute(this as unknown as Machine);
  }

  /** An exception leaves the interpreter loop; the innermost loop knows where. */
  unwound(error: unknown, pc: number, fp: number, fuel: number): void {
    if (error instanceof MachineStop && error.stack0 !== undefined) return;
    this.pc = pc;
    this.fp = fp;
    this.fuel = Math.max(0, fuel);
    this.locate(error);
  }

  log(line: string): void {
    this.probe?.log(line);
  }

  // ---- inline assembly --------------------------------------------------------------------------------------------

  assembly(index: number, base: number): void {
    const site = this.current.asm[index];
    if (site === undefined) throw new Bug(`asm site ${index}`);
    let model = this.models.get(site);
    if (model === undefined) {
      model = this.provider.asmModel(site);
      if (model === undefined) {
        return stopWithLimit('unmodelled-asm', `inline assembly in ${site.function} is not modelled: "${site.key}"`, site.key);
      }
      this.models.set(site, model);
    }
    const frame = this.depth - 1;
    this.nestedBase = this.fp + (this.info[this.functionOf(frame) * INFO + 1] as number) + 2;
    const jumpSlot = base + 2 * site.operands.length;
    this.setPair(jumpSlot, 0n);
    const result = model.run(this.asmCall(site, base, jumpSlot));
    if (typeof result !== 'object') return;
    switch (result.kind) {
      case 'limit':
        throw new MachineStop({ kind: 'limit', note: result.limit });
      case 'fault':
        if (result.fault.fatal === false) this.warn(result.fault);
        else stopWithFault(result.fault);
        return;
      case 'exit':
        throw new MachineStop({ kind: 'exit', code: result.code });
      case 'call':
        throw new Bug('an asm model cannot use callThen');
    }
  }

  private asmCall(site: AsmSite, base: number, jumpSlot: number): AsmCall {
    const bits = (i: number): number => {
      const o = site.operands[i];
      if (o === undefined) throw new Bug(`operand ${i} of "${site.key}"`);
      return Math.min(o.size, 8) * 8 * (o.signed ? -1 : 1);
    };
    const isMemory = (i: number): boolean => site.operands[i]?.memory === true;
    return {
      site,
      machine: this as unknown as Machine,
      read: (i) => {
        if (isMemory(i)) return extend(this.memory.readUnsigned(this.pair(base + 2 * i), Math.abs(bits(i)) / 8), bits(i));
        return extend(this.pair(base + 2 * i), bits(i));
      },
      write: (i, value) => {
        if (isMemory(i)) this.memory.writeUnsigned(this.pair(base + 2 * i), Math.abs(bits(i)) / 8, BigInt.asUintN(64, value));
        else this.setPair(base + 2 * i, extend(BigInt.asUintN(64, value), bits(i)));
      },
      address: (i) => this.pair(base + 2 * i),
      jump: (i) => {
        this.setPair(jumpSlot, BigInt(i + 1));
      },
      run: (target, args) => this.callNested(target, args),
      log: (line) => {
        this.log(line);
      },
      warn: (fault) => {
        this.warn(fault);
      },
      caller: site.function,
      at: this.placeOfFrame(this.depth - 1, this.pc),
    };
  }
}
