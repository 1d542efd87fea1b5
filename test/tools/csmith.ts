// Generates random C programs with csmith, runs them under gcc and under the machine, and compares what they print.
// Usage: node test/tools/csmith.ts --corpus            every row of compiler-truth/csem/corpus.jsonl, made again from its seed
//        node test/tools/csmith.ts COUNT [SEED]        COUNT new programs from SEED on, option sets in turn
// A program that fails is shrunk; the small one is printed and kept beside it. --break XOR32=OR32 spoils one operation of the
// machine to show that.
// Options: --varied (csmith's own switches are drawn from the seed instead of the option sets), --float (with floating point), --back (also goes back to three points of each run and forward again), --keep FOLDER (programs are kept there), --from N --to N (rows of the corpus). Needs csmith and gcc.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Snapshot } from '../../src/core/machine/api.ts';
import { instructions } from '../../src/core/machine/ir.ts';
import type { HostedProgramRunner, HostedRun } from '../../src/core/program/run-c.ts';
import { MachineOperations } from '../../src/core/machine/operations.ts';
import { prepareC } from '../../src/core/program/run-c.ts';
import { shrink } from './shrink.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    corpus: { type: 'boolean' },
    back: { type: 'boolean' },
    varied: { type: 'boolean' },
    float: { type: 'boolean' },
    keep: { type: 'string' },
    break: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
  },
});
for (const tool of ['csmith', 'gcc']) {
  if (spawnSync(tool, ['--version']).error !== undefined) {
    console.log(`skipped: ${tool} is not installed`);
    process.exit(0);
  }
}
const include = ['/usr/include/csmith', '/usr/local/include/csmith'].find((f) => existsSync(f)) ?? '/usr/include/csmith';
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'csmith-'));
const stubs = join(folder, 'stubs');
mkdirSync(stubs, { recursive: true });
const types = `typedef signed char int8_t; typedef short int16_t; typedef int int32_t; typedef long int64_t;
typedef unsigned char uint8_t; typedef unsigned short uint16_t; typedef unsigned int uint32_t; typedef unsigned long uint64_t;
typedef long intptr_t; typedef unsigned long uintptr_t; typedef unsigned long size_t;
${[8, 16, 32, 64].map((b) => `#define INT${b}_MAX ${(1n << BigInt(b - 1)) - 1n}${b === 64 ? 'L' : ''}\n#define INT${b}_MIN (-INT${b}_MAX-1)\n#define UINT${b}_MAX ${(1n << BigInt(b)) - 1n}${b === 64 ? 'UL' : b === 32 ? 'U' : ''}`).join('\n')}
`;
const stub: Record<string, string> = {
  'stdint.h': `#ifndef TYPES\n#define TYPES\n${types}#endif\n`,
  'limits.h':
    '#define CHAR_BIT 8\n#define INT_MAX 2147483647\n#define INT_MIN (-INT_MAX-1)\n#define UINT_MAX 4294967295U\n#define LONG_MAX 9223372036854775807L\n#define LONG_MIN (-LONG_MAX-1)\n#define ULONG_MAX 18446744073709551615UL\n#define LLONG_MAX LONG_MAX\n#define LLONG_MIN LONG_MIN\n#define ULLONG_MAX ULONG_MAX\n',
  'stdio.h': 'extern int printf(const char *, ...);\n',
  'string.h':
    'extern int strcmp(const char *, const char *);\nextern void *memcpy(void *, const void *, unsigned long);\nextern void *memset(void *, int, unsigned long);\n',
  'assert.h': '#define assert(x) ((void)0)\n',
  'math.h':
    'extern float fabsf(float);\nextern double fabs(double);\nextern float ldexpf(float, int);\nextern double ldexp(double, int);\n',
  'float.h': '#define FLT_MAX 3.402823466e+38F\n#define DBL_MAX 1.7976931348623158e+308\n',
};
for (const [name, text] of Object.entries(stub)) writeFileSync(join(stubs, name), text);

