// A kernel tree in memory for tests of the source view, and caret fixtures: `// ^^^ text` under a line expects something of the token above.
import { SourceSession } from '../../../src/core/session/source-session.ts';
import type { FileSource } from '../../../src/core/source/file-source.ts';
import { declaringPattern, type WordSearch } from '../../../src/core/source/word-search.ts';
import { loadGrammar } from '../../../src/node/grammar-files.ts';

export class MemoryTree implements FileSource, WordSearch {
  readonly texts: ReadonlyMap<string, string>;

  constructor(texts: Readonly<Record<string, string>>) {
    this.texts = new Map(Object.entries(texts));
  }

  read(path: string): string | undefined {
    return this.texts.get(path);
  }

  exists(path: string): boolean {
    return this.texts.has(path);
  }

  list(): readonly string[] {
    return [];
  }

  filesWith(words: readonly string[]): readonly string[] {
    return [...this.texts]
      .filter(([, text]) => words.some((w) => text.includes(w)))
      .map(([path]) => path)
      .sort();
  }

  filesDeclaring(names: readonly string[]): readonly string[] {
    const pattern = new RegExp(declaringPattern(names), 'm');
    return [...this.texts]
      .filter(([, text]) => pattern.test(text))
      .map(([path]) => path)
      .sort();
  }

  wordsOf(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
    const found = [...this.texts].map(([path, text]) => [path, words.filter((w) => text.includes(w))] as const);
    return new Map(found.filter(([, here]) => here.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

const grammar = loadGrammar();

/** A session over texts; the grammar is loaded once per test file. */
export async function openTexts(texts: Readonly<Record<string, string>>): Promise<SourceSession> {
  const tree = new MemoryTree(texts);
  return new SourceSession({ grammar: await grammar, files: tree, search: tree });
}

/** One expectation of a caret fixture: the token above the carets and what is said about it. */
export interface Caret {
  readonly line: number;
  readonly column: number;
  readonly token: string;
  readonly says: string;
}

/** Carets of a text. A tab above stays a tab in the comment line, so that columns agree. */
export function caretsOf(text: string): Caret[] {
  const lines = text.split('\n');
  const carets: Caret[] = [];
  let target = 0;
  lines.forEach((line, k) => {
    const m = /^(\/\/[\s]*)(\^+)\s*(.*)$/.exec(line);
    if (m === null) {
      target = k;
      return;
    }
    const column = m[1]!.length;
    carets.push({ line: target + 1, column: column + 1, token: (lines[target] ?? '').slice(column, column + m[2]!.length), says: m[3]! });
  });
  return carets;
}
