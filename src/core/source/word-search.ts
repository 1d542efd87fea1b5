// How core finds candidate files in a tree of 55,000: by words in their text, through whoever can search fast.

/** Text search over the whole tree (ripgrep, an own scanner, or an in-memory map in tests). Synchronous: the engine runs in a worker. */
export interface WordSearch {
  /** Paths (relative to the tree, '/', sorted) of the .c and .h files whose text contains at least one of `words` as a substring. */
  filesWith(words: readonly string[]): readonly string[];
  /** Paths (sorted) of the .c and .h files with a line that begins in column 1 and uses one of the names as `name(`: where functions are defined or declared. */
  filesDeclaring(names: readonly string[]): readonly string[];
  /** For each of those files (sorted) the words that occur in its text, as substrings; where one word contains another, the longer one may hide it. */
  wordsOf(words: readonly string[]): ReadonlyMap<string, readonly string[]>;
  /** Makes later searches faster, without keeping the thread busy; they may be asked meanwhile. */
  prepare?(): Promise<void>;
  /** Tells that a file on disk changed, came or went. */
  changed?(path: string): void;
}

/**
 * The line that `filesDeclaring` looks for, as a regular expression that ripgrep and JavaScript both read; multi-line mode.
 * The body of a system call is called `__do_sys_x` and declared by its macro.
 */
export function declaringPattern(names: readonly string[]): string {
  const any = names.map((n) => n.replace(/[^\w]/g, '\\$&')).join('|');
  const calls = names.map((n) => /^__do_(?:compat_)?sys_(\w+)$/.exec(n)?.[1]).filter((n) => n !== undefined);
  const plain = `^(?:[A-Za-z_][^;={}()]*[ \\t*(])?(?:${any})[ \\t]*\\(`;
  return calls.length === 0 ? plain : `(?:${plain}|^(?:COMPAT_)?SYSCALL_DEFINE\\d\\((?:${calls.join('|')})\\b)`;
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

  wordsOf(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
    const found = new Map([...this.base.wordsOf(words)].filter(([path]) => !this.texts.has(path)));
    for (const [path, text] of this.texts) {
      const here = /\.[ch]$/.test(path) ? words.filter((w) => text.includes(w)) : [];
      if (here.length > 0) found.set(path, here);
    }
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private merge(found: readonly string[], matches: (text: string) => boolean): string[] {
    const result = new Set(found.filter((f) => !this.texts.has(f)));
    for (const [path, text] of this.texts) if (/\.[ch]$/.test(path) && matches(text)) result.add(path);
    return [...result].sort();
  }
}

/** Answers of `wordsOf` that are remembered: they are large. */
const maximumLists = 12;

/** Remembers the answers of a search until told that the disk changed. */
export class RememberedSearch implements WordSearch {
  private readonly base: WordSearch;
  private readonly known = new Map<string, readonly string[]>();
  private readonly knownLists = new Map<string, ReadonlyMap<string, readonly string[]>>();

  constructor(base: WordSearch) {
    this.base = base;
  }

  filesWith(words: readonly string[]): readonly string[] {
    return this.remember(`w ${words.join('\0')}`, () => this.base.filesWith(words));
  }

  filesDeclaring(names: readonly string[]): readonly string[] {
    return this.remember(`d ${names.join('\0')}`, () => this.base.filesDeclaring(names));
  }

  wordsOf(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
    const key = words.join('\0');
    let answer = this.knownLists.get(key);
    if (answer === undefined) {
      answer = this.base.wordsOf(words);
      if (this.knownLists.size >= maximumLists) this.knownLists.delete(this.knownLists.keys().next().value ?? '');
      this.knownLists.set(key, answer);
    }
    return answer;
  }

  prepare(): Promise<void> {
    return this.base.prepare?.() ?? Promise.resolve();
  }

  /** Forgets what was found before a file on disk changed, came or went. */
  changed(path: string): void {
    this.known.clear();
    this.knownLists.clear();
    this.base.changed?.(path);
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
