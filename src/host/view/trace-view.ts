// Turns a trace result into what the panel draws; pure, so that it is tested without VS Code.
import { signalCodeName, signalName } from '../../base/kernel-numbers.ts';
import { unitWord } from '../../base/unit-name.ts';
import type { CallEvent, InjectionResult, RunResult, TraceResult, Violation } from '../../core/trace/result.ts';
import type { TraceView, ViewArgument, ViewCall, ViewFault, ViewInjection, ViewPlace, ViewViolation } from '../../protocol/trace-view.ts';
import { errorOf, formatRadius, formatShutdown, formatValue, hex, isKernelPointer, parseValue } from './format.ts';
import { memberUnit, rulerOf } from './ruler.ts';

/** Names of domain.md's laws as a headline. */
const lawTitles: Readonly<Record<number, string>> = {
  1: 'Failed file data signals exactly the processes the kill policy selects',
  2: 'Failed metadata shuts down; failed free space does nothing',
  3: 'The range stays inside device and filesystem',
  4: 'Everything taken is released',
  5: 'The result tells the truth',
};

function argumentsOf(call: CallEvent): readonly ViewArgument[] {
  const shown: ViewArgument[] = [];
  const add = (name: string, text: string, unit: string | undefined): void => {
    // What points to a frame number is none.
    const own = isKernelPointer(parseValue(text)) ? undefined : unit;
    const word = unitWord(own);
    const constant = call.names?.[name];
    shown.push({
      name,
      value: formatValue(text, own),
      ...(word === undefined ? {} : { unit: word }),
      ...(constant === undefined ? {} : { constant }),
    });
  };
  for (const [name, text] of Object.entries(call.args)) add(name, text, call.units[name]);
  for (const [name, text] of Object.entries(call.reads ?? {})) add(name, text, call.units[name] ?? memberUnit(name));
  return shown;
}

function callOf(call: CallEvent): ViewCall {
  const errno = call.returnsUnit === 'pointer' ? undefined : errorOf(call.returns);
  return {
    depth: call.depth,
    name: call.function,
    arguments: argumentsOf(call),
    kind: call.kind,
    ...(call.file === '' ? {} : { at: { path: call.file, line: call.line } }),
    ...(call.returns === undefined ? {} : { returns: formatValue(call.returns, call.returnsUnit) }),
    ...(errno === undefined ? {} : { errno }),
  };
}

function outcomeOf(result: RunResult): ViewInjection['outcome'] {
  switch (result.kind) {
    case 'returned': {
      const errno = errorOf(result.value);
      const text = result.values === undefined || result.values.length < 2 ? result.value : result.values.join(', ');
      return { kind: 'returned', text, ...(errno === undefined ? {} : { errno }) };
    }
    case 'limit': {
      const place = result.place === undefined ? '' : ` (${result.place})`;
      return { kind: 'limit', text: `${result.reason}${place}` };
    }
    case 'oops':
    case 'unknown':
      return { kind: result.kind, text: result.reason };
  }
}

/** `path:line` at the end of a text, as results write places. */
export function placeOfText(text: string | undefined): ViewPlace | undefined {
  const match = text === undefined ? null : /([\w./+-]+\.[chS]):(\d+)/.exec(text);
  return match?.[1] === undefined ? undefined : { path: match[1], line: Number(match[2]) };
}

function faultsOf(injection: InjectionResult): readonly ViewFault[] {
  const faults: ViewFault[] = injection.faults.map((fault) => ({
    kind: 'fault',
    text: fault.object === undefined ? fault.text : `${fault.text} (${fault.object})`,
    ...(fault.file === undefined ? {} : { at: { path: fault.file, line: fault.line ?? 1 } }),
    chain: fault.stack,
  }));
  const { result } = injection;
  if (result.kind === 'limit' || result.kind === 'unknown') {
    const at = placeOfText(result.kind === 'limit' ? (result.place ?? result.reason) : result.reason);
    faults.push({ kind: 'limit', text: result.reason, chain: [], ...(at === undefined ? {} : { at }) });
  }
  return faults;
}

