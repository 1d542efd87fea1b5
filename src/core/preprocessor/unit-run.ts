// Preprocesses one unit: copies plain tokens, expands macros, follows directives (C11 6.10).

import type { Definition, PreprocessProblem } from './preprocess.ts';
import { takeBranch } from './branches.ts';
import { defineMacro } from './define.ts';
import { Expander } from './expander.ts';
import type { ExpansionHost } from './expansion-host.ts';
import { Expansions } from './expansions.ts';
import type { FoundInclude, IncludeSearch } from './include-search.ts';
import type { Directive, LexedFile } from './lexed-file.ts';
import { builtinValue, pushBuiltin } from './builtins.ts';
import { fillIn, hasStandIn, standIn } from './counter.ts';
import { findInclusion } from './find-inclusion.ts';
import type { Inclusion } from './inclusions.ts';
import { InclusionRecorder, type RunNow } from './inclusion-recorder.ts';
import { LimitReached, maxIncludeDepth, maxIncludes } from './limits.ts';
import type { Macro } from './macro.ts';
import { MacroTable } from './macro-table.ts';
import { expandedText, firstOperandIs, inOperands, operandText } from './operands.ts';
import type { OpenFile, RunState } from './run-state.ts';
import type { SharedState } from './shared-state.ts';
import { Token } from './token-kind.ts';
import type { TokenOutput } from './token-output.ts';

/** One pass over one unit. */
export class UnitRun implements ExpansionHost {
  readonly x: Expander;
  readonly problems: PreprocessProblem[] = [];
  /** Files read so far, the unit's own text among them. */
  readonly files = new Set<LexedFile>();
  output: TokenOutput;
  private readonly shared: SharedState;
  private readonly search: IncludeSearch;
  private readonly open: OpenFile[] = [];
  private readonly recorder: InclusionRecorder;
  private counter = 0;
  /** Value of the counter when the expansion in work began. */
  private counterBase = 0;
  private includes = 0;
  private baseFile = '';
  /** Called when the unit's own file has been read up to this token. */
  private checkpoint: { readonly at: number; take(): void } | undefined;

  constructor(shared: SharedState, search: IncludeSearch, output: TokenOutput) {
    this.shared = shared;
    this.search = search;
    this.output = output;
    this.x = new Expander(shared.interner, shared.macros, new Expansions(), shared.words, this);
    this.recorder = new InclusionRecorder(this.x.log);
    for (const macro of shared.builtins) this.x.macroOf[macro.name] = macro.index;
  }

  /** Defines what `-D` and the compiler define. */
  predefine(name: string, definitions: readonly Definition[]): void {
    this.readAll(this.shared.definitionsFile(name, definitions), name);
  }

  /** `-include name`. */
  forcedInclude(name: string, unit: string): void {
    const found = this.search.quoted(name, '');
    const file = found === undefined ? undefined : this.shared.file(found.path);
    if (found === undefined || file === undefined) {
      this.problems.push({
        kind: 'missing-include',
        at: { path: unit, line: 1, column: 1 },
        message: `${name}: no such file (included by the build)`,
      });
      return;
    }
    this.baseFile = unit;
    if (this.copyInclusion(found, file)) return;
    this.recorder.begin(found, file, this.now());
    this.readAll(file, found.shown, found.folder);
  }

  /** Inclusions that a later unit may copy. */
  get recorded(): readonly Inclusion[] {
    return this.recorder.recorded;
  }

  /** The unit's own text from token `from` on; `checkpoint` is taken when it reaches that token. */
  main(file: LexedFile, from: number, checkpoint: { readonly at: number; take(): void } | undefined): void {
    this.baseFile = file.path;
    this.checkpoint = checkpoint;
    this.readAll(file, file.path, -1, from);
  }

  /** State for a later run. */
  state(): RunState {
    return {
      macros: new MacroTable(this.x.macroOf),
      expansions: this.x.expansions.size,
      counter: this.counter,
      tokens: this.output.length,
      problems: this.problems.length,
      files: [...this.files],
    };
  }

  /** Continues where an earlier run stood. */
  resume(state: RunState, expansions: Expansions, problems: readonly PreprocessProblem[]): void {
    this.x.macroOf = state.macros.expand(this.x.macroOf.length);
    this.x.expansions = expansions.fork(state.expansions);
    this.counter = state.counter;
    this.problems.push(...problems.slice(0, state.problems));
    for (const file of state.files) this.files.add(file);
  }

  problem(kind: PreprocessProblem['kind'], location: number, message: string): void {
    this.problems.push({ kind, at: this.shared.locations.place(location), message });
  }

  private readAll(file: LexedFile, shown: string, folder = -1, from = 0): void {
    const depth = this.open.length;
    const { x } = this;
    this.enterFile(file, shown, folder);
    x.pos = from;
    try {
      while (this.open.length > depth) this.readFile();
    } catch (error) {
      if (!(error instanceof LimitReached)) throw error;
      this.problem(
        'limit',
        x.invocation === 0 ? this.locate(x.file, x.pos) : x.invocation,
        `${error.message}; the rest of the unit is not read`,
      );
      this.open.length = depth;
      this.recorder.abandon();
      x.reset();
    }
  }

