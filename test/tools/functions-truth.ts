// Compares the functions that the source view lists with those the compiler saw. Usage: functions-truth.ts TREE CALLGRAPH_FOLDER
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSourceFile } from '../../src/core/syntax/build-source-file.ts';
import { loadGrammar } from '../../src/node/grammar-files.ts';

const [tree, folder] = process.argv.slice(2);
const grammar = await loadGrammar();
let wanted = 0;
let missing = 0;
for (const name of readdirSync(folder!).sort()) {
  const rows = readFileSync(join(folder!, name), 'utf8')
    .split('\n')
    .filter((l) => l !== '')
    .map((l) => JSON.parse(l) as { k: string; file: string; name: string; line: number; start: number; end: number; name_macro?: string });
  const path = name.replace(/\.jsonl$/, '').replaceAll('__', '/');
  let text: string;
  const file = rows.find((r) => r.k === 'function')?.file ?? path;
  try {
    text = readFileSync(join(tree!, file), 'utf8');
  } catch {
    continue;
  }
  const parsed = buildSourceFile(file, text, grammar);
  const have = new Map(parsed.file.functions.map((f) => [`${f.name}:${f.endLine}`, f]));
  const problems = parsed.file.problems.length;
  if (problems > 0) console.log(`${file}: ${problems} problems`);
  for (const r of rows) {
    if (r.k !== 'function' || r.file !== file) continue;
    wanted++;
    if (!have.has(`${r.name}:${r.end}`)) {
      if (r.name_macro !== undefined) continue;
      missing++;
      console.log(`missing ${file}:${r.line} ${r.name} ${r.name_macro ?? ''}`);
    }
  }
  parsed.tree.delete();
}
console.log(`${wanted} functions of the compiler, ${missing} not listed`);
