// The laws of the failure path as oracles: who must be signalled is worked out from the scenario, never from the trace.

import { alignDown, bytes, contains, pageIndex, pages, userAddr } from '../../base/units.ts';
import { contentOf, type FrameContent } from '../scenario/content.ts';
import type { Filesystem, Scenario } from '../scenario/schema.ts';
import type { CallEvent, RunResult, SignalEvent, Verdict, Violation } from '../trace/result.ts';
import type { Candidate, FailedPage, InjectionFacts, Mapper } from './facts.ts';

const SIGBUS = 7;
/** Codes of SIGBUS for memory errors (include/uapi/asm-generic/siginfo.h BUS_MCEERR_AR, BUS_MCEERR_AO). */
const MEMORY_ERRORS = new Set([4, 5]);

/** Judges a run. `limits` are the reasons why something could not be executed or known. */
export function judge(scenario: Scenario, injections: readonly InjectionFacts[], limits: readonly string[]): Verdict {
  const violations: Violation[] = [];
  const reasons = [...limits];
  for (const facts of injections) {
    const { result, n } = facts.result;
    if (result.kind === 'limit' || result.kind === 'unknown') {
      reasons.push(`injection ${n}: ${result.reason}${whereOf(result)}`);
      continue;
    }
    violations.push(...judgeInjection(scenario, facts, reasons));
  }
  if (violations.length > 0) return reasons.length > 0 ? { kind: 'violated', violations, reasons } : { kind: 'violated', violations };
  return reasons.length > 0 ? { kind: 'unknown', violations: [], reasons } : { kind: 'holds', violations: [] };
}

/** The place that stopped a run, unless its reason names it. */
function whereOf(result: RunResult): string {
  const place = result.kind === 'limit' ? result.place : undefined;
  return place === undefined || result.reason?.includes(place) === true ? '' : ` (${place})`;
}

function judgeInjection(scenario: Scenario, facts: InjectionFacts, reasons: string[]): Violation[] {
  const violations: Violation[] = [];
  const report: Report = (law, text, cause) =>
    violations.push({ law, text, injection: facts.result.n, ...(cause === undefined ? {} : { cause }) });
  for (const fault of facts.result.faults) {
    report(fault.kind === 'lock' || fault.kind === 'leak' ? 4 : 0, fault.text, {
      ...(fault.function === undefined ? {} : { function: fault.function }),
      ...(fault.file === undefined ? {} : { file: fault.file }),
      ...(fault.line === undefined ? {} : { line: fault.line }),
    });
  }
  // An oops ends the path in the middle: what it did not do any more is no further finding.
  if (facts.result.result.kind === 'oops') return violations;
  for (const leak of facts.leaks) report(4, leak);
  if (facts.kind === 'unbind') {
    checkRemoval(facts, report);
    return violations;
  }
  if (facts.kind === 'lifecycle') {
    for (const signal of facts.result.signals)
      report(1, `${signal.process} got signal ${signal.signo} (code ${signal.code}), but nothing failed`, causeOf(facts, signal.process));
    return violations;
  }
  const expected: Expectation[] = [];
  for (const page of facts.pages) {
    const content = contentOf(scenario, page.pfn);
    // RAM is not what these laws are about: clean pages are dropped, dirty ones kill, and both are right.
    if (content.kind === 'elsewhere') return violations;
    if (content.kind === 'unknown') reasons.push(`injection ${facts.result.n}: pfn 0x${page.pfn.toString(16)}: ${content.why}`);
    expected.push({ page, content, victims: victimsOf(scenario, facts, page) });
  }
  checkSignals(facts, expected, report);
  const hasMetadata = expected.some(({ content }) => content.kind === 'metadata');
  for (const one of expected) {
    checkUnmapped(facts, one, report);
    checkShutdown(facts, one, hasMetadata, report);
  }
  checkRange(facts, expected, report);
  checkTruth(facts, expected, report);
  return violations;
}

type Report = (law: number, text: string, cause?: Violation['cause']) => void;

interface Expectation {
  readonly page: FailedPage;
  readonly content: FrameContent;
  readonly victims: readonly Mapper[];
}

/** Law 1 for memory that goes away: whoever maps it is told, and nobody maps it afterwards. */
function checkRemoval(facts: InjectionFacts, report: Report): void {
  const signalled = new Set(facts.result.signals.filter((signal) => signal.signo === SIGBUS).map((signal) => signal.process));
  for (const label of new Set((facts.removed?.before ?? []).map((mapper) => mapper.process))) {
    if (!signalled.has(label))
      report(1, `${label} maps memory of the removed device and must be signalled, but was not`, lastCall(facts, 'kill_dax'));
  }
  for (const label of new Set((facts.removed?.after ?? []).map((mapper) => mapper.process))) {
    report(1, `${label} still maps memory of the removed device`, lastCall(facts, 'kill_dax'));
  }
}

