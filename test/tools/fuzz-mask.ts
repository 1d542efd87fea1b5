// Mutates kernel files and masks and parses them: no crash, no change of length, no slow case. Usage: fuzz-mask.ts TREE LIST [--count N] [--seed S]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSourceFile } from '../../src/core/syntax/build-source-file.ts';
import { loadGrammar } from '../../src/node/grammar-files.ts';

const [tree, list, ...rest] = process.argv.slice(2);
const option = (name: string, otherwise: number): number => (rest.includes(name) ? Number(rest[rest.indexOf(name) + 1]) : otherwise);
const count = option('--count', 500);
let state = option('--seed', 1) >>> 0;
const random = (n: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
};
const grammar = await loadGrammar();
const files = readFileSync(list!, 'utf8').trim().split('\n');
const pieces = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '#if X\n',
  '#else\n',
  '#endif\n',
  '"',
  "'",
  '/*',
  '*/',
  '\\\n',
  '#',
  'case',
  '...',
  'asm(',
  'typeof(',
  'struct ',
  '=',
  '\0',
  '\uFEFF',
  'é',
];

function mutate(text: string): string {
  let s = text;
  const times = 1 + random(4);
  for (let k = 0; k < times; k++) {
    const at = random(s.length + 1);
    const length = random(40);
    switch (random(5)) {
      case 0:
        s = s.slice(0, at) + s.slice(at + length);
        break;
      case 1:
        s = s.slice(0, at) + s.slice(at, at + length) + s.slice(at);
        break;
      case 2:
        s = s.slice(0, at) + pieces[random(pieces.length)]! + s.slice(at);
        break;
      case 3:
        s = s.slice(0, at);
        break;
      default:
        s = s.slice(0, at) + s.slice(at + length, at + 2 * length) + s.slice(at, at + length) + s.slice(at + 2 * length);
    }
  }
  return s;
}

let worst = 0;
let failures = 0;
let functions = 0;
for (let i = 0; i < count; i++) {
  const file = files[random(files.length)]!;
  const text = mutate(readFileSync(join(tree!, file), 'utf8').slice(0, 40_000));
  const begin = performance.now();
  try {
    const parsed = buildSourceFile(file, text, grammar);
    if (parsed.file.masked.length !== text.length) throw new Error('length changed');
    functions += parsed.file.functions.length;
    parsed.tree.delete();
  } catch (e) {
    failures++;
    console.log(`${file} (mutation ${i}): ${e instanceof Error ? e.message : String(e)}`);
  }
  worst = Math.max(worst, performance.now() - begin);
}
console.log(`${count} mutated files, ${failures} failures, ${functions} functions listed, slowest ${worst.toFixed(0)} ms`);
