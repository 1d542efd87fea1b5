// Function bodies become typed trees, or are refused with the construct's name.

import { describe, expect, test } from 'vitest';
import type { CallExpr, FunctionDefinition, Statement } from '../../../src/core/unit/ast.ts';
import { unitOf } from '../../tools/unit-of.ts';

function parse(text: string, name = 'f'): FunctionDefinition {
  const found = unitOf(text).definition(name);
  if (found.kind !== 'parsed') throw new Error(found.kind === 'refused' ? found.refusal.reason : 'absent');
  return found.value;
}
function refusal(text: string): string {
  const found = unitOf(text).definition('f');
  return found.kind === 'refused' ? `${found.refusal.place.line}: ${found.refusal.reason}` : found.kind;
}
function only(text: string): Statement {
  const { body } = parse(text);
  expect(body.items).toHaveLength(1);
  return body.items[0]!;
}

describe('conversions are explicit', () => {
  test('a bit-field promotes by its width', () => {
    const statement = only('struct s { unsigned a : 3, b : 32; }; int f(struct s *p) { return p->a < -1; }');
    if (statement.kind !== 'return' || statement.value?.kind !== 'binary') throw new Error(statement.kind);
    expect(statement.value.left).toMatchObject({
      kind: 'cast',
      implicit: true,
      type: { name: 'int' },
      operand: { kind: 'load', type: { name: 'unsigned int' } },
    });
  });

  test('arguments convert to the parameters, further ones are promoted', () => {
    const statement = only('int g(long, ...); void f(char c, float x) { g(c, c, x); }');
    const { args } = (statement as { expr: CallExpr }).expr;
    expect(args.map((a) => [a.kind, a.type.kind === 'int' || a.type.kind === 'float' ? a.type.name : ''])).toEqual([
      ['cast', 'long'],
      ['cast', 'int'],
      ['cast', 'double'],
    ]);
  });

  test('a compound assignment names the type that it computes in', () => {
    expect(only('void f(unsigned char *p, long v) { *p += v; }')).toMatchObject({
      expr: { kind: 'compound-assign', op: '+', computeType: { name: 'long' }, type: { name: 'unsigned char' } },
    });
  });

  test('pointer arithmetic carries the size of the element', () => {
    expect(only('struct s { int v[6]; }; struct s *f(struct s *p, int i) { return p + i; }')).toMatchObject({
      value: { kind: 'pointer-add', scale: 24, index: { type: { name: 'long' } } },
    });
  });
});

describe('GNU C', () => {
  test('a statement expression keeps its value apart from its block', () => {
    expect(only('int f(int a) { return ({ int b = a; b * 2; }); }')).toMatchObject({
      value: { kind: 'statement-expr', block: { items: [{ kind: 'declare' }] }, result: { kind: 'binary' } },
    });
  });

  test('cleanup functions stay with their variables', () => {
    const { locals } = parse('void g(int *p); void f(void) { int a __attribute__((cleanup(g))) = 1; }');
    expect(locals[0]).toMatchObject({ name: 'a', addressed: true, cleanup: { name: 'g' } });
  });

  test('local labels with one name are different labels', () => {
    const { labels } = parse(
      'unsigned long f(void) { return ({ __label__ x; x: (unsigned long)&&x; }) + ({ __label__ x; x: (unsigned long)&&x; }); }',
    );
    expect(labels.map((label) => label.id)).toEqual([0, 1]);
  });

  test('asm goto has its operands, clobbers and labels', () => {
    const { body } = parse(
      'int f(int *p, long v) { asm volatile goto("lock %[v]" : "+m" (*p) : [v] "er" (v), "i" (4) : "memory", "cc" : out); return 0; out: return 1; }',
    );
    expect(body.items[0]).toMatchObject({
      kind: 'asm',
      template: 'lock %[v]',
      volatile: true,
      outputs: [{ constraint: '+m', place: { kind: 'deref' } }],
      inputs: [
        { name: 'v', constraint: 'er' },
        { constraint: 'i', value: { kind: 'int', value: 4n } },
      ],
      clobbers: ['memory', 'cc'],
      labels: [{ name: 'out' }],
    });
  });

  test('a variable array keeps its size in a hidden local', () => {
    const { body, locals } = parse('long f(int n) { int a[n + 1]; return sizeof(a); }');
    expect(locals.map((l) => l.name)).toEqual(['n', '<array size>', 'a']);
    expect(body.items.map((s) => s.kind)).toEqual(['declare', 'declare', 'return']);
  });

  test('case ranges and labels belong to the innermost switch', () => {
    const statement = only(
      "int f(int c) { switch (c) { case 'a' ... 'f': return 1; default: switch (c) { case 0: return 2; } } return 0; }".replace(
        ' return 0; }',
        ' }',
      ),
    );
    expect(statement).toMatchObject({ kind: 'switch', cases: [{ low: 97n, high: 102n }, { low: undefined }] });
  });

  test('a wide bit-field computes in its own width', () => {
    const statement = only('struct s { unsigned long a : 40; }; unsigned long f(struct s *p) { return p->a + 1; }');
    expect(statement).toMatchObject({ value: { kind: 'binary', op: '&', right: { value: (1n << 40n) - 1n } } });
  });
});

describe('refusals', () => {
  test.each([
    ['void f(void) { g(); }', "1: unknown name 'g'"],
    ['void f(void)\n{\n\tvoid *p = &&l; l: goto *p; }', '3: computed goto'],
    ['struct s; int f(struct s *p) { return p->a; }', "1: struct s is incomplete: no member 'a'"],
    ['int f(void) { int (*g)(int) = 0; return g(); }', '1: call with too few arguments'],
    ['int f(void) { goto nowhere; }', "1: label 'nowhere' is not defined"],
    ['int f(void) { int g(void) { return 1; } return g(); }', '1: nested function'],
    ['int f(void) { return __builtin_ia32_rdtsc(); }', "1: builtin '__builtin_ia32_rdtsc'"],
    ['int f(void) { int a[2] = { 1, 2, 3 }; }', '1: more initialisers than int [2] has members'],
    ['int f(int a) { return a + ; }', "1: expected an expression but found ';'"],
    ['int f(int a) { _Static_assert(sizeof(a) == 8, "x"); }', '1: static assertion failed'],
    ['void f(void) { struct { int x : 40; } s; }', '1: impossible bit-field'],
  ])('%s', (text, wanted) => expect(refusal(text)).toBe(wanted));

  test('a record that is broken is named with the place of its fault', () => {
    expect(refusal('struct s {\n\tint a\n\tint b;\n};\nint f(struct s *p) { return p->a; }')).toBe(
      "3: struct s is not understood: expected ';' but found 'int'",
    );
  });

  test('deep nesting is refused, not a stack overflow', () => {
    expect(refusal(`int f(void) { return ${'('.repeat(50_000)}1${')'.repeat(50_000)}; }`)).toBe('1: nested too deeply');
  });
});
