// Finds the file that an #include names; knows folders, not contents.

import type { FileSource } from '../source/file-source.ts';

/** Where an include was found: the path as a compiler would print it, and the folder's place in the search for include_next. */
export interface FoundInclude {
  /** Normalised; the key of the file. */
  readonly path: string;
  /** As written and searched, with `..` inside: the value of __FILE__. */
  readonly shown: string;
  /** Index of the include folder it was found in; -1 when it lies beside its includer. */
  readonly folder: number;
}

/** Search along one list of `-I` folders; remembers answers until a file appears or goes. */
export class IncludeSearch {
  private readonly source: FileSource;
  private readonly folders: readonly string[];
  private readonly known = new Map<string, FoundInclude | undefined>();

  constructor(source: FileSource, folders: readonly string[]) {
    this.source = source;
    this.folders = folders;
  }

  /** `#include "name"`: beside the includer first (`beside` is its folder, '' or ending in '/'), then as `<name>`. */
  quoted(name: string, beside: string): FoundInclude | undefined {
    const shown = name.startsWith('/') ? name : beside + name;
    const path = normalisePath(shown);
    if (path !== undefined && this.source.exists(path)) return { path, shown, folder: -1 };
    return this.angled(name, 0);
  }

  /** `#include <name>` from folder `from` on. */
  angled(name: string, from: number): FoundInclude | undefined {
    const key = from === 0 ? name : `${from}:${name}`;
    const known = this.known.get(key);
    if (known !== undefined || this.known.has(key)) return known;
    let found: FoundInclude | undefined;
    for (let i = from; i < this.folders.length && found === undefined; i++) {
      const shown = `${this.folders[i] ?? ''}/${name}`;
      const path = normalisePath(shown);
      if (path !== undefined && this.source.exists(path)) found = { path, shown, folder: i };
    }
    this.known.set(key, found);
    return found;
  }

  /** The file that a name with its quotes or brackets means inside `includer`; with `after`, from that folder on (include_next). */
  find(name: string, after: number | undefined, includer: string): FoundInclude | undefined {
    const path = name.slice(1, -1);
    if (after !== undefined) return this.angled(path, after);
    return name.startsWith('<') ? this.angled(path, 0) : this.quoted(path, folderOf(includer));
  }

  /** Forgets all answers. */
  forget(): void {
    this.known.clear();
  }
}

/** Resolves `.` and `..`; undefined when the path leaves the tree. */
export function normalisePath(path: string): string | undefined {
  if (!path.includes('.') && !path.includes('//')) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else parts.push(part);
  }
  return parts.join('/');
}

/** Folder of a path, '' or ending in '/'. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
