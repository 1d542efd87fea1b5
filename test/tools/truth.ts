// `npm run truth [-- 6.1 s03 …] [--details] [--built-in]`: traces every ground-truth scenario and lists each difference from what a real kernel did.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TraceSession } from '../../src/core/session/trace-session.ts';
import { readScenario } from '../../src/core/scenario/read.ts';
import type { InjectionResult, TraceResult } from '../../src/core/trace/result.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { Addresses, compareMarks, type Difference } from './truth/compare.ts';
import {
  isPathLine,
  normaliseLog,
  observedLog,
  observedMarks,
  observedShutdowns,
  observedSignals,
  type TruthFile,
} from './truth/observed.ts';
import { kernelFolder } from '../../src/dev/kernel-source.ts';
import { type Probe, probesOf } from './truth/probes.ts';
import { traceMarks } from './truth/marks.ts';
import { isExcepted, readExceptions, type TruthException } from './truth/exceptions.ts';

const OBSERVABLES: readonly Difference['observable'][] = ['result', 'returns', 'events', 'args', 'signals', 'shutdowns', 'log', 'state'];
const named = process.env['DAXTRACE_TRUTH'];
/** Observations beside the checkout, and those of boots of our own (boot.ts); DAXTRACE_TRUTH names a folder instead of both. */
const beside = join(import.meta.dirname, '../../../shared/ground-truth');
const folders = named === undefined ? [beside, join(import.meta.dirname, '../fixtures/observations')] : [named];

interface Row {
  readonly kernel: string;
  readonly scenario: string;
  readonly differences: readonly Difference[];
  readonly excepted: number;
  readonly milliseconds: number;
}

function compare(file: TruthFile, result: TraceResult, probes: ReadonlyMap<string, Probe>, session: ResultTypes): readonly Difference[] {
  const differences: Difference[] = [];
  // A clone's entries are not the function's (it may be entered later or with other registers), so it is left out on both sides.
  const compared = new Set([...probes.values()].filter((probe) => !probe.clone).map((probe) => probe.function));
  const addresses = new Addresses();
  for (const observed of file.observed.injections) {
    const traced = result.injections[observed.n - 1];
    const at = (found: readonly Difference[]): readonly Difference[] =>
      found.map((d) => ({ ...d, text: `injection ${observed.n}: ${d.text}` }));
    if (traced === undefined) {
      differences.push({ observable: 'result', text: `injection ${observed.n}: not traced` });
      continue;
    }
    differences.push(...at(compareResult(observed.injector_state, traced, file.observed.kernel_oops_lines ?? [])));
    if (traced.result.kind === 'limit' || traced.result.kind === 'unknown') continue;
    differences.push(
      ...at(compareMarks(observedMarks(file, observed.n, compared), traceMarks(traced.calls, compared), addresses, session.resultBits)),
    );
    differences.push(
      ...at(
        compareLists(
          'signals',
          observedSignals(file, observed.n),
          traced.signals.map((s) => `${s.process} ${s.signo}/${s.code} ${s.delivered ? 'delivered' : 'not delivered'}`),
        ),
      ),
    );
    differences.push(
      ...at(
        compareLists(
          'shutdowns',
          observedShutdowns(observed),
          traced.shutdowns.map((s) => s.flags),
        ),
      ),
    );
    for (const process of observed.processes ?? [])
      differences.push(...at(compareState(process, result, observed.n === file.observed.injections.length)));
  }
  const lines = result.injections
    .flatMap((injection) => [...injection.log, ...injection.faults.map((fault) => fault.text)])
    .filter(isPathLine)
    .map(normaliseLog);
  if (!result.injections.some((i) => i.result.kind === 'limit' || i.result.kind === 'unknown'))
    differences.push(...compareLists('log', observedLog(file), [...new Set(lines)].length === lines.length ? lines : dedupe(lines)));
  return differences;
}

/** An oops line may be both logged and reported as the fault. */
function dedupe(lines: readonly string[]): readonly string[] {
  return lines.filter((line, i) => !line.startsWith('BUG: ') || lines.indexOf(line) === i);
}

/** A shell that an oops kills has no state of its own: the kernel's log tells. */
function compareResult(state: string | null, traced: InjectionResult, oopses: readonly string[]): readonly Difference[] {
  const expected = state === 'died' ? 'oops' : state === 'stuck' ? 'oops' : 'returned';
  const { kind, reason: why } = traced.result;
  if (kind === expected || (state === null && kind === 'oops' && oopses.some((line) => line.includes(why)))) return [];
  const reason = traced.result.kind === 'returned' ? traced.result.value : traced.result.reason;
  return [{ observable: 'result', text: `${expected} expected, traced ${traced.result.kind}: ${reason}` }];
}

function compareState(
  process: { readonly label: string; readonly state: string },
  result: TraceResult,
  last: boolean,
): readonly Difference[] {
  const own = result.processes.find((candidate) => candidate.label === process.label);
  if (!last || own === undefined) return [];
  const observed = process.state === 'killed' || process.state === 'exited' ? process.state : 'alive';
  return own.state === observed ? [] : [{ observable: 'state', text: `${process.label} is ${process.state}, traced ${own.state}` }];
}