const sets = [
  '--max-funcs 2 --max-block-depth 2 --max-block-size 3 --max-expr-complexity 4 --no-pointers --no-structs --no-unions --no-arrays --no-volatiles --no-jumps',
  '--max-funcs 3 --max-block-depth 2 --max-expr-complexity 5 --no-structs --no-unions --no-volatiles --no-jumps --max-array-dim 2 --max-array-len-per-dim 5',
  '--max-funcs 3 --max-block-depth 3 --max-expr-complexity 6 --no-bitfields --no-unions --no-packed-struct --no-volatiles --max-array-dim 2 --max-array-len-per-dim 6',
  '--max-funcs 4 --max-block-depth 3 --max-expr-complexity 6 --bitfields --unions --no-packed-struct --max-array-dim 2',
  '--max-funcs 4 --max-block-depth 3 --jumps --packed-struct --volatiles --bitfields --unions',
  '--max-funcs 4 --max-block-depth 3',
  '--max-funcs 8 --inline-function --arg-unions --arg-structs --return-structs --return-unions',
].map((s) => `${values.float === true ? '--float' : '--no-float'} --no-argc --concise ${s}`);

/** Switches of csmith, with how many of eight programs have each. */
const switches: Readonly<Record<string, number>> = {
  arrays: 7,
  bitfields: 6,
  builtins: 3,
  checksum: 8,
  'comma-operators': 6,
  'compound-assignment': 6,
  'const-pointers': 5,
  consts: 5,
  divs: 6,
  'embedded-assigns': 6,
  'global-variables': 6,
  'inline-function': 4,
  int8: 6,
  jumps: 6,
  longlong: 6,
  math64: 6,
  muls: 6,
  'packed-struct': 5,
  paranoid: 2,
  pointers: 7,
  'post-incr-operator': 6,
  'pre-decr-operator': 6,
  structs: 6,
  uint8: 6,
  'unary-plus-operator': 6,
  unions: 6,
  'volatile-pointers': 5,
  volatiles: 5,
};

/** Options drawn from a seed (multiply-with-carry; any row of numbers would do). */
function varied(seed: number): string {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  const draw = (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x85ebca6b) + 0x6d2b79f5) >>> 0;
    return (state >>> 8) % below;
  };
  // The manual knows --global-variables, csmith only its opposite.
  const chosen = Object.entries(switches)
    .map(([name, of]) => (draw(8) < of ? `--${name}` : `--no-${name}`))
    .map((option) => (option === '--builtins' ? '--builtins --disable-builtin-kinds x86' : option))
    .filter((option) => option !== '--global-variables');
  const limits = [
    `--max-funcs ${1 + draw(8)}`,
    `--max-block-depth ${1 + draw(5)}`,
    `--max-block-size ${2 + draw(5)}`,
    `--max-expr-complexity ${2 + draw(9)}`,
    `--max-pointer-depth ${1 + draw(4)}`,
    `--max-struct-fields ${1 + draw(14)}`,
    `--max-union-fields ${1 + draw(6)}`,
    `--max-array-dim ${1 + draw(4)}`,
    `--max-array-len-per-dim ${1 + draw(10)}`,
  ];
  return `${values.float === true ? '--float' : '--no-float'} --no-argc --concise ${[...chosen, ...limits].join(' ')}`;
}

interface Job {
  readonly id: string;
  readonly seed: number;
  readonly options: string;
  readonly stdout?: string;
}
const jobs: Job[] = [];
if (values.corpus === true) {
  const truth = join(import.meta.dirname, '../../../shared/compiler-truth/csem/corpus.jsonl');
  if (!existsSync(truth)) {
    console.log(`skipped: no ${truth}`);
    process.exit(0);
  }
  jobs.push(
    ...readFileSync(truth, 'utf8')
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l) as Job)
      .slice(Number(values.from ?? 0), Number(values.to ?? 1e9)),
  );
} else {
  const [count = '20', seed = '1'] = positionals;
  for (let i = 0; i < Number(count); i++)
    jobs.push({
      id: `s${Number(seed) + i}`,
      seed: Number(seed) + i,
      options: values.varied === true ? varied(Number(seed) + i) : (sets[i % sets.length] ?? ''),
    });
}

