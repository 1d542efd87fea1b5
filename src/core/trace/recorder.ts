// Listens to the machine and keeps what a trace is made of: calls with arguments, log lines, faults, in one order.

import type { UnitName } from '../../base/unit-name.ts';
import type { Place } from '../../base/place.ts';
import type { CType, EnumMember } from '../ctype/types.ts';
import type { IntrinsicRegistry } from '../machine/intrinsic.ts';
import type { Memory } from '../machine/memory.ts';
import type { Fault, Limit } from '../machine/outcome.ts';
import type { CallEntry, Probe } from '../machine/probe.ts';
import type { FunctionInfo, ProgramApi } from '../program/api.ts';
import { enumeratorName, flagNames, flagsType, membersOf } from './constant-names.ts';
import { faultEvent } from './fault-event.ts';
import { isRelevant } from './relevance.ts';
import type { CallEvent, FaultEvent, ShutdownEvent, SignalEvent } from './result.ts';
import { parameterUnit, resultUnit } from './units.ts';
import { peek, readScalars, valueText } from './values.ts';

/** Memory read through an argument when a function is entered, as a kprobe does: `+4($arg2):u32`. */
export interface ProbeRead {
  readonly name: string;
  /** Index of the argument, from 0. */
  readonly argument: number;
  /** Added to the argument; each further offset follows a pointer first. None: the argument itself. */
  readonly offsets: readonly number[];
  /** Bytes. */
  readonly size: number;
  readonly signed: boolean;
}

export interface RecorderOptions {
  readonly program: ProgramApi;
  readonly memory: Memory;
  readonly intrinsics: IntrinsicRegistry;
  /** Keep every call. */
  readonly all: boolean;
  readonly reads?: ReadonlyMap<string, readonly ProbeRead[]>;
}

/** What one injection left behind; mutable while it runs. */
export interface Recording {
  readonly calls: Mutable<CallEvent>[];
  readonly log: string[];
  readonly signals: SignalEvent[];
  readonly shutdowns: ShutdownEvent[];
  readonly faults: FaultEvent[];
  limit: Limit | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Known {
  readonly info: FunctionInfo;
  readonly keep: boolean;
  readonly intrinsic: boolean;
  readonly file: string;
  readonly line: number;
  readonly units: Readonly<Record<string, UnitName>>;
  readonly returnsUnit: UnitName | undefined;
  /** By index of the parameter. */
  readonly constants: ReadonlyMap<number, Constants>;
}

/** The constants that a parameter's values are made of. */
interface Constants {
  readonly kind: 'value' | 'bits';
  readonly members: readonly EnumMember[];
}

/** Start of the kernel's own text and data (__START_KERNEL_map). */
const KERNEL_IMAGE = 0xffffffff80000000n;

/** Calls beyond this are dropped, so that a runaway loop ends as a limit and not as an exhausted worker. */
const MOST_CALLS = 200_000;

/** Recording of one run after another: `start` forgets the last one. */
export class Recorder implements Probe {
  /** Calls of each intrinsic so far, over all injections. */
  readonly intrinsicCalls = new Map<string, number>();
  private readonly options: RecorderOptions;
  private readonly known = new Map<number, Known>();
  /** Index of the kept event of each open call, -1 for dropped ones. */
  private open: number[] = [];
  private depth = 0;
  private recording: Recording = emptyRecording();

  constructor(options: RecorderOptions) {
    this.options = options;
  }

  /** Starts an injection: everything recorded from now on belongs to it. */
  start(): void {
    this.recording = emptyRecording();
    this.open = [];
    this.depth = 0;
  }

  /** Ends it. */
  finish(): Recording {
    for (const index of this.open) {
      const event = this.recording.calls[index];
      if (event !== undefined) event.ended = false;
    }
    return this.recording;
  }

  /** Asked once for every call: the place to count intrinsics that no reader wants to see one by one. */
  wants(functionId: number): boolean {
    const known = this.lookUp(functionId);
    if (known.intrinsic) this.intrinsicCalls.set(known.info.name, (this.intrinsicCalls.get(known.info.name) ?? 0) + 1);
    return known.keep;
  }

  enter(call: CallEntry): void {
    const known = this.lookUp(call.functionId);
    if (!known.keep || this.recording.calls.length >= MOST_CALLS) {
      this.open.push(-1);
      return;
    }
    this.open.push(this.recording.calls.length);
    this.recording.calls.push(this.eventOf(call, known));
    this.depth++;
  }

  leave(_name: string, functionId: number, _depth: number, value: bigint | undefined): void {
    const index = this.open.pop();
    if (index === undefined || index < 0) return;
    this.depth--;
    const event = this.recording.calls[index];
    const { info } = this.lookUp(functionId);
    if (event === undefined || value === undefined || info.returns.kind === 'void') return;
    event.returns = this.text(value, info.returns, this.lookUp(functionId).returnsUnit);
  }

  log(line: string): void {
    this.recording.log.push(line);
  }

  fault(fault: Fault): void {
    this.recording.faults.push(faultEvent(fault));
  }

  limit(limit: Limit): void {
    this.recording.limit = limit;
  }

  signal(event: SignalEvent): void {
    this.recording.signals.push(event);
  }

