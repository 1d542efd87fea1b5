// Discovery: every shape of initialiser, registrations, installs, dispatches, and what looks like them but is not.
import { describe, expect, it } from 'vitest';
import type { OpsReport } from '../../../src/core/symbols/ops.ts';
import { headers } from '../source/dax-headers.ts';
import { openTexts } from '../source/memory-tree.ts';

async function ops(text: string): Promise<OpsReport> {
  const session = await openTexts({ ...headers, 'fs/x/x.c': `#include <linux/dax.h>\n#include <linux/memremap.h>\n${text}` });
  const report = session.ops();
  session.dispose();
  return report;
}

const slots = (r: OpsReport): string[] =>
  r.tables.flatMap((t) => t.slots.map((s) => `${t.name}.${s.member}=${s.function}:${s.file}:${s.line}`));
const body = 'static int f(struct dax_device *d, u64 o, u64 l, int m)\n{\n\treturn 0;\n}\n';

describe('a table is found', () => {
  it.each([
    ['designated', `static const struct dax_holder_operations t = {\n\t.notify_failure\t= f,\n};`, 't.notify_failure=f:fs/x/x.c:3'],
    ['with an address operator', `const struct dax_holder_operations t = { .notify_failure = &f };`, 't.notify_failure=f:fs/x/x.c:3'],
    ['with a cast', `const struct dax_holder_operations t = { .notify_failure = (void *)f };`, 't.notify_failure=f:fs/x/x.c:3'],
    [
      'with a function cast',
      `const struct dax_holder_operations t = { .notify_failure = (int (*)(struct dax_device *, u64, u64, int))f };`,
      't.notify_failure=f:fs/x/x.c:3',
    ],
    ['positional', `const struct dax_holder_operations t = { f };`, 't.notify_failure=f:fs/x/x.c:3'],
    [
      'in an array',
      `const struct dax_holder_operations t[2] = { { .notify_failure = f }, [1] = { f } };`,
      't[0].notify_failure=f:fs/x/x.c:3 t[1].notify_failure=f:fs/x/x.c:3',
    ],
    [
      'in an array with designated slots',
      `const struct dax_holder_operations t[] = { [1] = { .notify_failure = f } };`,
      't[1].notify_failure=f:fs/x/x.c:3',
    ],
    [
      'as a compound literal',
      `void g(struct dax_device *d)\n{\n\td->holder_ops = &(struct dax_holder_operations){ .notify_failure = f };\n}`,
      'd->holder_ops.notify_failure=f:fs/x/x.c:3',
    ],
    [
      'inside another object',
      `struct h {\n\tint a;\n\tstruct dax_holder_operations ops;\n};\nstatic struct h t = {\n\t.a = 1,\n\t.ops = { .notify_failure = f },\n};`,
      't.ops.notify_failure=f:fs/x/x.c:3',
    ],
    [
      'with a mask of annotations',
      `static const struct dax_holder_operations t __ro_after_init __aligned(64) = { .notify_failure = f };`,
      't.notify_failure=f:fs/x/x.c:3',
    ],
    [
      'assigned at run time',
      `static struct dax_holder_operations t;\nvoid __init g(void)\n{\n\tt.notify_failure = f;\n}`,
      't.notify_failure=f:fs/x/x.c:3',
    ],
    [
      'inside an array of structs without a name',
      `static const struct {\n\tint kind;\n\tstruct dax_holder_operations o;\n} t[] = {\n\t{ .kind = 1, .o = { .notify_failure = f } },\n};`,
      't.o.notify_failure=f:fs/x/x.c:3',
    ],
    [
      'with a macro for a slot',
      `#define HOOK(fn) .notify_failure = (fn)\nstatic const struct dax_holder_operations t = { HOOK(f) };`,
      't.notify_failure=f:fs/x/x.c:3',
    ],
    [
      'with a macro for an element',
      `#define ENTRY(i, fn) [i] = { .notify_failure = &fn##_hook }\nint f_hook(int a)\n{\n}\nstatic const struct dax_holder_operations t[2] = {\n\tENTRY(ONE, f),\n};`,
      't[ONE].notify_failure=f_hook:fs/x/x.c:8',
    ],
    [
      'with a macro for the whole',
      `#define DEFINE_HOLDER(name, fn) \\\n\tstatic const struct dax_holder_operations name = { \\\n\t\t.notify_failure = fn, \\\n\t}\n\nDEFINE_HOLDER(t, f);`,
      't.notify_failure=f:fs/x/x.c:3',
    ],
    [
      'with a macro of macros',
      `#define SLOT(m, fn) .m = fn\n#define HOLDER(fn) SLOT(notify_failure, fn)\nstatic struct dax_holder_operations t = { HOLDER(f) };`,
      't.notify_failure=f:fs/x/x.c:3',
    ],
    [
      'inside a function',
      `void g(void)\n{\n\tstatic const struct dax_holder_operations t = { .notify_failure = f };\n}`,
      't.notify_failure=f:fs/x/x.c:3',
    ],
  ])('%s', async (_, text, expected) => {
    expect(slots(await ops(body + text)).join(' ')).toBe(expected);
  });

  it('with the conditions it stands under', async () => {
    const r = await ops(
      `${body}#ifdef CONFIG_A\n#if B\n#else\nstatic const struct dax_holder_operations t = {\n#ifdef C\n\t.notify_failure = f,\n#endif\n};\n#endif\n#endif`,
    );
    expect(r.tables[0]?.conditions).toEqual(['defined(CONFIG_A)', '!(B)']);
    expect(r.tables[0]?.slots[0]?.conditions).toEqual(['defined(C)']);
  });

  it('with members that only this tree has', async () => {
    const session = await openTexts({
      'include/linux/dax.h':
        'struct dax_holder_operations {\n\tint (*notify_failure)(struct dax_device *d);\n\tint (*corrupted_range)(struct dax_device *d, u64 o);\n};\nstruct dax_device {\n\tconst struct dax_holder_operations *holder_ops;\n};\n',
      'a.c': '#include <linux/dax.h>\nint g(struct dax_device *d)\n{\n\treturn d->holder_ops->corrupted_range(d, 0);\n}\n',
    });
    expect(session.ops().dispatches.map((d) => `${d.struct}.${d.member} ${d.function}`)).toEqual([
      'dax_holder_operations.corrupted_range g',
    ]);
    session.dispose();
  });
});

