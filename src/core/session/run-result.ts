// How one injection ended, told in the result's words.

import type { Limit, Outcome } from '../machine/outcome.ts';
import type { StepOutcome } from '../kernel/world/steps.ts';
import type { Recording } from '../trace/recorder.ts';
import type { RunResult } from '../trace/result.ts';
import type { Simulation } from './simulation.ts';

/** `value` is what memory_failure() returned; for entries that have no such call, what the entry returned. */
export function runResult(outcome: StepOutcome, recording: Recording, simulation: Simulation): RunResult {
  const failed = outcome.problem ?? outcome.calls.find((call) => call.outcome.kind !== 'value')?.outcome;
  if (failed !== undefined && failed.kind !== 'value') return failure(failed);
  const values = recording.calls.filter((call) => call.function === 'memory_failure' && call.returns !== undefined).map((call) => call.returns ?? '');
  const last = values.at(-1);
  if (last !== undefined) return { kind: 'returned', value: last, ...(values.length > 1 ? { values } : {}) };
  const entry = outcome.calls.at(-1);
  if (entry?.outcome.kind !== 'value') return { kind: 'unknown', reason: 'nothing ran: the process or mapping of this step does not exist any more' };
  const info = simulation.program.functionAddress(entry.function);
  const returnsVoid = info !== undefined && simulation.program.functionAt(info)?.returns.kind === 'void';
  return { kind: 'returned', value: returnsVoid ? '0' : String(BigInt.asIntN(32, entry.outcome.value)), reason: `memory_failure() was not reached; ${entry.function}() returned` };
}

function failure(outcome: Exclude<Outcome, { kind: 'value' }>): RunResult {
  switch (outcome.kind) {
    case 'fault':
      return { kind: 'oops', reason: outcome.fault.text };
    case 'limit':
      return limitResult(outcome.limit);
    case 'exit':
      return { kind: 'unknown', reason: `the program ended with code ${outcome.code}` };
  }
}

function limitResult(limit: Limit): RunResult {
  return {
    kind: 'limit',
    reason: limit.text,
    ...(limit.name === undefined ? {} : { what: limit.name }),
    ...(limit.place === undefined ? {} : { place: `${limit.place.path}:${limit.place.line}` }),
  };
}