function compareLists(observable: Difference['observable'], observed: readonly string[], traced: readonly string[]): readonly Difference[] {
  const differences: Difference[] = [];
  for (let i = 0; i < Math.max(observed.length, traced.length); i++) {
    if (observed[i] !== traced[i])
      differences.push({ observable, text: `#${i + 1}: ${observed[i] ?? '(nothing)'}, traced ${traced[i] ?? '(nothing)'}` });
  }
  return differences;
}

/** Widths of results, asked from the linked program of the last run. */
interface ResultTypes {
  readonly resultBits: (name: string) => number | 'pointer' | undefined;
}

function resultTypesOf(result: TraceResult): ResultTypes {
  const bits = new Map<string, number | 'pointer'>();
  for (const call of result.injections.flatMap((injection) => injection.calls)) {
    if (call.returnType !== undefined) bits.set(call.function, call.returnType === 'pointer' ? 'pointer' : Number(call.returnType));
  }
  return { resultBits: (name) => bits.get(name) };
}

function runOne(folder: string, kernel: string, name: string, session: TraceSession, exceptions: readonly TruthException[]): Row {
  const text = readFileSync(join(folder, kernel, `${name}.json`), 'utf8');
  const file = JSON.parse(text) as TruthFile;
  const input = JSON.parse(text) as Record<string, unknown>;
  delete input['observed'];
  const started = performance.now();
  const done = (differences: readonly Difference[]): Row => {
    const open = differences.filter((d) => !isExcepted(exceptions, kernel, name, d));
    return {
      kernel,
      scenario: name,
      differences: open,
      excepted: differences.length - open.length,
      milliseconds: Math.round(performance.now() - started),
    };
  };
  const scenario = readScenario(JSON.stringify(input), 'observation');
  if (scenario.kind === 'invalid')
    return done([{ observable: 'result', text: `not imported: ${scenario.problems.map((p) => `${p.path}: ${p.message}`).join('; ')}` }]);
  const probes = probesOf(file);
  const reads = new Map([...probes.values()].map((probe) => [probe.function, probe.reads]));
  try {
    const result = session.run(scenario.value, { all: false, reads });
    return done(result === undefined ? [] : compare(file, result, probes, resultTypesOf(result)));
  } catch (error) {
    return done([{ observable: 'result', text: `our bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` }]);
  }
}

function print(row: Row, details: boolean): void {
  const cell = (observable: Difference['observable']): string => {
    const n = row.differences.filter((d) => d.observable === observable).length;
    return (n === 0 ? 'ok' : String(n)).padStart(9);
  };
  process.stdout.write(
    `${row.kernel.padEnd(5)} ${row.scenario.padEnd(6)}${OBSERVABLES.map(cell).join('')} ${String(row.excepted).padStart(8)} ${String(row.milliseconds).padStart(7)}\n`,
  );
  for (const d of details ? row.differences : row.differences.slice(0, 3)) process.stdout.write(`        ${d.observable}: ${d.text}\n`);
  if (!details && row.differences.length > 3) process.stdout.write(`        … ${row.differences.length - 3} more (--details)\n`);
}

/** Names of the observations of a folder, without `.json`. */
function observationsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -5))
    .sort();
}

function main(): number {
  const words = process.argv.slice(2);
  const details = words.includes('--details');
  // The built-in configuration profile instead of the observed kernel's own configuration.
  const builtIn = words.includes('--built-in');
  const names = words.filter((word) => !word.startsWith('--'));
  const kernels = names.filter((word) => /^\d/.test(word));
  const wanted = names.filter((word) => !/^\d/.test(word));
  for (const folder of folders.filter((one) => !existsSync(one))) process.stdout.write(`no observations at ${folder}\n`);
  const exceptions = readExceptions(join(import.meta.dirname, '../truth-exceptions.json'));
  process.stdout.write(`kernel scen. ${OBSERVABLES.map((name) => name.padStart(9)).join('')}   except      ms\n`);
  const rows: Row[] = [];
  for (const kernel of kernels.length > 0 ? kernels : ['6.1', '6.12']) {
    if (!existsSync(kernelFolder(kernel))) {
      process.stdout.write(`${kernel}: no tree at ${kernelFolder(kernel)}: skipped\n`);
      continue;
    }
    const config = [...folders, beside].map((folder) => join(folder, `config-${kernel}`)).find((path) => existsSync(path));
    const session = new TraceSession({
      source: new DiskSource(kernelFolder(kernel)),
      ...(!builtIn && config !== undefined ? { config: { path: config, text: readFileSync(config, 'utf8') } } : {}),
    });
    for (const folder of folders) {
      for (const name of observationsIn(join(folder, kernel)).filter((file) => wanted.length === 0 || wanted.includes(file))) {
        const row = runOne(folder, kernel, name, session, exceptions);
        rows.push(row);
        print(row, details);
      }
    }
  }
  const good = rows.filter((row) => row.differences.length === 0).length;
  process.stdout.write(
    `${good} of ${rows.length} observations agree, ${rows.reduce((sum, row) => sum + row.differences.length, 0)} differences, ${rows.reduce((sum, row) => sum + row.excepted, 0)} excepted with a reason\n`,
  );
  return good === rows.length ? 0 : 1;
}

process.exitCode = main();
