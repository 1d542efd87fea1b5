// Which files may declare a name: one scan per file notes more names than it declares, so that a lookup reads few files closely.
import type { IncludeScope } from './include-scope.ts';

/** What a name may be declared as. */
export type DeclarationKind = 'tag' | 'typedef' | 'variable' | 'prototype' | 'macro';

/** A #define line: the file, and the offset of its '#'. */
export interface MacroPlace {
  readonly file: number;
  readonly offset: number;
}

const wordStart = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95;
const wordPart = (c: number): boolean => wordStart(c) || (c >= 48 && c <= 57);

/** Names of the files in some file's reach. Files are scanned when a lookup first reaches them. */
export class HeaderIndex {
  private readonly scope: IncludeScope;
  private readonly scanned = new Set<number>();
  /** Units whose whole reach was scanned. */
  private readonly covered = new Set<string>();
  private readonly files: Readonly<Record<Exclude<DeclarationKind, 'macro'>, Map<string, number[]>>> = {
    tag: new Map(),
    typedef: new Map(),
    variable: new Map(),
    prototype: new Map(),
  };
  private readonly macros = new Map<string, MacroPlace[]>();
  private readonly macrosOfFile = new Map<number, string[]>();

  constructor(scope: IncludeScope) {
    this.scope = scope;
  }

  /** Files in reach of `unit` that may declare the name, nearest first; the unit itself comes first when it may. */
  filesWith(kind: Exclude<DeclarationKind, 'macro'>, name: string, unit: string): readonly string[] {
    this.cover(unit);
    const reach = this.scope.reach(unit);
    return [...new Set(this.files[kind].get(name))]
      .filter((file) => reach.rank(file) >= 0)
      .sort((a, b) => reach.rank(a) - reach.rank(b))
      .map((file) => this.scope.pathOf(file));
  }

  /** #define lines of a name in reach of `unit`, nearest file first. */
  definesOf(name: string, unit: string): readonly MacroPlace[] {
    this.cover(unit);
    const places = this.macros.get(name);
    if (places === undefined) return [];
    const reach = this.scope.reach(unit);
    return places
      .filter(({ file }) => reach.rank(file) >= 0)
      .sort((a, b) => reach.rank(a.file) - reach.rank(b.file) || a.offset - b.offset);
  }

  /** Takes a file's new text; names that it lost stay as candidates, #define lines do not. */
  changed(path: string): void {
    const id = this.scope.idOf(path);
    this.covered.delete(path);
    if (!this.scanned.delete(id)) return;
    for (const name of this.macrosOfFile.get(id) ?? []) {
      const rest = (this.macros.get(name) ?? []).filter(({ file }) => file !== id);
      if (rest.length === 0) this.macros.delete(name);
      else this.macros.set(name, rest);
    }
    this.macrosOfFile.delete(id);
    this.scan(id);
  }

  private cover(unit: string): void {
    if (this.covered.has(unit)) return;
    this.covered.add(unit);
    for (const file of this.scope.reach(unit).order) this.scan(file);
  }

  private note(kind: Exclude<DeclarationKind, 'macro'>, name: string, file: number): void {
    const map = this.files[kind];
    const list = map.get(name);
    if (list === undefined) map.set(copied(name), [file]);
    else if (list[list.length - 1] !== file) list.push(file);
  }

  private noteMacro(name: string, file: number, offset: number): void {
    const list = this.macros.get(name);
    if (list === undefined) this.macros.set(copied(name), [{ file, offset }]);
    else list.push({ file, offset });
    const names = this.macrosOfFile.get(file);
    if (names === undefined) this.macrosOfFile.set(file, [copied(name)]);
    else names.push(copied(name));
  }

