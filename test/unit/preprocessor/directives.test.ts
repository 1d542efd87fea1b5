// Directives, includes, conditions, lexing and sessions.

import { describe, expect, test } from 'vitest';
import { editable, expand, request, unitOf } from './preprocess-text.ts';

describe('lexing', () => {
  test('spliced lines join inside tokens, strings and comments', () => {
    expect(expand('ab\\\ncd "x\\\ny" // c \\\n d\n e /* \n */ f')).toBe('abcd "xy" e f');
  });
  test('the place after a splice is still true', () => {
    expect(unitOf('ab\\\ncd ef').tokens.place(1)).toEqual({ path: 'a.c', line: 2, column: 4 });
  });
  test('numbers, longest punctuators, prefixed strings', () => {
    expect(expand('0x1.p+3 1..2 a+++b x<<=y ...--> L"w" u8"é" L\'c\' .5e-3')).toBe(
      '0x1.p+3 1..2 a ++ + b x <<= y ... -- > L"w" u8"é" L\'c\' .5e-3',
    );
  });
  test('text in a false branch need not be C', () => {
    expect(unitOf('#if 0\ndon\'t #error "\n#endif\nok').problems).toEqual([]);
  });
});

describe('conditions', () => {
  const holds = (condition: string): boolean => expand(`#if ${condition}\nyes\n#else\nno\n#endif`) === 'yes';
  test('arithmetic is done in 64 bits, unsigned as soon as one operand is', () => {
    expect(holds('-1 > 0u')).toBe(true);
    expect(holds('-1 < 0')).toBe(true);
    expect(holds('0xffffffffffffffff == -1')).toBe(true);
    expect(holds('(1 << 63) < 0 && (-8 >> 1) == -4')).toBe(true);
    expect(holds("'\\xff' < 0 && 'ab' == 24930")).toBe(true);
  });
  test('the branch not taken of ?: && || is not evaluated', () => {
    expect(holds('1 || 1 / 0')).toBe(true);
    expect(holds('0 && (1 / 0)')).toBe(false);
    expect(holds('1 ? 2 : 1 / 0')).toBe(true);
  });
  test('defined works through macros and is not expanded', () => {
    expect(expand('#define A\n#define B defined(A) && !defined C\n#if B\nyes\n#endif')).toBe('yes');
  });
  test('a bad expression is a problem with its line', () => {
    const [problem] = unitOf('\n#if 1 +\n#endif').problems;
    expect(problem).toMatchObject({ kind: 'directive', at: { path: 'a.c', line: 2 } });
  });
  test('only the first true branch is taken', () => {
    expect(expand('#if 0\na\n#elif 1\nb\n#elif 1\nc\n#else\nd\n#endif')).toBe('b');
  });
  test('an open #if is reported', () => {
    expect(unitOf('#if 1\nx').problems[0]?.message).toBe('unterminated #if');
  });
  test('__has_include and __has_attribute answer', () => {
    expect(
      expand({
        'a.c':
          '#if __has_include(<b.h>) && !__has_include("c.h")\nyes\n#endif\n#if __has_attribute(__cold__) && !__has_attribute(no_such)\nyes\n#endif',
        'inc/b.h': '',
      }),
    ).toBe('yes yes');
  });
});

describe('includes', () => {
  test('quotes look beside the includer, then along the folders; brackets only along the folders', () => {
    expect(expand({ 'a.c': '#include "b.h"\n#include <b.h>', 'b.h': 'beside', 'inc/b.h': 'folder' })).toBe('beside folder');
  });
  test('include_next goes on after the folder of the current file', () => {
    expect(expand({ 'a.c': '#include <b.h>', 'inc/b.h': '1\n#include_next <b.h>', 'inc2/b.h': '2' })).toBe('1 2');
  });
  test('guards and #pragma once keep a file from being read twice', () => {
    expect(
      expand({
        'a.c': '#include "g.h"\n#include "g.h"\n#include "o.h"\n#include "o.h"',
        'g.h': '#ifndef G\n#define G\n1\n#endif\n',
        'o.h': '#pragma once\n2',
      }),
    ).toBe('1 2');
  });
  test('computed includes', () => {
    expect(expand({ 'a.c': '#define P(x) <dir/x.h>\n#include P(b)\n#define Q "c.h"\n#include Q', 'inc/dir/b.h': 'b', 'c.h': 'c' })).toBe(
      'b c',
    );
  });
  test('a missing file is a problem with its place, and the rest is read', () => {
    const unit = unitOf('#include <linux/none.h>\nint x;');
    expect(unit.problems).toMatchObject([{ kind: 'missing-include', at: { path: 'a.c', line: 1 }, message: 'linux/none.h: no such file' }]);
    expect(unit.tokens.length).toBe(3);
  });
  test('endless recursion ends as a problem', () => {
    expect(unitOf('#include "a.c"').problems[0]?.message).toContain('nested 200 deep');
  });
  test('#error is reported where it stands', () => {
    expect(unitOf({ 'a.c': '#include "b.h"', 'b.h': '\n#error no   luck' }).problems).toMatchObject([
      { kind: 'error-directive', at: { path: 'b.h', line: 2 }, message: '#error no luck' },
    ]);
  });
});

