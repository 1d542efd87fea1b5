// The result of a trace that could not be carried out: every injection is unknown, with the reason.

import { isInjection } from '../kernel/world/steps.ts';
import type { Outcome } from '../machine/outcome.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { InjectionResult, TraceResult } from '../trace/result.ts';
import { type Edits, intrinsicUses } from './intrinsic-uses.ts';
import type { Simulation } from './simulation.ts';
import { treeProblems, withProblems } from './tree-problems.ts';

/** What could not be done, and what stopped it. */
export interface Failure {
  readonly what: string;
  readonly outcome: Outcome<unknown>;
}

/** Every injection of the scenario as unknown; what is wrong with the tree's text comes first. */
export function noAnswer(
  scenario: Scenario,
  simulation: Simulation,
  { what, outcome }: Failure,
  { edits, notes }: { readonly edits: Edits; readonly notes: readonly string[] },
): TraceResult {
  const why = outcome.kind === 'limit' ? outcome.limit.text : outcome.kind === 'fault' ? outcome.fault.text : 'no reason is known';
  const reason = `${what}: ${withProblems(why, treeProblems(simulation.program, edits))}`;
  const injections = scenario.steps.filter(isInjection).map((_step, i): InjectionResult => ({
    n: i + 1,
    title: 'not run',
    result: { kind: 'unknown', reason },
    signals: [],
    shutdowns: [],
    calls: [],
    log: [],
    faults: [],
  }));
  return {
    scenario: { id: scenario.id, title: scenario.title },
    injections,
    processes: scenario.processes.map((process) => ({ label: process.label, state: 'alive', signals: [] })),
    filesystems: scenario.filesystems.map((fs) => ({ device: fs.device, mountpoint: fs.mountpoint, shutdown: false })),
    intrinsics: intrinsicUses(simulation, edits),
    verdict: { kind: 'unknown', violations: [], reasons: [reason] },
    notes,
  };
}
