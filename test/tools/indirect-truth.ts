// Compares indirect call sites of the source view with the compiler's. Usage: indirect-truth.ts TREE FOLDER [--show N]
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { indirectCalls } from '../../src/core/callgraph/indirect-calls.ts';
import { readRows } from './kernel-tree.ts';
import { openSource } from './open-source.ts';

interface Row {
  k: string;
  file: string;
  name: string;
  end: number;
  name_macro?: string;
  icalls: { line: number; expr: string; kind: string; struct?: string; member?: string; via?: string }[];
}

const [tree, folder, ...rest] = process.argv.slice(2);
const show = Number(rest[rest.indexOf('--show') + 1] ?? 0) || 0;
const session = await openSource(tree!);
let wanted = 0;
let found = 0;
let typed = 0;
let shown = 0;
for (const name of readdirSync(folder!).sort()) {
  const rows = readRows(join(folder!, name)) as readonly Row[];
  const path = rows.find((r) => r.k === 'function')?.file;
  const file = path === undefined ? undefined : session.file(path);
  if (path === undefined || file === undefined) continue;
  for (const r of rows) {
    if (r.k !== 'function' || r.file !== path || r.name_macro !== undefined || r.icalls.length === 0) continue;
    const f = file.functions.find((x) => x.name === r.name && x.endLine === r.end);
    if (f === undefined) continue;
    const sites = indirectCalls(file, f, session.callContext);
    for (const c of r.icalls) {
      wanted++;
      const near = sites.filter((s) => Math.abs(s.line - c.line) <= 2);
      const ok = near.some((s) => (c.kind === 'member' ? s.kind === 'slot' && s.member === c.member : s.kind !== 'unknown'));
      if (near.length > 0) found++;
      if (ok) typed++;
      else if (shown++ < show) console.log(`${path}:${c.line} ${r.name} ${JSON.stringify(c)} ours ${JSON.stringify(near)}`);
    }
  }
}
console.log(`${wanted} indirect calls of the compiler, ${found} seen, ${typed} with the right struct member or source`);