  private enterFile(file: LexedFile, shown: string, folder: number): void {
    const { x } = this;
    const current = this.open.at(-1);
    if (current !== undefined) current.pos = x.pos;
    this.open.push({ file, shown, folder, pos: 0 });
    this.files.add(file);
    this.entered(1);
    for (const { directive, message } of file.unbalanced) {
      this.problem('directive', this.locate(file, file.directives[directive]?.hash ?? 0), message);
    }
    x.growMacros();
    x.file = file;
    x.pos = 0;
  }

  private entered(files: number): void {
    this.includes += files;
    if (this.includes > maxIncludes) throw new LimitReached(`more than ${maxIncludes} files are included`);
  }

  private now(): RunNow {
    return { counter: this.counter, tokens: this.output.length, includes: this.includes, problems: this.problems.length };
  }

  /** Does what reading a header would do by copying an earlier inclusion of it, if one was made under the same macros. */
  private copyInclusion(target: FoundInclude, file: LexedFile): boolean {
    const { x, shared } = this;
    x.growMacros();
    const inclusion = findInclusion(shared, this.search, x.macroOf, target, file);
    if (inclusion?.tokens === undefined) return false;
    this.entered(inclusion.includes);
    this.recorder.copied(inclusion);
    const { written, meaning } = inclusion;
    for (let i = 0; i < written.length; i++) x.macroOf[written[i] ?? 0] = meaning[i] ?? 0;
    for (const read of inclusion.files) this.files.add(read);
    this.output.copy(inclusion.tokens, inclusion.from, inclusion.to, this.counter - inclusion.counter, shared.interner);
    this.counter += inclusion.counted;
    x.growMacros();
    return true;
  }

  private leaveFile(): void {
    this.open.pop();
    if (this.recorder.active) this.recorder.end(this.now(), this.x.macroOf, this.search, this.shared.inclusions.changes);
    const current = this.open.at(-1);
    if (current === undefined) return;
    this.x.file = current.file;
    this.x.pos = current.pos;
  }

  /** Reads the current file until it ends or another one is entered. */
  private readFile(): void {
    const { x, output } = this;
    const { file } = x;
    const { meta, id, offset, base } = file;
    const main = this.open.length === 1 ? this.checkpoint : undefined;
    const stopAt = main?.at ?? -1;
    for (;;) {
      let pos = x.pos;
      output.reserve(file.count - pos + 1);
      const { macroOf, log } = x;
      const { mark, start } = log;
      let kind: number;
      for (;;) {
        if (pos === stopAt) break;
        kind = (meta[pos] ?? 0) & 255;
        const spelling = id[pos] ?? 0;
        if (kind === Token.Identifier) {
          if (macroOf[spelling] !== 0) break;
          if ((mark[spelling] ?? 0) <= start) log.add(spelling, 0);
        } else if (kind === Token.Directive || kind === Token.End) break;
        output.put(kind, spelling, base + (offset[pos] ?? 0), 0);
        pos++;
      }
      x.pos = pos;
      if (pos === stopAt && this.checkpoint !== undefined) {
        const reached = this.checkpoint;
        this.checkpoint = undefined;
        reached.take();
        return;
      }
      kind = (meta[pos] ?? 0) & 255;
      if (kind === Token.End) {
        this.leaveFile();
        return;
      }
      if (kind === Token.Directive) {
        this.directive(id[pos] ?? 0);
        if (x.file !== file) return;
      } else this.expandHere();
    }
  }

  private expandHere(): void {
    const { x, output } = this;
    const from = output.length;
    this.counterBase = this.counter;
    x.counting = false;
    do {
      x.next();
      if (x.kind === Token.Padding) continue;
      if (x.kind === Token.End) break;
      output.push(x.kind, x.id, x.location, x.expansion);
    } while (x.depth > 0);
    if (!x.counting) return;
    output.fillInCounters(from, this.counterBase, this.shared.interner);
    x.counting = false;
    x.growMacros();
  }

  pastedWithCounter(id: number): number {
    const { interner } = this.shared;
    if (!hasStandIn(interner.text(id))) return id;
    const real = fillIn(interner, id, this.counterBase);
    this.x.growMacros();
    if (!this.x.isMacro(real)) return id;
    this.recorder.unsteady();
    return real;
  }

