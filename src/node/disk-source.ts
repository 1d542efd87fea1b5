// A kernel tree on disk as a FileSource; folders are listed once, so that a failed include search costs no system call.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSource } from '../core/source/file-source.ts';

/** Files above this size (bytes) are no source text; `read` refuses them. */
const maxFileSize = 64 * 1024 * 1024;

type Entry = 'file' | 'folder';

/** Reads below `root`; remembers folder listings, never texts. */
export class DiskSource implements FileSource {
  readonly root: string;
  private readonly folders = new Map<string, ReadonlyMap<string, Entry>>();

  constructor(root: string) {
    this.root = root;
  }

  read(path: string): string | undefined {
    if (!this.exists(path)) return undefined;
    try {
      const full = join(this.root, path);
      const data = readFileSync(full);
      if (data.length > maxFileSize) return undefined;
      const text = data.toString('utf8');
      return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    } catch {
      return undefined;
    }
  }

  exists(path: string): boolean {
    const slash = path.lastIndexOf('/');
    return this.folder(slash < 0 ? '' : path.slice(0, slash)).get(path.slice(slash + 1)) === 'file';
  }

  list(path: string): readonly string[] {
    return [...this.folder(path)].map(([name, entry]) => (entry === 'folder' ? `${name}/` : name)).sort();
  }

  /** Forgets what is known about a path and the folders above it: it was created, changed or deleted. */
  invalidate(path: string): void {
    for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      this.folders.delete(at);
      if (at === '') return;
    }
  }

  private folder(path: string): ReadonlyMap<string, Entry> {
    const known = this.folders.get(path);
    if (known !== undefined) return known;
    const entries = new Map<string, Entry>();
    if (this.folderExists(path)) {
      try {
        for (const entry of readdirSync(join(this.root, path), { withFileTypes: true })) {
          const kind = entry.isSymbolicLink()
            ? this.follow(path, entry.name)
            : entry.isDirectory()
              ? 'folder'
              : entry.isFile()
                ? 'file'
                : undefined;
          if (kind !== undefined) entries.set(entry.name, kind);
        }
      } catch {
        // Unreadable is as good as absent: the includer reports what it misses.
      }
    }
    this.folders.set(path, entries);
    return entries;
  }

  private folderExists(path: string): boolean {
    if (path === '') return true;
    const slash = path.lastIndexOf('/');
    return this.folder(slash < 0 ? '' : path.slice(0, slash)).get(path.slice(slash + 1)) === 'folder';
  }

  private follow(folder: string, name: string): Entry | undefined {
    try {
      const target = statSync(join(this.root, folder, name));
      return target.isDirectory() ? 'folder' : target.isFile() ? 'file' : undefined;
    } catch {
      return undefined;
    }
  }
}
