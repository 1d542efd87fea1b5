// Macro expansion with a stack of contexts, as GNU cpp does it: a macro is off while a context of its own is on the stack.

import { Bug } from '../../base/assert.ts';
import { type Argument, fitArguments, keepArguments, mentionsMacro } from './argument.ts';
import type { Interner } from '../../base/interner.ts';
import type { ExpansionHost } from './expansion-host.ts';
import type { Expansions } from './expansions.ts';
import type { LexedFile } from './lexed-file.ts';
import { LimitReached, maxArgumentDepth, maxContexts } from './limits.ts';
import { MacroLog } from './macro-log.ts';
import { type Macro, macroBody, type MacroWords } from './macro.ts';
import { pasteIds } from './paste.ts';
import { substitute } from './substitute.ts';
import { doubled, grownBytes, stride, TokenBuffer } from './token-buffer.ts';
import { Flag, Token } from './token-kind.ts';

/** Reads tokens of the current file, expanding macros. The token read last is in `kind`, `flags`, `id`, `location`, `expansion`. */
export class Expander {
  kind: number = Token.End;
  flags = 0;
  id = 0;
  location = 0;
  expansion = 0;

  /** Macro of each interned name; 0 when there is none. */
  macroOf: Int32Array = new Int32Array(0);
  /** What inclusions look up in `macroOf`. */
  readonly log: MacroLog;
  /** The expansion in work holds stand-ins for numbers of __COUNTER__. */
  counting = false;
  /** Contexts on the stack; 0 means that the next token comes from the file. */
  depth = 0;
  /** No padding tokens, no directives inside: the operands of a directive are being read. */
  inDirective = false;
  preventExpansion = 0;
  /** 1: looking for the parenthesis after a function-like macro's name; 2: inside it. */
  parsingArguments = 0;
  /** Arguments are being expanded on their own: _Pragma waits for the rescan. */
  expandingArguments = 0;
  /** Where the outermost macro of the current expansion is written: in the text, or in the argument that is being expanded. Its line is __LINE__. */
  invocation = 0;
  /** Depth at which tokens come straight from the text or from the argument that is being expanded. */
  levelBase = 0;

  /** Current file and position in it. */
  file!: LexedFile;
  pos = 0;

  readonly arena = new TokenBuffer(1 << 14);
  readonly scratch = new TokenBuffer(1 << 12);
  readonly interner: Interner;
  readonly macros: Macro[];
  expansions: Expansions;
  readonly words: MacroWords;
  readonly host: ExpansionHost;
  private disabled = new Uint8Array(1 << 12);
  private contextPos = new Int32Array(256);
  private contextEnd = new Int32Array(256);
  private contextMacro = new Int32Array(256);

  constructor(interner: Interner, macros: Macro[], expansions: Expansions, words: MacroWords, host: ExpansionHost) {
    this.interner = interner;
    this.macros = macros;
    this.expansions = expansions;
    this.words = words;
    this.host = host;
    this.macroOf = new Int32Array(interner.size + 1024);
    this.log = new MacroLog(this.macroOf.length);
  }

  /** `#ifdef`: looks a name up. */
  isMacro(name: number): boolean {
    const macro = this.macroOf[name] ?? 0;
    this.log.read(name, macro);
    return macro !== 0;
  }

  /** Defines or, with 0, undefines a name. */
  setMacro(name: number, macro: number): void {
    this.log.write(name);
    this.macroOf[name] = macro;
  }

  /** Reads the next token after expansion. Between tokens of different origin it gives `Token.Padding` (not in directives). */
  next(): void {
    for (;;) {
      if (this.depth > 0) {
        const top = this.depth - 1;
        const at = this.contextPos[top] ?? 0;
        if (at < (this.contextEnd[top] ?? 0)) {
          this.contextPos[top] = at + 1;
          this.load(at);
          if ((this.flags & Flag.PasteLeft) !== 0) {
            const white = this.flags & Flag.White;
            this.pasteAll();
            if (this.inDirective) continue;
            this.padding(white);
            return;
          }
        } else {
          this.popContext();
          if (this.inDirective) continue;
          this.padding(Flag.NoSource);
          return;
        }
      } else this.fromFile();
      if (this.kind !== Token.Identifier || (this.flags & Flag.NoExpand) !== 0) return;
      const index = this.macroOf[this.id] ?? 0;
      this.log.read(this.id, index);
      if (index === 0) return;
      if (this.disabled[index] === 1) {
        this.flags |= Flag.NoExpand;
        return;
      }
      if (this.preventExpansion > 0) return;
      const white = this.flags & Flag.White;
      if (!this.enter(index)) return;
      if (this.inDirective) continue;
      this.padding(white);
      return;
    }
  }

  /** Puts tokens [start, start + count) of the arena before the rest; `macro` is off until they are read. */
  pushContext(start: number, count: number, macro: number): void {
    if (this.depth === this.contextPos.length) this.growContexts();
    const at = this.depth++;
    this.contextPos[at] = start;
    this.contextEnd[at] = start + count;
    this.contextMacro[at] = macro;
  }

