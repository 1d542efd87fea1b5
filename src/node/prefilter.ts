// Finds the files of a tree that contain words: ripgrep when there is one, else an own scanner over the folders.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { scanFiles } from './scan-files.ts';
import type { WordSearch } from '../core/source/word-search.ts';

export interface PrefilterOptions {
  /** Path of ripgrep; `null` never uses one, undefined looks on PATH. */
  readonly ripgrep?: string | null;
  /** Texts that replace files on disk. */
  readonly overlays?: () => ReadonlyMap<string, string>;
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
    const overlays = this.options.overlays?.() ?? new Map<string, string>();
    const onDisk = this.withRipgrep(words) ?? this.scan(words);
    const found = new Set(onDisk.filter((f) => !overlays.has(f)));
    for (const [path, text] of overlays) if (/\.[ch]$/.test(path) && words.some((w) => text.includes(w))) found.add(path);
    return [...found].sort();
  }

  private withRipgrep(words: readonly string[]): string[] | undefined {
    if (this.ripgrep === null) return undefined;
    const command = this.ripgrep ?? 'rg';
    const args = ['--no-config', '-uu', '--no-messages', '-l', '-F', '-g', '*.[ch]', ...words.flatMap((w) => ['-e', w]), '.'];
    const run = spawnSync(command, args, { cwd: this.root, encoding: 'utf8', maxBuffer: 1 << 26, windowsHide: true });
    // 1 means that nothing was found, 2 that something could not be read.
    if (run.error !== undefined || (run.status !== 0 && run.status !== 1 && run.stdout === '')) {
      this.ripgrep = null;
      return undefined;
    }
    return run.stdout.split('\n').filter((l) => l !== '').map((l) => l.replace(/^\.[\\/]/, '').replaceAll('\\', '/'));
  }

  /** Reads every .c and .h file, this thread and a helper side by side. */
  private scan(words: readonly string[]): string[] {
    const files = listSources(this.root);
    return scanFiles(this.root, files, words);
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
