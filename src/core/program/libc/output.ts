// printf and its family for hosted programs: bytes of standard output and standard error.
import type { IntrinsicCall, IntrinsicDefinition, IntrinsicResult } from '../../machine/intrinsic.ts';
import { defineIntrinsic } from '../../machine/intrinsic.ts';
import { VaListSource } from '../../machine/va-list.ts';
import { formatPrintf, type FormatArguments } from './format.ts';

/** What a hosted program leaves behind. */
export interface HostedProgram {
  /** Pieces of standard output in order; a character is a byte. */
  readonly output: string[];
  /** The same of standard error. */
  readonly errors: string[];
  /** Called by exit() while the program's functions are still there. */
  atExit?(): void;
}

type Hosted = IntrinsicDefinition<HostedProgram>;

function define(file: string, prototype: string, run: Hosted['run']): Hosted {
  const reason = 'what a hosted program prints is its result';
  return defineIntrinsic<HostedProgram>({ prototype, file, fidelity: 'exact', reason, run });
}

/** Bytes as a text of one character each. */
function characters(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** What the pieces of a stream say, read as UTF-8. */
export function textOf(pieces: readonly string[]): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesOf(pieces.join('')));
}

/** Bytes up to the NUL, at most `limit` of them. */
function cString(call: IntrinsicCall, address: bigint, limit?: number): string {
  const { memory } = call.machine;
  return characters(memory.readBytes(address, memory.stringLength(address, limit)));
}

/** Formats what `next` gives; otherwise a refused conversion. */
function format(call: IntrinsicCall, formatAt: number, next: () => bigint): { readonly text: string } | IntrinsicResult {
  const args: FormatArguments = { next, string: (address, limit) => cString(call, address, limit) };
  const formatted = formatPrintf(cString(call, call.u64(formatAt)), args);
  if (formatted.kind === 'text') return formatted;
  return {
    kind: 'limit',
    limit: { kind: 'model', name: call.name, text: `${call.name}: conversion ${formatted.conversion} is not modelled` },
  };
}

/** The arguments behind the format. */
function variadic(call: IntrinsicCall, formatAt: number): () => bigint {
  let next = formatAt + 1;
  return () => call.u64(next++);
}

const fromList = (call: IntrinsicCall, at: number): (() => bigint) => {
  const list = new VaListSource(call.machine.memory, call.u64(at));
  return () => list.next();
};

function hasText(value: ReturnType<typeof format>): value is { readonly text: string } {
  return typeof value === 'object' && 'text' in value;
}

/** Writes a formatted text into a buffer of so many bytes. */
function store(call: IntrinsicCall, room: bigint, result: ReturnType<typeof format>): IntrinsicResult {
  if (!hasText(result)) return result;
  const { text } = result;
  const kept = room > BigInt(text.length) ? text : text.slice(0, Math.max(0, Number(room) - 1));
  if (room > 0n) call.machine.memory.writeBytes(call.u64(0), bytesOf(`${kept}\0`));
  return text.length;
}

const unbounded = 1n << 40n;

function streamOf(program: HostedProgram, descriptor: number): string[] {
  return descriptor === 2 ? program.errors : program.output;
}

export const outputLibrary: readonly Hosted[] = [
  define('stdio.h', 'int printf(const char *format, ...)', (call, program) => {
    const result = format(call, 0, variadic(call, 0));
    if (!hasText(result)) return result;
    program.output.push(result.text);
    return result.text.length;
  }),
  define('stdio.h', 'int __hosted_print(int descriptor, const char *format, __builtin_va_list list)', (call, program) => {
    const result = format(call, 1, fromList(call, 2));
    if (!hasText(result)) return result;
    streamOf(program, call.s32(0)).push(result.text);
    return result.text.length;
  }),
  define('stdio.h', 'int __hosted_write(int descriptor, const void *bytes, unsigned long size)', (call, program) => {
    streamOf(program, call.s32(0)).push(characters(call.machine.memory.readInitialised(call.u64(1), Number(call.u64(2)))));
    return Number(call.u64(2));
  }),
  define('stdio.h', 'int sprintf(char *buffer, const char *format, ...)', (call) =>
    store(call, unbounded, format(call, 1, variadic(call, 1))),
  ),
  define('stdio.h', 'int snprintf(char *buffer, unsigned long size, const char *format, ...)', (call) =>
    store(call, call.u64(1), format(call, 2, variadic(call, 2))),
  ),
  define('stdio.h', 'int vsnprintf(char *buffer, unsigned long size, const char *format, __builtin_va_list list)', (call) =>
    store(call, call.u64(1), format(call, 2, fromList(call, 3))),
  ),
  ...['printk', '_printk'].map((name) =>
    define('linux/printk.h', `int ${name}(const char *format, ...)`, (call, program) => {
      const result = format(call, 0, variadic(call, 0));
      if (!hasText(result)) return result;
      // The level in front (KERN_ERR) is no part of the message.
      program.errors.push(result.text.replace(/^(?:\x01.)+/, ''));
      return result.text.length;
    }),
  ),
  define('stdio.h', 'int puts(const char *text)', (call, program) => {
    program.output.push(`${cString(call, call.u64(0))}\n`);
    return 0;
  }),
  define('stdio.h', 'int putchar(int character)', (call, program) => {
    program.output.push(String.fromCharCode(call.u32(0) & 0xff));
    return call.u32(0) & 0xff;
  }),
];