/** Law 1: the current task and the tasks with the early-kill policy or sysctl, of those whose page table holds the page. */
function victimsOf(scenario: Scenario, facts: InjectionFacts, page: FailedPage): readonly Mapper[] {
  return page.mappersBefore.filter((mapper) => {
    const candidate = facts.candidates.find((process) => process.label === mapper.process);
    return candidate?.alive === true && isSelected(scenario, candidate, facts.current);
  });
}

/** True when the kernel's kill policy selects a process that maps a failed page. */
export function isSelected(scenario: Scenario, candidate: Candidate, current: string | undefined): boolean {
  if (candidate.label === current) return true;
  return candidate.mcePolicy === 'early' || (candidate.mcePolicy === 'default' && (candidate.earlyByDefault ?? scenario.earlyKill));
}

function checkSignals(facts: InjectionFacts, expected: readonly Expectation[], report: Report): void {
  const sent = facts.result.signals.filter((signal) => signal.signo === SIGBUS && MEMORY_ERRORS.has(signal.code));
  const others = facts.result.signals.filter((signal) => !sent.includes(signal));
  const victims = expected.flatMap((one) => one.victims);
  const open = [...victims];
  for (const signal of sent) {
    const at = open.findIndex((mapper) => mapper.process === signal.process && sameAddress(signal, mapper));
    if (at >= 0) {
      checkSize(signal, open[at], report, facts);
      open.splice(at, 1);
      continue;
    }
    report(1, wrongSignal(signal, victims), causeOf(facts, signal.process));
  }
  for (const signal of others)
    report(
      1,
      `${signal.process} got signal ${signal.signo} (code ${signal.code}), which is no memory-error SIGBUS`,
      causeOf(facts, signal.process),
    );
  const served = new Set(sent.map((signal) => signal.process));
  for (const label of new Set(open.map((mapper) => mapper.process))) {
    // One SIGBUS per process is what the law asks; a second mapping of the same page may or may not bring another.
    if (!served.has(label)) report(1, `${label} maps the failed page and must be signalled, but was not`, causeOf(facts, label));
  }
}

function wrongSignal(signal: SignalEvent, victims: readonly Mapper[]): string {
  const own = victims.find((mapper) => mapper.process === signal.process);
  if (own === undefined)
    return `${signal.process} was signalled (address ${signal.addr}), but the kill policy does not select it for this page`;
  return `${signal.process} was signalled at address ${signal.addr}, but it maps the failed page at 0x${own.address.toString(16)}`;
}

/** True when a signal names a byte of the page, huge or not, that an entry maps. */
export function sameAddress(signal: SignalEvent, mapper: Mapper): boolean {
  const length = bytes(1n << BigInt(mapper.shift));
  return contains({ start: alignDown(mapper.address, length), length }, userAddr(BigInt(signal.addr)));
}

function checkSize(signal: SignalEvent, mapper: Mapper | undefined, report: Report, facts: InjectionFacts): void {
  if (mapper !== undefined && signal.lsb !== mapper.shift)
    report(
      1,
      `${signal.process}: si_addr_lsb is ${signal.lsb}, but its mapping has pages of 2^${mapper.shift} bytes`,
      causeOf(facts, signal.process),
    );
}

/** Where somebody of a file's page was selected, nobody may map that page of the file any more; an empty kill list unmaps nothing. */
function checkUnmapped(facts: InjectionFacts, one: Expectation, report: Report): void {
  const pageOf = (mapper: Mapper): string => `${mapper.path}:${mapper.index}`;
  const told = new Set(one.victims.map(pageOf));
  for (const mapper of one.page.mappersAfter) {
    const before = one.page.mappersBefore.some((other) => other.process === mapper.process && other.address === mapper.address);
    if (before && told.has(pageOf(mapper)))
      report(1, `${mapper.process} still maps the failed page at 0x${mapper.address.toString(16)}`, causeOf(facts, mapper.process));
  }
}

