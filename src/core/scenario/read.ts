// Reads scenario and observation texts: JSON, shape, then whether such a topology can exist.

import { checkScenario } from './check.ts';
import { importObservation } from './import-observation.ts';
import { isObservation } from './observation.ts';
import { type Checked, problemsOf } from './problem.ts';
import { type Scenario, scenarioSchema } from './schema.ts';

/** Scenario from a parsed JSON value. */
export function parseScenario(value: unknown): Checked<Scenario> {
  if (isObservation(value)) {
    return {
      kind: 'invalid',
      problems: [{ path: 'topology', message: 'this is a ground-truth observation, not a scenario: use --observation' }],
    };
  }
  const parsed = scenarioSchema.safeParse(value);
  if (!parsed.success) return { kind: 'invalid', problems: problemsOf(parsed.error) };
  return withChecks({ kind: 'ok', value: parsed.data, notes: [] });
}

/** Scenario from the text of a file. */
export function readScenario(text: string, as: 'scenario' | 'observation'): Checked<Scenario> {
  const json = parseJson(text);
  if (json.kind === 'invalid') return json;
  return as === 'scenario' ? parseScenario(json.value) : withChecks(importSafely(json.value), SEEN);
}

/** Numbers stand in texts of many shapes (tables, plans, addresses); one that is none is the file's fault. */
function importSafely(value: unknown): Checked<Scenario> {
  try {
    return importObservation(value);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError)
      return { kind: 'invalid', problems: [{ path: 'topology', message: error.message }] };
    throw error;
  }
}

/**
 * What a real kernel was seen doing can be, however odd: page tables and frames that do not fit the extents (those were listed at
 * another time), mappings that reach past a file's end, frames of no device.
 */
const SEEN = /^(processes\[\d+\]\.maps\[\d+\]\.(pages|length)|steps\[\d+\]\.failures)/;

function withChecks(read: Checked<Scenario>, tolerated?: RegExp): Checked<Scenario> {
  if (read.kind === 'invalid') return read;
  const found = checkScenario(read.value);
  const problems = found.filter((problem) => tolerated?.test(problem.path) !== true);
  const odd = found.filter((problem) => tolerated?.test(problem.path) === true).map(({ path, message }) => `${path}: ${message}`);
  return problems.length > 0 ? { kind: 'invalid', problems } : { ...read, notes: [...read.notes, ...odd] };
}

function parseJson(text: string): Checked<unknown> {
  try {
    return { kind: 'ok', value: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown, notes: [] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(message);
    const line = position === null ? undefined : text.slice(0, Number(position[1])).split('\n').length;
    return {
      kind: 'invalid',
      problems: [{ path: '', message: line === undefined ? `no JSON: ${message}` : `line ${line}: no JSON: ${message}` }],
    };
  }
}

/** The scenario as JSON text: what an observation became, ready to be edited. */
export function writeScenario(scenario: Scenario): string {
  return `${JSON.stringify(scenario, (_key, value: unknown) => (typeof value === 'bigint' ? jsonNumber(value) : value), 2)}\n`;
}

function jsonNumber(value: bigint): number | string {
  if (value < 0n) return String(value);
  return value > 0xffffn ? `0x${value.toString(16)}` : Number(value);
}
