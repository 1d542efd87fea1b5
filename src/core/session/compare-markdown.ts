// A comparison as Markdown for a mail or an issue: one table per injection, rows that differ in bold.

import type { CompareReport, CompareRow } from './compare.ts';

/** The report with everything that its text has. */
export function compareMarkdown(report: CompareReport): string {
  const lines = [`# ${report.scenario.title === '' ? report.scenario.id : report.scenario.title}`, ''];
  for (const { label, title } of report.sides) lines.push(title === '' ? `- **${label}**` : `- **${label}**: ${title}`);
  for (const { n, title, rows, callouts, parting } of report.injections) {
    lines.push('', `## Injection ${n}: ${title}`, '', ...table(report, rows), '');
    for (const { side, by } of callouts) {
      const parts = Object.entries(by).map(([slot, count]) => `\`${slot}\` × ${count}`);
      lines.push(`- callouts of ${side}: ${parts.length === 0 ? 'none' : parts.join(', ')}`);
    }
    if (parting === undefined) continue;
    lines.push('', `The calls part at depth ${parting.depth}:`, '', '```');
    report.sides.forEach(({ label }, i) => lines.push(`${label}: ${parting.calls[i] ?? ''}`));
    lines.push('```');
  }
  lines.push('', '## In the end', '', ...table(report, report.rows), '');
  for (const text of report.unknown) lines.push(`- unknown: ${text}`);
  lines.push(report.differs ? 'Differences are bold.' : 'No difference.');
  return `${lines.join('\n')}\n`;
}

function table(report: CompareReport, rows: readonly CompareRow[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    line(['', ...report.sides.map((side) => side.label)]),
    line(['---', ...report.sides.map(() => '---')]),
    ...rows.map(({ name, values, differs }) => line([name, ...values].map((cell) => (differs ? `**${cell}**` : cell)))),
  ];
}
