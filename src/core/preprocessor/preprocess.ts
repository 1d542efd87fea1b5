// What the preprocessor is asked and what it answers; the work is done in `session.ts` and the files it names.

import type { Place } from '../../base/place.ts';
import type { TokenStream } from './token-stream.ts';

/** A macro given from outside the text, as `-D` does. */
export interface Definition {
  /** `NAME` or `NAME(a, b)`. */
  readonly name: string;
  readonly body: string;
}

/** One unit to preprocess, as a compiler's command line describes it. */
export interface PreprocessRequest {
  /** The unit's file, relative to the tree. */
  readonly path: string;
  /** `-I` folders in order of search, relative to the tree. Both `""` (after the includer's own folder) and `<>` look here. */
  readonly includeFolders: readonly string[];
  /** `-include` files in order, looked up like `#include "…"`. */
  readonly forcedIncludes: readonly string[];
  /** `-D` in order. */
  readonly definitions: readonly Definition[];
}

/** Something the text did wrong or that is missing; preprocessing went on. */
export interface PreprocessProblem {
  readonly kind: 'missing-include' | 'error-directive' | 'warning-directive' | 'directive' | 'macro' | 'token' | 'limit';
  readonly at: Place;
  readonly message: string;
}

/** A macro as it stands at the end of the unit. */
export interface MacroDefinition {
  readonly name: string;
  /** Where its name is defined. */
  readonly at: Place;
  /** Parameters of a function-like macro; undefined when object-like. */
  readonly parameters: readonly string[] | undefined;
  /** The last parameter takes all further arguments. */
  readonly variadic: boolean;
  /** Replacement list, tokens separated by one space. */
  readonly body: string;
}

/** The tokens of a unit that its leading `#include` block produced. Two units with one `identity` share them exactly. */
export interface UnitPrefix {
  /** Compare by reference: what was worked out from these tokens for one unit is true for the other. */
  readonly identity: object;
  /** The first this many tokens of the stream. */
  readonly tokens: number;
}

/** Answer to a request. */
export interface PreprocessedUnit {
  readonly path: string;
  readonly tokens: TokenStream;
  readonly problems: readonly PreprocessProblem[];
  /** Paths of every file that was read, in order of first inclusion; the unit's own first. */
  readonly files: readonly string[];
  readonly prefix: UnitPrefix;
  /** The macro with this name at the end of the unit, if any. */
  macro(name: string): MacroDefinition | undefined;
}