  directive(number: number): void {
    const { x } = this;
    const { file } = x;
    const directive = file.directives[number];
    if (directive === undefined) return;
    x.pos = directive.end;
    switch (directive.name) {
      case 'define':
        defineMacro(this.shared, x, directive, (kind, at, message) => this.problem(kind, this.locate(file, at), message));
        return;
      case 'undef':
        if (firstOperandIs(file, directive, Token.Identifier)) x.setMacro(file.id[directive.operands] ?? 0, 0);
        return;
      case 'include':
      case 'include_next':
        this.include(directive);
        return;
      case 'if':
      case 'ifdef':
      case 'ifndef':
        takeBranch(x, directive, (at, message) => this.problem('directive', this.locate(file, at), message));
        return;
      case 'elif':
      case 'elifdef':
      case 'elifndef':
      case 'else': {
        // Reached from the branch above, which was taken: on to the #endif.
        let last: Directive = directive;
        for (let next = last.next; next >= 0; next = last.next) last = file.directives[next] ?? { ...last, next: -1 };
        x.pos = last.name === 'endif' ? last.end : file.count;
        return;
      }
      case 'error':
      case 'warning':
        this.problem(
          `${directive.name}-directive`,
          this.locate(file, directive.hash),
          `#${directive.name} ${operandText(x.file, directive, x.interner)}`,
        );
        return;
      case 'pragma':
        this.pragma(directive);
        return;
      case 'other':
        this.problem(
          'directive',
          this.locate(file, directive.hash),
          `invalid directive #${this.shared.interner.text(file.id[directive.hash + 1] ?? 0)}`,
        );
        return;
      default:
    }
  }

  private include(directive: Directive): void {
    const { x } = this;
    const { file } = x;
    const at = this.locate(file, directive.hash);
    const name = this.headerName(directive);
    if (name === undefined) {
      this.problem('directive', at, `#${directive.name} expects "FILENAME" or <FILENAME>`);
      return;
    }
    const next = directive.name === 'include_next';
    const found = this.find(name, next);
    const target = found === undefined ? undefined : this.shared.file(found.path);
    if (found === undefined || target === undefined) {
      this.problem('missing-include', at, `${name.slice(1, -1)}: no such file`);
      return;
    }
    const current = this.open.at(-1);
    if (current !== undefined) this.recorder.lookedUp({ name, next, from: current, found });
    if (target.guard >= 0 && x.isMacro(target.guard)) return;
    const once = this.shared.once.get(target.path);
    if (once !== undefined && x.isMacro(once)) return;
    if (x.parsingArguments !== 0) {
      this.problem('limit', at, '#include inside the arguments of a macro is not followed');
      return;
    }
    if (this.open.length >= maxIncludeDepth) {
      this.problem('directive', at, `#include nested ${maxIncludeDepth} deep`);
      return;
    }
    if (this.copyInclusion(found, target)) return;
    this.recorder.begin(found, target, this.now());
    this.enterFile(target, found.shown, found.folder);
  }

  private find(name: string, next: boolean): FoundInclude | undefined {
    const current = this.open.at(-1);
    return this.search.find(name, next ? (current?.folder ?? -1) + 1 : undefined, current?.shown ?? '');
  }

  private headerName(directive: Directive): string | undefined {
    const { x } = this;
    if (firstOperandIs(x.file, directive, Token.HeaderName)) return x.interner.text(x.file.id[directive.operands] ?? 0);
    const text = inOperands(x, directive, () => expandedText(x));
    return /^(?:"[^"]+"|<[^>]+>)/.exec(text)?.[0];
  }

  private pragma(directive: Directive): void {
    const { x } = this;
    const text = operandText(x.file, directive, x.interner);
    if (text === 'once') {
      // A name that no text can hold is defined from here on.
      const name = this.shared.onceName(x.file.path);
      x.growMacros();
      x.isMacro(name);
      x.setMacro(name, 1);
    } else if (/^pack\b/.test(text))
      this.output.push(Token.Pragma, x.interner.intern(`#pragma ${text}`), this.locate(x.file, directive.hash), 0);
  }

  builtin(macro: Macro, nameLocation: number, lineLocation: number, expansion: number): boolean {
    const { x } = this;
    const value = builtinValue(macro, x, {
      file: this.open.at(-1)?.shown ?? this.baseFile,
      baseFile: this.baseFile,
      line: () => this.shared.locations.line(lineLocation),
      counter: () => this.count(),
      includeLevel: this.open.length - 1,
      has: (name, next) => this.find(name, next) !== undefined,
    });
    // What these say depends on more than macros.
    if (macro.builtin === 'base-file' || macro.builtin === 'include-level' || macro.builtin?.startsWith('has-include') === true)
      this.recorder.unsteady();
    if (value !== undefined) pushBuiltin(x, value, macro, nameLocation, expansion);
    return value !== undefined;
  }

  /** Next number of __COUNTER__; a stand-in for it where a copy of the tokens may need another number. */
  private count(): string {
    const number = this.counter++;
    if (!this.recorder.active) return String(number);
    if (!this.x.inDirective) {
      this.x.counting = true;
      return standIn(number - this.counterBase);
    }
    this.recorder.unsteady();
    return String(number);
  }

  private locate(file: LexedFile, token: number): number {
    return file.base + (file.offset[token] ?? 0);
  }
}
