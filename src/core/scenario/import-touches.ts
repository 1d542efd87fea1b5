// Touches that came after somebody's page table was looked at: in some trees a fault of a shared block unmaps it everywhere else.

import { pages } from '../../base/units.ts';
import type { PlanLine } from './plan.ts';
import type { Scenario, Step } from './schema.ts';

/**
 * Accesses that lead from empty page tables to those of the first injection, for files with shared blocks whose page tables were
 * not all seen after the last touch; the mappings of those files are emptied. The tree's own fault code decides what stays mapped.
 */
export function replayTouches(scenario: Scenario, before: readonly PlanLine[]): Step[] {
  const shared = new Set(
    scenario.filesystems.flatMap((fs) => fs.files.filter((file) => file.reflink && file.dax !== false).map((file) => file.path)),
  );
  const steps: Step[] = [];
  const stale = new Set<string>();
  for (const path of shared) {
    const users = scenario.processes.flatMap((process) =>
      process.maps.filter((map) => map.path === path && map.sharing === 'shared').map((map) => ({ label: process.label, map })),
    );
    const isOf = (line: PlanLine, user: (typeof users)[number]): boolean =>
      'map' in line && 'label' in line && line.label === user.label && line.map === user.map.name;
    const lastTouch = before.findLastIndex((line) => line.kind === 'touch' && users.some((user) => isOf(line, user)));
    const seen = users.map((user) => before.findLastIndex((line) => line.kind === 'info' && isOf(line, user)));
    if (users.length < 2 || seen.every((at) => at > lastTouch)) continue;
    for (const { label, map } of users) {
      stale.add(`${label}:${map.name}`);
      map.pages = [];
    }
    for (const file of scenario.filesystems.flatMap((fs) => fs.files)) if (file.path === path) file.cached = [];
  }
  for (const line of before) {
    if (line.kind !== 'touch' || !stale.has(`${line.label}:${line.map}`)) continue;
    steps.push(accessOf(line));
  }
  return steps;
}

/** A touch of a plan as a step. */
export function accessOf(line: Extract<PlanLine, { kind: 'touch' }>): Step {
  return {
    kind: 'access',
    process: line.label,
    map: line.map,
    page: pages(BigInt(line.page)),
    count: pages(BigInt(line.count)),
    how: line.write ? 'write' : 'read',
  };
}
