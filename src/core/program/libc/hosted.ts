// The few library functions that hosted test programs call (`daxtrace run`): C11 7.21-7.24, nothing of the kernel.
import { defineIntrinsic } from '../../machine/intrinsic.ts';
import type { IntrinsicCall, IntrinsicDefinition, IntrinsicResult } from '../../machine/intrinsic.ts';
import { doubleBits, doubleOf, floatBits, floatOf } from '../../../base/floats.ts';
import { formatPrintf } from './format.ts';

/** What a hosted program leaves behind. */
export interface HostedProgram {
  /** Pieces of standard output in order. */
  readonly output: string[];
}

type Hosted = IntrinsicDefinition<HostedProgram>;

const reason = 'the C library of a hosted program is not part of its source';

function define(file: string, prototype: string, run: Hosted['run']): Hosted {
  return defineIntrinsic<HostedProgram>({ prototype, file, fidelity: 'exact', reason, run });
}

/** Formats from the argument at `first` on; undefined output means a refused conversion. */
function print(call: IntrinsicCall, first: number): { readonly text: string } | IntrinsicResult {
  let next = first + 1;
  const formatted = formatPrintf(call.string(first), {
    next: () => call.u64(next++),
    string: (address, limit) => call.machine.memory.readString(address, limit),
  });
  if (formatted.kind === 'text') return formatted;
  return {
    kind: 'limit',
    limit: { kind: 'model', name: call.name, text: `${call.name}: conversion ${formatted.conversion} is not modelled` },
  };
}

function hasText(value: ReturnType<typeof print>): value is { readonly text: string } {
  return typeof value === 'object' && 'text' in value;
}

function compare(call: IntrinsicCall, limit: number, stopAtNul: boolean): number {
  const { memory } = call.machine;
  for (let i = 0n; i < BigInt(limit); i++) {
    const a = memory.readU8(call.u64(0) + i);
    const b = memory.readU8(call.u64(1) + i);
    if (a !== b) return a < b ? -1 : 1;
    if (stopAtNul && a === 0) return 0;
  }
  return 0;
}

function allocate(call: IntrinsicCall, size: bigint, zeroed: boolean): bigint {
  return call.machine.heap.allocate({ size: Number(size), name: call.name, align: 16, zeroed });
}

/** value * 2 ** exponent; in steps, because the power alone may not be a double. */
function scale(value: number, exponent: number): number {
  const whole = Math.max(-2200, Math.min(2200, exponent));
  const half = Math.trunc(whole / 3);
  return value * 2 ** half * 2 ** half * 2 ** (whole - 2 * half);
}

