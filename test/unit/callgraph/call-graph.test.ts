// Call graph: direct calls, macros, slots, callbacks, local pointers, and what stays unresolved.
import { describe, expect, it } from 'vitest';
import { headers } from '../source/dax-headers.ts';
import { caretsOf, openTexts } from '../source/memory-tree.ts';

const fixture = `#include <linux/dax.h>
#define CALL_IT(x) helper_##x(x)
#define twice(fn, a) do { fn(a); fn(a); } while (0)
struct query { void (*fn)(int); };
// ### direct, in arguments, in for-each and in conditions
static int helper_a(int a)
{
	return 0;
}
static void take(int a)
{
}
static void each(void (*fn)(int), int n)
{
	fn(n);
//	^^ callback take
}
static void stored(struct query *q)
{
	q->fn(1);
//	   ^^ callback take
}
static void begin(void (*fn)(int))
{
	struct query q = { .fn = fn };
	stored(&q);
//	^^^^^^ direct stored
}
static int other(int n, int (*op)(int))
{
	int (*local)(int) = n ? helper_a : NULL;
	if (local(2))
//	    ^^^^^ callback helper_a
		return op(1);
//		       ^^ unresolved
	return 0;
}
int top(int a)
{
	CALL_IT(a);
//	^^^^^^^ direct helper_a
	twice(take, 2);
//	^^^^^ direct take
	each(take, sizeof(helper_a(1)));
//	^^^^ direct each
	list_for_each_entry(p, &head, list)
		begin(take);
//		^^^^^ direct begin
	return helper_a(other(1, NULL));
//	       ^^^^^^^^ direct helper_a
//	                ^^^^^ direct other
}
`;

describe('calls of the source view', () => {
  it('are those that the carets name', async () => {
    const session = await openTexts({ ...headers, 'a.c': fixture });
    const seen: string[] = [];
    const wanted = caretsOf(fixture).map((c) => `${c.line}: ${c.says}`);
    for (const f of session.file('a.c')?.functions ?? []) {
      const report = session.calls(f.name, { callers: false, depth: 1 });
      for (const e of report?.edges ?? []) seen.push(`${e.line}: ${e.kind} ${e.callee}`);
      for (const u of report?.unresolved ?? []) seen.push(`${u.line}: unresolved`);
    }
    expect(seen.filter((s) => !s.includes('list_for_each')).sort()).toEqual(wanted.sort());
    session.dispose();
  });

  const path = {
    ...headers,
    'fs/x/x.c':
      '#include <linux/dax.h>\nstatic int x_notify(struct dax_device *d, u64 offset, u64 len, int flags)\n{\n\treturn 0;\n}\nconst struct dax_holder_operations x_ops = {\n\t.notify_failure = x_notify,\n};\n',
    'drivers/p.c':
      '#include <linux/dax.h>\nint p_failure(struct dax_device *d, unsigned long pfn)\n{\n\treturn dax_holder_notify_failure(d, pfn << PAGE_SHIFT, 4096, 0);\n}\n',
  };

  it('go through slots to implementations in other files, with the evidence', async () => {
    const session = await openTexts(path);
    const report = session.calls('p_failure', { callers: false, depth: 3 });
    expect(report?.edges.map((e) => `${e.caller} -> ${e.callee} ${e.kind}`)).toContain('dax_holder_notify_failure -> x_notify slot');
    expect(report?.edges.find((e) => e.callee === 'x_notify')?.evidence).toBe(
      'ops-slot: dax_holder_operations.notify_failure = x_notify in x_ops (fs/x/x.c:7)',
    );
    session.dispose();
  });

  it('lead back to callers through slots', async () => {
    const session = await openTexts(path);
    const report = session.calls('x_notify', { callers: true, depth: 2 });
    expect(report?.edges.map((e) => `${e.caller} -> ${e.callee} ${e.kind}`)).toEqual([
      'dax_holder_notify_failure -> x_notify slot',
      'p_failure -> dax_holder_notify_failure direct',
    ]);
    session.dispose();
  });

  it('lead back to callers through parameters that are stored or handed on', async () => {
    const session = await openTexts({
      'a.c':
        'struct q { void (*fn)(int); };\nstatic void last(void (*fn)(int))\n{\n\tfn(1);\n}\nvoid handed(void (*fn)(int))\n{\n\tlast(fn);\n}\nstatic void run(struct q *q)\n{\n\tq->fn(2);\n}\nvoid stored(void (*fn)(int))\n{\n\tstruct q q = { .fn = fn };\n\trun(&q);\n}\n',
      'b.c': 'static void seen(int a)\n{\n}\nstatic void kept(int a)\n{\n}\nvoid top(void)\n{\n\thanded(seen);\n\tstored(kept);\n}\n',
    });
    expect(session.calls('seen', { callers: true, depth: 1 })?.edges.map((e) => `${e.caller} ${e.kind}`)).toEqual(['last callback']);
    expect(session.calls('kept', { callers: true, depth: 1 })?.edges.map((e) => `${e.caller} ${e.kind}`)).toEqual(['run callback']);
    session.dispose();
  });

  it('of a function that does not exist are undefined', async () => {
    const session = await openTexts(path);
    expect(session.calls('no_such', { callers: false, depth: 1 })).toBeUndefined();
    session.dispose();
  });

  it('follow an edit', async () => {
    const session = await openTexts(path);
    session.setText('fs/x/x.c', path['fs/x/x.c'].replaceAll('x_notify', 'y_notify'));
    expect(
      session
        .calls('dax_holder_notify_failure', { callers: false, depth: 1 })
        ?.edges.filter((e) => e.kind === 'slot')
        .map((e) => e.callee),
    ).toEqual(['y_notify']);
    session.dispose();
  });
});
