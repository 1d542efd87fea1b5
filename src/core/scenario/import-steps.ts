// What happened, in order: the injections of an observation and what was done between them.

import { type Bytes, bytes, pages, type Pfn, pfn, physAddr, physToPfn } from '../../base/units.ts';
import { leafByte } from './devices.ts';
import { fileIndex, findFile, framePfn } from './import-pages.ts';
import { accessOf } from './import-touches.ts';
import type { Observation, ObservedInjection } from './observation.ts';
import type { DebugfsTarget, PlanLine } from './plan.ts';
import { presentFrame } from './present-pages.ts';
import type { Failure, Mapping, Scenario, Step } from './schema.ts';

/** include/linux/mm.h MF_SW_SIMULATED: hwpoison-inject sets it. */
const MF_SW_SIMULATED = 0x20n;

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
    else steps.push(...importChange(scenario, line, mappings, notes));
  }
  const last = steps.findLastIndex(isNumbered);
  return steps.slice(0, last + 1);
}

/** True for steps that stand for a numbered injection of the plan. */
function isNumbered(step: Step): boolean {
  switch (step.kind) {
    case 'madvise':
    case 'inject':
    case 'unpoison':
    case 'soft-offline':
    case 'command':
      return true;
    case 'unbind':
    case 'rebind':
    case 'mount':
    case 'unmount':
      return step.injection;
    default:
      return false;
  }
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
      if (!mappings.has(`${line.label}:${line.map}`)) {
        notes.push(`injection ${seen?.n ?? '?'}: ${line.label} has no mapping ${line.map} of a file that the observation lists`);
        return failures.length > 0
          ? [{ kind: 'inject', via: 'memory_failure', failures }]
          : [{ kind: 'command', text: `madvise ${line.label} ${line.map}` }];
      }
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
  const lifecycle = lifecycleSteps(scenario, command);
  const [first, ...further] = lifecycle;
  if (first !== undefined && (failures.length === 0 || first.kind === 'unbind')) return [{ ...first, injection: true }, ...further];
  const unpoisoned = writtenNumber(command, 'unpoison-pfn');
  if (unpoisoned !== undefined) return [{ kind: 'unpoison', pfns: [pfn(unpoisoned)] }];
  const soft = writtenNumber(command, 'soft_offline_page');
  if (soft !== undefined) return [{ kind: 'soft-offline', pfns: [physToPfn(physAddr(soft))] }];
  const hard = writtenNumber(command, 'hard_offline_page');
  if (hard !== undefined) {
    if (failures.length === 0) failures.push({ pfn: physToPfn(physAddr(hard)), flags: MF_SW_SIMULATED });
    return [{ kind: 'inject', via: 'memory_failure', failures }];
  }
  const corrupted = writtenNumber(command, 'corrupt-pfn');
  if (corrupted !== undefined) {
    if (failures.length === 0) failures.push({ pfn: pfn(corrupted), flags: MF_SW_SIMULATED });
    return [{ kind: 'inject', via: 'hwpoison-inject', failures }];
  }
  const machineCheck = /\bsra[or]\s+(0x[0-9a-fA-F]+|\d+)/.exec(command);
  if (machineCheck !== null) {
    if (failures.length === 0) failures.push({ pfn: physToPfn(physAddr(BigInt(machineCheck[1] ?? 0))), flags: 0n });
    return [{ kind: 'inject', via: 'mce', failures }];
  }
  if (failures.length > 0) return [{ kind: 'inject', via: 'memory_failure', failures }];
  notes.push(`a shell command is no step of a scenario: ${command}`);
  return [{ kind: 'command', text: command }];
}

type LifecycleStep = Extract<Step, { kind: 'unbind' | 'rebind' | 'mount' | 'unmount' }>;

