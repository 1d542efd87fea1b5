// What happened, in order: the injections of an observation and what was done between them.

import { bytes, pages, type Pfn, pfn, physAddr, physToPfn } from '../../base/units.ts';
import { leafByte } from './devices.ts';
import { fileIndex, findFile, framePfn } from './import-pages.ts';
import type { Observation, ObservedInjection } from './observation.ts';
import type { DebugfsTarget, PlanLine } from './plan.ts';
import { presentFrame } from './present-pages.ts';
import type { Failure, Mapping, Scenario, Step } from './schema.ts';

/** include/linux/mm.h MF_SW_SIMULATED: hwpoison-inject sets it. */
const MF_SW_SIMULATED = 0x20n;

/** Steps that stand for a numbered injection of the plan. */
const NUMBERED: ReadonlySet<Step['kind']> = new Set(['madvise', 'inject', 'unbind', 'rebind', 'unmount', 'unpoison']);

/** Steps from the first injection on; what follows the last one changes no result and is dropped. */
export function importSteps(
  scenario: Scenario,
  observation: Observation,
  plan: readonly PlanLine[],
  mappings: ReadonlyMap<string, Mapping>,
  notes: string[],
): Step[] {
  const first = plan.findIndex(isInjection);
  const steps: Step[] = [];
  let n = 0;
  for (const line of first < 0 ? [] : plan.slice(first)) {
    if (isInjection(line)) steps.push(...importInjection(scenario, observation.inject?.[n++], line, mappings, notes));
    else steps.push(...importChange(line, mappings, notes));
  }
  const last = steps.findLastIndex((step) => NUMBERED.has(step.kind));
  return steps.slice(0, last + 1);
}

/** Lines that become entries of the result. */
export function isInjection(line: PlanLine): boolean {
  return line.kind === 'madvise' || line.kind === 'debugfs' || line.kind === 'inject-shell';
}

