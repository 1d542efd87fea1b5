// Finds and loads the grammar and its queries on disk: in grammars/, the wasm files also in node_modules before a build copied them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Grammar, type QueryName, queryNames } from '../core/syntax/grammar.ts';
import { shipped } from './installation.ts';

/** Loads the grammar from a folder. Throws with the names that are missing. */
export async function loadGrammar(folder = shipped('grammars')): Promise<Grammar> {
  const wasm = (name: string, module: string): Uint8Array => readFirst([join(folder, name), join(folder, '../node_modules', module, name)]);
  const queries = queryNames.map((name) => [name, readFileSync(join(folder, `${name}.scm`), 'utf8')]);
  return Grammar.load(
    wasm('web-tree-sitter.wasm', 'web-tree-sitter'),
    wasm('tree-sitter-c.wasm', 'tree-sitter-c'),
    Object.fromEntries(queries) as Record<QueryName, string>,
  );
}

function readFirst(paths: readonly string[]): Uint8Array {
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`none of these files exists: ${paths.join(', ')}`);
  return readFileSync(found);
}