  shutdown(event: ShutdownEvent): void {
    this.recording.shutdowns.push(event);
  }

  /** Functions and static objects are told by name: their addresses depend on what was linked before, and say nothing. */
  private text(raw: bigint, type: CType, unit: UnitName | undefined): string {
    const name = type.kind === 'pointer' && raw >= KERNEL_IMAGE ? this.options.program.symbolize(raw)?.replace(/\+0x0$/, '') : undefined;
    return name ?? valueText(raw, type, unit);
  }

  private lookUp(functionId: number): Known {
    let known = this.known.get(functionId);
    if (known === undefined) {
      const info = this.options.program.describeFunction(functionId);
      const intrinsic = info.kind === 'intrinsic' ? this.options.intrinsics.find(info.name) : undefined;
      const units: Record<string, UnitName> = {};
      for (const { name } of info.params) {
        const unit = parameterUnit(info.name, name, intrinsic?.params[name]);
        if (unit !== undefined) units[name] = unit;
      }
      known = {
        info,
        intrinsic: intrinsic !== undefined,
        keep: this.options.all || this.options.reads?.has(info.name) === true || isRelevant(info, intrinsic),
        file: info.place?.path ?? intrinsic?.file ?? info.unit ?? '',
        line: info.place?.line ?? 0,
        units,
        returnsUnit: resultUnit(info.name, intrinsic?.returns),
        constants: this.constantsOf(info),
      };
      this.known.set(functionId, known);
    }
    return known;
  }

  private constantsOf(info: FunctionInfo): ReadonlyMap<number, Constants> {
    const found = new Map<number, Constants>();
    info.params.forEach(({ name, type }, i) => {
      const own = membersOf(type);
      const bits = own === undefined && type.kind === 'int' ? flagsType(info.name, name ?? '') : undefined;
      const members = own ?? (bits === undefined ? undefined : membersOf(this.options.program.typeNamed(bits, info.unit)));
      if (members !== undefined) found.set(i, { kind: own === undefined ? 'bits' : 'value', members });
    });
    return found;
  }

  private eventOf(call: CallEntry, known: Known): Mutable<CallEvent> {
    const args: Record<string, string> = {};
    const names: Record<string, string> = {};
    const reads: Record<string, string> = {};
    const { params } = known.info;
    call.args.forEach((raw, i) => {
      const parameter = params[i];
      const name = parameter?.name === undefined || parameter.name === '' ? `arg${i + 1}` : parameter.name;
      args[name] =
        parameter === undefined ? `0x${BigInt.asUintN(64, raw).toString(16)}` : this.text(raw, parameter.type, known.units[name]);
      const constants = known.constants.get(i);
      if (constants !== undefined) {
        const called = constants.kind === 'bits' ? flagNames(raw, constants.members) : enumeratorName(raw, constants.members);
        if (called !== undefined) names[name] = called;
      }
      if (parameter !== undefined)
        Object.assign(
          reads,
          readScalars(this.options.memory, raw, parameter.type, name, (field) => parameterUnit('', field, undefined)),
        );
    });
    for (const read of this.options.reads?.get(call.function) ?? []) {
      if (read.argument >= call.args.length) continue;
      const value = probeRead(this.options.memory, call.args[read.argument] ?? 0n, read);
      if (value !== undefined) reads[read.name] = value;
    }
    const { log, signals, shutdowns } = this.recording;
    return {
      depth: this.depth,
      function: call.function,
      file: known.file,
      line: known.line,
      ...(call.site === undefined ? {} : { callSite: siteText(call.site) }),
      args,
      units: known.units,
      ...(Object.keys(names).length > 0 ? { names } : {}),
      ...(Object.keys(reads).length > 0 ? { reads } : {}),
      ...returnTypeOf(known.info),
      ...(known.returnsUnit === undefined ? {} : { returnsUnit: known.returnsUnit }),
      kind: call.kind,
      at: log.length + signals.length + shutdowns.length,
    };
  }
}

function emptyRecording(): Recording {
  return { calls: [], log: [], signals: [], shutdowns: [], faults: [], limit: undefined };
}

function returnTypeOf(info: FunctionInfo): { returnType?: string } {
  switch (info.returns.kind) {
    case 'int':
      return { returnType: info.returns.name === '_Bool' ? '8' : String(info.returns.size * 8) };
    case 'pointer':
      return { returnType: 'pointer' };
    default:
      return {};
  }
}

function siteText(site: Place): string {
  return `${site.path}:${site.line}`;
}

function probeRead(memory: Memory, base: bigint, read: ProbeRead): string | undefined {
  if (read.offsets.length === 0) return String(read.signed ? BigInt.asIntN(read.size * 8, base) : BigInt.asUintN(read.size * 8, base));
  let address = base;
  for (const [i, offset] of read.offsets.entries()) {
    address += BigInt(offset);
    if (i < read.offsets.length - 1) {
      const next = peek(memory, address, 8);
      if (next === undefined) return undefined;
      address = next;
    }
  }
  const raw = peek(memory, address, read.size);
  if (raw === undefined) return undefined;
  return String(read.signed ? BigInt.asIntN(read.size * 8, raw) : raw);
}