/** Snapshots at a quarter, half and three quarters of the run, restored in reverse order, must all reach the same end. */
function goesBack(runner: HostedProgramRunner, fresh: Snapshot, whole: HostedRun): boolean {
  const { machine } = runner;
  machine.restore(fresh);
  machine.begin('main', runner.mainArguments);
  const quarter = Math.floor(whole.steps / 4);
  const saved = [1, 2, 3].map(() => {
    machine.run(quarter);
    return { snapshot: machine.snapshot(), steps: machine.steps };
  });
  const toTheEnd = () => ({ end: machine.run(), steps: machine.steps, stdout: runner.stdout() });
  const ends = [
    toTheEnd(),
    ...saved.reverse().map(({ snapshot, steps }) => {
      machine.restore(snapshot);
      return machine.steps === steps ? toTheEnd() : undefined;
    }),
  ];
  for (const { snapshot } of saved) machine.release(snapshot);
  // What runs after main() is not part of these runs, so the steps are compared with one another.
  return ends.every((run) => {
    const code = run?.end?.kind === 'value' ? Number(BigInt.asUintN(8, run.end.value)) : run?.end?.kind === 'exit' ? run.end.code : -1;
    return code === whole.exitCode && run?.stdout === whole.stdout && run.steps === ends[0]?.steps;
  });
}

/** Spoils one operation of the machine: `XOR32=OR32` runs the second instruction where the first was lowered. */
function spoil(swap: string): void {
  const [from, to] = swap.split('=').map((name) => instructions.findIndex(([known]) => known === name));
  if (from === undefined || to === undefined || from < 0 || to < 0) throw new Error(`no such instructions: ${swap}`);
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its object below
  const { install } = MachineOperations.prototype;
  MachineOperations.prototype.install = function (id, fn) {
    const code = fn.code.slice();
    for (let pc = 0; pc < code.length;) {
      const [name, operands] = instructions[code[pc] ?? 0] ?? ['BAD', ''];
      const entries = code[pc + 3] ?? 0;
      if (code[pc] === from) code[pc] = to;
      pc += name === 'SWITCH' ? 5 + 5 * entries : name === 'SWITCH_DENSE' ? 5 + entries : 1 + operands.length;
    }
    install.call(this, id, { ...fn, code });
  };
}

/** Output of gcc's program; undefined when it does not compile cleanly, end in time, or depends on optimisation (undefined behaviour). */
function native(text: string, file: string): string | undefined {
  writeFileSync(`${file}.c`, text);
  const strict = [
    '-w',
    '-fwrapv',
    '-fno-strict-aliasing',
    '-Werror=implicit-function-declaration',
    '-Werror=implicit-int',
    '-Werror=return-type',
    '-Werror=uninitialized',
    '-Werror=int-conversion',
  ];
  const outputs = ['-O0', '-O2'].map((level) => {
    if (spawnSync('gcc', [level, ...strict, '-o', `${file}.out`, `${file}.c`], { timeout: 20_000 }).status !== 0) return undefined;
    const ran = spawnSync(`${file}.out`, { encoding: 'utf8', timeout: 1000 });
    return ran.status === null ? undefined : `${ran.stdout}exit ${ran.status}`;
  });
  return outputs[0] === outputs[1] ? outputs[0] : undefined;
}

/** True when a program converts a floating value to an integer type that it does not fit: csmith does not avoid it, C leaves it open. */
function castsOverflow(base: string): boolean {
  const checks = ['-fsanitize=float-cast-overflow', '-fno-sanitize-recover=float-cast-overflow'];
  if (spawnSync('gcc', ['-O0', '-w', '-fwrapv', ...checks, '-o', `${base}.out`, `${base}.c`]).status !== 0) return false;
  return spawnSync(`${base}.out`, { timeout: 5000 }).status !== 0;
}

