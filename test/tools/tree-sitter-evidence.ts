// Why the program view has a parser of its own: what tree-sitter-c makes of preprocessed functions of the failure path.
// node test/tools/tree-sitter-evidence.ts [VERSION]   prints a row per unit: functions, with syntax errors, read wrongly without an error.

import { join } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { builtInConfig } from '../../src/core/preprocessor/profile/built-in.ts';
import { KernelPreprocessor } from '../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { treeVersion } from '../../src/core/preprocessor/kernel/generated-headers.ts';
import { TranslationUnit } from '../../src/core/unit/unit.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { kernelTree } from './kernel-tree.ts';
import { pathUnits } from './path-units.ts';

const units = [...pathUnits, 'mm/memory.c', 'kernel/signal.c', 'lib/xarray.c'];

/** A call whose callee is a type name in parentheses, or a product whose left side is one: a cast or declaration misread. */
function misread(node: Node, isType: (name: string) => boolean): boolean {
  if (node.type === 'call_expression') {
    const callee = node.childForFieldName('function');
    const inner = callee?.type === 'parenthesized_expression' ? callee.namedChild(0) : null;
    if (inner?.type === 'identifier' && isType(inner.text)) return true;
  }
  if (node.type === 'binary_expression') {
    const left = node.childForFieldName('left');
    const inner = left?.type === 'parenthesized_expression' ? left.namedChild(0) : left;
    if (inner?.type === 'identifier' && isType(inner.text)) return true;
  }
  return node.namedChildren.some((child) => child !== null && misread(child, isType));
}

const version = process.argv[2] ?? '6.1';
const root = kernelTree(version);
if (root === undefined) {
  console.log(`no kernel tree ${version} in the cache`);
  process.exit(2);
}
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(join(import.meta.dirname, '../../node_modules/tree-sitter-c/tree-sitter-c.wasm')));
const tree = new DiskSource(root);
const preprocessor = new KernelPreprocessor(tree, builtInConfig(treeVersion(tree)));
const total = { functions: 0, errors: 0, wrong: 0, refused: 0 };
for (const path of units) {
  const text = preprocessor.preprocess(path);
  if (text === undefined) continue;
  const unit = TranslationUnit.fromTokens(text.tokens, { unsignedChar: preprocessor.unsignedChar });
  const row = { functions: 0, errors: 0, wrong: 0, refused: 0 };
  // The functions that the unit itself runs: its own and every inline helper of its headers.
  for (const { name, at } of unit.functionDefinitions()) {
    row.functions++;
    const definition = unit.definition(name);
    if (definition.kind !== 'parsed') {
      row.refused++;
      continue;
    }
    const words: string[] = [];
    for (let i = at; i <= definition.value.endAt; i++) words.push(unit.tokens.spelling(i));
    const parsed = parser.parse(`int ${words.join(' ')}\n`);
    if (parsed === null) continue;
    if (parsed.rootNode.hasError) row.errors++;
    else if (misread(parsed.rootNode, (word) => unit.lookup(word)?.kind === 'typedef')) row.wrong++;
    parsed.delete();
  }
  console.log(
    `${path}: ${row.functions} functions; tree-sitter-c: ${row.errors} with errors, ${row.wrong} read wrongly without one; own parser: ${row.refused} refused`,
  );
  for (const key of ['functions', 'errors', 'wrong', 'refused'] as const) total[key] += row[key];
}
console.log(
  `all: ${total.functions} functions; tree-sitter-c: ${total.errors} with errors, ${total.wrong} read wrongly without one; own parser: ${total.refused} refused`,
);
