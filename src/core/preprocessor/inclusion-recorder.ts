// Records what the inclusions of one unit depend on and do.

import type { FoundInclude, IncludeSearch } from './include-search.ts';
import type { Inclusion, Lookup } from './inclusions.ts';
import type { LexedFile } from './lexed-file.ts';
import type { LogFrame, MacroLog } from './macro-log.ts';

/** What the recorder has to know of the run when an inclusion begins and ends. */
export interface RunNow {
  readonly counter: number;
  readonly tokens: number;
  readonly includes: number;
  readonly problems: number;
}

interface Frame {
  readonly target: FoundInclude;
  readonly file: LexedFile;
  readonly log: LogFrame;
  readonly lookups: number;
  readonly files: number;
  readonly before: RunNow;
  volatile: boolean;
}

/** Records the inclusions of one unit. */
export class InclusionRecorder {
  readonly recorded: Inclusion[] = [];
  private readonly log: MacroLog;
  private readonly frames: Frame[] = [];
  private lookups: Lookup[] = [];
  private files: LexedFile[] = [];

  constructor(log: MacroLog) {
    this.log = log;
  }

  /** True inside an included file. */
  get active(): boolean {
    return this.frames.length > 0;
  }

  begin(target: FoundInclude, file: LexedFile, before: RunNow): void {
    this.frames.push({
      target,
      file,
      log: this.log.begin(),
      lookups: this.lookups.length,
      files: this.files.length,
      before,
      volatile: false,
    });
    this.files.push(file);
  }

  /** The innermost inclusion ended. */
  end(now: RunNow, macroOf: Int32Array, search: IncludeSearch, changes: number): void {
    const frame = this.frames.pop();
    if (frame === undefined) return;
    const { before } = frame;
    const wanted = !frame.volatile && now.problems === before.problems;
    const part = this.log.end(frame.log, wanted);
    const outer = this.frames.at(-1);
    if (!wanted && outer !== undefined) outer.volatile = true;
    if (part !== undefined) {
      this.recorded.push({
        target: frame.target,
        file: frame.file,
        names: part.names,
        found: part.found,
        written: part.written,
        meaning: part.written.map((name) => macroOf[name] ?? 0),
        lookups: this.lookups.slice(frame.lookups),
        usesNext: this.lookups.some((lookup, i) => i >= frame.lookups && lookup.next),
        files: [...new Set(this.files.slice(frame.files))],
        includes: now.includes - before.includes,
        counter: before.counter,
        counted: now.counter - before.counter,
        from: before.tokens,
        to: now.tokens,
        tokens: undefined,
        searches: new Set([search]),
        checked: changes,
        suspect: 0,
      });
    }
    if (outer === undefined) {
      this.lookups = [];
      this.files = [];
    }
  }

  /** The header in work depends on more than macros: it is not remembered. */
  unsteady(): void {
    const frame = this.frames.at(-1);
    if (frame !== undefined) frame.volatile = true;
  }

  /** The unit is given up: nothing of it is remembered. */
  abandon(): void {
    this.frames.length = 0;
    this.recorded.length = 0;
    this.log.reset();
  }

  lookedUp(lookup: Lookup): void {
    if (this.frames.length > 0) this.lookups.push(lookup);
  }

  /** A remembered inclusion was copied: the one around it did and depended on the same. */
  copied(inclusion: Inclusion): void {
    if (this.frames.length === 0) return;
    const { log } = this;
    const { names, found, written } = inclusion;
    for (let i = 0; i < names.length; i++) log.read(names[i] ?? 0, found[i] ?? 0);
    for (const name of written) log.write(name);
    for (const lookup of inclusion.lookups) this.lookups.push(lookup);
    for (const file of inclusion.files) this.files.push(file);
  }
}