  popContext(): void {
    const at = --this.depth;
    const macro = this.contextMacro[at] ?? 0;
    if (macro !== 0 && (at === 0 || this.contextMacro[at - 1] !== macro)) this.disabled[macro] = 0;
    if (at === 0 && this.parsingArguments === 0 && this.expandingArguments === 0 && !this.inDirective) this.arena.top = 0;
  }

  /** Drops everything that is being expanded. */
  reset(): void {
    while (this.depth > 0) this.popContext();
    this.arena.top = 0;
    this.scratch.top = 0;
    this.preventExpansion = 0;
    this.parsingArguments = 0;
    this.expandingArguments = 0;
    this.levelBase = 0;
    this.inDirective = false;
  }

  /** Expands an argument on its own (C11 6.10.3.1) to the end of the arena. */
  expandArgument(argument: Argument): void {
    if (argument.expandedStart >= 0) return;
    if (!mentionsMacro(this.arena, argument, this.macroOf, this.log)) {
      argument.expandedStart = argument.start;
      argument.expandedCount = argument.count;
      return;
    }
    const scratchStart = this.scratch.top;
    this.pushContext(argument.start, argument.count + 1, 0);
    const { depth, levelBase, invocation } = this;
    if (this.expandingArguments >= maxArgumentDepth)
      throw new LimitReached(`macro calls nest more than ${maxArgumentDepth} deep in arguments`);
    this.levelBase = depth;
    this.expandingArguments++;
    for (;;) {
      this.next();
      if (this.kind === Token.End) break;
      this.scratch.push(this.kind | (this.flags << 8), this.id, this.location, this.expansion);
    }
    if (this.depth !== depth) throw new Bug('an argument ended inside another context');
    this.popContext();
    this.expandingArguments--;
    this.levelBase = levelBase;
    this.invocation = invocation;
    const count = this.scratch.top - scratchStart;
    argument.expandedStart = this.arena.top;
    argument.expandedCount = count;
    this.arena.append(this.scratch, scratchStart, count);
    this.scratch.top = scratchStart;
  }

  private load(at: number): void {
    const data = this.arena.data;
    const i = at * stride;
    const meta = data[i] ?? 0;
    this.kind = meta & 255;
    this.flags = meta >> 8;
    this.id = data[i + 1] ?? 0;
    this.location = data[i + 2] ?? 0;
    this.expansion = data[i + 3] ?? 0;
  }

  private padding(flags: number): void {
    this.kind = Token.Padding;
    this.flags = flags;
  }

  private fromFile(): void {
    for (;;) {
      const meta = this.file.meta[this.pos] ?? 0;
      const kind = meta & 255;
      if (kind === Token.Directive && this.parsingArguments !== 1) {
        this.host.directive(this.file.id[this.pos] ?? 0);
        continue;
      }
      this.kind = kind;
      this.flags = (meta >> 8) & Flag.White;
      if (this.parsingArguments === 2 && ((meta >> 8) & Flag.LineStart) !== 0) this.flags |= Flag.White;
      this.id = this.file.id[this.pos] ?? 0;
      this.location = this.file.base + (this.file.offset[this.pos] ?? 0);
      this.expansion = 0;
      if (kind !== Token.End) this.pos++;
      return;
    }
  }

  /** Undoes the reading of one token. */
  private back(): void {
    if (this.depth > 0) this.contextPos[this.depth - 1] = (this.contextPos[this.depth - 1] ?? 0) - 1;
    else if (this.kind !== Token.End) this.pos--;
  }

  /** Starts expanding the macro whose name was just read; false when it is function-like and no parenthesis follows. */
  private enter(index: number): boolean {
    const macro = this.macros[index];
    if (macro === undefined) throw new Bug(`no macro ${index}`);
    const { flags, id, location, expansion } = this;
    if (this.depth <= this.levelBase) this.invocation = this.expansions.outermost(location, expansion);
    if (macro.builtin !== undefined) {
      if (this.host.builtin(macro, location, this.invocation, expansion)) return true;
      this.restore(flags, id, location, expansion);
      return false;
    }
    if (this.depth > maxContexts) {
      this.host.problem('macro', this.invocation, `macro '${this.interner.text(macro.name)}' nests too deeply`);
      return false;
    }
    let args: Argument[] | undefined;
    if (macro.parameters !== undefined) {
      args = this.collect(macro, location);
      if (args === undefined) {
        this.restore(flags, id, location, expansion);
        return false;
      }
    }
    const body = (macro.body ??= macroBody(macro, this.words));
    const written = this.expansions.add(macro.name, location, expansion);
    let start: number;
    if (body.plain) {
      start = this.arena.top;
      this.arena.appendList(body.data, body.count, written);
    } else start = substitute(this, macro, body, args ?? [], written, location);
    this.pushContext(start, this.arena.top - start, index);
    if (index >= this.disabled.length) this.disabled = grownBytes(this.disabled, index + 1);
    this.disabled[index] = 1;
    return true;
  }