export const hostedLibrary: readonly Hosted[] = [
  define('stdio.h', 'int printf(const char *format, ...)', (call, program) => {
    const result = print(call, 0);
    if (!hasText(result)) return result;
    program.output.push(result.text);
    return result.text.length;
  }),
  define('stdio.h', 'int sprintf(char *buffer, const char *format, ...)', (call) => {
    const result = print(call, 1);
    if (!hasText(result)) return result;
    call.machine.memory.writeBytes(call.u64(0), Uint8Array.from(Array.from(result.text, (c) => c.charCodeAt(0)).concat(0)));
    return result.text.length;
  }),
  define('stdio.h', 'int snprintf(char *buffer, unsigned long size, const char *format, ...)', (call) => {
    const result = print(call, 2);
    if (!hasText(result)) return result;
    const room = Number(call.u64(1));
    const bytes = Array.from(result.text.slice(0, Math.max(0, room - 1)), (c) => c.charCodeAt(0));
    if (room > 0) call.machine.memory.writeBytes(call.u64(0), Uint8Array.from([...bytes, 0]));
    return result.text.length;
  }),
  define('stdio.h', 'int puts(const char *text)', (call, program) => {
    program.output.push(`${call.string(0)}\n`);
    return 0;
  }),
  define('stdio.h', 'int putchar(int character)', (call, program) => {
    program.output.push(String.fromCharCode(call.u32(0) & 0xff));
    return call.u32(0) & 0xff;
  }),
  define('string.h', 'void *memcpy(void *to, const void *from, unsigned long size)', (call) => {
    call.machine.memory.copy(call.u64(0), call.u64(1), Number(call.u64(2)));
    return call.u64(0);
  }),
  define('string.h', 'void *memmove(void *to, const void *from, unsigned long size)', (call) => {
    call.machine.memory.copy(call.u64(0), call.u64(1), Number(call.u64(2)));
    return call.u64(0);
  }),
  define('string.h', 'void *memset(void *to, int byte, unsigned long size)', (call) => {
    call.machine.memory.fill(call.u64(0), Number(call.u64(2)), call.u32(1) & 0xff);
    return call.u64(0);
  }),
  define('string.h', 'int memcmp(const void *a, const void *b, unsigned long size)', (call) => compare(call, Number(call.u64(2)), false)),
  define('string.h', 'int strcmp(const char *a, const char *b)', (call) => compare(call, Number.MAX_SAFE_INTEGER, true)),
  define('string.h', 'int strncmp(const char *a, const char *b, unsigned long size)', (call) => compare(call, Number(call.u64(2)), true)),
  define('string.h', 'unsigned long strlen(const char *text)', (call) => BigInt(call.machine.memory.stringLength(call.u64(0)))),
  define('string.h', 'char *strcpy(char *to, const char *from)', (call) => {
    call.machine.memory.copy(call.u64(0), call.u64(1), call.machine.memory.stringLength(call.u64(1)) + 1);
    return call.u64(0);
  }),
  define('string.h', 'char *strncpy(char *to, const char *from, unsigned long size)', (call) => {
    const size = Number(call.u64(2));
    const length = call.machine.memory.stringLength(call.u64(1), size);
    call.machine.memory.copy(call.u64(0), call.u64(1), length);
    call.machine.memory.fill(call.u64(0) + BigInt(length), size - length, 0);
    return call.u64(0);
  }),
  define('string.h', 'char *strcat(char *to, const char *from)', (call) => {
    const { memory } = call.machine;
    const end = call.u64(0) + BigInt(memory.stringLength(call.u64(0)));
    memory.copy(end, call.u64(1), memory.stringLength(call.u64(1)) + 1);
    return call.u64(0);
  }),
  define('string.h', 'char *strchr(const char *text, int character)', (call) => {
    const { memory } = call.machine;
    const wanted = call.u32(1) & 0xff;
    for (let at = call.u64(0); ; at++) {
      const byte = memory.readU8(at);
      if (byte === wanted) return at;
      if (byte === 0) return 0n;
    }
  }),
  define('stdlib.h', 'int abs(int value)', (call) => Math.abs(call.s32(0)) | 0),
  define('stdlib.h', 'long labs(long value)', (call) => {
    const value = BigInt.asIntN(64, call.u64(0));
    return value < 0n ? -value : value;
  }),
  ...(['abs', 'sqrt', 'floor', 'ceil', 'trunc'] as const).flatMap((of) => {
    const name = of === 'abs' ? 'fabs' : of;
    // Each of these is exact or correctly rounded in both sizes.
    return [
      define('math.h', `double ${name}(double value)`, (call) => doubleBits(Math[of](doubleOf(call.u64(0))))),
      define('math.h', `float ${name}f(float value)`, (call) => floatBits(Math[of](floatOf(call.s32(0))))),
    ];
  }),
  define('math.h', 'double fmod(double a, double b)', (call) => doubleBits(doubleOf(call.u64(0)) % doubleOf(call.u64(1)))),
  define('math.h', 'double ldexp(double value, int exponent)', (call) => doubleBits(scale(doubleOf(call.u64(0)), call.s32(1)))),
  define('math.h', 'float ldexpf(float value, int exponent)', (call) => floatBits(scale(floatOf(call.s32(0)), call.s32(1)))),
  define('stdlib.h', 'void *malloc(unsigned long size)', (call) => allocate(call, call.u64(0), false)),
  define('stdlib.h', 'void *calloc(unsigned long count, unsigned long size)', (call) => allocate(call, call.u64(0) * call.u64(1), true)),
  define('stdlib.h', 'void free(void *pointer)', (call) => {
    if (call.u64(0) !== 0n) call.machine.heap.free(call.u64(0));
  }),
  define('stdlib.h', 'void exit(int code)', (call) => ({ kind: 'exit', code: call.s32(0) })),
  define('stdlib.h', 'void abort(void)', () => ({ kind: 'fault', fault: { kind: 'bug', text: 'abort() called' } })),
];
