// Where functions are defined: same file, then one search of the tree for many names at once; told from texts, without parsing them.
import type { WordSearch } from '../source/word-search.ts';
import type { FunctionOutline, SourceFile } from '../syntax/source-file.ts';
import type { SourceTrees } from '../syntax/trees.ts';
import { definitionsIn } from './definitions-in-text.ts';

/** A definition; `openDefinition` gives its outline. */
export interface Definition {
  readonly path: string;
  readonly name: string;
  /** Of the name; from 1. */
  readonly line: number;
  readonly isStatic: boolean;
  /** Stands under an #if. */
  readonly isConditional: boolean;
}

/** Folders whose functions are not part of a kernel. */
const outside = /^(tools|scripts|samples|Documentation|usr)\//;

/** Remembers definitions by name; made anew when a text changes. */
export class FunctionsIndex {
  private readonly trees: SourceTrees;
  private readonly search: WordSearch;
  private readonly known = new Map<string, readonly Definition[]>();
  private readonly byFile = new Map<string, ReadonlyMap<string, Definition>>();

  constructor(trees: SourceTrees, search: WordSearch) {
    this.trees = trees;
    this.search = search;
  }

  /** Functions of a file by name; plain data that outlives the file's tree. */
  functionsIn(path: string): ReadonlyMap<string, Definition> {
    let known = this.byFile.get(path);
    if (known === undefined) {
      const outlines = new Map<string, FunctionOutline>();
      for (const f of this.trees.open(path)?.functions ?? []) {
        // Of two #if variants the longer one does the work, the other is the stub.
        const other = outlines.get(f.name);
        if (other === undefined || other.endOffset - other.bodyOffset < f.endOffset - f.bodyOffset) outlines.set(f.name, f);
      }
      known = new Map(
        [...outlines].map(([name, { line, isStatic, conditions }]) => [
          name,
          { path, name, line, isStatic, isConditional: conditions.length > 0 },
        ]),
      );
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
    if (own !== undefined) return own;
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
    if (own !== undefined) return own;
    const all = this.definitions(name).filter((d) => !d.isStatic || d.path.endsWith('.h'));
    return (
      best(
        all.filter((d) => outside.test(from) || !outside.test(d.path)),
        from,
      ) ?? best(all, from)
    );
  }

  private load(names: readonly string[]): void {
    const found = new Map<string, Definition[]>(names.map((n) => [n, []]));
    for (const path of this.search.filesDeclaring(names)) {
      const text = this.trees.files.read(path);
      if (text === undefined) continue;
      for (const { name, line, isStatic, isConditional } of definitionsIn(path, text, found))
        found.get(name)?.push({ path, name, line, isStatic, isConditional });
    }
    for (const [name, list] of found)
      this.known.set(
        name,
        list.sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
      );
  }
}

function rank(d: Definition): number {
  return (
    (outside.test(d.path) ? 16 : 0) +
    (/\/(boot|purgatory|realmode|vdso|compressed)\//.test(d.path) ? 6 : 0) +
    (/^arch\/(?!x86\/)/.test(d.path) ? 8 : 0) +
    (d.path.endsWith('.h') ? 2 : d.isStatic ? 4 : 0) +
    (d.isConditional ? 1 : 0)
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
  const f = file?.functions.find((x) => x.name === d.name && x.line === d.line) ?? file?.functions.find((x) => x.name === d.name);
  return file === undefined || f === undefined ? undefined : { file, f };
}
