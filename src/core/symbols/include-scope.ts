// Which files a source file can see through #include, nearest first, without a build: the places Kbuild's -I options name.
import type { FileSource } from '../source/file-source.ts';

const includeLine = /^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]/gm;
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
/** Most files that one file can see. */
const maximumReach = 1500;
/** Files whose reach is remembered. */
const maximumUnits = 60;
/** Characters of header text that are kept; the rest is read again when it is asked for. */
const maximumText = 24_000_000;
/** Files whose text without comments is kept. */
const maximumCodes = 150;

/** The files that one file sees, as numbers of `IncludeScope`. */
export interface Reach {
  /** Itself first, then breadth first. */
  readonly order: readonly number[];
  /** Place of a file in `order`; -1 when it is not in reach. */
  rank(file: number): number;
}

/** Resolves #include lines of a tree and remembers texts and edges. `changed` keeps it up to date. */
export class IncludeScope {
  private readonly source: FileSource;
  private readonly ids = new Map<string, number>();
  private readonly paths: string[] = [];
  /** Insertion order is age. */
  private readonly texts = new Map<string, string | undefined>();
  private textSize = 0;
  private readonly codes = new Map<string, string | undefined>();
  private readonly direct = new Map<string, readonly string[]>();
  private readonly makefileFolders = new Map<string, readonly string[]>();
  private readonly existing = new Map<string, boolean>();
  private readonly reaches = new Map<string, Reach>();
  /** Files that some other file includes. */
  private readonly included = new Set<string>();

  constructor(source: FileSource) {
    this.source = source;
  }

  text(path: string): string | undefined {
    const known = this.texts.get(path);
    if (known !== undefined || this.texts.has(path)) return known;
    const text = this.source.read(path);
    this.texts.set(path, text);
    this.textSize += text?.length ?? 0;
    if (this.textSize > maximumText) this.dropOldTexts();
    return text;
  }

