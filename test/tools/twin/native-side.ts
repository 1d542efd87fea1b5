// The native half of the twin: compiles the functions that the machine ran, and runs recorded calls in a child process.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { sizeOf } from '../../../src/core/ctype/layout.ts';
import type { CType } from '../../../src/core/ctype/types.ts';
import type { FunctionEntry } from '../../../src/core/program/functions.ts';
import { returnsInMemory } from '../../../src/core/lower/records.ts';
import type { UnitCache } from '../../../src/core/session/unit-cache.ts';
import { emitUnit } from './emit.ts';
import { isPlain, type MachineSide, type PageCopy, type RecordedCall } from './machine-side.ts';
import { Words } from './recording.ts';

const FLAGS = [
  ...['-std=gnu11', '-w', '-c', '-ffreestanding', '-fno-pie', '-fno-pic', '-mcmodel=small', '-fno-strict-aliasing', '-fwrapv'],
  ...['-fno-common', '-fshort-wchar', '-fno-delete-null-pointer-checks', '-fno-stack-protector', '-fcf-protection=none'],
  ...['-fno-asynchronous-unwind-tables', '-mno-red-zone', '-mgeneral-regs-only', '-pg', '-mfentry', '-fno-inline'],
  ...['-fno-ipa-cp', '-fno-optimize-sibling-calls'],
];
const Message = { Tables: 1, Load: 2, Relocate: 3, World: 4, Event: 5 } as const;
const Kind = { interpreted: 0, intrinsic: 1, plain: 2, other: 3 } as const;
const NOWHERE = 255;
const REGISTERS = 6;

/** True when a C compiler answers. */
export function hasCompiler(): boolean {
  return spawnSync('gcc', ['--version']).status === 0;
}

/** How the native side fared with one call. */
export interface NativeAnswer {
  readonly kind: 'same' | 'different' | 'limit';
  /** Calls, results and intrinsics that were compared. */
  readonly operations: number;
  readonly bytes: number;
  /** Calls without effect that came in another order, as C allows for operands. */
  readonly reordered: number;
  readonly text: string;
}

export interface NativeOptions {
  /** -O level of gcc for the kernel's code. */
  readonly optimise: string;
  readonly unsignedChar: boolean;
  /** Changes the text of a unit before it is compiled: to see that a difference is found. */
  readonly mutate?: (path: string, text: string) => string;
}

function cacheFolder(): string {
  const xdg = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(process.env['DAXTRACE_CACHE'] ?? join(xdg, 'daxtrace'), 'twin');
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch {
    return tmpdir();
  }
}

