// Finds and loads the wasm grammar on disk: beside the bundle (dist/grammars), or in node_modules during development.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Grammar } from '../core/syntax/grammar.ts';

const files = [
  ['web-tree-sitter.wasm', 'web-tree-sitter/web-tree-sitter.wasm'],
  ['tree-sitter-c.wasm', 'tree-sitter-c/tree-sitter-c.wasm'],
] as const;

/** Loads the grammar from `folder`, or from the nearest node_modules above `from` (default: this file). Throws with the names that are missing. */
export async function loadGrammar(folder?: string, from?: string): Promise<Grammar> {
  const [runtime, grammar] = files.map(([shipped, inModules]) => {
    const tried = [...(folder === undefined ? [] : [join(folder, shipped)]), ...modulePaths(from ?? startFolder(), inModules)];
    const found = tried.find((p) => existsSync(p));
    if (found === undefined) throw new Error(`${shipped} not found; looked at ${tried.join(', ')}`);
    return readFileSync(found);
  });
  return Grammar.load(runtime!, grammar!);
}

function startFolder(): string {
  // In a CommonJS bundle import.meta.url is undefined and __dirname exists.
  return typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));
}

function modulePaths(start: string, inModules: string): string[] {
  const paths: string[] = [];
  for (let at = start; ; at = dirname(at)) {
    paths.push(join(at, 'node_modules', inModules), join(at, 'grammars', inModules.split('/')[1]!));
    if (dirname(at) === at) return paths;
  }
}
