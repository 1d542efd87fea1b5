// How a program gets its translation units.
import type { Place } from '../../base/place.ts';
import type { PreprocessedUnit } from '../preprocessor/preprocess.ts';
import type { DefinitionIndex } from './definition-index.ts';
import type { UnitApi } from '../unit/api.ts';

/** A unit ready to be asked, and the macros at its end. */
export interface LoadedUnit {
  readonly path: string;
  readonly unit: UnitApi;
  /** What its preprocessing lacked or refused: headers that the tree does not have, `#error`. */
  readonly lacks: readonly { readonly place: Place; readonly reason: string }[];
  /** Replacement of an object-like or function-like macro, tokens separated by spaces. */
  macro(name: string): { readonly parameters: readonly string[] | undefined; readonly body: string } | undefined;
}

/** Problems of the preprocessor that a reader must know; what it warned of was asked for. */
export function lacksOf(text: PreprocessedUnit): LoadedUnit['lacks'] {
  return text.problems.filter(({ kind }) => kind !== 'warning-directive').map(({ at, message }) => ({ place: at, reason: message }));
}

export interface UnitLoader {
  /** Preprocesses and indexes a unit; undefined when there is no such file. Called once per path. */
  load(path: string): LoadedUnit | undefined;
  /** Index of the tree's definitions that outlives one program; without it each program scans the tree again. */
  readonly definitions?: DefinitionIndex;
}
