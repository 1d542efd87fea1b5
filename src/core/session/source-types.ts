// Data that the source half of the session hands to editors and the command line.
import type { FunctionOutline, SourceProblem } from '../syntax/source-file.ts';

/** Health of the source view of one file; the JSON of `daxtrace parse`. */
export interface ParsedFile {
  readonly file: string;
  readonly functions: readonly Pick<FunctionOutline, 'name' | 'line' | 'endLine'>[];
  readonly problems: readonly SourceProblem[];
}

/** A place a lens leads to. */
export interface LensTarget {
  readonly label: string;
  readonly file: string;
  readonly line: number;
}

/** One CodeLens: `trace` runs memory_failure through the function or table, the others lead to places. Lines count from 1. */
export type Lens =
  | { readonly kind: 'trace'; readonly line: number; readonly title: string; readonly function: string }
  | {
      readonly kind: 'implementations' | 'registrations' | 'dispatches' | 'slots';
      readonly line: number;
      readonly title: string;
      readonly targets: readonly LensTarget[];
    };
