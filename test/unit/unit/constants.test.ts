// Constant expressions and the types of expressions, as gcc 12 has them.

import { describe, expect, test } from 'vitest';
import { describeType } from '../../../src/core/ctype/print.ts';
import { unitOf } from '../../tools/unit-of.ts';

const unit = unitOf(`
typedef unsigned char u8; typedef unsigned int u32; typedef unsigned long u64;
enum e { A, B = 5, C, NEG = -1 }; enum big { HUGE = 0x100000000 }; enum tiny { T = 200 } __attribute__((packed));
struct s { int a; struct { char b[4]; } in[3]; unsigned bit : 3; };
struct s object; extern int array[10]; const int constant = 3; int function(int, ...); int *const pointer;
#define is_constexpr(x) (sizeof(int) == sizeof(*(8 ? ((void *)((long)(x) * 0l)) : (int *)8)))
int constexpr_of_object = is_constexpr(object.a); enum { YES = is_constexpr(5 + B), NO = is_constexpr(object.a) };
`);
const value = (text: string): bigint | undefined => unit.constant(text);
function type(text: string): string {
  const found = unit.typeNamed(`typeof(${text})`);
  return found.kind === 'parsed' ? describeType(found.value) : found.kind === 'refused' ? found.refusal.reason : 'absent';
}

describe('constants', () => {
  test.each([
    ['1 << 31', -2147483648n],
    ['1u << 31', 2147483648n],
    ['-1 < 0u', 0n],
    ['-1L < 0u', 1n],
    ['(u8)-1 + 1', 256n],
    ['-7 / 2', -3n],
    ['-7 % 3', -1n],
    ['0xffffffff + 1', 0n],
    ['4294967295 + 1', 4294967296n],
    ["'\\xff'", -1n],
    ["'ab'", 24930n],
    ['C', 6n],
    ['HUGE >> 32', 1n],
    ['sizeof(enum tiny)', 1n],
    ['sizeof(enum big)', 8n],
    ['sizeof array / sizeof *array', 10n],
    ['__builtin_offsetof(struct s, in[2].b[1])', 13n],
    ['(u64)&((struct s *)0)->in[1]', 8n],
    ['YES', 1n],
    ['NO', 0n],
    ['__builtin_choose_expr(0, object, 7)', 7n],
    ['0 ?: 9', 9n],
    ['1 || object.a', 1n],
    ['sizeof("ab" "c")', 4n],
    ['__builtin_types_compatible_p(int *, const int *)', 0n],
    ['__builtin_types_compatible_p(const int, int)', 1n],
    ['__builtin_types_compatible_p(enum e, int)', 1n],
    ['__builtin_types_compatible_p(char, signed char)', 0n],
    ['_Generic(object.a, long: 1, int: 2)', 2n],
    ['_Generic(&array, default: 3, int (*)[10]: 4)', 4n],
    ['_Generic(constant, int: 5, const int: 6)', 5n],
    ['__builtin_constant_p("x")', 1n],
    ['__builtin_constant_p(object.a)', 0n],
    ['__builtin_bswap32(0x12345678)', 0x78563412n],
  ])('%s', (text, wanted) => expect(value(text)).toBe(wanted));

  test.each(['object.a', 'function(1)', '1 / 0', 'array[0]'])('%s is none', (text) => expect(value(text)).toBeUndefined());

  test('the object-like macros of a text are expanded before it is read', () => {
    const macros = new Map([
      ['SHIFT', '12'],
      ['SIZE', '(1UL << SHIFT)'],
    ]);
    expect(unit.constant('SIZE - 1', (name) => macros.get(name))).toBe(4095n);
  });
});

describe('types of expressions', () => {
  test.each([
    ['1 ? (void *)0 : (int *)0', 'int *'],
    ['1 ? (void *)pointer : pointer', 'void *'],
    ['pointer', 'int *const'],
    ['pointer + 1', 'int *'],
    ['&array', 'int (*)[10]'],
    ['&array[0]', 'int *'],
    ['array', 'int [10]'],
    ['function', 'int (int, ...)'],
    ['&function', 'int (*)(int, ...)'],
    ['*function', 'int (int, ...)'],
    ['(u8)1 + (u8)1', 'int'],
    ['1u + 1L', 'long'],
    ['1ull + 1L', 'unsigned long long'],
    ['sizeof(int)', 'unsigned long'],
    ['&array[3] - array', 'long'],
    ['!object.a', 'int'],
    ['object.bit + 0', 'int'],
    ['constant', 'const int'],
    ['+constant', 'int'],
    ['B', 'int'],
    ['HUGE', 'enum big'],
    ['(enum e)1', 'enum e'],
    ['~(enum e)1', 'int'],
    ['"abc"', 'char [4]'],
    ['(1, 2L)', 'long'],
    ['object', 'struct s'],
    ['object.bit', 'typeof a bit-field'],
  ])('%s', (text, wanted) => expect(type(text)).toBe(wanted));
});