function checkShutdown(facts: InjectionFacts, one: Expectation, hasMetadata: boolean, report: Report): void {
  const { content } = one;
  // Lost metadata in the same event is reason enough.
  const fresh = hasMetadata ? [] : facts.shutAfter.filter((device) => !facts.shutBefore.includes(device));
  switch (content.kind) {
    case 'metadata':
      // Poison in the unused part of a metadata block can be repaired by writing it anew.
      if (one.page.partial !== true && facts.mounted.includes(content.fs.mountpoint) && !facts.shutAfter.includes(content.fs.device))
        report(2, `${content.what} of ${content.fs.device} failed, but the filesystem was not shut down`);
      return;
    case 'free':
    case 'unused':
      for (const device of fresh)
        report(
          2,
          `${device} was shut down although the failed page holds nothing (${content.kind === 'free' ? 'free space' : content.why})`,
          lastCall(facts, 'xfs_do_force_shutdown'),
        );
      return;
    case 'data':
      // An owner that uses the page cache or is a directory may cost the filesystem; DAX files alone may not.
      if (content.owners.every((owner) => isDaxFile(content.fs, owner.ino))) {
        for (const device of fresh)
          report(
            2,
            `${device} was shut down although the failed page holds nothing but file data`,
            lastCall(facts, 'xfs_do_force_shutdown'),
          );
      }
      return;
    case 'device':
    case 'elsewhere':
    case 'unknown':
  }
}

function isDaxFile(fs: Filesystem, ino: bigint): boolean {
  const file = fs.files.find((candidate) => candidate.ino === ino);
  return file !== undefined && file.dax !== false && !file.unlinked;
}

/** Law 3: the range that reaches mf_dax_kill_procs() is the failed page of that file and nothing else. */
function checkRange(facts: InjectionFacts, expected: readonly Expectation[], report: Report): void {
  const failed = expected.flatMap((one) => (one.content.kind === 'data' ? one.content.owners.map((owner) => owner.index) : []));
  if (failed.length === 0) return;
  for (const call of facts.result.calls) {
    if (call.function !== 'mf_dax_kill_procs') continue;
    const index = BigInt(call.args['index'] ?? 0);
    const count = BigInt(call.args['count'] ?? 0);
    if (count === 0n) report(3, 'mf_dax_kill_procs() was called with no page at all: the failed page was lost on the way', callCause(call));
    else if (!failed.some((page) => contains({ start: pageIndex(index), length: pages(count) }, page))) {
      report(
        3,
        `mf_dax_kill_procs() was called for file pages ${index}..${index + count - 1n}, none of which lies on the failed page`,
        callCause(call),
      );
    } else if (count > BigInt(facts.pages.length))
      report(3, `mf_dax_kill_procs() was called for ${count} pages, but ${facts.pages.length} failed`, callCause(call));
  }
}

/** Law 5: success is only claimed when somebody acted or nobody had to. */
function checkTruth(facts: InjectionFacts, expected: readonly Expectation[], report: Report): void {
  const { result } = facts.result;
  const ok = result.kind === 'returned' && BigInt(result.value) === 0n;
  const victims = new Set(expected.flatMap((one) => one.victims.map((mapper) => mapper.process)));
  const acted = facts.result.signals.length > 0 || facts.result.shutdowns.length > 0;
  if (ok && victims.size > 0 && !acted)
    report(5, `the result is 0, but nobody was signalled although ${[...victims].join(', ')} had to be`, lastCall(facts, 'memory_failure'));
  // An entry that does not end in memory_failure() has a result of its own kind (a notifier's, say).
  if (result.kind === 'returned' && result.reason !== undefined) return;
  const recovered = facts.result.log.some((line) => /recovery action for .*: Recovered/.test(line));
  if (recovered && !ok && facts.pages.length === 1)
    report(5, `the log says "Recovered", but memory_failure() returned ${result.value ?? '?'}`);
}

/** The last call that led to (or should have led to) a process' signal. */
function causeOf(facts: InjectionFacts, _process: string): Violation['cause'] {
  return (
    lastCall(facts, 'kill_proc') ??
    lastCall(facts, 'mf_dax_kill_procs') ??
    lastCall(facts, 'mf_generic_kill_procs') ??
    lastCall(facts, 'xfs_dax_notify_failure') ??
    lastCall(facts, 'memory_failure')
  );
}

function lastCall(facts: InjectionFacts, name: string): Violation['cause'] {
  const call = facts.result.calls.findLast((candidate) => candidate.function === name);
  return call === undefined ? undefined : callCause(call);
}

function callCause(call: CallEvent): Violation['cause'] {
  const args = Object.entries(call.args)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
  return {
    function: call.function,
    file: call.file,
    line: call.line,
    event: `${call.function}(${args})${call.returns === undefined ? '' : ` = ${call.returns}`}`,
  };
}
