// Names at file scope: found at token level, merged over their declarations, initialisers flattened.

import { describe, expect, test } from 'vitest';
import { describeType } from '../../../src/core/ctype/print.ts';
import { gccDefinitions } from '../../../src/core/preprocessor/profile/gcc-x86-64.ts';
import { PreprocessorSession } from '../../../src/core/preprocessor/session.ts';
import { TranslationUnit } from '../../../src/core/unit/unit.ts';
import { unitOf } from '../../tools/unit-of.ts';

function initialiser(text: string): string {
  const found = unitOf(text).initialiser('x');
  if (found.kind !== 'parsed') return found.kind === 'refused' ? found.refusal.reason : 'absent';
  const items = found.value.items.map(({ offset, value }) => {
    if (value.kind === 'int') return `${offset}=${value.value}`;
    if (value.kind === 'load' && value.place.kind === 'string')
      return `${offset}="${String.fromCharCode(...value.place.bytes.filter((b) => b !== 0))}"`;
    return `${offset}:${value.kind}`;
  });
  return `${found.value.size}: ${items.join(' ')}`;
}

describe('the index', () => {
  const unit = unitOf(`
    typedef int (*fp)(void), number; extern fp table[]; static number counter, *where = &counter; fp table[2];
    struct outer { struct inner { enum { DEEP = 4 } e; } i; }; int (*returns_fp(int a))(void); __attribute__((noreturn)) void stop(void);
    static inline int once(void) { return 1; } int (plain)(int); void weak_one(void) __attribute__((weak)); void weak_one(void) { }
    asm("nop"); _Static_assert(1, ""); ; long tentative; extern typeof(once) once; struct { int a; } nameless;`);

  test.each([
    ['fp', 'typedef'],
    ['number', 'typedef'],
    ['table', 'object'],
    ['counter', 'object'],
    ['where', 'object'],
    ['DEEP', 'enumerator'],
    ['returns_fp', 'function'],
    ['stop', 'function'],
    ['once', 'function'],
    ['plain', 'function'],
    ['nameless', 'object'],
  ])('%s is a %s', (name, kind) => expect(unit.lookup(name)?.kind).toBe(kind));

  test('definitions are told from declarations', () => {
    expect(unit.functionDefinitions().map((f) => f.name)).toEqual(['once', 'weak_one']);
    expect(unit.objectDefinitions().map((o) => o.name)).toEqual(['counter', 'where', 'table', 'tentative', 'nameless']);
  });

  test('all declarations of a name add up', () => {
    const table = unit.object('table');
    const weak = unit.function('weak_one');
    const once = unit.function('once');
    expect(table.kind === 'parsed' && describeType(table.value.type)).toBe('int (*[2])(void)');
    expect(weak).toMatchObject({ value: { defined: true, attributes: { weak: true } } });
    expect(once).toMatchObject({ value: { linkage: 'internal', defined: true } });
  });

  test('an enumerator inside a struct is at file scope', () => expect(unit.enumerator('DEEP')).toBe(4n));

  test('a broken declaration does not hide the ones behind it', () => {
    const broken = unitOf('int a; ) } struct s { int x; }; int f(void) { return 1; } 5 int b;');
    expect(broken.lookup('b')?.kind).toBe('object');
    expect(broken.definition('f').kind).toBe('parsed');
    expect(broken.problems().length).toBeGreaterThan(0);
  });
});

describe('initialisers', () => {
  test.each([
    ['int x[] = { 1, [3] = 4, 5, [1] = 2 };', '20: 0=1 12=4 16=5 4=2'],
    ['struct { int a[2]; struct { char c, d; } s; } x = { 1, 2, 3, 4 };', '12: 0=1 4=2 8=3 9=4'],
    ['struct { struct { int a, b, c; } s; int t; } x = { .s.b = 1, 2, 3 };', '16: 4=1 8=2 12=3'],
    ['int x[6] = { [0 ... 3] = 7, [2] = 9 };', '24: 0=7 4=7 12=7 8=9'],
    ['char x[] = "ab" "c";', '4: 0="abc"'],
    ['char x[2][4] = { "ab", { \'c\' } };', '8: 0="ab" 4=99'],
    ['char x[3] = { "xyz" };', '3: 0="xyz"'],
    ['struct { int n; int v[]; } x = { 2, { 3, 4 } };', '12: 0=2 4=3 8=4'],
    ['union { long a; struct { char b, c; }; } x = { .c = 5 };', '8: 1=5'],
    ['struct { int a; struct { int b; }; } x = { a: 1, b: 2 };', '8: 0=1 4=2'],
    ['struct p { int a, b; } x[2] = { { 1 }, [0].b = 2 };', '16: 0=1 4=2'],
    ['struct p { int a, b; } x = (struct p){ 1, 2 };', '8: 0:load'],
    ['int x = sizeof(x);', '4: 0=4'],
    ['char *x = (char *)&x + 4;', '8: 0:pointer-add'],
    ['int x[2] = { 1, 2, 3 };', 'more initialisers than int [2] has members'],
    ['struct { int a; } x = { .b = 1 };', "struct <anonymous> has no member 'b'"],
  ])('%s', (text, wanted) => expect(initialiser(text)).toBe(wanted));

  test('an array takes its length from its initialiser', () => {
    expect(unitOf('const char *x[] = { [3] = "d" }; int n = sizeof(x) / sizeof(x[0]);').constant('sizeof(x)')).toBe(32n);
  });
});

test('the index of an include block is shared by the states of a file', () => {
  const header = 'struct s { int a; }; int declared(void); static inline int helper(void) { return 2; }';
  let text = '#include "h.h"\nint f(void) { return helper(); }';
  const source = {
    read: (path: string) => (path === 'h.h' ? header : path === 'a.c' ? text : undefined),
    exists: (path: string) => path === 'h.h' || path === 'a.c',
    list: () => ['a.c', 'h.h'],
  };
  const session = new PreprocessorSession(source, gccDefinitions);
  const load = (): TranslationUnit => {
    const unit = session.preprocess({ path: 'a.c', includeFolders: [''], forcedIncludes: [], definitions: [] })!;
    return TranslationUnit.fromTokens(unit.tokens, { prefix: unit.prefix });
  };
  const before = load();
  text = '#include "h.h"\nint declared(void) { struct s v = { helper() }; return v.a; }';
  session.changed('a.c');
  const after = load();
  expect(before.definition('f').kind).toBe('parsed');
  expect(after.definition('f').kind).toBe('absent');
  expect(after.definition('declared').kind).toBe('parsed');
  expect(after.function('declared')).toMatchObject({ value: { defined: true } });
  expect(before.function('declared')).toMatchObject({ value: { defined: false } });
});
