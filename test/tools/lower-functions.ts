// Lowers every function with a body in units of the failure path and ranks what is refused.
// Usage: node test/tools/lower-functions.ts VERSION CONFIG [UNIT…]
import { describePlace } from '../../src/base/place.ts';
import { lowerFunction } from '../../src/core/lower/lower.ts';
import { TranslationUnit } from '../../src/core/unit/unit.ts';
import { kernelTree, openKernel } from './kernel-tree.ts';
import { pathUnitsAndBtree } from './path-units.ts';

const [version = '6.1', config = '', ...given] = process.argv.slice(2);
const tree = kernelTree(version);
if (tree === undefined || config === '') {
  console.log('skipped: needs a kernel tree and a configuration file');
  process.exit(0);
}
const units =
  given.length > 0 ? given : [...pathUnitsAndBtree, 'mm/rmap.c', 'mm/memory.c', 'lib/xarray.c', 'kernel/signal.c', 'fs/xfs/xfs_icache.c'];
const preprocessor = openKernel(tree, config);
const linker = {
  floatingPoint: false,
  objectAddress: () => 0xffffffff84000000n,
  functionId: () => 1,
  functionAddress: () => 0xffffffff81000010n,
  stringAddress: () => 0xffffffff90000000n,
};
const reasons = new Map<string, string[]>();
let total = 0,
  parseRefused = 0,
  refused = 0,
  words = 0;
let parseMs = 0,
  lowerMs = 0;
for (const path of units) {
  const pre = preprocessor.preprocess(path);
  if (pre === undefined) {
    console.log(`no ${path}`);
    continue;
  }
  const unit = TranslationUnit.fromTokens(pre.tokens, { unsignedChar: version !== '6.1' });
  for (const { name } of unit.functionDefinitions()) {
    total++;
    let t = performance.now();
    const parsed = unit.definition(name);
    parseMs += performance.now() - t;
    if (parsed.kind !== 'parsed') {
      parseRefused++;
      if (parsed.kind === 'refused') note(`parse: ${parsed.refusal.reason}`, `${name} ${describePlace(parsed.refusal.place)}`);
      continue;
    }
    t = performance.now();
    const lowered = lowerFunction(parsed.value, linker);
    lowerMs += performance.now() - t;
    if (lowered.kind === 'lowered') {
      words += lowered.fn.code.length;
      continue;
    }
    refused++;
    note(`lower: ${lowered.reason}`, `${name} ${describePlace(pre.tokens.place(lowered.at))}`);
  }
}
function note(reason: string, where: string): void {
  const list = reasons.get(reason) ?? [];
  list.push(where);
  reasons.set(reason, list);
}
for (const [reason, where] of [...reasons].sort((a, b) => b[1].length - a[1].length).slice(0, 40)) {
  console.log(`${where.length}\t${reason}\t${[...new Set(where)].slice(0, 3).join(' | ')}`);
}
console.log(
  `${total} functions, ${parseRefused} not parsed, ${refused} not lowered, ${words} words, parse ${parseMs.toFixed(0)} ms, lower ${lowerMs.toFixed(0)} ms`,
);