/** Bytes of a block where all filesystems agree; undefined leaves it at a page. */
function blockSizeOf({ filesystems }: TraceResult): number | undefined {
  const sizes = new Set(filesystems.map(({ blockSize }) => blockSize));
  return sizes.size === 1 ? [...sizes][0] : undefined;
}

function injectionOf(injection: InjectionResult, blockSize: number | undefined): ViewInjection {
  const calls = injection.calls.map(callOf);
  return {
    title: injection.title === '' ? `injection ${injection.n}` : injection.title,
    outcome: outcomeOf(injection.result),
    calls: markEnd(calls, injection),
    signals: injection.signals.map((signal) => ({
      process: signal.process,
      signal: signalName(signal.signo),
      code: signalCodeName(signal.signo, signal.code),
      address: signal.addr,
      lsb: String(signal.lsb),
      radius: formatRadius(signal.lsb),
      ...(signal.offset === undefined ? {} : { offset: `${signal.map ?? 'mapping'} + ${hex(BigInt(signal.offset))}` }),
    })),
    shutdowns: injection.shutdowns.map(({ device, flags }) => ({ device, flags: formatShutdown(flags) })),
    log: injection.log,
    faults: faultsOf(injection),
    ruler: rulerOf(injection, blockSize),
  };
}

/** The call in which the run ended: the innermost one on the last chain that has not returned. */
function markEnd(calls: readonly ViewCall[], injection: InjectionResult): readonly ViewCall[] {
  const { kind } = injection.result;
  if (kind === 'returned') return calls;
  let depth = Infinity;
  for (let index = calls.length - 1; index >= 0; index--) {
    const call = calls[index];
    const event = injection.calls[index];
    if (call === undefined || event === undefined || call.depth >= depth) continue;
    depth = call.depth;
    // A void function that returned looks the same as one that did not.
    if (event.returns !== undefined || event.returnType === undefined) continue;
    return calls.with(index, { ...call, ended: kind === 'oops' ? 'fault' : 'limit' });
  }
  return calls;
}

function violationOf(violation: Violation): ViewViolation {
  const { cause } = violation;
  return {
    law: `Law ${violation.law}: ${lawTitles[violation.law] ?? 'unnamed'}`,
    text: violation.text,
    ...(cause?.file === undefined ? {} : { at: { path: cause.file, line: cause.line ?? 1 } }),
  };
}

function unknownOf(text: string): ViewViolation {
  const at = placeOfText(text);
  return { law: 'Unknown', text, ...(at === undefined ? {} : { at }) };
}

/** `tree` is how the user knows the tree, e.g. the folder's name. */
export function traceView(result: TraceResult, tree: string): TraceView {
  const { verdict } = result;
  const open = verdict.kind === 'holds' ? [] : (verdict.reasons ?? []);
  return {
    scenario: result.scenario.title === '' ? result.scenario.id : result.scenario.title,
    tree,
    verdict: {
      kind: verdict.kind,
      reasons: [...verdict.violations.map(violationOf), ...open.map(unknownOf)],
    },
    injections: result.injections.map((injection) => injectionOf(injection, blockSizeOf(result))),
    processes: result.processes.map(({ label, state, signals }) => ({ label, state, signals: signals.length })),
    filesystems: result.filesystems.map(({ device, shutdown }) => ({ device, shutdown })),
    intrinsics: result.intrinsics.map(({ function: name, fidelity, edited }) => ({
      name,
      fidelity: edited === true ? `${fidelity}; your edit of it is not executed` : fidelity,
    })),
    notes: result.notes,
  };
}

/** Why nothing ran at all, with the place to look at; undefined when something ran. */
export function whyNothingRan({ injections, verdict, notes }: TraceResult): { readonly text: string; readonly at?: ViewPlace } | undefined {
  if (verdict.kind !== 'unknown' || injections.some(({ calls }) => calls.length > 0)) return undefined;
  // A configuration without what the path needs is told in the notes.
  const text = [verdict.reasons.join('; '), ...notes].join('\n');
  const at = placeOfText(text);
  return { text, ...(at === undefined ? {} : { at }) };
}
