// What VS Code's call hierarchy and "Go to Implementations" ask: functions at a place, slots, callers and callees with their places.
import { describe, expect, it } from 'vitest';
import type { FunctionPlace, Neighbour } from '../../../src/core/callgraph/neighbours.ts';
import type { SourceSession } from '../../../src/core/session/source-session.ts';
import { headers } from '../source/dax-headers.ts';
import { openTexts } from '../source/memory-tree.ts';

const user = `#include <linux/dax.h>
static int probe(void)
{
	return 1;
}
int fs_failed(struct dax_device *dax_dev, u64 offset, u64 len, int mf_flags)
{
	return probe();
}
static const struct dax_holder_operations fs_ops = {
	.notify_failure = fs_failed,
};
`;
const core = `#include <linux/dax.h>
static int probe(void)
{
	return 2;
}
int tell(const struct dax_holder_operations *ops, struct dax_device *dax_dev)
{
	int rc = probe();
	return rc + ops->notify_failure(dax_dev, 0, 1, 0);
}
`;
const tree = { ...headers, 'fs/user.c': user, 'drivers/core.c': core };

/** Line and column (from 1) of a word, counted from the first occurrence of `text`. */
function placeOf(source: string, text: string, word = text): readonly [number, number] {
  const offset = source.indexOf(word, source.indexOf(text));
  const before = source.slice(0, offset).split('\n');
  return [before.length, (before.at(-1)?.length ?? 0) + 1];
}

const named = (places: readonly FunctionPlace[]): readonly string[] => places.map(({ name, file, line }) => `${name} ${file}:${line}`);
const around = (neighbours: readonly Neighbour[]): readonly string[] =>
  neighbours.map(
    ({ function: f, calls }) => `${f.name} ${f.file}:${f.line} at ${calls.map(({ line, kind }) => `${line} ${kind}`).join(', ')}`,
  );

async function withSession(check: (session: SourceSession) => void): Promise<void> {
  const session = await openTexts(tree);
  check(session);
  session.dispose();
}

describe('functions at a place', () => {
  it('are the definition, or the static one of the same file', () =>
    withSession(({ neighbours }) => {
      expect(named(neighbours.functionsAt('fs/user.c', ...placeOf(user, 'fs_failed(struct')))).toEqual(['fs_failed fs/user.c:6']);
      expect(named(neighbours.functionsAt('drivers/core.c', ...placeOf(core, 'rc = probe', 'probe')))).toEqual(['probe drivers/core.c:2']);
      expect(named(neighbours.functionsAt('fs/user.c', ...placeOf(user, 'return probe', 'probe')))).toEqual(['probe fs/user.c:2']);
      expect(neighbours.functionsAt('drivers/core.c', ...placeOf(core, 'int rc', 'rc'))).toEqual([]);
    }));

  it('are what a slot can hold, at a call through it', () =>
    withSession(({ neighbours }) => {
      expect(named(neighbours.functionsAt('drivers/core.c', ...placeOf(core, 'ops->notify', 'notify_failure')))).toEqual([
        'fs_failed fs/user.c:6',
      ]);
    }));
});

describe('a slot', () => {
  it('is known at a call, at its initialiser and at its declaration', () =>
    withSession(({ neighbours }) => {
      const header = headers['include/linux/dax.h'] ?? '';
      const slot = { slot: 'dax_holder_operations.notify_failure', functions: [{ name: 'fs_failed' }] };
      expect(neighbours.slotAt('drivers/core.c', ...placeOf(core, 'ops->notify', 'notify_failure'))).toMatchObject(slot);
      expect(neighbours.slotAt('fs/user.c', ...placeOf(user, '.notify_failure', 'notify_failure'))).toMatchObject(slot);
      expect(neighbours.slotAt('include/linux/dax.h', ...placeOf(header, '(*notify_failure)', 'notify_failure'))).toMatchObject(slot);
      expect(neighbours.slotAt('drivers/core.c', ...placeOf(core, 'int rc', 'rc'))).toBeUndefined();
    }));
});

describe('neighbours', () => {
  it('below a function are its callees, through slots too, each at its own definition', () =>
    withSession(({ neighbours }) => {
      const [tell] = neighbours.functionsAt('drivers/core.c', ...placeOf(core, 'tell('));
      expect(tell && around(neighbours.callees(tell))).toEqual(['probe drivers/core.c:2 at 8 direct', 'fs_failed fs/user.c:6 at 9 slot']);
    }));

  it('above a function are its callers, with the evidence of an indirect call', () =>
    withSession(({ neighbours }) => {
      const [failed] = neighbours.functionsAt('fs/user.c', ...placeOf(user, 'fs_failed(struct'));
      const callers = failed === undefined ? [] : neighbours.callers(failed);
      expect(around(callers)).toEqual(['tell drivers/core.c:6 at 9 slot', 'dax_holder_notify_failure drivers/dax/super.c:9 at 19 slot']);
      expect(callers[0]?.calls[0]?.evidence).toMatch(/dax_holder_operations\.notify_failure = fs_failed in fs_ops/);
    }));
});
