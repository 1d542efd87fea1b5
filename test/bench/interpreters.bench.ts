// Time of our machine against the C interpreters that npm has, on one program that all of them understand.
// Usage: node test/bench/interpreters.bench.ts. Installs them into a temporary folder, which is removed. Exit code 1 when one is faster.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepareC } from '../../src/core/program/run-c.ts';
import { run } from '../../src/dev/process.ts';
import { report } from './measure.ts';

/** Interpreters of C on npm that need no compiler: one written in JavaScript, one compiled to wasm. */
const packages = ['JSCPP@2.0.9', 'picoc-js@1.0.12'];

type Run = (program: string) => Promise<string>;

/** A loop with arithmetic, an array, a branch and a call; `rounds` times. */
function programOf(rounds: number): string {
  return `#include <stdio.h>
int table[64];
int mix(int a, int b) { return (a ^ b) + (a & 15) * 3; }
int main() {
  int sum = 0;
  int i;
  for (i = 0; i < ${rounds}; i++) {
    table[i & 63] = mix(table[(i + 7) & 63], i) & 65535;
    if (table[i & 63] > 30000) sum = (sum + table[i & 63]) & 1048575;
  }
  printf("%d\\n", sum);
  return 0;
}
`;
}

/** Milliseconds for `rounds` rounds, start-up and parse taken off: that of a longer run less that of a short one. */
async function perRound(name: string, interpret: Run, rounds: number): Promise<{ readonly nanoseconds: number; readonly printed: string }> {
  const timed = async (n: number): Promise<readonly [number, string]> => {
    const before = process.cpuUsage();
    const printed = (await interpret(programOf(n))).trim();
    const { user, system } = process.cpuUsage(before);
    return [(user + system) / 1000, printed];
  };
  await timed(rounds >> 2);
  const [short] = await timed(64);
  const [long, printed] = await timed(rounds);
  const nanoseconds = ((long - short) * 1e6) / (rounds - 64);
  report(`${name}, one round`, nanoseconds, 'ns cpu');
  return { nanoseconds, printed };
}

const ours: Run = (program) => {
  const runner = prepareC('loop.c', program.replace('#include <stdio.h>', 'int printf(const char *, ...);'));
  return Promise.resolve(runner.run().stdout);
};

interface Jscpp {
  run(program: string, input: string, config: { readonly stdio: { readonly write: (text: string) => void } }): number;
}

function jscpp(folder: string): Run {
  const require = createRequire(join(folder, 'package.json'));
  const loaded = require('JSCPP') as Jscpp & { readonly default?: Jscpp };
  const interpreter = loaded.default ?? loaded;
  return (program) => {
    let printed = '';
    interpreter.run(program, '', { stdio: { write: (text) => (printed += text) } });
    return Promise.resolve(printed);
  };
}

interface Picoc {
  readonly runC: (program: string, print: (text: string) => void) => void;
}

/** It answers when its wasm is ready, through its output only. */
async function picoc(folder: string): Promise<Run> {
  const { runC } = (await import(pathToFileURL(join(folder, 'node_modules/picoc-js/dist/bundle.js')).href)) as Picoc;
  return (program) =>
    new Promise((resolve) => {
      runC(program, resolve);
    });
}

const folder = mkdtempSync(join(tmpdir(), 'interpreters-'));
let slower = 0;
try {
  const flags = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--silent', ...packages];
  if ((await run('npm', flags, { capture: true, timeout: 180_000 })).code !== 0) {
    console.log('interpreters: skipped, npm cannot install them');
  } else {
    const own = await perRound('this machine', ours, 2_000_000);
    for (const [name, interpret, rounds] of [
      ['picoc-js 1.0.12', await picoc(folder), 200_000],
      ['JSCPP 2.0.9', jscpp(folder), 20_000],
    ] as const) {
      const theirs = await perRound(name, interpret, rounds);
      const same = (await ours(programOf(rounds))).trim() === theirs.printed;
      report(`${name} / this machine${same ? '' : ' (prints something else)'}`, theirs.nanoseconds / own.nanoseconds, 'x');
      if (theirs.nanoseconds < own.nanoseconds) slower++;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(slower === 0 ? 0 : 1);
