// Compares discovery with the hand-verified lists. Usage: ops-truth.ts TREE TRUTH.json [--no-rg]; prints missing and extra rows per section.
import { readFileSync } from 'node:fs';
import type { OpsReport } from '../../src/core/symbols/ops.ts';
import { openSource } from './open-source.ts';

interface Truth {
  tables: {
    struct: string;
    name: string;
    file: string;
    line: number;
    guards: { cond: string }[];
    init: { member: string; function: string; line: number; def_file: string; def_line: number }[];
  }[];
  holder_api: { file: string; line: number; function: string; callee: string; args: string; kind: string }[];
  installs: { file: string; line: number; function: string; text: string; guards: { cond: string }[] }[];
  indirect_dispatch: { file: string; line: number; function: string; member: string }[];
}

/** Rows of each section as comparable text. */
export function truthRows(t: Truth): Record<string, string[]> {
  return {
    tables: t.tables.map((x) => `${x.struct} ${x.name} ${x.file}:${x.line} [${x.guards.map((g) => g.cond).join('; ')}]`),
    slots: t.tables.flatMap((x) => x.init.map((i) => `${x.name}.${i.member} = ${i.function} at ${i.line}, ${i.def_file}:${i.def_line}`)),
    registrations: t.holder_api
      .filter((h) => h.kind === 'call' && /^(fs_dax_get_by_bdev|fs_put_dax)$/.test(h.callee))
      .map((h) => `${h.file}:${h.line} ${h.function} ${h.callee}(${h.args})`),
    installs: t.installs.map((i) => `${i.file}:${i.line} ${i.function} [${i.guards.map((g) => g.cond).join('; ')}]`),
    dispatches: t.indirect_dispatch.map((d) => `${d.file}:${d.line} ${d.function} ${d.member}`),
  };
}

export function reportRows(r: OpsReport): Record<string, string[]> {
  return {
    tables: r.tables.map((x) => `${x.struct} ${x.name} ${x.file}:${x.line} [${x.conditions.join('; ')}]`),
    slots: r.tables.flatMap((x) => x.slots.map((s) => `${x.name}.${s.member} = ${s.function} at ${s.slotLine}, ${s.file}:${s.line}`)),
    registrations: r.registrations.map((x) => `${x.file}:${x.line} ${x.function} ${x.callee}(${x.args})`),
    installs: r.installs.map((x) => `${x.file}:${x.line} ${x.function} [${x.conditions.join('; ')}]`),
    dispatches: r.dispatches.map((x) => `${x.file}:${x.line} ${x.function} ${x.member}`),
  };
}

/** Lines that are only in one of the lists. */
export function differences(truth: Record<string, string[]>, report: Record<string, string[]>): string[] {
  return Object.keys(truth).flatMap((section) => {
    const want = truth[section]!;
    const have = report[section]!;
    return [
      ...want.filter((w) => !have.includes(w)).map((w) => `${section}: missing ${w}`),
      ...have.filter((h) => !want.includes(h)).map((h) => `${section}: extra ${h}`),
    ];
  });
}

if (import.meta.main) {
  const [tree, truth, flag] = process.argv.slice(2);
  const session = await openSource(tree!, flag === '--no-rg' ? { ripgrep: null } : {});
  const begin = performance.now();
  const report = session.ops();
  const ms = performance.now() - begin;
  const want = truthRows(JSON.parse(readFileSync(truth!, 'utf8')) as Truth);
  const have = reportRows(report);
  for (const d of differences(want, have)) console.log(d);
  for (const s of Object.keys(want)) console.log(`${s}: ${want[s]!.length} in the truth, ${have[s]!.length} found`);
  for (const m of report.missing) console.log(m);
  console.log(`discovery ${ms.toFixed(0)} ms`);
}
