// Differences that cannot be reproduced in principle, each with its reason, from one file.

import { existsSync, readFileSync } from 'node:fs';
import type { Difference } from './compare.ts';

/** One exception: where it applies, what it says, and why. */
export interface TruthException {
  /** `*` for both. */
  readonly kernel: string;
  /** Scenario ids, or `*`. */
  readonly scenarios: readonly string[];
  readonly observable: string;
  /** Regular expression over the difference's text. */
  readonly matches: string;
  readonly reason: string;
}

export function readExceptions(path: string): readonly TruthException[] {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as TruthException[]) : [];
}

export function isExcepted(exceptions: readonly TruthException[], kernel: string, scenario: string, difference: Difference): boolean {
  return exceptions.some(
    (e) =>
      (e.kernel === '*' || e.kernel === kernel) &&
      (e.scenarios.includes('*') || e.scenarios.includes(scenario)) &&
      e.observable === difference.observable &&
      new RegExp(e.matches).test(difference.text),
  );
}
