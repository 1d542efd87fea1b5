// Steps that cannot happen: processes, mappings and devices that do not exist, frames that nobody owns, ranges outside.

import { assertNever } from '../../base/assert.ts';
import { bytesToPages, compare, contains, endOf, isPositive, lastOf, pages, pagesToBytes, type Pfn, pfnToPhys } from '../../base/units.ts';
import { noBlockDevice } from './check-devices.ts';
import { checkMapping } from './check-processes.ts';
import { byteInside, pmemOf } from './devices.ts';
import { pagesOfEntry } from './present-pages.ts';
import { type Report, strangeFrame } from './report.ts';
import type { Mapping, Scenario, Step } from './schema.ts';

/** More pages than a step can be about: a mistaken unit, or a run without an end. */
const MOST_PAGES = pages(1n << 20n);
const FUNCTION = /^[A-Za-z_]\w*$/;

/** One step; `done` are those before it. */
export function checkStep(scenario: Scenario, step: Step, done: readonly Step[], path: string, report: Report): void {
  switch (step.kind) {
    case 'madvise':
    case 'access': {
      checkPages(scenario, step, path, report);
      return;
    }
    case 'unmap':
      needMap(scenario, step.process, step.map, path, report);
      return;
    case 'map':
      needProcess(scenario, step.process, `${path}.process`, report);
      {
        checkMapping(scenario, step.map, `${path}.map`, report);
        return;
      }
    case 'exit':
    case 'policy': {
      needProcess(scenario, step.process, `${path}.process`, report);
      return;
    }
    case 'inject': {
      checkFailures(scenario, step, path, report);
      return;
    }
    case 'unpoison':
    case 'soft-offline':
      step.pfns.forEach((pfn, i) => {
        const strange = strangeFrame(scenario, pfn);
        if (strange !== undefined) report(`${path}.pfns[${i}]`, strange);
      });
      return;
    case 'call': {
      checkCall(scenario, step, path, report);
      return;
    }
    case 'race':
      checkFunction(scenario, step.first, `${path}.first`, report);
      checkFunction(scenario, step.second, `${path}.second`, report);
      if (!FUNCTION.test(step.inside)) report(`${path}.inside`, `${step.inside} is no name of a function`);
      checkFailed(step.failed, path, report);
      return;
    case 'unbind':
      if (!scenario.pmem.some((device) => device.name === step.device)) report(`${path}.device`, `there is no pmem device ${step.device}`);
      return;
    case 'kill':
    case 'rebind': {
      needNamespace(scenario, step.device, `${path}.device`, report);
      return;
    }
    case 'scrub':
      needNamespace(scenario, step.device, `${path}.device`, report);
      {
        checkScrub(scenario, step, path, report);
        return;
      }
    case 'mount':
    case 'unmount':
      if (!scenario.filesystems.some((fs) => fs.mountpoint === step.mountpoint))
        report(`${path}.mountpoint`, `there is no filesystem at ${step.mountpoint}`);
      return;
    case 'claim': {
      const why = noBlockDevice(scenario, step.device);
      if (why !== undefined) report(`${path}.device`, why);
      if (step.holder.startsWith('/')) report(`${path}.holder`, 'names of mount points are holders of their own: use a mount step');
      return;
    }
    case 'release': {
      needNamespace(scenario, step.device, `${path}.device`, report);
      const known =
        scenario.filesystems.some((fs) => fs.mountpoint === step.holder) ||
        done.some((other) => other.kind === 'claim' && other.holder === step.holder);
      if (!known) report(`${path}.holder`, `${step.holder} is no mount point and claims nothing before this step`);
      return;
    }
    case 'unlink':
    case 'discard':
      if (!scenario.filesystems.some((fs) => fs.files.some((file) => file.path === step.path)))
        report(`${path}.path`, `no filesystem lists ${step.path}`);
      return;
    case 'sysctl':
    case 'drop-caches':
    case 'command':
      return;
    default:
      assertNever(step);
  }
}

function needProcess(scenario: Scenario, label: string, path: string, report: Report): void {
  if (!scenario.processes.some((process) => process.label === label)) report(path, `there is no process ${label}`);
}

/** The mapping that a step names: there from the start, or made by some step. */
function needMap(scenario: Scenario, label: string, name: string, path: string, report: Report): Mapping | undefined {
  needProcess(scenario, label, `${path}.process`, report);
  const process = scenario.processes.find((candidate) => candidate.label === label);
  const found =
    process?.maps.find((map) => map.name === name) ??
    scenario.steps.flatMap((step) => (step.kind === 'map' && step.process === label && step.map.name === name ? [step.map] : []))[0];
  if (process !== undefined && found === undefined) report(`${path}.map`, `process ${label} has no mapping ${name}`);
  return found;
}

