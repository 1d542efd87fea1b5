// "Inject from log": the steps of a scenario replaced by the failures that pasted log lines or badblocks name.

import { assertNever } from '../../base/assert.ts';
import { compare, distance, elementsOf, framesOf, isPowerOfTwo, lastOf, pageBytes, pages, pfnToPhys, physToPfn } from '../../base/units.ts';
import { pmemOf } from './devices.ts';
import { isBadblocksJson, readBadblocksJson, readBadblocksLine } from './log-badblocks.ts';
import { type LineProblem, type LoggedRange, readLogLines, type ReadLog } from './log-lines.ts';
import type { Checked } from './problem.ts';
import type { Failure, Scenario, Step } from './schema.ts';

/** More calls than anybody reads; the real kernel would make them all. */
const MOST_FRAMES = pages(1024n);
/** Characters of a line that a message quotes. */
const QUOTED = 100;

/**
 * The scenario with the failures of a log instead of its own; steps before its first injection that only prepare the world stay.
 * Notes say what became of each line: bytes, then frames, because memory_failure() counts frames.
 */
export function scenarioFromLog(base: Scenario, log: string): Checked<Scenario> {
  const { ranges, problems } = isBadblocksJson(log) ? readBadblocksJson(log, base) : readText(base, log);
  const failed = [...problems.filter((problem) => problem.kind === 'wrong'), ...ranges.flatMap((range) => unowned(base, range))];
  if (failed.length > 0) return { kind: 'invalid', problems: failed.map(describe) };
  if (ranges.length === 0) return { kind: 'invalid', problems: nothing(problems) };
  const first = base.steps.findIndex(isFailure);
  const kept = first < 0 ? base.steps : base.steps.slice(0, first);
  const steps = [...kept, ...ranges.map(stepOf)];
  const title = `${base.title === '' ? base.id : base.title}; from a log: ${ranges.map(bytesOf).slice(0, 3).join(', ')}`;
  const skipped = problems.map((problem) => `log line ${problem.line} is not about a failure and was left out: ${quote(problem.text)}`);
  return { kind: 'ok', value: { ...base, title, steps }, notes: [...ranges.map((range) => noteOf(base, range)), ...skipped] };
}

/** Log lines and listing lines may be mixed. */
function readText(base: Scenario, log: string): ReadLog {
  const read = readLogLines(log);
  const ranges = [...read.ranges];
  const problems: LineProblem[] = [];
  for (const problem of read.problems) {
    const listed = problem.kind === 'skip' ? readBadblocksLine(problem.text, problem.line, base) : undefined;
    if (listed === undefined) problems.push(problem);
    else if ('kind' in listed) problems.push(listed);
    else ranges.push(listed);
  }
  return { ranges: ranges.sort((a, b) => a.line - b.line), problems };
}

function isFailure(step: Step): boolean {
  return step.kind === 'madvise' || step.kind === 'inject' || step.kind === 'unbind' || (step.kind === 'call' && step.injection);
}

/** What does not lie on one device of the scenario, or is too much. */
function unowned(base: Scenario, range: LoggedRange): readonly LineProblem[] {
  const wrong = (message: string): readonly LineProblem[] => [{ line: range.line, kind: 'wrong', text: '', message }];
  const end = range.stated ?? lastOf(range);
  const [first, last] = [pmemOf(base, range.stated ?? range.start), pmemOf(base, end)];
  const devices = base.pmem
    .map((device) => `${device.name} ${hex(device.start)}..${hex(lastOf({ start: device.start, length: device.size }))}`)
    .join(', ');
  if (first === undefined || last === undefined) {
    const at = first === undefined ? (range.stated ?? range.start) : end;
    return wrong(`physical address ${hex(at)} (frame ${hex(physToPfn(at))}) lies on no device of the scenario; it has ${devices}`);
  }
  if (first !== last) return wrong(`${bytesOf(range)} reach over ${first.name} and ${last.name}`);
  const count = range.stated === undefined ? framesOf(range).length : pages(1n);
  return compare(count, MOST_FRAMES) > 0 ? wrong(`${bytesOf(range)} are ${count} frames; at most ${MOST_FRAMES} are traced`) : [];
}

/** Every frame that the range touches; bytes inside a page are kept where the range does not leave it. */
function stepOf(range: LoggedRange): Step {
  const lsb = range.length.toString(2).length - 1;
  if (range.stated !== undefined)
    return { kind: 'inject', via: entryOf(range), failures: [{ pfn: physToPfn(range.stated), flags: 0n, lsb }] };
  const frames = framesOf(range);
  const at = distance(pfnToPhys(frames.start), range.start);
  const isPart = frames.length === pages(1n) && compare(range.length, pageBytes()) < 0 && isPowerOfTwo(range.length);
  const detail = isPart ? { at: Number(at), lsb } : {};
  const failures = elementsOf(frames).map((pfn): Failure => ({ pfn, flags: 0n, ...detail }));
  return { kind: 'inject', via: entryOf(range), failures };
}

function entryOf({ origin }: LoggedRange): Extract<Step, { kind: 'inject' }>['via'] {
  switch (origin) {
    case 'mce':
      return 'mce';
    case 'ghes':
      return 'ghes';
    case 'edac':
    case 'memory_failure':
    case 'badblocks':
      return 'memory_failure';
    default:
      return assertNever(origin);
  }
}

function noteOf(base: Scenario, range: LoggedRange): string {
  const device = pmemOf(base, range.start);
  if (range.stated !== undefined)
    return `log line ${range.line}: ${bytesOf(range)} (${range.granularity}) -> frame ${hex(physToPfn(range.stated))}: the kernel acts on the frame of the stated address alone`;
  const frames = framesOf(range);
  const [first, last] = [frames.start, lastOf(frames)];
  const place = device === undefined ? '' : ` = ${device.name} + ${hex(distance(device.start, range.start))}`;
  const named = first === last ? `frame ${hex(first)}` : `frames ${hex(first)}..${hex(last)}`;
  return `log line ${range.line}: ${bytesOf(range)}${place} (${range.granularity}) -> ${named}`;
}

function nothing(problems: readonly LineProblem[]): { readonly path: string; readonly message: string }[] {
  const forms = 'expected "mce: … ADDR …", "physical_address: …", "Memory failure: 0x…: …" or badblocks (offset and length in sectors)';
  const [first] = problems;
  if (first === undefined) return [{ path: 'log', message: `it names no address; ${forms}` }];
  return [{ path: `log line ${first.line}`, message: `was not understood: ${quote(first.text)}; ${forms}` }];
}

function describe({ line, text, message }: LineProblem): { readonly path: string; readonly message: string } {
  return { path: `log line ${line}`, message: text === '' ? message : `${message}: ${quote(text)}` };
}

function quote(text: string): string {
  const trimmed = text.trim();
  return `"${trimmed.length > QUOTED ? `${trimmed.slice(0, QUOTED)}…` : trimmed}"`;
}

function bytesOf(range: LoggedRange): string {
  return `${range.length} bytes at ${hex(range.start)}`;
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
