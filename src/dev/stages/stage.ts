// What a stage of `npm test` is and how its result is counted.

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Why parts failed or did not run, one line each; printed again at the end. */
  readonly notes: readonly string[];
}

export interface Stage {
  /** Name for --only and --skip. */
  readonly name: string;
  /** What it shows, for the header. */
  readonly title: string;
  run(): Promise<Outcome>;
}

/** Outcome of a tool that is right or wrong as a whole. */
export function oneCheck(ok: boolean, what: string): Outcome {
  return ok ? { passed: 1, failed: 0, notes: [] } : { passed: 0, failed: 1, notes: [what] };
}

/** A part that could not run has failed, with the reason. */
export function couldNotRun(reason: string): Outcome {
  return { passed: 0, failed: 1, notes: [reason] };
}

export function sum(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((n, outcome) => n + outcome.passed, 0),
    failed: outcomes.reduce((n, outcome) => n + outcome.failed, 0),
    notes: outcomes.flatMap((outcome) => outcome.notes),
  };
}