/** Compiles once for each content. */
function compiled(name: string, args: readonly string[], inputs: readonly string[], texts: readonly string[]): string {
  const hash = createHash('sha1');
  for (const text of [...args, ...texts]) hash.update(text).update('\0');
  const output = join(cacheFolder(), `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(output)) return output;
  const scratch = `${output}.${process.pid}`;
  const done = spawnSync('gcc', [...args, '-o', scratch, ...inputs], { encoding: 'utf8', input: texts[0] ?? '' });
  if (done.status !== 0) throw new Error(`gcc: ${name}: ${done.stderr.slice(0, 4000)}`);
  renameSync(scratch, output);
  return output;
}

function runner(): string {
  const folder = join(import.meta.dirname, 'native');
  const files = ['main.c', 'loader.c', 'replay.c'].map((f) => join(folder, f));
  const texts = ['', ...files.map((f) => readFileSync(f, 'utf8')), readFileSync(join(folder, 'twin.h'), 'utf8')];
  return compiled('runner', ['-O1', '-g', '-w', '-static', '-no-pie', '-fno-pie', '-mgeneral-regs-only'], files, texts);
}

export class NativeSide {
  private readonly machine: MachineSide;
  private readonly units: UnitCache;
  private readonly options: NativeOptions;
  private child: ChildProcess | undefined;
  private lines: Interface | undefined;
  private answers: AsyncIterator<string> | undefined;
  /** Compiled units, for as long as no function joins them. */
  private readonly files = new Map<string, string>();
  /** Functions with a native body, by unit. */
  private readonly built = new Map<string, Set<string>>();
  private sentStrings = 0;
  /** How often the child was started: each time functions joined. */
  starts = 0;
  private readonly kinds = new Map<number, number>();
  private readonly sentObjects = new Set<string>();
  private world: readonly PageCopy[] = [];

  constructor(machine: MachineSide, units: UnitCache, options: NativeOptions) {
    this.machine = machine;
    this.units = units;
    this.options = options;
  }

  get compiledFunctions(): number {
    return [...this.built.values()].reduce((n, names) => n + names.size, 0);
  }

  get compiledUnits(): number {
    return this.built.size;
  }

  /** The world that calls start from. */
  setWorld(pages: readonly PageCopy[]): void {
    this.world = pages;
    if (this.child !== undefined) this.sendWorld();
  }

  private sendWorld(): void {
    const words = new Words();
    pushPages(words, this.world);
    this.send(Message.World, words);
  }

  /** Runs a call as the machine recorded it. */
  async run(call: RecordedCall): Promise<NativeAnswer> {
    await this.prepare();
    const words = new Words();
    words.push(call.id, call.args.length, ...call.args);
    pushPages(words, call.extra);
    words.push(call.zero.length, ...call.zero, call.ops.length);
    words.append(call.ops);
    words.push(call.changed.length);
    for (const page of call.changed) {
      words.push(page.address);
      words.pushBytes(page.bytes);
      words.pushBytes(page.shadow);
    }
    this.send(Message.Event, words);
    const line = await this.answer();
    const match = /^(same|different|limit) (\d+) (\d+) (\d+) (.*)$/.exec(line);
    if (match === null) {
      this.stop();
      return { kind: 'different', operations: 0, bytes: 0, reordered: 0, text: line };
    }
    return {
      kind: match[1] as NativeAnswer['kind'],
      operations: Number(match[2]),
      bytes: Number(match[3]),
      reordered: Number(match[4]),
      text: match[5] ?? '',
    };
  }

  stop(): void {
    this.lines?.close();
    this.child?.stdin?.end();
    this.child?.kill();
    this.child = undefined;
    this.lines = undefined;
    this.answers = undefined;
  }

  // ---- building ---------------------------------------------------------------------------------------------------

  /** Compiles what the machine ran meanwhile, and tells the child what it has to know. */
  private async prepare(): Promise<void> {
    const changed = this.newBodies();
    if (changed.size > 0) this.stop();
    if (this.child === undefined) this.start();
    if (this.sendTables()) {
      this.send(Message.Relocate, new Words());
      const line = await this.answer();
      if (line !== 'ready') throw new Error(`native side: ${line}`);
    }
  }

  /** Units with functions that the machine lowered since the last time. */
  private newBodies(): ReadonlySet<string> {
    const changed = new Set<string>();
    for (const entry of this.machine.functions) {
      if (entry.resolved?.kind !== 'lowered' || entry.home === undefined) continue;
      const { path } = entry.home;
      let names = this.built.get(path);
      if (names === undefined) this.built.set(path, (names = new Set()));
      const name = homeName(entry);
      if (names.has(name)) continue;
      names.add(name);
      changed.add(path);
      this.files.delete(path);
    }
    return changed;
  }

  private start(): void {
    this.starts++;
    const child = spawn(runner(), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child = child;
    child.stdin.on('error', () => undefined);
    this.lines = createInterface({ input: child.stdout });
    this.answers = this.lines[Symbol.asyncIterator]();
    this.sentStrings = 0;
    this.kinds.clear();
    this.sentObjects.clear();
    for (const [path, names] of this.built) {
      const words = new Words();
      words.pushText(path);
      words.pushText(this.compile(path, names));
      this.send(Message.Load, words);
    }
    this.sendWorld();
  }

  private compile(path: string, names: ReadonlySet<string>): string {
    let file = this.files.get(path);
    if (file === undefined) this.files.set(path, (file = this.compileAnew(path, names)));
    return file;
  }

  private compileAnew(path: string, names: ReadonlySet<string>): string {
    const unit = this.units.load(path);
    if (unit === undefined) throw new Error(`no unit ${path}`);
    let text = emitUnit(unit.unit, names);
    if (this.options.mutate !== undefined) text = this.options.mutate(path, text);
    const flags = [...FLAGS, `-O${this.options.optimise}`, this.options.unsignedChar ? '-funsigned-char' : '-fsigned-char', '-x', 'c', '-'];
    if (process.env['DAXTRACE_TWIN_KEEP'] !== undefined)
      writeFileSync(join(process.env['DAXTRACE_TWIN_KEEP'], path.replaceAll('/', '_')), text);
    return compiled(path.replaceAll('/', '_').replace(/\.c$/, '.o'), flags, [], [text]);
  }

  private sendTables(): boolean {
    const { functions } = this.machine;
    const rows: Words[] = [];
    functions.forEach((entry, id) => {
      const kind = kindOf(entry);
      if (this.kinds.get(id) === kind || id === 0) return;
      this.kinds.set(id, kind);
      rows.push(functionRow(entry, id, kind));
    });
    const objects = [...this.machine.objects()].filter(({ name, unit }) => !this.sentObjects.has(`${unit}\n${name}`));
    const strings = [...this.machine.strings].slice(this.sentStrings);
    if (rows.length === 0 && objects.length === 0 && strings.length === 0) return false;
    const words = new Words();
    words.push(rows.length);
    for (const row of rows) words.append(row);
    words.push(objects.length);
    for (const { name, unit, address } of objects) {
      this.sentObjects.add(`${unit}\n${name}`);
      words.pushText(name);
      words.pushText(unit);
      words.push(address);
    }
    words.push(strings.length);
    for (const [text, address] of strings) {
      words.push(address, text.length);
      words.pushBytes(Uint8Array.from(text, (c) => c.charCodeAt(0)));
    }
    this.sentStrings += strings.length;
    this.send(Message.Tables, words);
    return true;
  }

  // ---- the child --------------------------------------------------------------------------------------------------

  private send(kind: number, words: Words): void {
    const bytes = words.bytes();
    this.child?.stdin?.write(new Uint8Array(BigUint64Array.of(BigInt(kind), BigInt(bytes.length)).buffer));
    if (bytes.length > 0) this.child?.stdin?.write(bytes.slice());
  }

  private async answer(): Promise<string> {
    const next = await this.answers?.next();
    return next === undefined || next.done === true ? 'the native side ended' : next.value;
  }
}

function pushPages(words: Words, pages: readonly PageCopy[]): void {
  words.push(pages.length);
  for (const page of pages) {
    words.push(page.address);
    words.pushBytes(page.bytes);
  }
}

/** Name of the body that runs: an alias has its target's. */
function homeName(entry: FunctionEntry): string {
  return entry.resolved?.kind === 'lowered' ? entry.resolved.fn.name : entry.name;
}

function kindOf(entry: FunctionEntry): number {
  if (isPlain(entry.name)) return Kind.plain;
  if (entry.resolved === undefined) return Kind.other;
  return entry.resolved.kind === 'lowered' ? Kind.interpreted : entry.resolved.kind === 'intrinsic' ? Kind.intrinsic : Kind.other;
}

function bitsOf(type: CType): number {
  if (type.kind === 'void') return 0;
  if (type.kind === 'int') return type.name === '_Bool' ? 8 : Math.min(type.size, 8) * (type.signed ? -8 : 8);
  const size = type.kind === 'record' ? (sizeOf(type) ?? 8) : 8;
  return size < 8 && size > 0 ? size * 8 : 64;
}

/** Where the System V calling convention puts each argument. */
function functionRow(entry: FunctionEntry, id: number, kind: number): Words {
  const row = new Words(32);
  const type = entry.ref?.type;
  const places: { readonly at: number; readonly bits: number }[] = [];
  let register = 0;
  let slot = 0;
  const next = (): number => (register < REGISTERS ? register++ : REGISTERS + slot++);
  if (type !== undefined) {
    if (returnsInMemory(type.returns)) places.push({ at: (sizeOf(type.returns) ?? 0) > 16 ? next() : NOWHERE, bits: 64 });
    for (const param of type.params) {
      const size = sizeOf(param) ?? 8;
      const isBig = (param.kind === 'record' || param.kind === 'int') && size > 8;
      if (!isBig) {
        places.push({ at: size === 0 ? NOWHERE : next(), bits: bitsOf(param) });
        continue;
      }
      places.push({ at: NOWHERE, bits: 64 });
      if (size <= 16 && register + 2 <= REGISTERS) register += 2;
      else slot += Math.ceil(size / 8);
    }
  }
  const returns = type === undefined || returnsInMemory(type.returns) ? 0 : bitsOf(type.returns);
  row.push(id, kind, returns, places.length);
  for (const { at, bits } of places) row.push(BigInt(at) | (BigInt.asUintN(16, BigInt(bits)) << 8n));
  row.pushText(entry.name);
  row.pushText(entry.isStatic ? (entry.from?.path ?? '') : '');
  return row;
}
