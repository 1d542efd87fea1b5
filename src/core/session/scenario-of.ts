// The scenario that a request names: preset, file or observation, with the failures of a log instead of its own where one is given.

import { scenarioFromLog } from '../scenario/from-log.ts';
import { findPreset, presetList } from '../scenario/presets/presets.ts';
import { type Checked, describeProblems } from '../scenario/problem.ts';
import { parseScenario, readScenario, writeScenario } from '../scenario/read.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { FillAnswer, ScenarioSource } from './engine-api.ts';

export interface NamedScenario {
  readonly value: Scenario;
  readonly notes: readonly string[];
}

function read(source: ScenarioSource): Checked<Scenario> {
  if (source.kind !== 'preset') return readScenario(source.text, source.kind);
  const preset = findPreset(source.name);
  if (preset !== undefined) return parseScenario(preset);
  const known = presetList().map((p) => p.name);
  return { kind: 'invalid', problems: [{ path: '', message: `there is no preset of that name; there are ${known.join(', ')}` }] };
}

/** The scenario, or a message that says what is wrong with it or with the log. */
export function scenarioOf(source: ScenarioSource, log?: string): NamedScenario | string {
  const checked = read(source);
  if (checked.kind !== 'ok') return `${source.name}: ${describeProblems(checked.problems)}`;
  if (log === undefined) return checked;
  const filled = scenarioFromLog(checked.value, log);
  if (filled.kind !== 'ok') return describeProblems(filled.problems);
  return { value: filled.value, notes: [...checked.notes, ...filled.notes] };
}

/** The same as the text of a scenario file, to be read and edited. */
export function fillFromLog(source: ScenarioSource, log: string): FillAnswer {
  const scenario = scenarioOf(source, log);
  if (typeof scenario === 'string') return { kind: 'refused', message: scenario };
  return { kind: 'filled', text: writeScenario(scenario.value), notes: scenario.notes };
}
