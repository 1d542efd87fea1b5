// Parses every function definition of kernel units and ranks what is refused. Usage: parse-functions.ts 6.1|6.12 [FILE.c…|LIST.txt]

import { readFileSync } from 'node:fs';
import { TranslationUnit } from '../../src/core/unit/unit.ts';
import { kernelTree, openKernel, sharedPath } from './kernel-tree.ts';
import { pathUnitsAndBtree } from './path-units.ts';

const defaults = [
  ...pathUnitsAndBtree,
  'fs/xfs/xfs_super.c',
  'fs/xfs/xfs_icache.c',
  'fs/xfs/xfs_buf.c',
  'fs/xfs/xfs_fsops.c',
  'fs/xfs/libxfs/xfs_rmap_btree.c',
  'mm/rmap.c',
  'mm/memory.c',
  'mm/interval_tree.c',
  'lib/xarray.c',
  'kernel/signal.c',
];
const [version = '6.1', ...given] = process.argv.slice(2);
const tree = kernelTree(version);
const config = sharedPath(`ground-truth/config-${version}`);
if (tree === undefined || config === undefined) {
  console.log(`skipped: no tree or configuration for ${version}`);
  process.exit(0);
}
const [list] = given;
const files =
  given.length === 0
    ? defaults
    : list?.endsWith('.txt') === true
      ? readFileSync(list, 'utf8')
          .split('\n')
          .filter((l) => l.endsWith('.c'))
      : given;
const kernel = openKernel(tree, config);
const refusals = new Map<string, { count: number; example: string }>();
const problems = new Map<string, string>();
let functions = 0;
let refused = 0;
let objects = 0;
let asserts = 0;
let units = 0;
let tokens = 0;
let parsedTokens = 0;
let indexTime = 0;
let parseTime = 0;

function note(reason: string, where: string): void {
  const known = refusals.get(reason);
  if (known === undefined) refusals.set(reason, { count: 1, example: where });
  else known.count++;
}

for (const file of files) {
  const pre = kernel.preprocess(file);
  if (pre === undefined) continue;
  units++;
  tokens += pre.tokens.length;
  const before = performance.now();
  const unit = TranslationUnit.fromTokens(pre.tokens, { unsignedChar: version !== '6.1', prefix: pre.prefix });
  const indexed = performance.now();
  indexTime += indexed - before;
  for (const { name } of unit.functionDefinitions()) {
    functions++;
    const result = unit.definition(name);
    if (result.kind === 'parsed') parsedTokens += result.value.endAt - result.value.at;
    else {
      refused++;
      const where = result.kind === 'refused' ? `${result.refusal.place.path}:${result.refusal.place.line} in ${name}` : name;
      note(result.kind === 'refused' ? result.refusal.reason : 'absent', where);
    }
  }
  for (const { name } of unit.objectDefinitions()) {
    objects++;
    const object = unit.object(name);
    const result = object.kind === 'parsed' ? unit.initialiser(name) : object;
    if (result.kind === 'refused')
      note(`object: ${result.refusal.reason}`, `${result.refusal.place.path}:${result.refusal.place.line} ${name}`);
  }
  const { checked, failed } = unit.checkAsserts();
  asserts += checked;
  for (const refusal of failed) note(refusal.reason, `${refusal.place.path}:${refusal.place.line}`);
  parseTime += performance.now() - indexed;
  for (const problem of unit.problems()) problems.set(`${problem.place.path}:${problem.place.line} ${problem.reason}`, file);
}
const ranked = [...refusals].sort((a, b) => b[1].count - a[1].count);
for (const [reason, { count, example }] of ranked.slice(0, 40)) console.log(`${String(count).padStart(6)}  ${reason}   (${example})`);
for (const [problem, file] of [...problems].slice(0, 20)) console.log(`problem ${problem} (unit ${file})`);
console.log(`${version}: ${units} units, ${tokens} tokens indexed in ${indexTime.toFixed(0)} ms`);
console.log(
  `${functions} function definitions, ${refused} refused (${((100 * refused) / Math.max(1, functions)).toFixed(3)} %), ${objects} objects, ${asserts} static assertions`,
);
console.log(`${parsedTokens} tokens of bodies in ${parseTime.toFixed(0)} ms`);
