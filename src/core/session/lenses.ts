// CodeLenses of one file: on ops tables, on functions in slots, on dispatches' functions and on memory_failure itself.
import type { OpsReport } from '../symbols/ops.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { Lens, LensTarget } from './source-types.ts';

/** Calls that give a holder up; what they name is not registered there. */
const gives = /put/;
const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/** Lenses sorted by line. Registrations are shown on holder tables and on functions in their slots. */
export function lensesFor(file: SourceFile, ops: OpsReport): Lens[] {
  const lenses: Lens[] = [];
  for (const t of ops.tables) {
    if (t.file !== file.path) continue;
    const failure = t.slots.find((s) => s.member === 'notify_failure' || s.member === 'memory_failure');
    if (failure !== undefined)
      lenses.push({ kind: 'trace', line: t.line, title: 'Trace memory_failure through this', function: failure.function });
    lenses.push({
      kind: 'slots',
      line: t.line,
      title: plural(t.slots.length, 'implementation'),
      targets: t.slots.map((s): LensTarget => ({ label: `${s.member} = ${s.function}`, file: s.file, line: s.line })),
    });
    addUsers(lenses, t.line, t.name, ops);
  }
  for (const f of file.functions) {
    const slots = ops.tables.flatMap((t) =>
      t.slots.filter((s) => s.function === f.name && s.file === file.path && s.line === f.line).map((s) => ({ table: t, slot: s })),
    );
    if (slots.length > 0) {
      const traced = slots.some((x) => x.slot.member === 'notify_failure' || x.slot.member === 'memory_failure');
      if (traced) lenses.push({ kind: 'trace', line: f.line, title: 'Trace memory_failure through this', function: f.name });
      lenses.push({
        kind: 'slots',
        line: f.line,
        title: `in ${slots.map((x) => `${x.table.name}.${x.slot.member}`).join(', ')}`,
        targets: slots.map((x) => ({ label: `${x.table.struct}.${x.slot.member}`, file: x.slot.slotFile, line: x.slot.slotLine })),
      });
      const callers = ops.dispatches.filter((d) => slots.some((x) => x.table.struct === d.struct && x.slot.member === d.member));
      if (callers.length > 0)
        lenses.push({
          kind: 'dispatches',
          line: f.line,
          title: `called through the slot from ${plural(callers.length, 'place')}`,
          targets: callers.map((d) => ({ label: d.function, file: d.file, line: d.line })),
        });
      for (const x of slots.slice(0, 1)) addUsers(lenses, f.line, x.table.name, ops);
    } else if (f.name === 'memory_failure' && !f.isStatic)
      lenses.push({ kind: 'trace', line: f.line, title: 'Trace memory_failure', function: f.name });
    else if (f.name === 'memory_failure_dev_pagemap')
      lenses.push({ kind: 'trace', line: f.line, title: 'Trace memory_failure through this', function: f.name });
    const dispatched = ops.dispatches.filter((d) => d.file === file.path && d.function === f.name);
    const seen = new Set<string>();
    for (const d of dispatched) {
      const key = `${d.struct}.${d.member}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const targets = ops.tables
        .filter((t) => t.struct === d.struct)
        .flatMap((t) =>
          t.slots
            .filter((s) => s.member === d.member)
            .map((s): LensTarget => ({ label: `${s.function} (${t.name})`, file: s.file, line: s.line })),
        );
      lenses.push({ kind: 'implementations', line: d.line, title: `${plural(targets.length, 'implementation')} of ${d.member}`, targets });
    }
  }
  return lenses.sort((a, b) => a.line - b.line);
}

/** Where a table is installed or registered. */
function addUsers(lenses: Lens[], line: number, table: string, ops: OpsReport): void {
  const installs = ops.installs.filter((i) => new RegExp(`&\\s*${table.replace(/\W.*$/, '')}\\b`).test(i.text));
  // A local variable that got the table's address is passed on by a registration in the same function.
  const registrations = ops.registrations.filter(
    (r) =>
      !gives.test(r.callee) &&
      (r.args.includes(table) || installs.some((i) => i.function === r.function && i.file === r.file && !/\b(NULL), *NULL$/.test(r.args))),
  );
  const targets: LensTarget[] = [
    ...registrations.map((r) => ({ label: `${r.function}: ${r.callee}(${r.args})`, file: r.file, line: r.line })),
    ...installs.map((i) => ({ label: `${i.function}: ${i.text}`, file: i.file, line: i.line })),
  ];
  if (targets.length > 0)
    lenses.push({
      kind: 'registrations',
      line,
      title: `registered by ${[...new Set(targets.map((t) => t.label.split(':')[0]))].join(', ')}`,
      targets,
    });
}