/** How a program fails: it prints something else, or it stops for this reason. */
function failure(text: string): { readonly kind: string; readonly output: string } {
  const result = prepareC('small.c', text, { budgets: { steps: 500_000_000 } }).run();
  const why = result.fault?.kind ?? result.limit?.kind;
  if (why !== undefined) return { kind: why, output: '' };
  return { kind: result.warnings[0]?.kind ?? 'different', output: `${result.stdout}exit ${result.exitCode}` };
}

/** Shrinks a failing program, as long as it fails in the same way and gcc's program is well defined. */
function makeSmall(id: string, text: string): void {
  const small = join(folder, `${id}.small`);
  const { kind } = failure(text);
  const result = shrink(text, (candidate) => {
    const ours = failure(candidate);
    if (ours.kind !== kind) return false;
    const theirs = native(candidate, small);
    return theirs !== undefined && theirs !== ours.output;
  });
  writeFileSync(`${small}.c`, result);
  console.log(
    `${result
      .split('\n')
      .map((l) => `    ${l}`)
      .join('\n')}\n    shrunk from ${text.length} to ${result.length} characters${values.keep === undefined ? '' : `: ${small}.c`}`,
  );
}

if (values.break !== undefined) spoil(values.break);
let equal = 0,
  different = 0,
  stopped = 0,
  skipped = 0,
  ungenerated = 0,
  warned = 0;
for (const job of jobs) {
  const base = join(folder, job.id);
  // Some sets of options exclude each other, some make csmith search for ever.
  const made = spawnSync('csmith', ['--seed', String(job.seed), ...job.options.split(' '), '-o', `${base}.full.c`], { timeout: 20_000 });
  if (made.status !== 0) {
    ungenerated++;
    continue;
  }
  const text = execFileSync('gcc', ['-E', '-P', '-nostdinc', '-w', '-I', stubs, '-I', include, `${base}.full.c`], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  writeFileSync(`${base}.c`, text);
  let expected = job.stdout;
  if (expected === undefined) {
    // Its x86 builtins need processors of their own.
    if (spawnSync('gcc', ['-O1', '-w', '-fwrapv', '-o', `${base}.out`, `${base}.c`]).status !== 0) {
      ungenerated++;
      continue;
    }
    const ran = spawnSync(`${base}.out`, { encoding: 'utf8', timeout: 1000 });
    if (ran.status === null || ran.stdout === '') {
      skipped++;
      continue;
    }
    expected = ran.stdout;
    if (values.float === true && castsOverflow(base)) {
      skipped++;
      continue;
    }
  }
  const started = performance.now();
  const runner = prepareC(`${job.id}.c`, text, { budgets: { steps: 2_000_000_000 } });
  const fresh = runner.machine.snapshot();
  const result = runner.run();
  const ms = (performance.now() - started).toFixed(0);
  const why = result.fault ?? result.limit;
  if (result.warnings.length > 0) {
    warned++;
    console.log(
      `warning   ${job.id} ${result.warnings.length} ${result.warnings[0]?.text ?? ''} line ${result.warnings[0]?.place?.line ?? ''}`,
    );
  }
  if (values.back === true && why === undefined && !goesBack(runner, fresh, result)) {
    different++;
    console.log(`different ${job.id}: going back and forward again ends otherwise`);
    continue;
  }
  if (why !== undefined) {
    stopped++;
    console.log(`stopped   ${job.id} ${why.text} (line ${why.place?.line ?? '?'}) ${result.steps} steps ${ms} ms`);
    makeSmall(job.id, text);
  } else if (result.stdout === expected) {
    equal++;
  } else {
    different++;
    console.log(`different ${job.id} ours ${JSON.stringify(result.stdout.slice(-60))} gcc ${JSON.stringify(expected.slice(-60))}`);
    makeSmall(job.id, text);
  }
}
if (values.keep === undefined) rmSync(folder, { recursive: true });
console.log(
  `${equal} equal, ${different} different, ${stopped} stopped, ${skipped} skipped (native run took over a second, or its casts overflow), ${ungenerated} not generated, ${warned} with warnings`,
);
process.exitCode = different + stopped > 0 ? 1 : 0;
