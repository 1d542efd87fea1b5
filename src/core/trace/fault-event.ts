// A fault of the machine as results tell it: place, chain of calls, object and its history as text.
import type { Fault, StackEntry } from '../machine/outcome.ts';
import type { FaultEvent } from './result.ts';

/** A fault as the result tells it. */
export function faultEvent(fault: Fault): FaultEvent {
  const [innermost] = fault.stack;
  return {
    kind: fault.kind,
    text: fault.text,
    ...(fault.place === undefined ? {} : { file: fault.place.path, line: fault.place.line }),
    ...(innermost === undefined ? {} : { function: innermost.function }),
    stack: fault.stack.map(stackText),
    ...(fault.object === undefined ? {} : { object: objectText(fault.object) }),
  };
}

function stackText(entry: StackEntry): string {
  return entry.place === undefined ? entry.function : `${entry.function} at ${entry.place.path}:${entry.place.line}`;
}

function objectText(object: NonNullable<Fault['object']>): string {
  const parts = [`${object.name} (${object.size} bytes), offset ${object.offset}`];
  if (object.allocatedAt !== undefined) parts.push(`allocated by ${stackText(object.allocatedAt)}`);
  if (object.freedAt !== undefined) parts.push(`freed by ${stackText(object.freedAt)}`);
  return parts.join(', ');
}
