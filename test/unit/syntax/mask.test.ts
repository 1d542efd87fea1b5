// The mask: constructs of kernel C become plain C of the same length, and slips stay local.
import { describe, expect, it } from 'vitest';
import { mask, prepare } from '../../../src/core/syntax/mask.ts';
import { loadGrammar } from '../../../src/node/grammar-files.ts';
import { openTexts } from '../source/memory-tree.ts';

const grammar = await loadGrammar();

const inFunction = (s: string): string => `int f(int a)\n{\n\t${s}\n\treturn 0;\n}\n`;
const clean: readonly string[] = [
  'static int __init f(void)\n{\n\treturn 0;\n}\n',
  'STATIC int\nf(\n\tstruct s\t*p)\n{\n\treturn 0;\n}\n',
  'int SOME_API(void) f;\n',
  'static noinline_for_stack FOO_EXPORT struct s *f(void __user *p, const char __bar *q)\n{\n\treturn p;\n}\n',
  'int f(void) __must_hold(&lock)\n\t__releases(rcu)\n{\n}\n',
  'EXPORT_SYMBOL(f)\nint g;\nmodule_init(f)\n',
  'static DEFINE_PER_CPU(struct s, x) = { .a = 1 };\nint g(void)\n{\n}\n',
  'static DEVICE_ATTR(a, 0444, show, NULL);\nDEFINE_MUTEX(lock);\n',
  'SYSCALL_DEFINE3(madvise, unsigned long, start, size_t, len_in, int, behavior)\n{\n\treturn 0;\n}\n',
  'TRACE_EVENT(x,\n\tTP_PROTO(struct s *p, int a),\n\tTP_ARGS(p, a),\n\tTP_STRUCT__entry(__field(int, a)),\n\tTP_fast_assign(__entry->a = a;),\n\tTP_printk("%d", __entry->a)\n);\n',
  'MACHINE_START(X, "y")\n\t.init = f,\nMACHINE_END\nint g;\n',
  'define_machine(x) {\n\t.name = "y",\n};\nint g;\n',
  'struct s {\n\tDECLARE_BITMAP(m, 8);\n\tstruct_group(name, int a; int b;);\n\tunsigned long :3;\n\tint x ____cacheline_aligned;\n};\n',
  'enum e { A, FOO(B), C = sizeof(struct s), D };\n',
  'struct s x = {\n\tSET_SYSTEM_SLEEP_PM_OPS(a, b)\n\t.c = d,\n};\n',
  inFunction('list_for_each_entry_safe(p, n, &head, list) {\n\t\tg(p);\n\t}'),
  inFunction('for_each_cpu(i, m)\n\t\tif (i)\n\t\t\tg();'),
  inFunction('scoped_guard(mutex, &m) {\n\t\tg();\n\t}'),
  inFunction('p = container_of(q, struct s, m) + min_t(unsigned long, a, b);'),
  inFunction('x = va_arg(ap, char *) + offsetof(struct s, m[0].b);'),
  inFunction('__typeof__(x->y) z = (typeof(x->y))a;'),
  inFunction('asm volatile goto("1: " X(2) : : "i" (&key) : : out);\nout:;'),
  inFunction('printk(KERN_ERR PFX "x" __stringify(Y) "z", a);'),
  inFunction('switch (a) {\n\tcase 1 ... 5:\n\t\tbreak;\n\tdefault:\n\t}'),
  inFunction('void *t = &&out;\nout:\n\t;'),
  inFunction('if (wait_event_cmd(q, a, spin_unlock(&l); g(); , h()))\n\t\treturn 1;'),
  inFunction('FOO(a)\n\tg();'),
  inFunction('DECLARE_BITMAP(x, 8) = {0};'),
  inFunction('struct s *x __free(kfree) = g();'),
  '#ifdef A\nint f(int a) {\n#else\nint f(void) {\n#endif\n\treturn 0;\n}\n',
  inFunction('if (a)\n#ifdef A\n\t\tg();\n#else\n\t\th();\n#endif\n\telse\n\t\tk();'),
  inFunction('x = g(a,\n#ifdef A\n\t\tb\n#else\n\t\tc\n#endif\n\t\t);'),
  inFunction('if (a) {\n#ifdef A\n\t} else if (b) {\n#endif\n\t}'),
];

const lineEnds = (text: string): number[] => [...text.matchAll(/\n/g)].map((m) => m.index);

describe('mask', () => {
  it.each(clean)('reads without an error: %j', (text) => {
    const m = mask(prepare(text));
    expect(m.masked.length).toBe(text.length);
    const tree = grammar.parse(m.masked);
    expect(tree.rootNode.hasError ? `${m.masked}\n${tree.rootNode.toString()}` : 'clean').toBe('clean');
    tree.delete();
  });

  it('keeps every line end in its place', () => {
    for (const text of clean) {
      const { masked } = mask(prepare(text));
      expect(lineEnds(masked)).toEqual(lineEnds(text));
    }
  });
});

const three = (middle: string): string => `int first(void)\n{\n\treturn 1;\n}\n\n${middle}\n\nint last(int a)\n{\n\treturn a;\n}\n`;

describe('a slip in one function', () => {
  it.each([
    ['a missing brace', 'int middle(void)\n{\n\tif (x) {\n\t\tg();\n\treturn 2;\n}'],
    ['an extra brace', 'int middle(void)\n{\n\tif (x)\n\t\tg(); }\n\treturn 2;\n}'],
    ['a missing closing brace', 'int middle(void)\n{\n\treturn 2;\n'],
    ['a missing semicolon', 'int middle(void)\n{\n\tint a = 1\n\treturn a;\n}'],
    ['an unclosed parenthesis', 'int middle(void)\n{\n\tg(1, (2;\n\treturn 2;\n}'],
    ['garbage', 'int middle(void)\n{\n\t@@ << ] ) = ;\n\treturn 2;\n}'],
  ])('%s leaves its neighbours intact and is reported', async (_, middle) => {
    const session = await openTexts({ 'a.c': three(middle) });
    const [file] = session.parse(['a.c']);
    const names = file!.functions.map((f) => f.name);
    expect(names).toContain('first');
    expect(names).toContain('last');
    expect(file!.problems.length).toBeGreaterThan(0);
    for (const p of file!.problems) expect(p.line).toBeGreaterThanOrEqual(6);
    session.dispose();
  });

  it('a file that does not exist is a problem, not a crash', async () => {
    const session = await openTexts({});
    expect(session.parse(['no.c'])[0]?.problems[0]?.reason).toBe('this tree has no such file');
  });

  it('an enormous file is refused by name', async () => {
    const session = await openTexts({ 'a.h': 'int a;\n'.repeat(4_000_000) });
    expect(session.parse(['a.h'])[0]?.problems[0]?.reason).toContain('longer than');
    session.dispose();
  });

  it('an edit is parsed incrementally and gives the same functions as a fresh parse', async () => {
    const session = await openTexts({ 'a.c': three('int middle(void)\n{\n\treturn 2;\n}') });
    session.parse(['a.c']);
    const edited = three(
      'int middle(void)\n{\n\tlist_for_each(p, &h)\n\t\tg(p);\n\treturn 3;\n}\n\nstatic int __init more(void)\n{\n\treturn 0;\n}',
    );
    session.setText('a.c', edited);
    const fresh = await openTexts({ 'a.c': edited });
    expect(session.parse(['a.c'])).toEqual(fresh.parse(['a.c']));
    session.dispose();
    fresh.dispose();
  });
});
