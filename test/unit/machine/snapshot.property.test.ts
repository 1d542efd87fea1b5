// Laws of the machine's state on random small programs: snapshots, going back, reruns.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Machine } from '../../../src/core/machine/machine.ts';
import { programOf } from './support.ts';

/** A statement over the variables a, b, c (locals), g (global), t (array of 16) and *p (heap-like buffer on the stack). */
const statement: fc.Arbitrary<string> = fc.letrec<{ s: string; e: string }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'b', 'c', 'g', 't[a & 15]', 't[(b >> 3) & 15]', 'p[c & 7]', 'r.x', 'r.y', '(long)r.z'),
    fc.integer({ min: -300, max: 300 }).map((n) => `(${n})`),
    fc.tuple(tie('e'), fc.constantFrom('+', '-', '*', '^', '&', '|', '<', '=='), tie('e')).map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc.tuple(tie('e'), tie('e')).map(([l, r]) => `(${l} / ((${r} & 7) + 1))`),
    tie('e').map((e) => `twist(${e})`),
  ),
  s: fc.oneof(
    { maxDepth: 3 },
    fc
      .tuple(fc.constantFrom('a', 'b', 'c', 'g', 't[b & 15]', 'p[a & 7]', 'r.x', 'r.y', 'r.z'), fc.constantFrom('=', '+=', '^='), tie('e'))
      .map(([l, o, r]) => `${l} ${o} ${r};`),
    fc.tuple(tie('e'), tie('s'), tie('s')).map(([c, x, y]) => `if (${c}) { ${x} } else { ${y} }`),
    fc
      .tuple(fc.integer({ min: 1, max: 5 }), tie('s'), tie('s'))
      .map(([n, x, y]) => `for (int i${n} = 0; i${n} < ${n}; i${n}++) { ${x} ${y} }`),
  ),
})).s;

const program = fc.array(statement, { minLength: 2, maxLength: 12 }).map(
  (body) => `
struct rec { int x; unsigned short y; signed char z; };
static long g = 5;
static int t[16];
static long twist(long v)
{
	long kept[4] = { v, v ^ 3, 1, 2 };
	return kept[v & 3] * 31 + (v >> 2);
}
long work(long a, long b)
{
	long c = a - b;
	long p[8] = { 0 };
	struct rec r = { 1, 2, 3 };
	${body.join('\n\t')}
	return a ^ b * 3 ^ c * 7 ^ g ^ t[a & 15] ^ p[b & 7] ^ r.x ^ r.y ^ r.z;
}
`,
);

/** Everything that can be observed of a machine between two steps. */
function state(machine: Machine, watched: bigint): string {
  const { steps, task } = machine;
  const stack = machine.backtrace().map((e) => `${e.function}:${e.place?.line ?? 0}:${e.place?.column ?? 0}`);
  const bytes = Buffer.from(machine.memory.readBytes(watched, 64)).toString('hex');
  return `${steps} ${task} ${stack.join(' < ')} ${bytes} ${machine.faults.length}`;
}

const args = [12n, 5n];

test('a step after a restored snapshot is the step that was taken before', () => {
  fc.assert(
    fc.property(program, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }), (text, slices) => {
      const { machine, program: linked } = programOf(text);
      const watched = linked.globalAddress('t', 'lib/test.c') ?? 0n;
      machine.begin('work', args);
      for (const slice of slices) {
        const snapshot = machine.snapshot();
        const ended = machine.run(slice);
        const after = state(machine, watched);
        machine.restore(snapshot);
        expect(machine.run(slice)).toEqual(ended);
        expect(state(machine, watched)).toBe(after);
        machine.release(snapshot);
        if (ended !== undefined) return;
      }
    }),
    { numRuns: 60, seed: 1 },
  );
});

test('a program goes back to any of its points in any order and reaches the same end', () => {
  fc.assert(
    fc.property(program, fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 6 }), (text, order) => {
      const { machine, program: linked } = programOf(text);
      const watched = linked.globalAddress('t', 'lib/test.c') ?? 0n;
      const fresh = machine.snapshot();
      machine.begin('work', args);
      const end = machine.run();
      expect(end?.kind).toBe('value');
      const last = state(machine, watched);
      const total = machine.steps;
      machine.restore(fresh);
      machine.begin('work', args);
      const points = [{ snapshot: machine.snapshot(), seen: state(machine, watched) }];
      for (let i = 1; i < 6 && machine.run(Math.max(1, Math.floor(total / 6))) === undefined; i++)
        points.push({ snapshot: machine.snapshot(), seen: state(machine, watched) });
      for (const n of order) {
        const point = points[n % points.length];
        if (point === undefined) continue;
        machine.restore(point.snapshot);
        expect(state(machine, watched)).toBe(point.seen);
        expect(machine.run()).toEqual(end);
        expect(state(machine, watched)).toBe(last);
      }
    }),
    { numRuns: 40, seed: 2 },
  );
});

test('two machines that run the same program pass through the same states', () => {
  fc.assert(
    fc.property(program, fc.integer({ min: 1, max: 40 }), (text, slice) => {
      const trail = (): string[] => {
        const { machine, program: linked } = programOf(text);
        const watched = linked.globalAddress('t', 'lib/test.c') ?? 0n;
        machine.begin('work', args);
        const states: string[] = [];
        for (let i = 0; i < 50; i++) {
          const ended = machine.run(slice);
          states.push(state(machine, watched));
          if (ended !== undefined) return [...states, ended.kind === 'value' ? `${ended.value}` : ended.kind];
        }
        return states;
      };
      expect(trail()).toEqual(trail());
    }),
    { numRuns: 40, seed: 3 },
  );
});
