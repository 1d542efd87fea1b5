// Finds the files of a tree that contain words: ripgrep when there is one, else an own scanner over the folders.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { declaringPattern } from '../core/source/word-search.ts';
import { scanFiles, wordsPattern } from './scan-files.ts';
import type { WordSearch } from '../core/source/word-search.ts';

export interface PrefilterOptions {
  /** Path of ripgrep; `null` never uses one, undefined looks on PATH. */
  readonly ripgrep?: string | null;
}

const skipped = new Set(['.git', 'Documentation', 'node_modules', 'LICENSES']);

/** Word search over a folder. Remembers nothing: each call sees the disk as it is. */
export class DiskWordSearch implements WordSearch {
  private readonly root: string;
  private readonly options: PrefilterOptions;
  private ripgrep: string | null | undefined;

  constructor(root: string, options: PrefilterOptions = {}) {
    this.root = root;
    this.options = options;
    this.ripgrep = options.ripgrep;
  }

  filesWith(words: readonly string[]): readonly string[] {
    if (words.length === 0) return [];
    const onDisk =
      this.withRipgrep(['-F', ...words.flatMap((w) => ['-e', w])]) ?? scanFiles(this.root, listSources(this.root), wordsPattern(words));
    return [...onDisk].sort();
  }

  filesDeclaring(names: readonly string[]): readonly string[] {
    if (names.length === 0) return [];
    const pattern = declaringPattern(names);
    const onDisk = this.withRipgrep(['-e', pattern]) ?? scanFiles(this.root, listSources(this.root), pattern);
    return [...onDisk].sort();
  }

  private withRipgrep(expressions: readonly string[]): string[] | undefined {
    if (this.ripgrep === null) return undefined;
    const command = this.ripgrep ?? 'rg';
    const args = ['--no-config', '-uu', '--no-messages', '-l', '-g', '*.[ch]', ...expressions, '.'];
    const run = spawnSync(command, args, { cwd: this.root, encoding: 'utf8', maxBuffer: 1 << 26, windowsHide: true });
    // 1 means that nothing was found, 2 that something could not be read.
    if (run.error !== undefined || (run.status !== 0 && run.status !== 1 && run.stdout === '')) {
      this.ripgrep = null;
      return undefined;
    }
    return run.stdout
      .split('\n')
      .filter((l) => l !== '')
      .map((l) => l.replace(/^\.[\\/]/, '').replaceAll('\\', '/'));
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
