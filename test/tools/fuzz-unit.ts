// Mutates files of the path and parses all they define: an answer or a refusal each time, never an exception.
// Usage: fuzz-unit.ts [COUNT [SEED]]

import { readFileSync } from 'node:fs';
import { parseConfig } from '../../src/core/preprocessor/kernel/config.ts';
import { KernelPreprocessor } from '../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { OverlaySource } from '../../src/core/source/file-source.ts';
import { TranslationUnit } from '../../src/core/unit/unit.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { kernelTree, sharedPath } from './kernel-tree.ts';
import { pathUnits } from './path-units.ts';
import { Seeded } from './seeded.ts';

const count = Number(process.argv[2] ?? 500);
const row = new Seeded(Number(process.argv[3] ?? 1));
const random = (n: number): number => row.below(n);
const tree = kernelTree('6.1');
const configFile = sharedPath('ground-truth/config-6.1');
if (tree === undefined || configFile === undefined) {
  console.log('skipped: no tree or configuration');
  process.exit(0);
}

/** A few token-sized edits, or a cut, or noise. */
function mutate(text: string): string {
  if (random(20) === 0) return text.slice(0, random(text.length));
  const parts = text.split(/(\w+|\s+|[^\w\s])/);
  for (let n = 1 + random(4); n > 0; n--) {
    const at = random(parts.length);
    switch (random(5)) {
      case 0:
        parts.splice(at, 1 + random(3));
        break;
      case 1:
        parts.splice(at, 0, ...parts.slice(at, at + 1 + random(20)));
        break;
      case 2:
        [parts[at], parts[(at + 1 + random(8)) % parts.length]] = [parts[(at + 1 + random(8)) % parts.length] ?? '', parts[at] ?? ''];
        break;
      case 3:
        parts[at] = String.fromCharCode(...Array.from({ length: 1 + random(5) }, () => 33 + random(94)));
        break;
      default:
        parts[at] = ['(', ')', '{', '}', '[', ';', ',', '*', '&', '0', 'struct', 'int', 'typeof', 'return', '...', '"'][random(16)] ?? '';
    }
  }
  return parts.join('');
}

const base = new DiskSource(tree);
const texts = new Map<string, string>();
const { config } = parseConfig(configFile, readFileSync(configFile, 'utf8'));
const kernel = new KernelPreprocessor(new OverlaySource(base, texts), config);
const reasons = new Map<string, number>();
let parsed = 0;
let slowest = 0;
for (let n = 0; n < count; n++) {
  const file = row.pick(pathUnits);
  const before = row.state;
  texts.set(file, mutate(base.read(file) ?? ''));
  kernel.changed(file);
  try {
    const pre = kernel.preprocess(file);
    if (pre === undefined) continue;
    const start = performance.now();
    const unit = TranslationUnit.fromTokens(pre.tokens, { prefix: pre.prefix });
    unit.problems();
    for (const { name, at, kind } of unit.names()) {
      if (at < pre.prefix.tokens) continue;
      const results =
        kind === 'function'
          ? [unit.function(name), unit.definition(name)]
          : kind === 'object'
            ? [unit.object(name), unit.initialiser(name)]
            : [unit.typedef(name)];
      for (const result of results) {
        if (result.kind === 'parsed') parsed++;
        else if (result.kind === 'refused') {
          const reason = result.refusal.reason.replace(/'[^']*'/g, "'…'");
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        }
      }
    }
    slowest = Math.max(slowest, performance.now() - start);
  } catch (error) {
    console.log(`seed ${before}: ${file}: ${String(error)}`);
    process.exitCode = 1;
  }
}
for (const [reason, times] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 25)) console.log(`${String(times).padStart(6)}  ${reason}`);
console.log(
  `${count} mutated files, ${parsed} declarations parsed, ${[...reasons.values()].reduce((a, b) => a + b, 0)} refused, slowest ${slowest.toFixed(0)} ms`,
);