describe('sessions', () => {
  const files = (): Map<string, string> =>
    new Map([
      ['a.c', '#include "b.h"\nint a = N;'],
      ['b.h', '#define N 1\nint b;'],
    ]);
  test('an edit below the include block keeps the prefix and its identity', () => {
    const texts = files();
    const session = editable(texts);
    const before = session.preprocess(request);
    texts.set('a.c', '#include "b.h"\nint a = N + __LINE__;');
    session.changed('a.c');
    const after = session.preprocess(request);
    expect(after?.tokens.text(0, 99)).toBe('int b ; int a = 1 + 2 ;');
    expect(after?.prefix.tokens).toBe(3);
    expect(after?.prefix.identity).toBe(before?.prefix.identity);
    expect(after?.tokens.place(0)).toEqual({ path: 'b.h', line: 2, column: 1 });
    expect(before?.tokens.text(0, 99)).toBe('int b ; int a = 1 ;');
  });
  test('an edit of a header is seen by the units that include it', () => {
    const texts = files();
    const session = editable(texts);
    session.preprocess(request);
    texts.set('b.h', '#define N 2\n');
    session.changed('b.h');
    expect(session.preprocess(request)?.tokens.text(0, 99)).toBe('int a = 2 ;');
  });
  test('after many edits above and below the include block macros and places are those of the new text', () => {
    const texts = files();
    const session = editable(texts);
    for (let n = 0; n < 200; n++) {
      // Every tenth edit changes what stands before the include, which later edits go on from.
      const above = Math.floor(n / 10);
      texts.set('a.c', `#define A ${above}\n#include "b.h"\n#define B ${n}\n\nint a = A + B + N;`);
      if (n % 7 === 0) {
        texts.set('b.h', `#define N ${n}\nint b;`);
        session.changed('b.h');
      }
      session.changed('a.c');
      const unit = session.preprocess(request);
      expect(unit?.tokens.text(0, 99)).toBe(`int b ; int a = ${above} + ${n} + ${n - (n % 7)} ;`);
      expect(unit?.tokens.place(0)).toEqual({ path: 'b.h', line: 2, column: 1 });
      expect(unit?.tokens.place(3)).toEqual({ path: 'a.c', line: 5, column: 1 });
      expect([unit?.macro('A')?.body, unit?.macro('B')?.body]).toEqual([String(above), String(n)]);
    }
  });
  test('a header that appears is found', () => {
    const texts = new Map([['a.c', '#include <n.h>\nN']]);
    const session = editable(texts);
    expect(session.preprocess(request)?.problems.length).toBe(1);
    texts.set('inc/n.h', '#define N 5');
    session.changed('inc/n.h');
    expect(session.preprocess(request)?.tokens.text(0, 9)).toBe('5');
  });
  test('the macros at the end of a unit can be asked for', () => {
    const unit = unitOf('#define f(a, rest...) a + rest\n#define gone 1\n#undef gone\n');
    expect(unit.macro('f')).toEqual({
      name: 'f',
      at: { path: 'a.c', line: 1, column: 9 },
      parameters: ['a', 'rest'],
      variadic: true,
      body: 'a + rest',
    });
    expect(unit.macro('gone')).toBeUndefined();
    expect(unit.macro('never_seen')).toBeUndefined();
  });
});
