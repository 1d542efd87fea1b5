// Inclusions of headers that are remembered: one that finds the same macros again is copied instead of read.

import type { FoundInclude, IncludeSearch } from './include-search.ts';
import type { LexedFile } from './lexed-file.ts';
import type { FinishedTokens } from './finished-tokens.ts';

/** A search that an inclusion made, with its answer. */
export interface Lookup {
  /** As written, with its quotes or angle brackets. */
  readonly name: string;
  readonly next: boolean;
  /** The includer, as it was found itself. */
  readonly from: Pick<FoundInclude, 'shown' | 'folder'>;
  readonly found: FoundInclude;
}

/** All that reading a header once, with what it includes, depended on and did. */
export interface Inclusion {
  readonly target: FoundInclude;
  readonly file: LexedFile;
  /** Macros it looked at before it wrote them. */
  readonly names: Int32Array;
  readonly found: Int32Array;
  /** Names it defined or undefined, and what they stand for afterwards. */
  readonly written: Int32Array;
  readonly meaning: Int32Array;
  readonly lookups: readonly Lookup[];
  /** One of them is an include_next: the folder in which a file was found matters. */
  readonly usesNext: boolean;
  /** Every file read, itself the first. */
  readonly files: readonly LexedFile[];
  /** Files entered, each time counted. */
  readonly includes: number;
  /** __COUNTER__ before it, and how far it counted. */
  readonly counter: number;
  readonly counted: number;
  /** Its tokens in the unit that was read; set when that unit is finished. */
  readonly from: number;
  readonly to: number;
  tokens: FinishedTokens | undefined;
  /** Searches that give the same answers as `lookups`. */
  readonly searches: Set<IncludeSearch>;
  /** Number of changes to files (see `Inclusions.changes`) up to which `files` are known to be current. */
  checked: number;
  /** Dependency that failed last. */
  suspect: number;
}

/** Inclusions of one header that are kept. */
const maxVariants = 6;
/** Units whose tokens inclusions may keep alive (about 4 MB each); a trace loads some 35. */
const maxUnits = 64;

/** Inclusions of a session by header. */
export class Inclusions {
  /** How often a file's text was dropped. */
  changes = 0;
  private byFile = new Map<LexedFile, Inclusion[]>();
  private readonly units = new Set<FinishedTokens>();

  /** Variants of a header, the most likely first. */
  of(file: LexedFile): readonly Inclusion[] {
    return this.byFile.get(file) ?? none;
  }

  /** Keeps the inclusions of a unit that is finished. A long session of edits to headers starts afresh from time to time. */
  keep(recorded: readonly Inclusion[], tokens: FinishedTokens): void {
    if (recorded.length === 0) return;
    if (this.units.size >= maxUnits) this.clear();
    this.units.add(tokens);
    for (const inclusion of recorded) {
      inclusion.tokens = tokens;
      let variants = this.byFile.get(inclusion.file);
      if (variants === undefined) {
        variants = [];
        this.byFile.set(inclusion.file, variants);
      }
      variants.unshift(inclusion);
      if (variants.length > maxVariants) variants.pop();
    }
  }

  /** Drops the inclusions that read a file. */
  drop(path: string): void {
    this.changes++;
    for (const [file, variants] of this.byFile) {
      const rest = variants.filter((inclusion) => inclusion.files.every((read) => read.path !== path));
      if (rest.length === 0) this.byFile.delete(file);
      else if (rest.length < variants.length) this.byFile.set(file, rest);
    }
  }

  clear(): void {
    this.byFile.clear();
    this.units.clear();
  }
}

const none: readonly Inclusion[] = [];