  /** One pass over the characters: hot, a unit sees some 15 MB of headers. */
  private scan(file: number): void {
    if (this.scanned.has(file)) return;
    this.scanned.add(file);
    const text = this.scope.text(this.scope.pathOf(file)) ?? '';
    const n = text.length;
    /** 1: the last token was a word or `*`, so a name before `(` may be declared. */
    let declares = 0;
    let lineStart = true;
    for (let i = 0; i < n;) {
      const c = text.charCodeAt(i);
      if (c === 10) {
        lineStart = true;
        i++;
      } else if (c <= 32) i++;
      else if (c === 47 && text.charCodeAt(i + 1) === 42) {
        const close = text.indexOf('*/', i + 2);
        i = close < 0 ? n : close + 2;
      } else if (c === 47 && text.charCodeAt(i + 1) === 47) {
        const end = text.indexOf('\n', i);
        i = end < 0 ? n : end;
      } else if (c === 34 || c === 39) {
        i++;
        while (i < n && text.charCodeAt(i) !== c && text.charCodeAt(i) !== 10) i += text.charCodeAt(i) === 92 ? 2 : 1;
        i++;
        declares = 0;
        lineStart = false;
      } else if (c === 35 && lineStart) {
        i = this.directive(text, i, file);
        declares = 0;
        lineStart = false;
      } else if (wordStart(c)) {
        const begin = i;
        do i++;
        while (i < n && wordPart(text.charCodeAt(i)));
        i = this.word(text, begin, i, file, declares === 1);
        declares = 1;
        lineStart = false;
      } else {
        declares = c === 42 && declares === 1 ? 1 : 0;
        lineStart = false;
        i++;
      }
    }
  }

  /** Notes a #define; the macro's body is scanned like other text. */
  private directive(text: string, hash: number, file: number): number {
    define.lastIndex = hash;
    const name = define.exec(text)?.[1];
    if (name !== undefined) this.noteMacro(name, file, hash);
    return name === undefined ? hash + 1 : define.lastIndex;
  }

  private word(text: string, begin: number, end: number, file: number, declares: boolean): number {
    const length = end - begin;
    const first = text.charCodeAt(begin);
    if (
      (length === 6 && first === 115 && text.startsWith('struct', begin)) ||
      (length === 5 && first === 117 && text.startsWith('union', begin))
    ) {
      tag.lastIndex = end;
      const words = tag.exec(text)?.[1];
      for (const [name] of words?.matchAll(words_) ?? []) this.note('tag', name, file);
      return end;
    }
    if (length === 7 && first === 116 && text.startsWith('typedef', begin)) {
      for (const name of typedefWords(text, end)) this.note('typedef', name, file);
      return end;
    }
    if (length === 6 && first === 101 && text.startsWith('extern', begin)) {
      variable.lastIndex = end;
      const list = variable.exec(text)?.[0] ?? '';
      for (const [name] of list.matchAll(words_)) this.note('variable', name, file);
      return end;
    }
    if (declares) {
      let next = end;
      while (text.charCodeAt(next) <= 32) next++;
      if (text.charCodeAt(next) === 40) this.note('prototype', text.slice(begin, end), file);
    }
    return end;
  }
}

const define = /#[ \t]*define[ \t]+(\w+)/y;
const tag = /\s+(\w+(?:\s+\w+)*)\s*\{/y;
const variable = /[^;(){}=]*/y;
const words_ = /[A-Za-z_]\w*/g;

/** A slice would keep the whole text alive: the name is copied out of it. */
function copied(name: string): string {
  return ` ${name}`.slice(1);
}

/** Words of a typedef outside the braces of its struct. */
function typedefWords(text: string, from: number): string[] {
  const words: string[] = [];
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 123) depth++;
    else if (c === 125) {
      if (--depth < 0) break;
    } else if (c === 59 && depth === 0) break;
    else if (depth === 0 && wordStart(c)) {
      const begin = i;
      while (wordPart(text.charCodeAt(i + 1))) i++;
      words.push(text.slice(begin, i + 1));
    }
  }
  return words;
}
