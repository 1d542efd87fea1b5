// How one injection ended, told in the result's words.

import type { Limit, Outcome, StackEntry } from '../machine/outcome.ts';
import type { StepOutcome } from '../kernel/world/steps.ts';
import type { Recording } from '../trace/recorder.ts';
import type { RunResult } from '../trace/result.ts';
import type { Simulation } from './simulation.ts';

/** `value` is what memory_failure() returned; for entries that have no such call, what the entry returned. */
export function runResult(outcome: StepOutcome, recording: Recording, simulation: Simulation): RunResult {
  const failed = outcome.problem ?? [...outcome.calls, ...outcome.work].find((call) => call.outcome.kind !== 'value')?.outcome;
  if (failed !== undefined && failed.kind !== 'value') return failure(failed, recording);
  if (outcome.unknown !== undefined) return { kind: 'unknown', reason: outcome.unknown };
  const values = recording.calls
    .filter((call) => call.function === 'memory_failure' && call.returns !== undefined)
    .map((call) => call.returns ?? '');
  if (outcome.value !== undefined)
    return { kind: 'returned', value: outcome.value, ...(outcome.text === undefined ? {} : { reason: outcome.text }) };
  const last = values.at(-1);
  if (last !== undefined) return { kind: 'returned', value: last, ...(values.length > 1 ? { values } : {}) };
  const entry = outcome.calls.at(-1);
  if (entry?.outcome.kind !== 'value')
    return { kind: 'unknown', reason: 'nothing ran: the process or mapping of this step does not exist any more' };
  const info = simulation.program.functionAddress(entry.function);
  const returnsVoid = info !== undefined && simulation.program.functionAt(info)?.returns.kind === 'void';
  return {
    kind: 'returned',
    value: returnsVoid ? '0' : String(BigInt.asIntN(32, entry.outcome.value)),
    reason: `memory_failure() was not reached; ${entry.function}() returned`,
  };
}

function failure(outcome: Exclude<Outcome, { kind: 'value' }>, recording: Recording): RunResult {
  switch (outcome.kind) {
    case 'fault':
      return { kind: 'oops', reason: outcome.fault.text };
    case 'limit':
      return limitResult(outcome.limit, recording);
    case 'exit':
      return { kind: 'unknown', reason: `the program ended with code ${outcome.code}` };
  }
}

function limitResult(limit: Limit, recording: Recording): RunResult {
  const loop = limit.kind === 'steps' ? loopOf(limit, recording) : undefined;
  const place = loop?.place ?? limit.place;
  return {
    kind: 'limit',
    reason: loop === undefined ? limit.text : `${limit.text.replace(/, in \w+$/, '')}: ${loop.function}() does not come out of its loop`,
    ...(limit.name === undefined ? {} : { what: loop?.function ?? limit.name }),
    ...(place === undefined ? {} : { place: `${place.path}:${place.line}` }),
  };
}

/** Calls of one function by one caller that make a loop. */
const MANY = 1000;

/** The outermost function of the chain of calls that called another one again and again: that is where the loop stands. */
function loopOf(limit: Limit, recording: Recording): StackEntry | undefined {
  const open: { readonly name: string; readonly depth: number; calls: number }[] = [];
  for (const call of recording.calls) {
    while ((open.at(-1)?.depth ?? -1) >= call.depth) open.pop();
    const caller = open.at(-1);
    if (caller !== undefined) caller.calls++;
    open.push({ name: call.function, depth: call.depth, calls: 0 });
  }
  const loop = open.find((call) => call.calls > MANY);
  return loop === undefined ? undefined : limit.stack.find((entry) => entry.function === loop.name);
}
