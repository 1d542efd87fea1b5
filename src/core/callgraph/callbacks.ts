// Functions that arrive through a parameter: looks at the callers of a function and at what they pass.
import type { WordSearch } from '../source/word-search.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { SourceTrees } from '../syntax/trees.ts';
import { argumentsOf, tokenAt } from './body-calls.ts';
import type { CallContext } from './direct-calls.ts';

/** A function passed as an argument. */
export interface PassedFunction {
  readonly function: string;
  /** Where it is passed, and by whom. */
  readonly file: string;
  readonly line: number;
  readonly by: string;
  readonly callee: string;
}

const maximumFiles = 60;
const maximumDepth = 4;
const outside = /^(tools|scripts|samples|Documentation)\//;

/** Remembers answers; made anew when a text changes. */
export class CallbackIndex {
  private readonly trees: SourceTrees;
  private readonly search: WordSearch;
  private readonly context: CallContext;
  private readonly known = new Map<string, readonly PassedFunction[]>();
  private readonly users = new Map<string, readonly string[]>();

  constructor(trees: SourceTrees, search: WordSearch, context: CallContext) {
    this.trees = trees;
    this.search = search;
    this.context = context;
  }

  /** Functions passed as argument `index` of `name`, directly or through a parameter of the caller. `home` is where it is defined. */
  passed(name: string, index: number, home: { readonly path: string; readonly isStatic: boolean }, depth = 0): readonly PassedFunction[] {
    const key = `${name}#${index}@${home.isStatic ? home.path : ''}`;
    const known = this.known.get(key);
    if (known !== undefined || depth > maximumDepth) return known ?? [];
    this.known.set(key, []);
    const found: PassedFunction[] = [];
    for (const path of this.filesUsing(name, home)) {
      const file = this.trees.open(path);
      if (file !== undefined) this.inFile(file, name, index, depth, found);
    }
    this.known.set(key, found);
    return found;
  }

  /** Words to search the tree for before some functions are asked; `take` gets the answer. */
  words(names: Iterable<string>): readonly string[] {
    return [...new Set(names)].filter((n) => !this.users.has(n)).sort();
  }

  /** Takes the files in which each of some words occurs. */
  take(names: readonly string[], found: ReadonlyMap<string, readonly string[]>): void {
    const lists = new Map<string, string[]>(names.map((n) => [n, []]));
    for (const [path, words] of found) if (!outside.test(path)) for (const word of words) lists.get(word)?.push(path);
    for (const [name, list] of lists) {
      const called = new RegExp(`\\b${name}\\s*\\(`);
      this.users.set(
        name,
        list.filter((path) => called.test(this.trees.files.read(path) ?? '')),
      );
    }
  }

  private filesUsing(name: string, home: { readonly path: string; readonly isStatic: boolean }): readonly string[] {
    if (home.isStatic && home.path.endsWith('.c')) return [home.path];
    const words = this.words([name]);
    if (words.length > 0) this.take(words, this.search.wordsOf(words));
    return (this.users.get(name) ?? []).slice(0, maximumFiles);
  }

  private inFile(file: SourceFile, name: string, index: number, depth: number, found: PassedFunction[]): void {
    const t = file.tokens;
    for (const m of file.text.matchAll(new RegExp(`\\b${name}\\s*\\(`, 'g'))) {
      const i = tokenAt(t, m.index);
      if (t.start[i] !== m.index || t.word[i] !== name || t.word[i + 1] !== '(') continue;
      const line = file.lineAt(m.index);
      const f = file.functionAt(line);
      if (f === undefined || m.index < f.bodyOffset) continue;
      const argument = argumentsOf(t, i + 1)
        [index]?.replace(/^\(+[^()]*\*\)|^[&(*\s]+|[)\s]+$/g, '')
        .trim();
      if (argument === undefined || !/^[A-Za-z_]\w*$/.test(argument) || argument === 'NULL') continue;
      const parameter = f.parameters.findIndex((p) => p.name === argument);
      if (parameter >= 0) {
        found.push(...this.passed(f.name, parameter, { path: file.path, isStatic: f.isStatic }, depth + 1));
        continue;
      }
      const local = this.context.types.local(argument, m.index, file);
      if (local !== undefined) {
        for (const a of assignedNames(file, f.bodyOffset, f.endOffset, argument))
          found.push({ function: a, file: file.path, line, by: f.name, callee: name });
        continue;
      }
      found.push({ function: argument, file: file.path, line, by: f.name, callee: name });
    }
  }
}

/** Plain names assigned to a local variable inside a range. */
function assignedNames(file: SourceFile, from: number, to: number, variable: string): string[] {
  const names: string[] = [];
  for (const m of file.text
    .slice(from, to)
    .matchAll(new RegExp(`\\b${variable}\\s*\\)?\\s*(?:\\([^()]*\\)\\s*)?=\\s*&?\\s*([A-Za-z_]\\w*)\\s*[;:?,]`, 'g')))
    if (m[1] !== 'NULL') names.push(m[1]!);
  return names;
}
