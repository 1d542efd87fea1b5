// Our calls as the probes would have seen them: entries and returns of probed functions, in order.

import type { CallEvent } from '../../../src/core/trace/result.ts';
import type { Mark } from './observed.ts';

/** Flattens nested calls; a call that never returned has no `leave`. */
export function traceMarks(calls: readonly CallEvent[], probes: ReadonlySet<string>): readonly Mark[] {
  const marks: Mark[] = [];
  const open: CallEvent[] = [];
  const close = (depth: number): void => {
    while (open.length > 0 && (open.at(-1)?.depth ?? 0) >= depth) {
      const call = open.pop();
      if (call !== undefined && probes.has(call.function) && call.ended !== false)
        marks.push({ kind: 'leave', function: call.function, args: {}, ...(call.returns === undefined ? {} : { returns: call.returns }) });
    }
  };
  for (const call of calls) {
    close(call.depth);
    open.push(call);
    if (probes.has(call.function)) marks.push({ kind: 'enter', function: call.function, args: call.reads ?? {} });
  }
  close(0);
  return marks;
}
