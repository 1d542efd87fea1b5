// What a run over a unit leaves behind for a later run.

import type { LexedFile } from './lexed-file.ts';
import type { MacroTable } from './macro-table.ts';

/** What of a run can be taken over by a later run whose text begins alike. */
export interface RunState {
  readonly macros: MacroTable;
  readonly expansions: number;
  readonly counter: number;
  readonly tokens: number;
  readonly problems: number;
  /** Files in order of first inclusion. */
  readonly files: readonly LexedFile[];
}

/** A file that is being read, with the place to return to. */
export interface OpenFile {
  readonly file: LexedFile;
  readonly shown: string;
  readonly folder: number;
  pos: number;
}
