// The trace as Markdown for a mail or an issue: outcome first, then the call tree as text.

import { signalCodeName } from '../../../base/kernel-numbers.ts';
import type { TraceResult } from '../result.ts';
import { injectionTitle, resultText } from './call-tree.ts';
import { exportText } from './text.ts';

/** A heading, a verdict, one table of signals per injection, and the text export folded in. */
export function exportMarkdown(result: TraceResult): string {
  const lines = [`# memory_failure trace: ${result.scenario.id}`, ''];
  if (result.scenario.title !== '' && result.scenario.title !== result.scenario.id) lines.push(result.scenario.title, '');
  lines.push(`**Verdict: ${result.verdict.kind}**`, '');
  for (const violation of result.verdict.violations) {
    const where =
      violation.cause?.file === undefined
        ? ''
        : ` (\`${violation.cause.function ?? ''}\`, ${violation.cause.file}:${violation.cause.line ?? 0})`;
    lines.push(`- law ${violation.law}, injection ${violation.injection}: ${violation.text}${where}`);
  }
  if (result.verdict.kind === 'unknown') for (const reason of result.verdict.reasons) lines.push(`- ${reason}`);
  for (const injection of result.injections) {
    lines.push('', `## ${injectionTitle(injection)}`, '', `Result: ${resultText(injection.result)}`, '');
    if (injection.signals.length > 0) {
      lines.push('| process | code | address | in mapping | lsb |', '|---|---|---|---|---|');
      for (const s of injection.signals)
        lines.push(
          `| ${s.process} | ${signalCodeName(s.signo, s.code)} | ${s.addr} | ${s.offset === undefined ? '(none)' : `${s.map ?? ''}+0x${s.offset.toString(16)}`} | ${s.lsb} |`,
        );
      lines.push('');
    } else lines.push('Nobody was signalled.', '');
    for (const shutdown of injection.shutdowns) lines.push(`Filesystem ${shutdown.device} was shut down (flags ${shutdown.flags}).`, '');
    for (const fault of injection.faults)
      lines.push(`Fault: ${fault.text}${fault.file === undefined ? '' : ` at ${fault.file}:${fault.line ?? 0}`}`, '');
  }
  lines.push('', '```', exportText(result).trimEnd(), '```');
  return `${lines.join('\n')}\n`;
}
