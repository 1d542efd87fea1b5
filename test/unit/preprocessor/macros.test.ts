// Macro expansion; every expected text was compared with gcc 12 -E -P -std=gnu11.

import { describe, expect, test } from 'vitest';
import { expand, unitOf } from './preprocess-text.ts';

describe('replacement', () => {
  test('a function-like name without parenthesis stands for itself', () => {
    expect(expand('#define f(x) [x]\nf f (1) f\n(2) f')).toBe('f [ 1 ] [ 2 ] f');
  });
  test('a macro is not expanded inside its own expansion', () => {
    expect(expand('#define foo foo a\n#define x y\n#define y x\nfoo x y')).toBe('foo a x y');
  });
  test('a name left behind by a finished expansion may be expanded again', () => {
    expect(expand('#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)')).toBe('2 * 9 * g');
  });
  test('arguments are expanded once on their own and again in the result', () => {
    expect(expand('#define x 3\n#define f(a) f(x * (a))\n#define z z[0]\nf(f)(1) f(z)')).toBe(
      'f ( 3 * ( f ) ) ( 1 ) f ( 3 * ( z [ 0 ] ) )',
    );
  });
  test('commas inside parentheses do not separate arguments', () => {
    expect(expand('#define two(a, b) <a|b>\ntwo((1, 2), f(3, 4))')).toBe('< ( 1 , 2 ) | f ( 3 , 4 ) >');
  });
  test('directives among the arguments are obeyed', () => {
    expect(expand('#define f(a, b) a b\nf(1,\n#ifdef NO\n2\n#else\n3\n#endif\n)')).toBe('1 3');
  });
});

describe('# and ##', () => {
  test('# keeps one blank where the argument had any, and escapes quotes and backslashes in literals', () => {
    expect(expand('#define s(x) #x\ns(  a   +b "q\\n" \'\\0\' )')).toBe('"a +b \\"q\\\\n\\" \'\\\\0\'"');
  });
  test('# takes the argument as written, an outer macro makes it expanded', () => {
    expect(expand('#define s1(x...) #x\n#define s(x...) s1(x)\n#define N 4\ns1(N) s(N) s(a,N , b)')).toBe('"N" "4" "a,4 , b"');
  });
  test('## builds names from unexpanded arguments', () => {
    expect(expand('#define A 1\n#define cat(a, b) a ## b\n#define A1 yes\ncat(A, 1) cat(, x) cat(x,) cat(+, =)')).toBe('yes x x +=');
  });
  test('## that makes no token leaves both operands and is reported', () => {
    const unit = unitOf('#define cat(a, b) a ## b\ncat(+, x)');
    expect(unit.tokens.text(0, 9)).toBe('+ x');
    expect(unit.problems[0]?.message).toContain('pasting "+" and "x"');
  });
  test('# without a parameter makes the definition invalid', () => {
    expect(unitOf('#define f(x) # y\n').problems[0]?.message).toBe("'#' is not followed by a macro parameter");
  });
});

describe('variadic macros', () => {
  test('GNU comma goes with a missing argument and stays with an empty one', () => {
    expect(expand('#define p(f, ...) p(f, ## __VA_ARGS__)\np(1) p(1,) p(1, 2, 3)')).toBe('p ( 1 ) p ( 1 , ) p ( 1 , 2 , 3 )');
  });
  test('GNU comma before the only parameter goes when nothing is passed', () => {
    expect(expand('#define p(x...) p(0, ## x)\np() p(a)')).toBe('p ( 0 ) p ( 0 , a )');
  });
  test('named rest parameters', () => {
    expect(expand('#define e(fmt, args...) e2(fmt, args)\ne(1, 2, 3)')).toBe('e2 ( 1 , 2 , 3 )');
  });
  test('__VA_OPT__ is there when the rest is', () => {
    expect(expand('#define f(a, ...) g(a __VA_OPT__(, [) __VA_ARGS__)\nf(1) f(1,) f(1, 2)')).toBe('g ( 1 ) g ( 1 ) g ( 1 , [ 2 )');
  });
});

describe('computed macros', () => {
  test('__LINE__ is the line of the outermost macro, but in an argument its own', () => {
    expect(expand('#define L() __LINE__\n#define F(x) x L()\nF(\n__LINE__\n)')).toBe('4 3');
  });
  test('__COUNTER__ counts', () => {
    expect(expand('#define c __COUNTER__\nc c c')).toBe('0 1 2');
  });
  test('__FILE__ names the file as it was searched', () => {
    expect(expand({ 'a.c': '#include <sub/../b.h>\n__FILE__', 'inc/b.h': '__FILE__ __INCLUDE_LEVEL__' })).toBe('"inc/sub/../b.h" 1 "a.c"');
  });
  test('_Pragma leaves no token, except for pack', () => {
    expect(expand('#define q _Pragma("GCC diagnostic push") 1\nq _Pragma("pack(1)") 2')).toBe('1 #pragma pack(1) 2');
  });
});

describe('origins', () => {
  const unit = unitOf('#define inner(x) (x + 1)\n#define outer(x) inner(x)\nint a =\n outer(b);');
  const at = (text: string): number => {
    for (let i = 0; i < unit.tokens.length; i++) if (unit.tokens.spelling(i) === text) return i;
    throw new Error(`no ${text}`);
  };
  test('a token of a macro body has the place of the outermost macro name', () => {
    expect(unit.tokens.place(at('+'))).toEqual({ path: 'a.c', line: 4, column: 2 });
    expect(unit.tokens.spelledAt(at('+'))).toEqual({ path: 'a.c', line: 1, column: 21 });
    expect(unit.tokens.origin(at('+')).map((o) => o.macro)).toEqual(['inner', 'outer']);
  });
  test('an argument keeps its own place', () => {
    expect(unit.tokens.place(at('b'))).toEqual({ path: 'a.c', line: 4, column: 8 });
  });
});
