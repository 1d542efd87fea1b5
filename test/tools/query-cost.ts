// Why queries run on single items of a file: prints what they cost on whole trees. Usage: query-cost.ts TREE [FILE…]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Query, type Tree } from 'web-tree-sitter';
import { mask, prepare } from '../../src/core/syntax/mask.ts';
import { queryNames } from '../../src/core/syntax/grammar.ts';
import { loadGrammar } from '../../src/node/grammar-files.ts';

const [root = '.', ...given] = process.argv.slice(2);
const files = given.length > 0 ? given : ['mm/memory-failure.c', 'mm/memory.c', 'drivers/md/dm.c', 'fs/dax.c', 'fs/xfs/xfs_super.c'];
const grammar = await loadGrammar();

function timed<T>(what: string, run: () => T): T {
  const start = performance.now();
  const result = run();
  console.log(`${what}: ${(performance.now() - start).toFixed(1)} ms`);
  return result;
}

const masked = files.map((file) => mask(prepare(readFileSync(join(root, file), 'utf8'))).masked);
const trees: readonly Tree[] = timed(`parsing ${files.length} files`, () => masked.map((text) => grammar.parse(text)));
const matches = (run: (tree: Tree) => number): number => trees.reduce((sum, tree) => sum + run(tree), 0);
for (const name of queryNames) {
  timed(`${name}: first use, which compiles it`, () => grammar.find(name, trees[0]!.rootNode));
  const count = timed(`${name}: every match in all files`, () => matches((tree) => grammar.find(name, tree.rootNode).length));
  console.log(`  ${count} matches`);
}
const language = trees[0]!.language;
const fields = new Query(language, '(field_expression argument: (_) @owner field: (field_identifier) @member)');
console.log(`  ${timed('members: every use in all files', () => matches((tree) => fields.matches(tree.rootNode).length))} matches`);
