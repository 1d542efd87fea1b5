// Where a command takes its scenario from: a preset, a scenario file, or an observation of a real kernel.
import { basename } from 'node:path';
import type { ScenarioSource } from '../core/session/engine-api.ts';
import { readInput, UsageError } from './command.ts';

export interface SourceFlags {
  readonly preset?: string | undefined;
  readonly scenario?: string | undefined;
  readonly observation?: string | undefined;
}

/** The one source that the flags name. */
export function sourceOf({ preset, scenario, observation }: SourceFlags): ScenarioSource {
  const given = [preset, scenario, observation].filter((flag) => flag !== undefined);
  if (given.length !== 1) throw new UsageError('exactly one of --preset NAME, --scenario FILE, --observation FILE is needed');
  if (preset !== undefined) return { kind: 'preset', name: preset };
  if (scenario !== undefined) return { kind: 'scenario', name: basename(scenario), text: readInput('--scenario', scenario) };
  const file = observation ?? '';
  return { kind: 'observation', name: basename(file), text: readInput('--observation', file) };
}
