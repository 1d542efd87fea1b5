// What all units of a session have in common: interned texts, lexed files, macros, locations.

import type { Interner } from '../../base/interner.ts';
import type { FileSource } from '../source/file-source.ts';
import { builtinMacros } from './builtins.ts';
import { lexFile } from './lex-file.ts';
import type { LexedFile } from './lexed-file.ts';
import { Lexer } from './lexer.ts';
import { Locations } from './locations.ts';
import type { Macro, MacroWords } from './macro.ts';
import type { Definition } from './preprocess.ts';
import { Inclusions } from './inclusions.ts';

/** Lexes each text once. Texts are read through `source` when they are first wanted. */
export class SharedState {
  readonly interner: Interner;
  readonly locations = new Locations();
  readonly words: MacroWords;
  /** Every macro met so far; index 0 stands for "no macro". */
  readonly macros: Macro[] = [];
  readonly builtins: readonly Macro[];
  readonly inclusions = new Inclusions();
  /** Files that were seen to say `#pragma once`, and the name that is defined once they are read. */
  readonly once = new Map<string, number>();
  private readonly source: FileSource;
  private readonly lexer: Lexer;
  private readonly lexed = new Map<string, LexedFile | undefined>();
  private readonly present = new Set<string>();
  /** Outdated texts whose include blocks are remembered. */
  private readonly resumed = new Map<string, LexedFile>();
  private readonly definitions = new Map<string, LexedFile>();

  constructor(source: FileSource, interner: Interner) {
    this.source = source;
    this.interner = interner;
    this.lexer = new Lexer(interner);
    this.words = { vaArgs: interner.intern('__VA_ARGS__'), vaOpt: interner.intern('__VA_OPT__') };
    const file = this.lexText('<built-in>', builtinMacros.map((b) => b.name).join('\n'));
    this.builtins = builtinMacros.map(({ name, meaning }, i) => ({
      index: i + 1,
      name: interner.intern(name),
      parameters: undefined,
      variadic: false,
      file,
      nameToken: i,
      start: i,
      end: i,
      builtin: meaning,
      body: undefined,
    }));
    const [first] = this.builtins;
    if (first !== undefined) this.macros.push(first, ...this.builtins);
  }

  /** The file, lexed; undefined when it does not exist. `main`: its text is kept with it. */
  file(path: string, main = false): LexedFile | undefined {
    const known = this.lexed.get(path);
    if (known !== undefined || this.lexed.has(path)) return known;
    const text = this.source.read(path);
    const file = text === undefined ? undefined : this.lexText(path, text, main);
    this.lexed.set(path, file);
    if (file === undefined) this.present.delete(path);
    else this.present.add(path);
    return file;
  }

  /** The file if it was lexed and not dropped since. */
  known(path: string): LexedFile | undefined {
    return this.lexed.get(path);
  }

  /** True when the file was there at its last reading. */
  wasRead(path: string): boolean {
    return this.present.has(path);
  }

  /** Forgets a file's text, unless it is `resumed`: an include block that was remembered goes on from that text. */
  drop(path: string, resumed?: LexedFile): void {
    const file = this.lexed.get(path);
    this.lexed.delete(path);
    this.inclusions.drop(path);
    if (file === undefined) return;
    if (file !== resumed) {
      this.forget(file);
      return;
    }
    const before = this.resumed.get(path);
    if (before !== undefined && before !== file) this.forget(before);
    this.resumed.set(path, file);
  }

  /** Lets go what only units of an outdated text use; their numbers are never given out again. */
  private forget(file: LexedFile): void {
    const [none] = this.builtins;
    for (const { macro } of file.directives) if (macro !== undefined && none !== undefined) this.macros[macro.index] = none;
    this.locations.forget(file.base);
  }

  /** The name that `#pragma once` in a file defines. */
  onceName(path: string): number {
    let name = this.once.get(path);
    if (name === undefined) {
      name = this.interner.intern(`\n${path}`);
      this.once.set(path, name);
    }
    return name;
  }

  /** `-D` definitions as the file of #defines that they mean. */
  definitionsFile(name: string, definitions: readonly Definition[]): LexedFile {
    const text = definitions.map((d) => `#define ${d.name} ${d.body}\n`).join('');
    const known = this.definitions.get(text);
    if (known !== undefined) return known;
    const file = this.lexText(name, text);
    this.definitions.set(text, file);
    return file;
  }

  private lexText(path: string, text: string, keepText = false): LexedFile {
    return lexFile(path, text, this.locations.add(path, text), this.lexer, this.interner, keepText);
  }
}
