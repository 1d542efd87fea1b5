// How core finds candidate files in a tree of 55,000: by words in their text, through whoever can search fast.

/** Text search over the whole tree (ripgrep, an own scanner, or an in-memory map in tests). Synchronous: the engine runs in a worker. */
export interface WordSearch {
  /** Paths (relative to the tree, '/', sorted) of the .c and .h files whose text contains at least one of `words` as a substring. */
  filesWith(words: readonly string[]): readonly string[];
  /** Paths (sorted) of the .c and .h files with a line that begins in column 1 and uses one of the names as `name(`: where functions are defined or declared. */
  filesDeclaring(names: readonly string[]): readonly string[];
  /** For each of those files (sorted) what a regular expression matches in it, each text once. One that ripgrep and JavaScript both read, within a line. */
  matches(pattern: string): ReadonlyMap<string, readonly string[]>;
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

/** What a pattern of `matches` finds in a text, each once. */
export function matchesIn(text: string, pattern: string): readonly string[] {
  return [...new Set(Array.from(text.matchAll(new RegExp(pattern, 'gm')), (m) => m[0]))];
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

  matches(pattern: string): ReadonlyMap<string, readonly string[]> {
    const found = new Map([...this.base.matches(pattern)].filter(([path]) => !this.texts.has(path)));
    for (const [path, text] of this.texts) {
      const texts = /\.[ch]$/.test(path) ? matchesIn(text, pattern) : [];
      if (texts.length > 0) found.set(path, texts);
    }
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private merge(found: readonly string[], matches: (text: string) => boolean): string[] {
    const result = new Set(found.filter((f) => !this.texts.has(f)));
    for (const [path, text] of this.texts) if (/\.[ch]$/.test(path) && matches(text)) result.add(path);
    return [...result].sort();
  }
}

/** Answers of `matches` that are remembered: they are large. */
const maximumMatches = 12;

/** Remembers the answers of a search until told that the disk changed. */
export class RememberedSearch implements WordSearch {
  private readonly base: WordSearch;
  private readonly known = new Map<string, readonly string[]>();
  private readonly knownMatches = new Map<string, ReadonlyMap<string, readonly string[]>>();

  constructor(base: WordSearch) {
    this.base = base;
  }

  filesWith(words: readonly string[]): readonly string[] {
    return this.remember(`w ${words.join('\0')}`, () => this.base.filesWith(words));
  }

  filesDeclaring(names: readonly string[]): readonly string[] {
    return this.remember(`d ${names.join('\0')}`, () => this.base.filesDeclaring(names));
  }

  matches(pattern: string): ReadonlyMap<string, readonly string[]> {
    let answer = this.knownMatches.get(pattern);
    if (answer === undefined) {
      answer = this.base.matches(pattern);
      if (this.knownMatches.size >= maximumMatches) this.knownMatches.delete(this.knownMatches.keys().next().value ?? '');
      this.knownMatches.set(pattern, answer);
    }
    return answer;
  }

  prepare(): Promise<void> {
    return this.base.prepare?.() ?? Promise.resolve();
  }

  /** Forgets what was found before a file on disk changed, came or went. */
  changed(path: string): void {
    this.known.clear();
    this.knownMatches.clear();
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
