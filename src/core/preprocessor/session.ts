// Preprocesses units one after the other and keeps what they share; the entry point of this room.

import { Interner } from '../../base/interner.ts';
import type { FileSource } from '../source/file-source.ts';
import { IncludeSearch } from './include-search.ts';
import type { LexedFile } from './lexed-file.ts';
import type { Expansions } from './expansions.ts';
import type { Macro } from './macro.ts';
import { MacroTable } from './macro-table.ts';
import type { Definition, MacroDefinition, PreprocessedUnit, PreprocessProblem, PreprocessRequest, UnitPrefix } from './preprocess.ts';
import { SharedState } from './shared-state.ts';
import { type FinishedTokens, TokenRoom } from './finished-tokens.ts';
import { TokenOutput } from './token-output.ts';
import { TokenStream } from './token-stream.ts';
import { Token } from './token-kind.ts';
import type { RunState } from './run-state.ts';
import { UnitRun } from './unit-run.ts';

/** End tokens after each stream, so that a parser looks ahead without a bound. */
const lookahead = 8;
/** Units whose include block is remembered: those that are being edited. */
const maxCheckpoints = 6;
/** Locations are 31-bit numbers; beyond this the session starts over with empty caches. */
const maxLocations = 1_500_000_000;

/** A run up to the end of the unit's include block. */
interface Checkpoint {
  readonly request: string;
  /** The unit's text up to here was read. */
  readonly text: string;
  readonly state: RunState;
  readonly expansions: Expansions;
  readonly problems: readonly PreprocessProblem[];
  readonly tokens: FinishedTokens;
  readonly prefix: UnitPrefix;
}

/** Session over one file source with one set of compiler-given macros. Not shared between threads. */
export class PreprocessorSession {
  readonly interner: Interner;
  private readonly source: FileSource;
  private readonly predefined: readonly Definition[];
  private readonly expectedTokens: number;
  private shared: SharedState;
  private readonly room = new TokenRoom();
  /** The unit that the spare buffer is lent to. */
  private borrower: FinishedTokens | undefined;
  private readonly searches = new Map<string, IncludeSearch>();
  private readonly checkpoints = new Map<string, Checkpoint>();
  /** Buffer for the unit in work; undefined while it is in use (computing bounds.h preprocesses a unit inside a unit). */
  private spare: TokenOutput | undefined;

  /** `expectedTokens` is the size of a usual unit; larger ones cost a copy. */
  constructor(source: FileSource, predefined: readonly Definition[], interner: Interner = new Interner(), expectedTokens = 1 << 12) {
    this.source = source;
    this.predefined = predefined;
    this.expectedTokens = expectedTokens;
    this.spare = new TokenOutput(expectedTokens);
    this.interner = interner;
    this.shared = new SharedState(source, interner);
  }

  /** Tells that a file's text changed, or that it appeared or went. */
  changed(path: string): void {
    this.shared.drop(
      path,
      this.checkpoints.get(path)?.state.files.find((file) => file.path === path),
    );
    if (this.shared.wasRead(path) && this.source.exists(path)) return;
    // A file that comes or goes may be the answer to any search, also to those inside an include block.
    for (const search of this.searches.values()) search.forget();
    this.shared.inclusions.clear();
    this.checkpoints.clear();
  }

  /** Lets go what laying out tokens took; nobody may be reading units. */
  rest(): void {
    this.room.clear();
  }

  /** Preprocesses a unit. Reads no file twice, and after an edit below the include block not even that block. */
  preprocess(request: PreprocessRequest): PreprocessedUnit | undefined {
    if (this.shared.locations.used > maxLocations) {
      this.shared = new SharedState(this.source, this.interner);
      this.checkpoints.clear();
    }
    const main = this.shared.file(request.path, true);
    if (main === undefined) return undefined;
    const key = JSON.stringify(request);
    const checkpoint = this.checkpoints.get(request.path);
    if (checkpoint?.request === key && main.text.startsWith(checkpoint.text) && this.unchanged(checkpoint, request.path)) {
      return this.continueUnit(request, main, checkpoint);
    }
    return this.wholeUnit(request, main, key);
  }

  private wholeUnit(request: PreprocessRequest, main: LexedFile, key: string): PreprocessedUnit {
    const output = this.takeOutput();
    output.clear();
    const run = new UnitRun(this.shared, this.search(request.includeFolders), output);
    run.predefine('<built-in>', this.predefined);
    // One by one: a macro that two units define alike is the same macro, and headers that ask for it are the same text.
    for (const definition of request.definitions) run.predefine('<command-line>', [definition]);
    for (const name of request.forcedIncludes) run.forcedInclude(name, request.path);
    let state: RunState | undefined;
    const at = includeBlockEnd(main);
    run.main(main, 0, { at, take: () => (state = run.state()) });
    const prefix = { identity: {}, tokens: state?.tokens ?? 0 };
    const { tokens, unit } = this.finish(request.path, run, main, prefix);
    if (state !== undefined && main.text !== '') {
      const text = main.text.slice(0, main.offset[at] ?? 0);
      this.remember(request.path, { request: key, text, state, expansions: run.x.expansions, problems: run.problems, tokens, prefix });
    }
    return unit;
  }

