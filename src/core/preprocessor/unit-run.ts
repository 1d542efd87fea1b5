// Preprocesses one unit: copies plain tokens, expands macros, follows directives (C11 6.10).

import type { Definition, PreprocessProblem } from './preprocess.ts';
import { evaluateCondition } from './condition.ts';
import { Expander } from './expander.ts';
import type { ExpansionHost } from './expansion-host.ts';
import { Expansions } from './expansions.ts';
import type { FoundInclude, IncludeSearch } from './include-search.ts';
import type { Directive, LexedFile } from './lexed-file.ts';
import { builtinValue, pushBuiltin } from './builtins.ts';
import { LimitReached, maxIncludeDepth, maxIncludes } from './limits.ts';
import { type Macro, readMacro, sameMacro } from './macro.ts';
import { MacroTable } from './macro-table.ts';
import { expandedText, firstOperandIs, operandText } from './operands.ts';
import type { OpenFile, RunState } from './run-state.ts';
import type { SharedState } from './shared-state.ts';
import { TokenBuffer } from './token-buffer.ts';
import { Flag, Token } from './token-kind.ts';
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
  private readonly once = new Set<string>();
  private readonly saved = new TokenBuffer(16);
  private counter = 0;
  private includes = 0;
  private baseFile = '';
  /** Called when the unit's own file has been read up to this token. */
  private checkpoint: { readonly at: number; take(): void } | undefined;

  constructor(shared: SharedState, search: IncludeSearch, output: TokenOutput) {
    this.shared = shared;
    this.search = search;
    this.output = output;
    this.x = new Expander(shared.interner, shared.macros, new Expansions(), shared.words, this);
    this.x.macroOf = new Int32Array(shared.interner.size + 1024);
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
    this.readAll(file, found.shown, found.folder);
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
      once: new Set(this.once),
      files: [...this.files],
    };
  }

  /** Continues where an earlier run stood. */
  resume(state: RunState, expansions: Expansions, problems: readonly PreprocessProblem[]): void {
    this.x.macroOf = state.macros.expand(this.shared.interner.size + 1024);
    this.x.expansions = expansions.fork(state.expansions);
    this.counter = state.counter;
    this.problems.push(...problems.slice(0, state.problems));
    for (const path of state.once) this.once.add(path);
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
      x.reset();
    }
  }

  private enterFile(file: LexedFile, shown: string, folder: number): void {
    const { x } = this;
    const current = this.open.at(-1);
    if (current !== undefined) current.pos = x.pos;
    this.open.push({ file, shown, folder, pos: 0 });
    this.files.add(file);
    if (++this.includes > maxIncludes) throw new LimitReached(`more than ${maxIncludes} files are included`);
    for (const { directive, message } of file.unbalanced) {
      this.problem('directive', this.locate(file, file.directives[directive]?.hash ?? 0), message);
    }
    x.growMacros();
    x.file = file;
    x.pos = 0;
  }

  private leaveFile(): void {
    this.open.pop();
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
      const { macroOf } = x;
      let kind: number;
      for (;;) {
        if (pos === stopAt) break;
        kind = (meta[pos] ?? 0) & 255;
        const spelling = id[pos] ?? 0;
        if (kind === Token.Identifier) {
          if (macroOf[spelling] !== 0) break;
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
    do {
      x.next();
      if (x.kind === Token.Padding) continue;
      if (x.kind === Token.End) return;
      output.push(x.kind, x.id, x.location, x.expansion);
    } while (x.depth > 0);
  }

  directive(number: number): void {
    const { x } = this;
    const { file } = x;
    const directive = file.directives[number];
    if (directive === undefined) return;
    x.pos = directive.end;
    switch (directive.name) {
      case 'define':
        this.define(directive);
        return;
      case 'undef':
        if (firstOperandIs(file, directive, Token.Identifier)) x.macroOf[file.id[directive.operands] ?? 0] = 0;
        return;
      case 'include':
      case 'include_next':
        this.include(directive);
        return;
      case 'if':
      case 'ifdef':
      case 'ifndef':
        this.choose(directive);
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

  private define(directive: Directive): void {
    const { x } = this;
    if (directive.macro === undefined) {
      const read = readMacro(x.file, directive.operands, directive.end, this.shared.macros.length, this.shared.words);
      if (read.kind === 'problem') {
        this.problem('directive', this.locate(x.file, directive.hash), read.message);
        return;
      }
      this.shared.macros.push(read.macro);
      directive.macro = read.macro;
    }
    const { macro } = directive;
    const before = x.macroOf[macro.name] ?? 0;
    if (before !== 0 && before !== macro.index) {
      const old = this.shared.macros[before];
      if (old !== undefined && !sameMacro(old, macro)) {
        this.problem('macro', this.locate(x.file, macro.nameToken), `'${x.interner.text(macro.name)}' redefined`);
      }
    }
    x.macroOf[macro.name] = macro.index;
  }

  private choose(first: Directive): void {
    const { x } = this;
    const { file } = x;
    let branch: Directive | undefined = first;
    while (branch !== undefined) {
      if (this.holds(branch)) {
        x.pos = branch.end;
        return;
      }
      if (branch.next < 0) {
        x.pos = file.count;
        return;
      }
      branch = file.directives[branch.next];
    }
  }

  private holds(directive: Directive): boolean {
    const { x } = this;
    switch (directive.name) {
      case 'else':
      case 'endif':
        return true;
      case 'ifdef':
      case 'elifdef':
      case 'ifndef':
      case 'elifndef': {
        if (!firstOperandIs(x.file, directive, Token.Identifier)) {
          this.problem('directive', this.locate(x.file, directive.hash), `no macro name given in #${directive.name}`);
          return false;
        }
        const defined = (x.macroOf[x.file.id[directive.operands] ?? 0] ?? 0) !== 0;
        return defined === (directive.name === 'ifdef' || directive.name === 'elifdef');
      }
      default: {
        const condition = this.inOperands(directive, () => evaluateCondition(x));
        if (condition.kind === 'value') return condition.holds;
        this.problem('directive', this.locate(x.file, directive.hash), condition.message);
        return false;
      }
    }
  }

  /** Runs `work` while the expander reads the directive's operands; afterwards it stands where it stood. */
  private inOperands<T>(directive: Directive, work: () => T): T {
    const { x } = this;
    const { kind, flags, id, location, expansion, preventExpansion, parsingArguments, inDirective, depth, pos, invocation, levelBase } = x;
    const top = x.arena.top;
    x.preventExpansion = 0;
    x.parsingArguments = 0;
    x.inDirective = true;
    x.levelBase = depth + 1;
    for (let i = directive.operands; i < directive.end; i++) {
      const meta = x.file.meta[i] ?? 0;
      x.arena.push((meta & 255) | (((meta >> 8) & Flag.White) << 8), x.file.id[i] ?? 0, this.locate(x.file, i), 0);
    }
    x.arena.push(Token.End, 0, this.locate(x.file, directive.end), 0);
    x.pushContext(top, directive.end - directive.operands + 1, 0);
    const result = work();
    while (x.depth > depth) x.popContext();
    Object.assign(x, { kind, flags, id, location, expansion, preventExpansion, parsingArguments, inDirective, pos, invocation, levelBase });
    x.arena.top = top;
    return result;
  }

  private include(directive: Directive): void {
    const { x } = this;
    const at = this.locate(x.file, directive.hash);
    const name = this.headerName(directive);
    if (name === undefined) {
      this.problem('directive', at, `#${directive.name} expects "FILENAME" or <FILENAME>`);
      return;
    }
    const found = this.find(name, directive.name === 'include_next');
    const target = found === undefined ? undefined : this.shared.file(found.path);
    if (found === undefined || target === undefined) {
      this.problem('missing-include', at, `${name.slice(1, -1)}: no such file`);
      return;
    }
    if ((target.guard >= 0 && (x.macroOf[target.guard] ?? 0) !== 0) || this.once.has(target.path)) return;
    if (x.parsingArguments !== 0) {
      this.problem('limit', at, '#include inside the arguments of a macro is not followed');
      return;
    }
    if (this.open.length >= maxIncludeDepth) {
      this.problem('directive', at, `#include nested ${maxIncludeDepth} deep`);
      return;
    }
    this.enterFile(target, found.shown, found.folder);
  }

  private find(name: string, next: boolean): FoundInclude | undefined {
    const current = this.open.at(-1);
    return this.search.find(name, next ? (current?.folder ?? -1) + 1 : undefined, current?.shown ?? '');
  }

  private headerName(directive: Directive): string | undefined {
    const { x } = this;
    if (firstOperandIs(x.file, directive, Token.HeaderName)) return x.interner.text(x.file.id[directive.operands] ?? 0);
    const text = this.inOperands(directive, () => expandedText(x));
    return /^(?:"[^"]+"|<[^>]+>)/.exec(text)?.[0];
  }

  private pragma(directive: Directive): void {
    const { x } = this;
    const text = operandText(x.file, directive, x.interner);
    if (text === 'once') this.once.add(x.file.path);
    else if (/^pack\b/.test(text))
      this.output.push(Token.Pragma, x.interner.intern(`#pragma ${text}`), this.locate(x.file, directive.hash), 0);
  }

  builtin(macro: Macro, nameLocation: number, lineLocation: number, expansion: number): boolean {
    const { x } = this;
    const value = builtinValue(macro, x, {
      file: this.open.at(-1)?.shown ?? this.baseFile,
      baseFile: this.baseFile,
      line: () => this.shared.locations.line(lineLocation),
      counter: () => this.counter++,
      includeLevel: this.open.length - 1,
      has: (name, next) => this.find(name, next) !== undefined,
    });
    if (value !== undefined) pushBuiltin(x, value, macro, nameLocation, expansion);
    return value !== undefined;
  }

  private locate(file: LexedFile, token: number): number {
    return file.base + (file.offset[token] ?? 0);
  }
}