  private restore(flags: number, id: number, location: number, expansion: number): void {
    this.kind = Token.Identifier;
    this.flags = flags;
    this.id = id;
    this.location = location;
    this.expansion = expansion;
  }

  /** Looks for `(` and reads the arguments up to its `)`; undefined when there is none. */
  private collect(macro: Macro, nameLocation: number): Argument[] | undefined {
    const outer = this.parsingArguments;
    this.preventExpansion++;
    this.parsingArguments = 1;
    const args = this.openParenthesis() ? this.argumentsOf(macro, nameLocation) : undefined;
    this.parsingArguments = outer;
    this.preventExpansion--;
    return args;
  }

  private openParenthesis(): boolean {
    let padding = -1;
    for (;;) {
      this.next();
      if (this.kind !== Token.Padding) break;
      if (padding < 0 || (padding & Flag.NoSource) !== 0 || ((padding & Flag.White) === 0 && (this.flags & Flag.NoSource) !== 0)) {
        padding = this.flags;
      }
    }
    if (this.kind === Token.LParen) return true;
    this.back();
    if (padding >= 0) {
      const at = this.arena.top;
      this.arena.push(Token.Padding | (padding << 8), 0, 0, 0);
      this.pushContext(at, 1, 0);
    }
    return false;
  }

  private argumentsOf(macro: Macro, nameLocation: number): Argument[] | undefined {
    this.parsingArguments = 2;
    const { scratch } = this;
    const begin = scratch.top;
    const wanted = macro.parameters?.length ?? 0;
    /** Ends of the arguments in scratch. */
    const ends: number[] = [];
    let parens = 0;
    let from = begin;
    let location: number;
    for (;;) {
      this.next();
      const kind = this.kind;
      if (kind === Token.Padding) {
        if (scratch.top === from) continue;
      } else if (kind === Token.LParen) parens++;
      else if (kind === Token.RParen) {
        if (parens-- === 0) {
          location = this.location;
          break;
        }
      } else if (kind === Token.Comma) {
        if (parens === 0 && !(macro.variadic && ends.length + 1 === wanted)) {
          this.dropPadding(from);
          ends.push(scratch.top);
          from = scratch.top;
          continue;
        }
      } else if (kind === Token.End) {
        this.back();
        scratch.top = begin;
        this.host.problem('macro', nameLocation, `unterminated argument list invoking macro '${this.interner.text(macro.name)}'`);
        return undefined;
      }
      scratch.push(kind | (this.flags << 8), this.id, this.location, this.expansion);
    }
    this.dropPadding(from);
    ends.push(scratch.top);
    const args = keepArguments(this.arena, scratch, begin, ends);
    scratch.top = begin;
    const fitting = fitArguments(macro, args);
    if (fitting === undefined) {
      const name = this.interner.text(macro.name);
      this.host.problem('macro', location, `macro '${name}' passed ${args.length} arguments, but takes ${wanted}`);
    }
    return fitting;
  }

  private dropPadding(from: number): void {
    const { scratch } = this;
    while (scratch.top > from && ((scratch.data[(scratch.top - 1) * stride] ?? 0) & 255) === Token.Padding) scratch.top--;
  }

  /** Joins the token just read with what follows it in its context, as long as ## asks for it, and pushes the result. */
  private pasteAll(): void {
    const top = this.depth - 1;
    let { kind, id } = this;
    const { location, expansion } = this;
    const white = this.flags & Flag.White;
    for (;;) {
      const at = this.contextPos[top] ?? 0;
      if (at >= (this.contextEnd[top] ?? 0)) break;
      this.contextPos[top] = at + 1;
      this.load(at);
      if (this.kind === Token.Padding) continue;
      const pasted = pasteIds(this.interner, id, this.id);
      if (pasted === undefined) {
        this.contextPos[top] = at;
        const what = `pasting "${this.interner.text(id)}" and "${this.interner.text(this.id)}" does not give a valid token`;
        this.host.problem('macro', this.invocation, what);
        break;
      }
      kind = pasted.kind;
      id = this.counting && kind === Token.Identifier ? this.host.pastedWithCounter(pasted.id) : pasted.id;
      if ((this.flags & Flag.PasteLeft) === 0) break;
    }
    if (id >= this.macroOf.length) this.growMacros();
    const start = this.arena.top;
    this.arena.push(kind | (white << 8), id, location, expansion);
    this.pushContext(start, 1, 0);
  }

  /** Makes `macroOf` long enough for every name interned so far. */
  growMacros(): void {
    if (this.macroOf.length >= this.interner.size) return;
    const grown = new Int32Array(this.interner.size + (this.interner.size >> 2) + 1024);
    grown.set(this.macroOf);
    this.macroOf = grown;
    this.log.grow(grown.length);
  }

  private growContexts(): void {
    this.contextPos = doubled(this.contextPos);
    this.contextEnd = doubled(this.contextEnd);
    this.contextMacro = doubled(this.contextMacro);
  }
}
