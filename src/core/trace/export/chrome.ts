// The trace in the Chrome trace-event format (Perfetto, speedscope): time counts events, one microsecond each.

import type { TraceResult } from '../result.ts';
import { argumentText, callTree, type CallNode, injectionTitle, resultText, returnText, signalText } from './call-tree.ts';

interface ChromeEvent {
  readonly name: string;
  readonly ph: 'B' | 'E' | 'i' | 'M';
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  readonly s?: 't';
  readonly args?: Readonly<Record<string, unknown>>;
}

/** One process per injection; calls are duration events, signals and shutdowns instants. */
export function exportChrome(result: TraceResult): string {
  const events: ChromeEvent[] = [];
  let time = 0;
  for (const injection of result.injections) {
    const at = { pid: injection.n, tid: 1 };
    events.push({ name: 'process_name', ph: 'M', ts: 0, ...at, args: { name: injectionTitle(injection) } });
    const emit = (node: CallNode): void => {
      const { call } = node;
      const result_ = returnText(call);
      events.push({
        name: call.function,
        ph: 'B',
        ts: time++,
        ...at,
        cat: call.kind,
        args: { ...call.args, at: `${call.file}:${call.line}`, text: argumentText(call) },
      });
      for (const child of node.children) emit(child);
      events.push({ name: call.function, ph: 'E', ts: time++, ...at, ...(result_ === undefined ? {} : { args: { returns: result_ } }) });
    };
    for (const node of callTree(injection.calls)) emit(node);
    const instants = [
      ...injection.signals.map(signalText),
      ...injection.shutdowns.map((s) => `shutdown ${s.device} flags=${s.flags}`),
      resultText(injection.result),
    ];
    for (const name of instants) events.push({ name, ph: 'i', ts: time++, ...at, s: 't' });
  }
  return `${JSON.stringify({ displayTimeUnit: 'ns', otherData: { scenario: result.scenario.id }, traceEvents: events })}\n`;
}
