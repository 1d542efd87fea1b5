// Compares calls of the source view with the compiler's. Usage: callgraph-truth.ts TREE FOLDER [--show N] [--only PART]
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { directCalls } from '../../src/core/callgraph/direct-calls.ts';
import { readRows } from './kernel-tree.ts';
import { openSource } from './open-source.ts';

interface Row {
  k: string;
  file: string;
  name: string;
  end: number;
  name_macro?: string;
  calls: {
    callee: string;
    line: number;
    via: string;
    macro?: string;
    builtin?: boolean;
    unevaluated?: boolean;
    const_dead?: boolean;
    implicit?: string;
  }[];
}

const [tree, folder, ...rest] = process.argv.slice(2);
const show = Number(rest[rest.indexOf('--show') + 1] ?? 0) || 0;
const only = rest.includes('--only') ? rest[rest.indexOf('--only') + 1]! : '';
const session = await openSource(tree!);
const totals: Record<string, [number, number]> = {};
let extra = 0;
let extraPlain = 0;
let have = 0;
const missed = new Map<string, number>();
const extras = new Map<string, number>();
const begin = performance.now();
for (const name of readdirSync(folder!).sort()) {
  if (!name.includes(only)) continue;
  const rows = readRows(join(folder!, name)) as readonly Row[];
  const path = rows.find((r) => r.k === 'function')?.file;
  const file = path === undefined ? undefined : session.file(path);
  if (path === undefined || file === undefined) continue;
  for (const r of rows) {
    if (r.k !== 'function' || r.file !== path || r.name_macro !== undefined) continue;
    const f = file.functions.find((x) => x.name === r.name && x.endLine === r.end);
    if (f === undefined) continue;
    const found = directCalls(file, f, session.callContext);
    const names = new Set(found.map((c) => c.callee));
    const wanted = new Set<string>();
    for (const c of r.calls) {
      wanted.add(c.callee);
      if (c.builtin === true || c.unevaluated === true || /_\d+$/.test(c.callee)) continue;
      const kind = c.implicit !== undefined ? 'implicit' : c.const_dead === true ? `dead ${c.via}` : c.via;
      const t = (totals[kind] ??= [0, 0]);
      t[0]++;
      if (names.has(c.callee)) t[1]++;
      else {
        const key = `${kind}: ${c.callee} ${c.macro ?? ''}`;
        const n = missed.get(key) ?? 0;
        missed.set(key, n + 1);
        if (n === 0 && show > 0 && missed.size <= show) console.log(`${path}:${c.line} ${r.name} -> ${key}`);
      }
    }
    for (const c of found) {
      have++;
      if (!wanted.has(c.callee)) {
        extra++;
        if (c.macro === undefined) extraPlain++;
        const key = `${c.macro ?? 'written'}: ${c.callee}`;
        extras.set(key, (extras.get(key) ?? 0) + 1);
      }
    }
  }
}
for (const [k, [n, ok]] of Object.entries(totals).sort()) console.log(`${k}: ${ok} of ${n} (${((100 * ok) / n).toFixed(2)} %)`);
console.log(`edges found ${have}, not in the compiler's view ${extra} (${extraPlain} of them written out; other #if branches count here)`);
console.log(
  'most missed:',
  [...missed]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 25)
    .map(([k, n]) => `${k} x${n}`)
    .join('; '),
);
if (show > 0)
  console.log(
    'most extra:',
    [...extras]
      .sort((a, b) => b[1] - a[1])
      .slice(0, show)
      .map(([k, n]) => `${k} x${n}`)
      .join('; '),
  );
console.log(`${(performance.now() - begin).toFixed(0)} ms`);
