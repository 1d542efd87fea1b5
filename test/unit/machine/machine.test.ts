import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callThen, defineIntrinsic } from '../../../src/core/machine/intrinsic.ts';
import type { IntrinsicDefinition } from '../../../src/core/machine/intrinsic.ts';
import { programOf, valueOf } from './support.ts';

const work = `
static unsigned seed = 7;
static unsigned table[64];
static unsigned next(void) { seed = seed * 1103515245u + 12345u; return seed >> 16; }
long churn(int rounds)
{
	long total = 0;
	int i;
	for (i = 0; i < rounds; i++) {
		unsigned at = next() % 64;
		int tmp[8] = { i, at };
		table[at] += next() + tmp[1];
		total = total * 31 + table[at] + tmp[0];
	}
	return total;
}`;

type Model = IntrinsicDefinition<{ readonly output: string[] }>;
const define = (prototype: string, parts: Pick<Model, 'run'> & Partial<Model>): Model =>
  defineIntrinsic({ prototype, file: 'test', fidelity: 'exact', reason: 'test', ...parts });

describe('a machine', () => {
  test('gives the same result in one run and in slices of any size', () => {
    const whole = valueOf(programOf(work).machine, 'churn', [200n]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }), (slices) => {
        const { machine } = programOf(work);
        machine.begin('churn', [200n]);
        let outcome = machine.run(1);
        for (let i = 0; outcome === undefined; i++) outcome = machine.run(slices[i % slices.length]);
        expect(outcome).toEqual({ kind: 'value', value: BigInt.asUintN(64, whole) });
      }),
      { numRuns: 15 },
    );
  });

  test('goes back to any snapshot and forward again to the same end', () => {
    const { machine } = programOf(work);
    const fresh = machine.snapshot();
    const whole = valueOf(machine, 'churn', [100n]);
    const steps = machine.steps;
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: steps - 2 }), { minLength: 1, maxLength: 6 }), (points) => {
        points.sort((a, b) => a - b);
        machine.restore(fresh);
        machine.begin('churn', [100n]);
        const saved = [];
        let at = 0;
        for (const point of points) {
          machine.run(point - at);
          at = point;
          saved.push({ snapshot: machine.snapshot(), place: machine.place, steps: machine.steps });
        }
        machine.run();
        for (const s of saved.reverse()) {
          machine.restore(s.snapshot);
          expect(machine.place).toEqual(s.place);
          expect(machine.steps).toBe(s.steps);
          expect(machine.run()).toEqual({ kind: 'value', value: BigInt.asUintN(64, whole) });
          machine.release(s.snapshot);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('switches between two tasks at any instruction', () => {
    const alone = valueOf(
      programOf('long sum(int n) { long t = 0; for (int i = 0; i < n; i++) { int a[2] = { i, n }; t += a[0] * a[1]; } return t; }').machine,
      'sum',
      [50n],
    );
    const { machine } = programOf(
      'long sum(int n) { long t = 0; for (int i = 0; i < n; i++) { int a[2] = { i, n }; t += a[0] * a[1]; } return t; }',
    );
    const other = machine.newTask();
    machine.begin('sum', [50n]);
    machine.begin('sum', [50n], other);
    const results: (bigint | undefined)[] = [undefined, undefined];
    for (let i = 0; results.includes(undefined); i++) {
      const task = i % 2 === 0 ? 0 : other;
      if (results[i % 2] !== undefined) continue;
      machine.switchTo(task);
      const outcome = machine.run(37);
      if (outcome?.kind === 'value') results[i % 2] = outcome.value;
    }
    expect(results).toEqual([BigInt.asUintN(64, alone), BigInt.asUintN(64, alone)]);
  });

  test('ends an endless loop as a limit that names the place', () => {
    const { machine } = programOf('int spin(int x) {\n\twhile (x)\n\t\t;\n\treturn 0;\n}', { budgets: { steps: 10_000 } });
    const outcome = machine.call('spin', [1n]);
    expect(outcome).toMatchObject({ kind: 'limit', limit: { kind: 'steps', place: { path: 'lib/test.c', line: 2 } } });
    expect(valueOf(programOf('int one(void) { return 1; }').machine, 'one')).toBe(1n);
  });

  test('tells the chain of calls that led to a fault', () => {
    const { machine } = programOf(
      'struct s { long a, b, *c; };\nstatic long deep(struct s *p) {\n\treturn *p->c;\n}\nlong outer(struct s *p) {\n\treturn deep(p) + 1;\n}',
    );
    const outcome = machine.call('outer', [0n]);
    expect(outcome).toMatchObject({
      kind: 'fault',
      fault: {
        kind: 'null-pointer',
        text: 'BUG: kernel NULL pointer dereference, address: 0000000000000010',
        place: { line: 3 },
        stack: [
          { function: 'deep', place: { line: 3 } },
          { function: 'outer', place: { line: 6 } },
        ],
      },
    });
  });

  test('names a function that is neither defined nor modelled', () => {
    const { machine } = programOf('extern int missing(int);\nint f(void) { return missing(1); }');
    expect(machine.call('f')).toMatchObject({ kind: 'limit', limit: { kind: 'unmodelled-function', name: 'missing' } });
  });

  test('reports calls, arguments extended from their types, and results', () => {
    const { machine } = programOf(
      'static short half(signed char c, unsigned u) { return c / 2 - (u == 0); }\nint f(void) { return half(-7, 4000000000u); }',
    );
    const heard: string[] = [];
    machine.probe = {
      enter: (c) => {
        heard.push(`${'>'.repeat(c.depth + 1)}${c.function}(${c.args.map((a) => BigInt.asIntN(64, a)).join(',')})@${c.site?.line ?? '-'}`);
      },
      leave: (name, _id, depth, value) => {
        heard.push(`${'<'.repeat(depth + 1)}${name}=${value === undefined ? '' : BigInt.asIntN(64, value)}`);
      },
      log: () => undefined,
      fault: () => undefined,
      limit: () => undefined,
    };
    valueOf(machine, 'f');
    expect(heard).toEqual(['>f()@-', '>>half(-7,4000000000)@2', '<<half=-3', '<f=-3']);
  });

  test('runs callbacks that an intrinsic asks for, nested or as a continuation', () => {
    const each = define('long each(long n, long (*fn)(long))', {
      run: (call) => callThen(call.u64(1), [0n], 1, [0n]),
      resume(call) {
        const [total = 0n] = call.keep;
        const sum = total + call.result;
        const i = BigInt(call.state);
        return i < call.s64(0) ? callThen(call.u64(1), [i], call.state + 1, [sum]) : sum;
      },
    });
    const nested = define('long nested(long n, long (*fn)(long))', {
      run(call) {
        let total = 0n;
        for (let i = 0n; i < call.s64(0); i++) total += call.run(call.u64(1), [i]);
        return total;
      },
    });
    const code =
      'extern long each(long, long (*)(long)), nested(long, long (*)(long));\nstatic long sq(long x) { long a[1] = { x * x }; return a[0]; }\nlong f(void) { return each(5, sq) * 1000 + nested(4, sq); }\nlong deep(long x) { return x ? nested(x, deep) + 1 : 1; }';
    const { machine } = programOf(code, { intrinsics: [each, nested] });
    expect(valueOf(machine, 'f')).toBe(30_014n);
    expect(valueOf(machine, 'deep', [4n])).toBe(16n);
  });

  test('asks models about inline assembly, hands over operands, and jumps through asm goto', () => {
    const code = `
static inline int add(int a, int b) { int r; asm volatile("addl %2, %0 ; # sum\\n\\t" : "=r" (r) : "0" (a), "r" (b) : "cc"); return r; }
static inline void bump(long *p) { asm volatile("incq %0" : "+m" (*p) : : "memory"); }
static inline int branch(long k) { asm goto("jmp %l[yes]" : : "i" (k) : : yes); return 0; yes: return 1; }
int f(void) { long v = 41; bump(&v); return add(3, -5) * 1000 + (int)v * 10 + branch(7); }
int g(void) { asm("mystery %0" : : "r" (1)); return 0; }`;
    const { machine } = programOf(code, {
      asmModels: [
        {
          matches: 'addl %2, %0',
          fidelity: 'exact',
          reason: 'test',
          run: (a) => {
            a.write(0, a.read(1) + a.read(2));
          },
        },
        {
          matches: 'incq %0',
          fidelity: 'exact',
          reason: 'test',
          run: (a) => {
            a.write(0, a.read(0) + 1n);
          },
        },
        {
          matches: (site) => site.key.startsWith('jmp'),
          fidelity: 'exact',
          reason: 'test',
          run: (a) => {
            if (a.read(0) === 7n) a.jump(0);
          },
        },
      ],
    });
    expect(valueOf(machine, 'f')).toBe(-1579n);
    expect(machine.call('g')).toMatchObject({ kind: 'limit', limit: { kind: 'unmodelled-asm', name: 'mystery %0', place: { line: 6 } } });
  });

  test('links units: functions, objects, statics of one name, addresses across units', () => {
    const { machine, program } = programOf({
      'lib/a.c':
        'struct ops { int (*get)(void); int *where; };\nextern struct ops ops;\nextern int shared[];\nstatic int same(void) { return 1; }\nint f(void) { shared[1] += 5; return ops.get() * 100 + *ops.where * 10 + same(); }',
      'lib/b.c':
        'struct ops { int (*get)(void); int *where; };\nint shared[3] = { 1, 2, 3 };\nstatic int same(void) { return 4; }\nstatic int get(void) { return same(); }\nstruct ops ops = { .get = get, .where = &shared[1] };\n',
    });
    expect(valueOf(machine, 'f')).toBe(471n);
    expect(program.loadedUnits).toEqual(['lib/a.c', 'lib/b.c']);
    expect(program.symbolize((program.globalAddress('shared') ?? 0n) + 4n)).toBe('shared+0x4');
    expect(program.functionAt(program.functionAddress('get', 'lib/b.c') ?? 0n)).toMatchObject({
      name: 'get',
      unit: 'lib/b.c',
      static: true,
    });
  });

  test('a strong definition wins over a weak one, and a weak name that nobody defines is null', () => {
    const { machine } = programOf({
      'lib/a.c':
        'int __attribute__((weak)) which(void) { return 1; }\nextern int nobody(void) __attribute__((weak));\nint f(void) { return which() * 10 + (nobody ? 1 : 2); }',
      'lib/b.c': 'int which(void)\n{\n\treturn 7;\n}\n',
    });
    expect(valueOf(machine, 'f')).toBe(72n);
  });

  test('reads and writes members by name, bit-fields too', () => {
    const { machine, program } = programOf(
      'struct in { char c; int v[3]; }; struct s { unsigned a : 3, b : 7; union { long l; struct in in; }; struct s *next; } g;\nlong get(struct s *p) { return p->b * 100000 + p->in.v[2] * 100 + p->a; }',
    );
    const type = program.typeNamed('struct s');
    if (type === undefined) throw new Error('no type');
    const s = machine.create(type, 'test');
    s.member('b').write(77n);
    s.member('a').write(-3n);
    s.member('in.v[2]').write(-9);
    s.member('next').write(s.address);
    expect(s.member('next').follow().member('in').member('v').index(2).read()).toBe(-9n);
    expect(valueOf(machine, 'get', [s.address])).toBe(77n * 100000n - 900n + 5n);
    expect(machine.attempt(() => s.member('gone'))).toMatchObject({
      kind: 'limit',
      limit: { kind: 'missing-member', text: 'struct s of this tree has no member gone' },
    });
    expect(program.hasMember('struct s', 'in.c')).toBe(true);
  });
});
