// Where functions are defined: same file, then headers in reach, then one search of the tree for many names at once.
import type { WordSearch } from '../source/word-search.ts';
import type { FunctionOutline, SourceFile } from '../syntax/source-file.ts';
import type { SourceTrees } from '../syntax/trees.ts';

/** A definition; ask `trees` for the file again before using its tree. */
export interface Definition {
  readonly path: string;
  readonly function: FunctionOutline;
}

/** Folders whose functions are not part of a kernel. */
const outside = /^(tools|scripts|samples|Documentation|usr)\//;

/** Remembers definitions by name; made anew when a text changes. */
export class FunctionsIndex {
  private readonly trees: SourceTrees;
  private readonly search: WordSearch;
  private readonly known = new Map<string, readonly Definition[]>();
  private readonly byFile = new Map<string, ReadonlyMap<string, FunctionOutline>>();

  constructor(trees: SourceTrees, search: WordSearch) {
    this.trees = trees;
    this.search = search;
  }

  /** Functions of a file by name; plain data that outlives the file's tree. */
  functionsIn(path: string): ReadonlyMap<string, FunctionOutline> {
    let known = this.byFile.get(path);
    if (known === undefined) {
      const map = new Map<string, FunctionOutline>();
      for (const f of this.trees.open(path)?.functions ?? []) {
        // Of two #if variants the longer one does the work, the other is the stub.
        const other = map.get(f.name);
        if (other === undefined || other.endOffset - other.bodyOffset < f.endOffset - f.bodyOffset) map.set(f.name, f);
      }
      known = map;
      this.byFile.set(path, known);
    }
    return known;
  }

  /** Looks up many names with one search of the tree. */
  prepare(names: Iterable<string>): void {
    const wanted = [...new Set(names)].filter((n) => !this.known.has(n) && /^[A-Za-z_]\w*$/.test(n));
    for (let i = 0; i < wanted.length; i += 200) this.load(wanted.slice(i, i + 200));
  }

  /** A definition that needs no search: in the same file, or looked up before. */
  knownDefinition(name: string, from: string): Definition | undefined {
    const own = this.functionsIn(from).get(name);
    if (own !== undefined) return { path: from, function: own };
    return this.known.has(name) ? this.definition(name, from) : undefined;
  }

  /** Definitions of a function, the kernel's own first. */
  definitions(name: string): readonly Definition[] {
    this.prepare([name]);
    return this.known.get(name) ?? [];
  }

  /** The definition that a call in `from` means. */
  definition(name: string, from: string): Definition | undefined {
    const own = this.functionsIn(from).get(name);
    if (own !== undefined) return { path: from, function: own };
    const all = this.definitions(name).filter((d) => !d.function.isStatic || d.path.endsWith('.h'));
    return (
      best(
        all.filter((d) => outside.test(from) || !outside.test(d.path)),
        from,
      ) ?? best(all, from)
    );
  }

  private load(names: readonly string[]): void {
    const found = new Map<string, Definition[]>(names.map((n) => [n, []]));
    const searched = names.map((n) => n.replace(/^__do_(compat_)?sys_/, ''));
    const pattern = new RegExp(`(?:^|[\\s*(])(${searched.join('|')})[ \\t]*[(,]`);
    // A few names are found faster as plain words; many words would match too many files.
    const files =
      names.length <= 8
        ? this.search.filesWith(searched.flatMap((n, k) => (n === names[k] ? [`${n}(`] : [`(${n}`])))
        : this.search.filesDeclaring(names.flatMap((n) => (n.startsWith('__do_') ? [n, 'SYSCALL_DEFINE\\d'] : [n])));
    for (const path of files) {
      const text = this.trees.files.read(path);
      if (text === undefined || !pattern.test(text) || !definesOne(text, searched)) continue;
      for (const f of this.trees.open(path)?.functions ?? []) found.get(f.name)?.push({ path, function: f });
    }
    for (const [name, list] of found)
      this.known.set(
        name,
        list.sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1)),
      );
  }
}

/** Cheap test before a parse: a name in column 1 or after a type, parameters, and a brace. */
function definesOne(text: string, names: readonly string[]): boolean {
  const pattern = new RegExp(`^(?:[A-Za-z_][^;={}()\\n]*[ \\t*(])?(?:${names.join('|')})[ \\t]*\\(`, 'gm');
  for (const m of text.matchAll(pattern)) {
    let depth = 0;
    for (let i = m.index + m[0].length - 1; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 40) depth++;
      else if (c === 41) {
        depth--;
        if (depth === 0) {
          const after = /^[^;{,=]{0,120}([;{,=])/.exec(text.slice(i + 1, i + 130));
          if (after?.[1] === '{') return true;
          break;
        }
      }
    }
  }
  return /SYSCALL_DEFINE\d/.test(text);
}

function rank(d: Definition): number {
  return (
    (outside.test(d.path) ? 16 : 0) +
    (/\/(boot|purgatory|realmode|vdso|compressed)\//.test(d.path) ? 6 : 0) +
    (/^arch\/(?!x86\/)/.test(d.path) ? 8 : 0) +
    (d.path.endsWith('.h') ? 2 : d.function.isStatic ? 4 : 0) +
    (d.function.conditions.length > 0 ? 1 : 0)
  );
}

/** Same folder first, then the kernel's common code; a header's inline stub comes after a real definition. */
function best(list: readonly Definition[], from: string): Definition | undefined {
  const folder = from.slice(0, from.lastIndexOf('/'));
  return [...list].sort((a, b) => Number(b.path.startsWith(folder)) - Number(a.path.startsWith(folder)) || rank(a) - rank(b))[0];
}

/** The source file and the function as it stands there now. */
export function openDefinition(trees: SourceTrees, d: Definition): { file: SourceFile; f: FunctionOutline } | undefined {
  const file = trees.open(d.path);
  const f =
    file?.functions.find((x) => x.name === d.function.name && x.line === d.function.line) ??
    file?.functions.find((x) => x.name === d.function.name);
  return file === undefined || f === undefined ? undefined : { file, f };
}