function importInjection(
  scenario: Scenario,
  seen: ObservedInjection | undefined,
  line: PlanLine,
  mappings: ReadonlyMap<string, Mapping>,
  notes: string[],
): Step[] {
  const failures = (seen?.memory_failure_calls ?? []).map((call): Failure => ({ pfn: pfn(BigInt(call.pfn)), flags: BigInt(call.flags) }));
  switch (line.kind) {
    case 'madvise':
      return [
        {
          kind: 'madvise',
          process: line.label,
          map: line.map,
          page: pages(BigInt(line.page)),
          count: pages(BigInt(line.count)),
          ...(failures.length > 0 ? { failures } : {}),
        },
      ];
    case 'debugfs': {
      const frame = seen?.pfn === undefined ? targetFrame(scenario, line.target, mappings) : pfn(BigInt(seen.pfn));
      if (failures.length === 0 && frame !== undefined) failures.push({ pfn: frame, flags: MF_SW_SIMULATED });
      if (failures.length > 0) return [{ kind: 'inject', via: 'hwpoison-inject', failures }];
      notes.push(
        `injection ${seen?.n ?? '?'}: no frame found for ${JSON.stringify(line.target, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
      );
      return [];
    }
    case 'inject-shell':
      return importShell(scenario, line.command, failures, notes);
    default:
      return [];
  }
}

function importShell(scenario: Scenario, command: string, failures: Failure[], notes: string[]): Step[] {
  const unbind = /echo\s+(\S+)\s*>\s*\S*\/unbind/.exec(command);
  if (unbind !== null) {
    const index = Number(/(\d+)\.\d+$/.exec(unbind[1] ?? '')?.[1] ?? 0);
    return [{ kind: 'unbind', device: scenario.pmem[index]?.name ?? scenario.pmem[0]?.name ?? '' }];
  }
  const bind = /echo\s+(\S+)\s*>\s*\S*\/bind\b/.exec(command);
  if (bind !== null) {
    const index = Number(/(\d+)\.\d+$/.exec(bind[1] ?? '')?.[1] ?? 0);
    return [{ kind: 'rebind', device: scenario.pmem[index]?.name ?? scenario.pmem[0]?.name ?? '' }];
  }
  const unmount = /\bumount\s+(?:-\S+\s+)*(\/[^\s;]+)/.exec(command);
  const mounted = scenario.filesystems.find((fs) => fs.mountpoint === unmount?.[1]);
  if (mounted !== undefined && failures.length === 0) return [{ kind: 'unmount', mountpoint: mounted.mountpoint }];
  const unpoisoned = unpoisonedFrame(command);
  if (unpoisoned !== undefined) return [{ kind: 'unpoison', pfns: [pfn(unpoisoned)] }];
  const machineCheck = /\bsra[or]\s+(0x[0-9a-fA-F]+|\d+)/.exec(command);
  if (machineCheck !== null) {
    if (failures.length === 0) failures.push({ pfn: physToPfn(physAddr(BigInt(machineCheck[1] ?? 0))), flags: 0n });
    return [{ kind: 'inject', via: 'mce', failures }];
  }
  if (failures.length > 0) return [{ kind: 'inject', via: 'memory_failure', failures }];
  notes.push(`a shell command is no step of a scenario: ${command}`);
  return [];
}

function targetFrame(scenario: Scenario, target: DebugfsTarget, mappings: ReadonlyMap<string, Mapping>): Pfn | undefined {
  switch (target.kind) {
    case 'pfn':
      return pfn(target.pfn);
    case 'device': {
      const leaf = leafByte(scenario, target.device, bytes(target.offset));
      return leaf === undefined ? undefined : physToPfn(leaf.physical);
    }
    case 'page': {
      const map = mappings.get(`${target.label}:${target.map}`);
      if (map === undefined) return undefined;
      const page = pages(BigInt(target.page));
      const owned = findFile(scenario, map.path);
      return presentFrame(map, page) ?? (owned === undefined ? undefined : framePfn(scenario, owned, fileIndex(map, page)));
    }
  }
}

function importChange(line: PlanLine, mappings: ReadonlyMap<string, Mapping>, notes: string[]): Step[] {
  switch (line.kind) {
    case 'touch':
      return [
        {
          kind: 'access',
          process: line.label,
          map: line.map,
          page: pages(BigInt(line.page)),
          count: pages(BigInt(line.count)),
          how: line.write ? 'write' : 'read',
        },
      ];
    case 'map': {
      const map = mappings.get(`${line.label}:${line.map}`);
      return map === undefined ? [] : [{ kind: 'map', process: line.label, map: { ...map, pages: [] } }];
    }
    case 'munmap':
      return [{ kind: 'unmap', process: line.label, map: line.map }];
    case 'exit':
      return [{ kind: 'exit', process: line.label }];
    case 'policy':
      return [{ kind: 'policy', process: line.label, mcePolicy: policyOf(line.policy) }];
    case 'shell': {
      const removed = removedPaths(line.command);
      const unpoisoned = unpoisonedFrame(line.command);
      if (unpoisoned !== undefined)
        return [
          { kind: 'call', function: 'unpoison_memory', file: 'mm/memory-failure.c', args: [unpoisoned], failed: [], injection: false },
        ];
      if (removed.length > 0) return removed.map((path): Step => ({ kind: 'unlink', path }));
      if (/\b(umount|mount|cp|xfs_io|dd)\b/.test(line.command))
        notes.push(`a shell command between injections is not simulated: ${line.command}`);
      return [];
    }
    default:
      return [];
  }
}

/** The frame that a shell command writes to debugfs' unpoison-pfn. */
function unpoisonedFrame(command: string): bigint | undefined {
  const match = /\b(0x[0-9a-fA-F]+|\d+)['"]?\s*>\s*\S*unpoison-pfn/.exec(command);
  return match === null ? undefined : BigInt(match[1] ?? 0);
}

/** Paths that a shell command removes with rm. */
export function removedPaths(command: string): readonly string[] {
  return [...command.matchAll(/\brm\s+(?:-\S+\s+)*(\/\S+?)(?=[\s;]|$)/g)].map((match) => match[1] ?? '');
}

/** `early`, `late`, `default (never set)`. */
export function policyOf(text: string | undefined): 'early' | 'late' | 'default' {
  if (text?.startsWith('early') === true) return 'early';
  return text?.startsWith('late') === true ? 'late' : 'default';
}
