// Which files a source file can see through #include, nearest first, without a build: the places Kbuild's -I options name.
import type { FileSource } from '../source/file-source.ts';

const includeLine = /^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]/gm;
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Resolves #include lines of a tree and remembers texts and edges. Call `forget` when texts changed. */
export class IncludeScope {
  private readonly source: FileSource;
  private readonly texts = new Map<string, string | undefined>();
  private readonly codes = new Map<string, string | undefined>();
  private readonly direct = new Map<string, readonly string[]>();
  private readonly makefileFolders = new Map<string, readonly string[]>();
  private readonly existing = new Map<string, boolean>();

  constructor(source: FileSource) {
    this.source = source;
  }

  text(path: string): string | undefined {
    if (!this.texts.has(path)) this.texts.set(path, this.source.read(path));
    return this.texts.get(path);
  }

  /** The text with comments blanked: same length. */
  code(path: string): string | undefined {
    if (!this.codes.has(path))
      this.codes.set(
        path,
        this.text(path)?.replace(/\/\*[\s\S]*?\*\//g, (c) => (c.includes('\n') ? c.replace(/[^\n]/g, ' ') : ' '.repeat(c.length))),
      );
    return this.codes.get(path);
  }

  /** Files reachable from `path`, itself first, breadth first; at most `limit`. */
  *reachable(path: string, limit = 1500): Generator<string> {
    const seen = new Set([path]);
    const queue = [path];
    for (let at = 0; at < queue.length && at < limit; at++) {
      const file = queue[at]!;
      yield file;
      for (const next of this.includesOf(file, path)) {
        if (!seen.has(next)) {
          seen.add(next);
          queue.push(next);
        }
      }
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
      if (resolved !== undefined) found.push(resolved);
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
