// Prints how fast units are preprocessed, and how large their streams are. Usage: node test/tools/bench-preprocessor.ts TREE [FILE.c…]

import { OverlaySource } from '../../src/core/source/file-source.ts';
import { chooseConfig } from '../../src/core/preprocessor/kernel/choose-config.ts';
import { KernelPreprocessor } from '../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { pathUnitsAndBtree } from './path-units.ts';

const [root = '.', ...named] = process.argv.slice(2);
const paths = named.length > 0 ? named : pathUnitsAndBtree;
const texts = new Map<string, string>();
const source = new OverlaySource(new DiskSource(root), texts);
const kernel = new KernelPreprocessor(source, chooseConfig(source).config);

/** Processor time is what counts on a shared machine; wall time is printed beside it. */
function timed(what: string, work: () => number): void {
  const wall = performance.now();
  const before = process.cpuUsage();
  const tokens = work();
  const cpu = process.cpuUsage(before);
  const ms = (cpu.user + cpu.system) / 1000;
  console.log(
    `${what.padEnd(44)} ${(performance.now() - wall).toFixed(0).padStart(6)} ms ${ms.toFixed(0).padStart(6)} ms cpu ${tokens} tokens`,
  );
}

const kept = paths.map((path) => {
  let unit = kernel.preprocess('');
  timed(path, () => (unit = kernel.preprocess(path))?.tokens.length ?? 0);
  return unit;
});
const [first = ''] = paths;
const text = source.read(first) ?? '';
for (let edit = 1; edit <= 6; edit++) {
  texts.set(first, `${text}\nint edit_${edit};\n`);
  timed(`edit ${edit} at the end of ${first}`, () => {
    kernel.changed(first);
    return kernel.preprocess(first)?.tokens.length ?? 0;
  });
}
let tokens = 0;
let bytes = 0;
for (const unit of kept) {
  if (unit === undefined) continue;
  tokens += unit.tokens.length;
  bytes += unit.tokens.size;
}
const memory = process.memoryUsage();
console.log(
  `${kept.length} units: ${tokens} tokens, ${(bytes / tokens).toFixed(1)} bytes each; resident ${(memory.rss / 1048576).toFixed(0)} MB, arrays ${(memory.arrayBuffers / 1048576).toFixed(0)} MB, heap ${(memory.heapUsed / 1048576).toFixed(0)} MB`,
);