/** A driver that is bound or unbound, filesystems that come or go, as a shell command says it. */
function lifecycleSteps(scenario: Scenario, command: string): readonly LifecycleStep[] {
  const injection = false;
  const device = (name: string): string => {
    const index = Number(/(\d+)(?:\.\d+)?$/.exec(name)?.[1] ?? 0);
    return scenario.pmem[index]?.name ?? scenario.pmem[0]?.name ?? '';
  };
  const unbind =
    /echo\s+(\S+)\s*>\s*\S*\/unbind/.exec(command) ?? /\bndctl\s+(?:disable|destroy)-namespace\b.*?(namespace\d+\.\d+)/.exec(command);
  if (unbind !== null) return [{ kind: 'unbind', device: device(unbind[1] ?? ''), injection }];
  const bind = /echo\s+(\S+)\s*>\s*\S*\/bind\b/.exec(command) ?? /\bndctl\s+enable-namespace\b.*?(namespace\d+\.\d+)/.exec(command);
  if (bind !== null) return [{ kind: 'rebind', device: device(bind[1] ?? ''), injection }];
  return [...command.matchAll(/\b(u?mount)\s([^;&|]*)/g)].flatMap(([, verb, words = '']): LifecycleStep[] => {
    const places = words.split(/[\s'"]+/);
    const fs = scenario.filesystems.find(({ mountpoint }) => places.includes(mountpoint));
    return fs === undefined ? [] : [{ kind: verb === 'umount' ? 'unmount' : 'mount', mountpoint: fs.mountpoint, injection }];
  });
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

function importChange(scenario: Scenario, line: PlanLine, mappings: ReadonlyMap<string, Mapping>, notes: string[]): Step[] {
  switch (line.kind) {
    case 'touch':
      return [accessOf(line)];
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
    case 'shell':
      return importCommand(scenario, line.command, notes);
    default:
      return [];
  }
}

/** A command that is no injection: what it does to the world. */
export function importCommand(scenario: Scenario, command: string, notes: string[]): Step[] {
  const unpoisoned = writtenNumber(command, 'unpoison-pfn');
  if (unpoisoned !== undefined)
    return [{ kind: 'call', function: 'unpoison_memory', file: 'mm/memory-failure.c', args: [unpoisoned], failed: [], injection: false }];
  const early = writtenNumber(command, 'memory_failure_early_kill') ?? assignedNumber(command, 'vm.memory_failure_early_kill');
  if (early !== undefined) return [{ kind: 'sysctl', earlyKill: early !== 0n }];
  const lifecycle = lifecycleSteps(scenario, command);
  if (lifecycle.length > 0) return [...lifecycle];
  const discarded = discardOf(scenario, command);
  if (discarded !== undefined) return [discarded];
  if (writtenNumber(command, 'drop_caches') !== undefined) return [{ kind: 'drop-caches' }];
  const removed = removedPaths(command);
  if (removed.length > 0) return removed.map((path): Step => ({ kind: 'unlink', path }));
  if (/\b(umount|mount|cp|mv|ln|xfs_io|dd|truncate|fallocate|drop_caches|dmsetup)\b/.test(command) && !isOnlyLooking(command))
    notes.push(`a shell command between injections is not simulated: ${command}`);
  return [];
}

/** truncate(1), or the truncate and fpunch commands of xfs_io. */
function discardOf(scenario: Scenario, command: string): Step | undefined {
  const file = scenario.filesystems.flatMap((fs) => fs.files).find(({ path }) => new RegExp(`${path}(?=[\\s;]|$)`).test(command));
  if (file === undefined) return undefined;
  const size = /\btruncate\s+(?:-s\s*)?(\d+)([kmg]?)\b/i.exec(command);
  if (size !== null) return { kind: 'discard', path: file.path, start: byteNumber(size[1], size[2]) };
  const hole = /\bfpunch\s+(\d+)([kmg]?)\s+(\d+)([kmg]?)\b/i.exec(command);
  return hole === null
    ? undefined
    : { kind: 'discard', path: file.path, start: byteNumber(hole[1], hole[2]), length: byteNumber(hole[3], hole[4]) };
}

/** `64k`, `2m`: bytes. */
function byteNumber(digits: string | undefined, unit: string | undefined): Bytes {
  return bytes(BigInt(digits ?? 0) << BigInt(10 * ['', 'k', 'm', 'g'].indexOf((unit ?? '').toLowerCase())));
}

/** xfs_io and dmsetup also print what is there. */
function isOnlyLooking(command: string): boolean {
  return /\bxfs_io\s+-r?c\s+["']?(fiemap|fsmap|bmap|stat)\b/.test(command) || /\bdmsetup\s+(table|info|ls|status)\b/.test(command);
}

/** The number that a shell command writes to a file of /proc, /sys or debugfs with this name. */
function writtenNumber(command: string, file: string): bigint | undefined {
  const match = new RegExp(`\\b(0x[0-9a-fA-F]+|\\d+)['"]?\\s*>\\s*\\S*${file}`).exec(command);
  return match === null ? undefined : BigInt(match[1] ?? 0);
}

/** `sysctl -w NAME=NUMBER`. */
function assignedNumber(command: string, name: string): bigint | undefined {
  const match = new RegExp(`\\b${name}\\s*=\\s*(\\d+)`).exec(command);
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