describe('no table is', () => {
  it.each([
    ['a forward declaration', 'static const struct dax_holder_operations t;'],
    ['an extern declaration', 'extern const struct dax_holder_operations t;'],
    [
      'a struct with the same members',
      'struct target_type { int (*notify_failure)(void); };\nstatic struct target_type t = { .notify_failure = f };',
    ],
    ['a name that only resembles', 'static const struct mm_walk_ops pagemap_ops = { .memory_failure = f };'],
    ['another holder', 'static const struct blk_holder_ops t = { .notify_failure = f };'],
    ['a pointer', 'static const struct dax_holder_operations *t = &other;'],
  ])('%s', async (_, text) => {
    expect((await ops(body + text)).tables).toEqual([]);
  });
});

describe('users of slots', () => {
  it('registrations carry their arguments on one line', async () => {
    const r = await ops(
      'int g(struct sb *s)\n{\n\ts->d = fs_dax_get_by_bdev(s->bdev, &s->off,\n\t\t\t/* nobody */ NULL, NULL);\n\tfs_put_dax(s->d, NULL);\n\treturn 0;\n}',
    );
    expect(r.registrations.map((x) => `${x.line} ${x.function} ${x.callee}(${x.args})`)).toEqual([
      '5 g fs_dax_get_by_bdev(s->bdev, &s->off, NULL, NULL)',
      '7 g fs_put_dax(s->d, NULL)',
    ]);
  });

  it('a function that takes holder operations registers, whatever its name', async () => {
    const r = await ops(
      'int my_claim(struct dax_device *d, void *holder, const struct dax_holder_operations *ops)\n{\n\treturn 0;\n}\nint g(void)\n{\n\treturn my_claim(d, 0, &t);\n}',
    );
    expect(r.registrations.map((x) => x.callee)).toEqual(['my_claim']);
  });

  it('stores through pointers, members, cmpxchg and locals are installs', async () => {
    const session = await openTexts({
      ...headers,
      'drivers/dax/super.c': `${headers['drivers/dax/super.c']!}static const struct dax_holder_operations t = { .notify_failure = 0 };\nvoid g(struct dax_device *d, void *h)\n{\n\tconst struct dax_holder_operations *ops = 0;\n\tops = &t;\n\tif (cmpxchg(&d->holder_data, NULL, h))\n\t\td->holder_ops = ops;\n\tif (d->holder_ops == ops)\n\t\treturn;\n}\n`,
    });
    expect(session.ops().installs.map((i) => i.text)).toEqual([
      'ops = &t;',
      'if (cmpxchg(&d->holder_data, NULL, h))',
      'd->holder_ops = ops;',
    ]);
    session.dispose();
  });

  it('pgmap->ops is an install, the ops of another struct are not', async () => {
    const r = await ops('struct other { void *ops; };\nvoid g(struct dev_pagemap *p, struct other *o)\n{\n\tp->ops = q;\n\to->ops = q;\n}');
    expect(r.installs.map((i) => i.text)).toEqual(['p->ops = q;']);
  });

  it('dispatches are found through members, locals, copies and parentheses', async () => {
    const r = await ops(
      'int g(struct dev_pagemap *p)\n{\n\tint (*fn)(struct dev_pagemap *, unsigned long, unsigned long, int) = p->ops->memory_failure;\n\tp->ops->memory_failure(p, 1, 1, 0);\n\t(*p->ops->memory_failure)(p, 1, 1, 0);\n\treturn fn(p, 1, 1, 0);\n}',
    );
    expect(r.dispatches.filter((d) => d.file === 'fs/x/x.c').map((d) => `${d.line} ${d.member}`)).toEqual([
      '6 memory_failure',
      '7 memory_failure',
      '8 memory_failure',
    ]);
  });

  it('a tree without holders says so', async () => {
    const session = await openTexts({ 'a.c': 'int memory_failure(unsigned long pfn)\n{\n\treturn 0;\n}\n' });
    expect(session.ops().missing).toContain('struct dax_holder_operations is not defined in this tree');
    session.dispose();
  });
});