  private continueUnit(request: PreprocessRequest, main: LexedFile, checkpoint: Checkpoint): PreprocessedUnit {
    const { state, tokens, prefix } = checkpoint;
    const output = this.takeOutput();
    output.restart(tokens, state.tokens, this.interner);
    const run = new UnitRun(this.shared, this.search(request.includeFolders), output);
    run.resume(state, checkpoint.expansions, checkpoint.problems);
    let from = 0;
    while (from < main.count && (main.offset[from] ?? 0) < checkpoint.text.length) from++;
    run.main(main, from, undefined);
    this.remember(request.path, checkpoint);
    return this.finish(request.path, run, main, prefix).unit;
  }

  private takeOutput(): TokenOutput {
    const output = this.spare ?? new TokenOutput(this.expectedTokens);
    this.spare = undefined;
    this.borrower?.takeBack();
    this.borrower = undefined;
    return output;
  }

  /** Keeps a checkpoint as the youngest and drops the oldest. */
  private remember(path: string, checkpoint: Checkpoint): void {
    this.checkpoints.delete(path);
    this.checkpoints.set(path, checkpoint);
    if (this.checkpoints.size > maxCheckpoints) {
      const [oldest] = this.checkpoints.keys();
      if (oldest !== undefined) this.checkpoints.delete(oldest);
    }
  }

  /** True when every file that the checkpoint had read, the unit's own apart, is still as it was. */
  private unchanged(checkpoint: Checkpoint, path: string): boolean {
    return checkpoint.state.files.every((f) => f.path.startsWith('<') || f.path === path || this.shared.known(f.path) === f);
  }

  private finish(path: string, run: UnitRun, main: LexedFile, prefix: UnitPrefix): { tokens: FinishedTokens; unit: PreprocessedUnit } {
    const { shared } = this;
    const { x } = run;
    x.expansions.trim();
    const tokens = run.output.finish(lookahead, x.expansions, this.interner, this.room);
    // Only one buffer is kept, and it is lent to one unit.
    this.borrower?.takeBack();
    this.borrower = tokens;
    this.spare = run.output;
    shared.inclusions.keep(run.recorded, tokens);
    const table = new MacroTable(x.macroOf);
    const files = new Set([main.path]);
    for (const file of run.files) if (!file.path.startsWith('<')) files.add(file.path);
    const unit: PreprocessedUnit = {
      path,
      tokens: new TokenStream(tokens, this.interner, shared.locations),
      problems: run.problems,
      files: [...files],
      prefix,
      macro: (name) => {
        const id = this.interner.find(name);
        const macro = id < 0 ? undefined : shared.macros[table.macro(id)];
        return macro?.name === id ? describe(shared, macro) : undefined;
      },
    };
    return { tokens, unit };
  }

  private search(folders: readonly string[]): IncludeSearch {
    const key = folders.join('\n');
    let search = this.searches.get(key);
    if (search === undefined) {
      search = new IncludeSearch(this.source, folders);
      this.searches.set(key, search);
    }
    return search;
  }
}

/** Token after the last #include that stands before the first function body, outside any conditional; 0 when there is none. */
function includeBlockEnd(file: LexedFile): number {
  let body = file.count;
  for (let i = 1; i < file.count; i++) {
    if (((file.meta[i] ?? 0) & 255) === Token.LBrace && ((file.meta[i - 1] ?? 0) & 255) === Token.RParen) {
      body = i;
      break;
    }
  }
  let end = 0;
  /** Directives of groups that are still open. */
  let depth = 0;
  let pending = false;
  for (const directive of file.directives) {
    if (directive.hash > body) break;
    if (directive.name === 'if' || directive.name === 'ifdef' || directive.name === 'ifndef') depth++;
    else if (directive.name === 'endif') depth--;
    else if (directive.name === 'include' || directive.name === 'include_next') pending = true;
    if (pending && depth === 0) {
      end = directive.end;
      pending = false;
    }
  }
  return end;
}

function describe(shared: SharedState, macro: Macro): MacroDefinition {
  const { file } = macro;
  const body: string[] = [];
  for (let i = macro.start; i < macro.end; i++) body.push(shared.interner.text(file.id[i] ?? 0));
  return {
    name: shared.interner.text(macro.name),
    at: shared.locations.place(file.base + (file.offset[macro.nameToken] ?? 0)),
    parameters: macro.parameters?.map((p) => shared.interner.text(p)),
    variadic: macro.variadic,
    body: body.join(' '),
  };
}
