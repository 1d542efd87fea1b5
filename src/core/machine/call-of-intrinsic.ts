// What a body of an intrinsic sees of its call: a window on the caller's registers, read as it asks.
import type { Place } from '../../base/place.ts';
import type { MachineCalls } from './calls.ts';
import type { CallTarget, IntrinsicCall } from './intrinsic.ts';
import type { Machine } from './machine.ts';
import type { FaultNote } from './outcome.ts';
import { FRAME } from './state.ts';

/** One call of an intrinsic; valid until its body returns. */
export class CallOfIntrinsic implements IntrinsicCall {
  readonly machine: Machine;
  readonly name: string;
  readonly argCount: number;
  private readonly window: number;

  constructor(machine: MachineCalls, name: string, window: number, count: number) {
    this.machine = machine as unknown as Machine;
    this.name = name;
    this.window = window;
    this.argCount = count;
  }

  u64(index: number): bigint {
    return index < this.argCount ? this.machine.pair(this.window + 2 * index) : 0n;
  }

  s64(index: number): bigint {
    return BigInt.asIntN(64, this.u64(index));
  }

  u32(index: number): number {
    return this.s32(index) >>> 0;
  }

  s32(index: number): number {
    return index < this.argCount ? (this.machine.registers[this.window + 2 * index] as number) : 0;
  }

  bool(index: number): boolean {
    return (this.s32(index) & 0xff) !== 0;
  }

  string(index: number): string {
    return this.machine.memory.readString(this.u64(index));
  }

  get resultAddress(): bigint {
    return this.u64(0);
  }

  get caller(): string | undefined {
    const { machine } = this;
    return machine.depth >= 2 ? machine.provider.nameOf(machine.functionOf(machine.depth - 2)) : undefined;
  }

  get site(): Place | undefined {
    const { machine } = this;
    const returnPc = machine.frames[(machine.depth - 1) * FRAME + 1] as number;
    return machine.depth >= 2 ? machine.placeOfFrame(machine.depth - 2, returnPc - 1) : undefined;
  }

  run(target: CallTarget, args: readonly bigint[]): bigint {
    return this.machine.callNested(target, args);
  }

  log(line: string): void {
    this.machine.log(line);
  }

  warn(fault: FaultNote): void {
    this.machine.warn(fault);
  }
}
