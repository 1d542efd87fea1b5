// The trace as the kernel's function_graph tracer would print it (Documentation/trace/ftrace.rst), without times.

import type { InjectionResult, TraceResult } from '../result.ts';
import { argumentText, callTree, type CallNode, injectionTitle, resultText, returnText, signalText } from './call-tree.ts';

/** function_graph text; each injection starts with a comment. */
export function exportFtrace(result: TraceResult): string {
  const lines = ['# tracer: function_graph', '#', '# CPU  TASK/PID        FUNCTION CALLS', '# |      |              |   |   |   |'];
  for (const injection of result.injections) {
    lines.push(`# ${injectionTitle(injection)}`);
    for (const node of callTree(injection.calls)) lines.push(...nodeLines(node, 0));
    lines.push(...tailLines(injection));
  }
  return `${lines.join('\n')}\n`;
}

function prefix(depth: number): string {
  return ` 0)               |  ${'  '.repeat(depth)}`;
}

function nodeLines(node: CallNode, depth: number): readonly string[] {
  const { call, children } = node;
  const result = returnText(call);
  const tail = result === undefined ? '' : ` /* = ${result} */`;
  const head = `${prefix(depth)}${call.function}(${argumentText(call)})`;
  if (children.length === 0) return [`${head};${tail}`];
  return [`${head} {`, ...children.flatMap((child) => nodeLines(child, depth + 1)), `${prefix(depth)}}${tail}`];
}

function tailLines(injection: InjectionResult): readonly string[] {
  const comment = (text: string): string => ` 0)               |  /* ${text} */`;
  return [
    ...injection.signals.map((signal) => comment(signalText(signal))),
    ...injection.shutdowns.map((shutdown) => comment(`shutdown ${shutdown.device} flags=${shutdown.flags}`)),
    comment(resultText(injection.result)),
  ];
}