function checkPages(scenario: Scenario, step: Extract<Step, { kind: 'madvise' | 'access' }>, path: string, report: Report): void {
  const map = needMap(scenario, step.process, step.map, path, report);
  if (!isPositive(step.count)) report(`${path}.count`, 'at least one page is meant');
  if (map === undefined) return;
  const all = bytesToPages(map.length);
  const meant = { start: step.page, length: step.count };
  if (compare(step.page, all) >= 0)
    report(`${path}.page`, `lies outside the mapping of ${all} pages; it counts pages from the start of the mapping`);
  else if (compare(step.count, MOST_PAGES) > 0 || (step.kind === 'access' && compare(endOf(meant), all) > 0))
    report(`${path}.count`, `pages ${step.page}..${lastOf(meant)} reach beyond the mapping of ${all} pages`);
  if (step.kind === 'madvise' && step.failures !== undefined) checkEach(scenario, step.failures, path, report);
}

function checkFailures(scenario: Scenario, step: Extract<Step, { kind: 'inject' }>, path: string, report: Report): void {
  if (step.by !== undefined) needProcess(scenario, step.by, `${path}.by`, report);
  checkEach(scenario, step.failures, path, report);
}

function checkEach(scenario: Scenario, failures: Extract<Step, { kind: 'inject' }>['failures'], path: string, report: Report): void {
  failures.forEach((failure, i) => {
    const at = `${path}.failures[${i}]`;
    const strange = strangeFrame(scenario, failure.pfn);
    if (strange !== undefined) report(`${at}.pfn`, strange);
    else if (!isOwned(scenario, failure.pfn))
      report(`${at}.pfn`, `frame 0x${failure.pfn.toString(16)} belongs to no device, and no page of the scenario lies there`);
    if (failure.flags >= 1n << 31n) report(`${at}.flags`, 'is no set of MF_ flags: they fit into an int');
    if (failure.at !== undefined && failure.at % (1 << Math.min(failure.lsb ?? 0, 12)) !== 0)
      report(`${at}.at`, `is not a multiple of the ${1 << Math.min(failure.lsb ?? 0, 12)} bytes that are lost`);
  });
}

/** A frame of a device, or one of RAM that a process maps or a file caches. */
function isOwned(scenario: Scenario, frame: Pfn): boolean {
  if (pmemOf(scenario, pfnToPhys(frame)) !== undefined) return true;
  const isMapped = scenario.processes.some((process) =>
    process.maps.some((map) => map.pages.some((page) => contains({ start: page.pfn, length: pagesOfEntry(page.shift) }, frame))),
  );
  return isMapped || scenario.filesystems.some((fs) => fs.files.some((file) => (file.cached ?? []).some((page) => page.pfn === frame)));
}

function checkCall(scenario: Scenario, step: Extract<Step, { kind: 'call' }>, path: string, report: Report): void {
  if (step.by !== undefined) needProcess(scenario, step.by, `${path}.by`, report);
  checkFunction(scenario, step, path, report);
  checkFailed(step.failed, path, report);
}

/** Name and arguments of a function of the tree. */
function checkFunction(scenario: Scenario, step: Extract<Step, { kind: 'race' }>['first'], path: string, report: Report): void {
  if (!FUNCTION.test(step.function)) report(`${path}.function`, `${step.function} is no name of a function`);
  step.args.forEach((argument, i) => {
    if (typeof argument !== 'string') return;
    const named = argument.slice(argument.indexOf(':') + 1);
    if (/^(super_block|holder):/.test(argument)) {
      if (!scenario.filesystems.some((fs) => fs.mountpoint === named)) report(`${path}.args[${i}]`, `there is no filesystem at ${named}`);
    } else if (!scenario.pmem.some((pmem) => pmem.name === named)) report(`${path}.args[${i}]`, `there is no pmem device ${named}`);
  });
}

function checkFailed(failed: Extract<Step, { kind: 'race' }>['failed'], path: string, report: Report): void {
  failed.forEach((range, i) => {
    if (!isPositive(range.length)) report(`${path}.failed[${i}].length`, 'at least one byte fails');
    else if (compare(range.length, pagesToBytes(MOST_PAGES)) > 0) report(`${path}.failed[${i}].length`, `more than ${MOST_PAGES} pages`);
  });
}

function needNamespace(scenario: Scenario, name: string, path: string, report: Report): void {
  const device = scenario.pmem.find((candidate) => candidate.name === name);
  if (device === undefined) report(path, `there is no pmem device ${name}`);
  else if (device.driver === 'devdax') report(path, `${name} is a device-dax node: holders and disks belong to block devices`);
}

function checkScrub(scenario: Scenario, step: Extract<Step, { kind: 'scrub' }>, path: string, report: Report): void {
  const device = scenario.pmem.find((candidate) => candidate.name === step.device);
  step.bad.forEach((range, i) => {
    const at = `${path}.bad[${i}]`;
    if (!isPositive(range.length)) report(`${at}.length`, 'at least one byte is bad');
    else if (device !== undefined && (byteInside(device, range.start) === undefined || byteInside(device, lastOf(range)) === undefined))
      report(`${at}.start`, `lies outside ${device.name}: it is a physical address`);
  });
}
