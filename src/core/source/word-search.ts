// How core finds candidate files in a tree of 55,000: by words in their text, through whoever can search fast.

/** Text search over the whole tree (ripgrep, an own scanner, or an in-memory map in tests). Synchronous: the engine runs in a worker. */
export interface WordSearch {
  /** Paths (relative to the tree, '/', sorted) of the .c and .h files whose text contains at least one of `words` as a substring. */
  filesWith(words: readonly string[]): readonly string[];
  /** Paths (sorted) of the .c and .h files with a line that begins in column 1 and uses one of the names as `name(`: where functions are defined or declared. */
  filesDeclaring(names: readonly string[]): readonly string[];
}

/** The line that `filesDeclaring` looks for, as a regular expression that ripgrep and JavaScript both read; multi-line mode. */
export function declaringPattern(names: readonly string[]): string {
  const any = names.map((n) => n.replace(/[^\w]/g, '\\$&')).join('|');
  return `^(?:[A-Za-z_][^;={}()]*[ \\t*(])?(?:${any})[ \\t]*\\(`;
}

/** A search whose answers count the texts of unsaved editors instead of those on disk. */
export class OverlaySearch implements WordSearch {
  private readonly base: WordSearch;
  private readonly texts: ReadonlyMap<string, string>;

  constructor(base: WordSearch, texts: ReadonlyMap<string, string>) {
    this.base = base;
    this.texts = texts;
  }

  filesWith(words: readonly string[]): readonly string[] {
    return this.merge(this.base.filesWith(words), (text) => words.some((w) => text.includes(w)));
  }

  filesDeclaring(names: readonly string[]): readonly string[] {
    const pattern = new RegExp(declaringPattern(names), 'm');
    return this.merge(this.base.filesDeclaring(names), (text) => pattern.test(text));
  }

  private merge(found: readonly string[], matches: (text: string) => boolean): string[] {
    const result = new Set(found.filter((f) => !this.texts.has(f)));
    for (const [path, text] of this.texts) if (/\.[ch]$/.test(path) && matches(text)) result.add(path);
    return [...result].sort();
  }
}

/** Remembers the answers of a search until told that the disk changed. */
export class RememberedSearch implements WordSearch {
  private readonly base: WordSearch;
  private readonly known = new Map<string, readonly string[]>();

  constructor(base: WordSearch) {
    this.base = base;
  }

  filesWith(words: readonly string[]): readonly string[] {
    return this.remember(`w ${words.join('\0')}`, () => this.base.filesWith(words));
  }

  filesDeclaring(names: readonly string[]): readonly string[] {
    return this.remember(`d ${names.join('\0')}`, () => this.base.filesDeclaring(names));
  }

  /** Forgets everything: a file on disk changed. */
  forget(): void {
    this.known.clear();
  }

  private remember(key: string, search: () => readonly string[]): readonly string[] {
    let answer = this.known.get(key);
    if (answer === undefined) {
      answer = search();
      if (this.known.size > 300) this.known.clear();
      this.known.set(key, answer);
    }
    return answer;
  }
}
