// Finds the files of a tree that contain words: ripgrep when there is one, else an own scanner over the folders.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaringPattern } from '../core/source/word-search.ts';
import { declaringLine, DeclaringIndex } from './declaring-index.ts';
import { scanFiles, wordsPattern } from './scan-files.ts';
import type { WordSearch } from '../core/source/word-search.ts';

export interface PrefilterOptions {
  /** Path of ripgrep; `null` never uses one, undefined looks on PATH. */
  readonly ripgrep?: string | null;
}

const ripgrepFlags = ['--no-config', '-uu', '--no-messages', '-g', '*.[ch]'];
const skipped = new Set(['.git', 'Documentation', 'node_modules', 'LICENSES']);

/** More changes on disk than this (a checkout) and the index is made anew. */
const maximumChanges = 200;
/** So few names are found faster as plain words than as a pattern. */
const fewNames = 8;

/** Word search over a folder. Sees the disk as it is, but for an index of declarations that `prepare` makes and `changed` keeps up to date. */
export class DiskWordSearch implements WordSearch {
  private readonly root: string;
  private readonly options: PrefilterOptions;
  private ripgrep: string | null | undefined;
  private index: DeclaringIndex | undefined;
  private indexing: Promise<void> | undefined;
  /** Files that changed since the index was begun. */
  private readonly stale = new Set<string>();

  constructor(root: string, options: PrefilterOptions = {}) {
    this.root = root;
    this.options = options;
    this.ripgrep = options.ripgrep;
  }

  filesWith(words: readonly string[]): readonly string[] {
    if (words.length === 0) return [];
    const onDisk =
      this.withRipgrep(['-l', '-F', ...words.flatMap((w) => ['-e', w])]) ??
      scanFiles(this.root, listSources(this.root), wordsPattern(words));
    return [...onDisk].sort();
  }

  filesDeclaring(names: readonly string[]): readonly string[] {
    if (names.length === 0) return [];
    const pattern = declaringPattern(names);
    if (this.index !== undefined) {
      const found = this.index.filesDeclaring(names);
      for (const path of this.stale) {
        if (new RegExp(pattern, 'm').test(this.read(path))) found.add(path);
        else found.delete(path);
      }
      return [...found].sort();
    }
    if (names.length <= fewNames)
      return this.filesWith(
        names.map((n) => n.replace(/^__do_(?:compat_)?sys_(\w+)$/, '($1')).map((n) => (n.startsWith('(') ? n : `${n}(`)),
      );
    const onDisk = this.withRipgrep(['-l', '-e', pattern]) ?? scanFiles(this.root, listSources(this.root), pattern);
    return [...onDisk].sort();
  }

  wordsOf(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
    const longestFirst = [...words].sort((a, b) => b.length - a.length);
    const found = new Map<string, Set<string>>();
    const lines = this.withRipgrep(['-o', '-N', '--no-heading', '--null', '-F', ...longestFirst.flatMap((w) => ['-e', w])]);
    for (const line of lines ?? []) {
      const end = line.indexOf('\0');
      const path = line.slice(0, end);
      const here = found.get(path);
      if (here === undefined) found.set(path, new Set([line.slice(end + 1)]));
      else here.add(line.slice(end + 1));
    }
    if (lines === undefined)
      for (const path of scanFiles(this.root, listSources(this.root), wordsPattern(words))) {
        const text = this.read(path);
        found.set(path, new Set(words.filter((w) => text.includes(w))));
      }
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, here]) => [path, [...here]]));
  }

  async prepare(): Promise<void> {
    if (this.index !== undefined) return;
    this.indexing ??= this.makeIndex().finally(() => {
      this.indexing = undefined;
    });
    await this.indexing;
  }

  changed(path: string): void {
    if ((this.index === undefined && this.indexing === undefined) || !/\.[ch]$/.test(path)) return;
    this.stale.add(path);
    if (this.stale.size > maximumChanges) {
      this.index = undefined;
      this.stale.clear();
    }
  }

  private read(path: string): string {
    try {
      return readFileSync(join(this.root, path), 'latin1');
    } catch {
      return '';
    }
  }

  /** The tree's declarations in one pass of ripgrep, taken in as they come; without ripgrep each search looks for itself. */
  private async makeIndex(): Promise<void> {
    if (this.ripgrep === null) return;
    const index = new DeclaringIndex();
    const args = [...ripgrepFlags, '-o', '-N', '--heading', '-e', declaringLine, '.'];
    const child = spawn(this.ripgrep ?? 'rg', args, { cwd: this.root, stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
    const ended = new Promise<number | null>((resolve) => {
      child.on('close', resolve);
      child.on('error', () => {
        resolve(null);
      });
    });
    child.stdout.on('data', (piece: Buffer) => {
      index.add(piece);
    });
    const code = await ended;
    // 2: something could not be read.
    if (code === null || code > 2) return;
    index.finish();
    this.index = index;
  }

  private withRipgrep(expressions: readonly string[]): string[] | undefined {
    if (this.ripgrep === null) return undefined;
    const command = this.ripgrep ?? 'rg';
    const args = [...ripgrepFlags, ...expressions, '.'];
    const run = spawnSync(command, args, { cwd: this.root, encoding: 'utf8', maxBuffer: 1 << 27, windowsHide: true });
    // 1 means that nothing was found, 2 that something could not be read.
    if (run.error !== undefined || (run.status !== 0 && run.status !== 1 && run.stdout === '')) {
      this.ripgrep = null;
      return undefined;
    }
    return run.stdout
      .split('\n')
      .filter((l) => l !== '')
      .map((l) => {
        const end = l.indexOf('\0');
        const path = end < 0 ? l : l.slice(0, end);
        return `${path.replace(/^\.[\\/]/, '').replaceAll('\\', '/')}${end < 0 ? '' : l.slice(end)}`;
      });
  }
}

/** Paths of the .c and .h files below a folder, unsorted. */
function listSources(root: string): string[] {
  const files: string[] = [];
  const walk = (folder: string): void => {
    let entries;
    try {
      entries = readdirSync(join(root, folder), { withFileTypes: true });
    } catch {
      // Unreadable folders hold no candidates.
      return;
    }
    for (const e of entries) {
      const path = folder === '' ? e.name : `${folder}/${e.name}`;
      if (e.isDirectory()) {
        if (!skipped.has(e.name)) walk(path);
      } else if (e.isFile() && /\.[ch]$/.test(e.name)) files.push(path);
    }
  };
  walk('');
  return files;
}
