// Time of the machine on the csmith corpus against gcc -O0's binaries: median ratio over programs.
// Usage: node test/bench/machine.bench.ts [FOLDER-OF-PREPROCESSED-PROGRAMS] [--verbose]. Needs gcc.
// Native: the second call of main() in a child of fork, best of 15, so that neither process start nor page faults count. Ours: best of several runs of a
// prepared program, after a warm-up that lets the host compile the interpreter's loop.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareC } from '../../src/core/program/run-c.ts';

const shared = join(import.meta.dirname, '../../../shared/compiler-truth/csem/programs');
const folder = process.argv.slice(2).find((a) => !a.startsWith('--')) ?? shared;
const verbose = process.argv.includes('--verbose');
if (!existsSync(folder) || spawnSync('gcc', ['--version']).error !== undefined) {
  console.log(`machine: skipped, needs gcc and ${folder}`);
  process.exit(0);
}
const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
const wrapper = `#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
extern int prog_main(void);
int main(void) {
  double *best = mmap(0, 4096, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  *best = 1e18;
  freopen("/dev/null", "w", stdout);
  for (int i = 0; i < 15; i++) {
    if (fork() == 0) {
      struct timespec a, b;
      prog_main();
      clock_gettime(CLOCK_MONOTONIC, &a);
      prog_main();
      clock_gettime(CLOCK_MONOTONIC, &b);
      double t = (b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec);
      if (t < *best) *best = t;
      _exit(0);
    }
    wait(0);
  }
  fprintf(stderr, "%.0f", *best);
  return 0;
}
`;
writeFileSync(join(scratch, 'wrapper.c'), wrapper);
execFileSync('gcc', ['-O2', '-w', '-c', '-o', join(scratch, 'wrapper.o'), join(scratch, 'wrapper.c')]);

const files = readdirSync(folder)
  .filter((f) => f.endsWith('.c') && !f.endsWith('.full.c'))
  .sort();
const texts = files.map((f) => readFileSync(join(folder, f), 'utf8'));
// Warm-up: the loop is one function for all programs.
for (const [i, text] of texts.entries()) {
  const runner = prepareC(files[i] ?? '', text);
  for (let n = 0; n < 40; n++) runner.run();
}
const ratios: number[] = [];
let stepsTotal = 0;
let timeTotal = 0;
for (const [i, file] of files.entries()) {
  const source = join(scratch, 'p.c');
  writeFileSync(source, (texts[i] ?? '').replace(/\bmain\b/g, 'prog_main'));
  execFileSync('gcc', ['-O0', '-w', '-o', join(scratch, 'p'), source, join(scratch, 'wrapper.o')]);
  const native = Number(spawnSync(join(scratch, 'p'), { encoding: 'utf8', timeout: 60_000 }).stderr);
  const runner = prepareC(file, texts[i] ?? '');
  let best = Infinity;
  let steps = 0;
  const until = performance.now() + 250;
  for (let n = 0; n < 400 && (n < 3 || performance.now() < until); n++) {
    const started = performance.now();
    steps = runner.run().steps;
    best = Math.min(best, (performance.now() - started) * 1e6);
  }
  ratios.push(best / native);
  stepsTotal += steps;
  timeTotal += best;
  if (verbose)
    console.log(
      `${file} native ${(native / 1e3).toFixed(0)} us, ours ${(best / 1e3).toFixed(0)} us, ${steps} steps, ${(best / steps).toFixed(1)} ns/step, ratio ${(best / native).toFixed(1)}`,
    );
}
rmSync(scratch, { recursive: true });
ratios.sort((a, b) => a - b);
const at = (q: number): string => (ratios[Math.min(ratios.length - 1, Math.floor(ratios.length * q))] ?? NaN).toFixed(1);
console.log(
  `machine: ${files.length} programs, median ${at(0.5)}x gcc -O0, p90 ${at(0.9)}x, ${(timeTotal / stepsTotal).toFixed(2)} ns per instruction`,
);
