// The functions of the C library that the machine does itself for hosted programs (`daxtrace run`): C11 7.21-7.24, nothing of the kernel.
import { doubleBits, doubleOf, floatBits, floatOf } from '../../../base/floats.ts';
import type { IntrinsicCall, IntrinsicDefinition } from '../../machine/intrinsic.ts';
import { defineIntrinsic } from '../../machine/intrinsic.ts';
import { stopWithFault } from '../../machine/outcome.ts';
import { outputLibrary, type HostedProgram } from './output.ts';

type Hosted = IntrinsicDefinition<HostedProgram>;

const reason = 'the C library of a hosted program is not part of its source';

function define(file: string, prototype: string, run: Hosted['run']): Hosted {
  return defineIntrinsic<HostedProgram>({ prototype, file, fidelity: 'exact', reason, run });
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

/** More than any run may touch: malloc() of it gives NULL. */
const MOST = 64n << 20n;

function allocate(call: IntrinsicCall, size: bigint, zeroed: boolean, align = 16): bigint {
  if (size > MOST) return 0n;
  return call.machine.heap.allocate({ size: Number(size), name: `malloc-${size}`, align, zeroed });
}

/** Bytes of a block that realloc() is given; a block that is no live one is a fault, as in free(). */
function sizeOfBlock(call: IntrinsicCall): bigint {
  const { heap } = call.machine;
  const size = heap.sizeOf(call.u64(0));
  if (size !== undefined) return BigInt(size);
  heap.free(call.u64(0));
  return stopWithFault({ kind: 'bad-free', text: `BUG: KASAN: invalid-free of address ${call.u64(0).toString(16)}` });
}

/** value * 2 ** exponent; in steps, because the power alone may not be a double. */
function scale(value: number, exponent: number): number {
  const whole = Math.max(-2200, Math.min(2200, exponent));
  const half = Math.trunc(whole / 3);
  return value * 2 ** half * 2 ** half * 2 ** (whole - 2 * half);
}

/** strtod(): the longest prefix that is a decimal number. */
function parseNumber(call: IntrinsicCall): bigint {
  const { memory } = call.machine;
  const text = call.string(0);
  const found = /^[ \t\n\v\f\r]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(text);
  if (call.u64(1) !== 0n) memory.writeU64(call.u64(1), call.u64(0) + BigInt(found?.[0].length ?? 0));
  return doubleBits(Number(found?.[1] ?? 0));
}

const memoryLibrary: readonly Hosted[] = [
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
  define('string.h', 'int bcmp(const void *a, const void *b, unsigned long size)', (call) => compare(call, Number(call.u64(2)), false)),
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
];

const numberLibrary: readonly Hosted[] = [
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
  define('stdlib.h', 'double __hosted_number(const char *text, char **end)', parseNumber),
];

const blockLibrary: readonly Hosted[] = [
  define('stdlib.h', 'void *malloc(unsigned long size)', (call) => allocate(call, call.u64(0), false)),
  define('stdlib.h', 'void *calloc(unsigned long count, unsigned long size)', (call) => allocate(call, call.u64(0) * call.u64(1), true)),
  define('stdlib.h', 'void *__hosted_allocate(unsigned long align, unsigned long size)', (call) =>
    allocate(call, call.u64(1), false, Math.max(16, Math.min(Number(call.u64(0)), 1 << 20))),
  ),
  define('stdlib.h', 'unsigned long __hosted_size(void *block)', sizeOfBlock),
  define('malloc.h', 'unsigned long malloc_usable_size(void *block)', (call) => (call.u64(0) === 0n ? 0n : sizeOfBlock(call))),
  define('stdlib.h', 'void free(void *pointer)', (call) => {
    if (call.u64(0) !== 0n) call.machine.heap.free(call.u64(0));
  }),
];

const endLibrary: readonly Hosted[] = [
  define('stdlib.h', 'void __hosted_exit(int code)', (call, program) => {
    program.atExit?.();
    return { kind: 'exit', code: call.s32(0) };
  }),
  define('stdlib.h', 'void abort(void)', () => ({ kind: 'fault', fault: { kind: 'bug', text: 'abort() called' } })),
  define('assert.h', 'void __hosted_assertion(const char *text, const char *function)', (call) => ({
    kind: 'fault',
    fault: { kind: 'bug', text: `assertion '${call.string(0)}' failed in ${call.string(1)}` },
  })),
];

export const hostedLibrary: readonly Hosted[] = [...outputLibrary, ...memoryLibrary, ...numberLibrary, ...blockLibrary, ...endLibrary];