  /** The text with comments blanked: same length. */
  code(path: string): string | undefined {
    if (!this.codes.has(path)) {
      if (this.codes.size >= maximumCodes) this.codes.delete(this.codes.keys().next().value ?? '');
      this.codes.set(
        path,
        this.text(path)?.replace(/\/\*[\s\S]*?\*\//g, (c) => (c.includes('\n') ? c.replace(/[^\n]/g, ' ') : ' '.repeat(c.length))),
      );
    }
    return this.codes.get(path);
  }

  /** Number of a file; the same as long as this object lives. */
  idOf(path: string): number {
    let id = this.ids.get(path);
    if (id === undefined) {
      id = this.paths.length;
      this.paths.push(path);
      this.ids.set(path, id);
    }
    return id;
  }

  pathOf(id: number): string {
    return this.paths[id] ?? '';
  }

  /** Files reachable from `path`, itself first, breadth first. */
  reach(path: string): Reach {
    const known = this.reaches.get(path);
    if (known !== undefined) return known;
    const seen = new Set([path]);
    const queue = [path];
    for (let at = 0; at < queue.length && queue.length < maximumReach; at++) {
      for (const next of this.includesOf(queue[at]!, path)) {
        if (!seen.has(next)) {
          seen.add(next);
          queue.push(next);
        }
      }
    }
    const reach = reachOf(queue.slice(0, maximumReach).map((file) => this.idOf(file)));
    if (this.reaches.size >= maximumUnits) this.reaches.delete(this.reaches.keys().next().value ?? '');
    this.reaches.set(path, reach);
    return reach;
  }

  /**
   * Takes a file's new text. 'alone' when no other file's answers can differ, 'shared' when other files include it and
   * see the same files as before, 'all' when what includes resolve to may have changed.
   */
  changed(path: string): 'alone' | 'shared' | 'all' {
    const before = this.includeLines(path);
    const existed = this.existing.get(path);
    this.textSize -= this.texts.get(path)?.length ?? 0;
    this.texts.delete(path);
    this.codes.delete(path);
    const same = before !== undefined && before === this.includeLines(path);
    const shared = path.endsWith('.h') || this.included.has(path);
    if ((existed !== undefined && existed !== this.source.exists(path)) || /(^|\/)(Makefile|Kbuild)$/.test(path)) return 'all';
    if (!same) {
      if (shared) return 'all';
      for (const key of this.direct.keys()) if (key === path || key.endsWith(`:${path}`)) this.direct.delete(key);
      this.reaches.delete(path);
    }
    return shared ? 'shared' : 'alone';
  }

  private includeLines(path: string): string | undefined {
    if (!this.texts.has(path)) return undefined;
    return [...(this.text(path) ?? '').matchAll(includeLine)].map((m) => m[0].trim()).join('\n');
  }

  private dropOldTexts(): void {
    for (const [path, text] of this.texts) {
      if (this.textSize <= maximumText >> 1) break;
      this.texts.delete(path);
      this.textSize -= text?.length ?? 0;
    }
  }

  private includesOf(file: string, unit: string): readonly string[] {
    const key = file.startsWith('include/') || file.startsWith('arch/') ? `${architectureOf(unit)}:${file}` : file;
    const known = this.direct.get(key);
    if (known !== undefined) return known;
    const text = this.text(file) ?? '';
    const found: string[] = [];
    for (const m of text.matchAll(includeLine)) {
      const resolved = this.resolve(m[2]!, m[1] === '"', file, unit);
      if (resolved !== undefined) {
        found.push(resolved);
        this.included.add(resolved);
      }
    }
    this.direct.set(key, found);
    return found;
  }

  private resolve(name: string, quoted: boolean, file: string, unit: string): string | undefined {
    const arch = architectureOf(unit);
    const candidates: string[] = [];
    if (quoted) candidates.push(join(folderOf(file), name), ...this.folders(folderOf(unit)).map((f) => join(f, name)));
    candidates.push(`include/${name}`, `arch/${arch}/include/${name}`, `include/uapi/${name}`, `arch/${arch}/include/uapi/${name}`);
    if (name.startsWith('asm/')) candidates.push(`include/asm-generic/${name.slice(4)}`);
    if (!quoted) candidates.push(...this.folders(folderOf(unit)).map((f) => join(f, name)));
    return candidates.find((c) => this.exists(c));
  }

  private exists(path: string): boolean {
    let known = this.existing.get(path);
    if (known === undefined) {
      known = this.source.exists(path);
      this.existing.set(path, known);
    }
    return known;
  }

  /** Folders named by -I in the Makefile of a folder or of its parents. */
  private folders(folder: string): readonly string[] {
    const known = this.makefileFolders.get(folder);
    if (known !== undefined) return known;
    const found: string[] = [];
    for (const name of ['Makefile', 'Kbuild']) {
      const text = folder === '' ? undefined : this.text(`${folder}/${name}`);
      for (const m of (text ?? '').matchAll(/-I\s*(\S+)/g)) {
        found.push(join('', m[1]!.replace(/\$\((?:srctree|objtree)\)\//g, '').replace(/\$\((?:src|obj)\)/g, folder)));
      }
    }
    const parent = folderOf(folder);
    if (folder.includes('/') && found.length === 0) found.push(...this.folders(parent));
    this.makefileFolders.set(folder, found);
    return found;
  }
}

function architectureOf(path: string): string {
  return /^arch\/(\w+)\//.exec(path)?.[1] ?? 'x86';
}

function join(folder: string, name: string): string {
  const parts: string[] = [];
  for (const p of `${folder}/${name}`.split('/')) {
    if (p === '..') parts.pop();
    else if (p !== '' && p !== '.') parts.push(p);
  }
  return parts.join('/');
}

function reachOf(order: readonly number[]): Reach {
  const ranks = new Int16Array(order.reduce((most, id) => Math.max(most, id), 0) + 1).fill(-1);
  for (const [rank, id] of order.entries()) ranks[id] = rank;
  return { order, rank: (file) => ranks[file] ?? -1 };
}
