// `daxtrace ops`: ops tables, slots, registrations, installs, dispatches of a tree.
import type { OpsReport } from '../core/symbols/ops.ts';
import { exit, flagsOf, json, UsageError, type Command } from './command.ts';
import { openTree } from './open-tree.ts';

const under = (conditions: readonly string[]): string => (conditions.length === 0 ? '' : `  [#if ${conditions.join(' && ')}]`);

function text(report: OpsReport): string {
  const lines: string[] = [];
  for (const table of report.tables) {
    lines.push(`struct ${table.struct} ${table.name}  ${table.file}:${table.line}${under(table.conditions)}`);
    for (const slot of table.slots) lines.push(`  .${slot.member} = ${slot.function}  ${slot.file}:${slot.line}${under(slot.conditions)}`);
  }
  const section = (title: string, rows: readonly string[]): void => {
    if (rows.length > 0) lines.push('', title, ...rows.map((row) => `  ${row}`));
  };
  section(
    'registrations',
    report.registrations.map((r) => `${r.file}:${r.line} ${r.function}: ${r.callee}(${r.args})${under(r.conditions)}`),
  );
  section(
    'installs',
    report.installs.map((i) => `${i.file}:${i.line} ${i.function}: ${i.text}${under(i.conditions)}`),
  );
  section(
    'dispatches',
    report.dispatches.map((d) => `${d.file}:${d.line} ${d.function}: ${d.struct}.${d.member}${under(d.conditions)}`),
  );
  section('not in this tree', report.missing);
  return `${lines.join('\n')}\n`;
}

export const opsCommand: Command = {
  name: 'ops',
  synopsis: '--tree DIR [--overlay PATH=FILE]… [--json]',
  summary: 'ops tables, slots, implementations, registrations',
  async run(args, terminal) {
    const { values, positionals } = flagsOf(args, {
      tree: { type: 'string' },
      overlay: { type: 'string', multiple: true },
    });
    if (positionals.length > 0) throw new UsageError(`ops takes no argument: ${positionals.join(' ')}`);
    const engine = await openTree(values, terminal);
    terminal.progress('looking for ops tables');
    const report = engine.ops();
    terminal.out(values.json === true ? json(report) : text(report));
    return exit.done;
  },
};
