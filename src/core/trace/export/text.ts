// The trace as text: one event per line, indentation is call depth, units printed; the form of the goldens.

import type { InjectionResult, TraceResult, Verdict } from '../result.ts';
import { argumentText, callTree, type CallNode, injectionTitle, resultText, returnText, signalText } from './call-tree.ts';

/** The whole result. */
export function exportText(result: TraceResult): string {
  const lines = [
    `scenario ${result.scenario.id}${result.scenario.title === '' || result.scenario.title === result.scenario.id ? '' : `: ${result.scenario.title}`}`,
  ];
  for (const note of result.notes) lines.push(`note: ${note}`);
  for (const injection of result.injections) lines.push('', ...injectionLines(injection));
  lines.push(
    '',
    ...result.processes.map(
      (process) => `process ${process.label}: ${process.state}, ${process.signals.length} signal${process.signals.length === 1 ? '' : 's'}`,
    ),
  );
  lines.push(...result.filesystems.map((fs) => `filesystem ${fs.device}: ${fs.shutdown ? 'shut down' : 'running'}`));
  lines.push(...verdictLines(result.verdict));
  return `${lines.join('\n')}\n`;
}

function injectionLines(injection: InjectionResult): readonly string[] {
  const lines = [injectionTitle(injection)];
  for (const node of callTree(injection.calls)) lines.push(...nodeLines(node, 1));
  for (const line of injection.log) lines.push(`  log     ${line}`);
  for (const signal of injection.signals) lines.push(`  signal  ${signalText(signal)}`);
  for (const shutdown of injection.shutdowns) lines.push(`  shutdown ${shutdown.device} flags=${shutdown.flags}`);
  for (const fault of injection.faults) {
    lines.push(
      `  fault   ${fault.text}${fault.function === undefined ? '' : ` in ${fault.function}`}${fault.file === undefined ? '' : ` at ${fault.file}:${fault.line ?? 0}`}`,
    );
    if (fault.object !== undefined) lines.push(`          ${fault.object}`);
    for (const entry of fault.stack) lines.push(`          ${entry}`);
  }
  lines.push(`  ${resultText(injection.result)}`);
  return lines;
}

function nodeLines(node: CallNode, depth: number): readonly string[] {
  const { call } = node;
  const result = returnText(call);
  const mark = call.kind === 'intrinsic' ? ' [intrinsic]' : '';
  const reads =
    call.reads === undefined
      ? ''
      : ` {${Object.entries(call.reads)
          .map(([name, value]) => `${name}=${value}`)
          .join(', ')}}`;
  const lines = [
    `${'  '.repeat(depth)}${call.function}(${argumentText(call)})${result === undefined ? '' : ` -> ${result}`}${mark}${reads}`,
  ];
  for (const child of node.children) lines.push(...nodeLines(child, depth + 1));
  return lines;
}

function verdictLines(verdict: Verdict): readonly string[] {
  switch (verdict.kind) {
    case 'holds':
      return ['verdict: holds'];
    case 'violated':
      return [
        'verdict: violated',
        ...verdict.violations.map(
          (v) => `  law ${v.law} (injection ${v.injection}): ${v.text}${v.cause?.event === undefined ? '' : ` [${v.cause.event}]`}`,
        ),
        ...(verdict.reasons ?? []).map((reason) => `  and unknown: ${reason}`),
      ];
    case 'unknown':
      return ['verdict: unknown', ...verdict.reasons.map((reason) => `  ${reason}`)];
  }
}
