// Prints the share of files and functions that the source view reads without problems. Usage: parse-health.ts TREE LIST [--show N]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from 'web-tree-sitter';
import { mask, prepare } from '../../src/core/syntax/mask.ts';
import { loadGrammar } from '../../src/node/grammar-files.ts';

const [tree, list, , show] = process.argv.slice(2);
const grammar = await loadGrammar();
const files = list!.endsWith('.txt') ? readFileSync(list!, 'utf8').trim().split('\n') : [list!];
let bad = 0;
let bytes = 0;
let maskTime = 0;
let parseTime = 0;
for (const file of files) {
  const text = readFileSync(join(tree!, file), 'utf8');
  bytes += text.length;
  const t0 = performance.now();
  const m = mask(prepare(text));
  const t1 = performance.now();
  if (m.masked.length !== text.length) console.log('LENGTH', file);
  const parsed = grammar.parse(m.masked);
  const t2 = performance.now();
  maskTime += t1 - t0;
  parseTime += t2 - t1;
  if (parsed.rootNode.hasError) {
    bad++;
    const first = firstError(parsed.rootNode);
    const row = first.startPosition.row;
    if (bad <= Number(show ?? 400)) {
      console.log(`${file}:${row + 1} ${first.isMissing ? 'MISSING ' + first.type : 'ERROR'}`);
      const a = text.split('\n');
      const b = m.masked.split('\n');
      for (let r = Math.max(0, row - 1); r < Math.min(a.length, row + 2); r++) console.log(`   | ${a[r]}\n   > ${b[r]}`);
    }
  }
  for (const p of m.problems) console.log(`${file}:${p.line} mask: ${p.reason}`);
  parsed.delete();
}
console.log(
  `${files.length} files, ${bad} with errors; ${(bytes / 1e6).toFixed(1)} MB, mask ${maskTime.toFixed(0)} ms, parse ${parseTime.toFixed(0)} ms`,
);

function firstError(node: Node): Node {
  for (const c of node.children) {
    if (c.isError || c.isMissing) return c;
    if (c.hasError) return firstError(c);
  }
  return node;
}
