// Which .c file defines an external name, found by scanning text in the kernel's layout; says "may define", the unit's own index decides.
import type { FileSource } from '../source/file-source.ts';

/** Folders in the order in which they are asked; a trailing slash means with all folders below. */
const defaultFolders: readonly string[] = [
  'mm',
  'drivers/dax/',
  'drivers/nvdimm',
  'fs',
  'fs/xfs/',
  'fs/iomap',
  'lib',
  'kernel',
  'kernel/locking',
  'kernel/rcu',
  'kernel/sched',
  'drivers/md',
  'block',
  'fs/ext4',
  'arch/x86/mm',
  'arch/x86/kernel',
  'arch/x86/lib',
  'arch/x86/kernel/cpu',
  'kernel/',
  'lib/',
  'mm/',
  'arch/x86/',
  'fs/',
  'block/',
  'drivers/base/',
  'drivers/acpi/',
  'drivers/firmware/efi',
  'drivers/ras',
  'drivers/nvdimm/',
  'drivers/md/',
  'security',
  'init',
  'ipc',
  'crypto',
  'net/core',
];

const NEWLINE = 10,
  SPACE = 32,
  TAB = 9,
  OPEN = 40,
  CLOSE = 41,
  STAR = 42;

function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 48 && code <= 57);
}

/** Identifier that ends at `end` (exclusive), blanks before it skipped; empty when there is none. */
function wordBefore(text: string, end: number): string {
  let to = end;
  while (to > 0 && (text.charCodeAt(to - 1) === SPACE || text.charCodeAt(to - 1) === TAB || text.charCodeAt(to - 1) === NEWLINE)) to--;
  let from = to;
  while (from > 0 && isWord(text.charCodeAt(from - 1))) from--;
  return text.slice(from, to);
}

/** Position of the parenthesis that opens the one at `close`; -1 when there is none within reach. */
function openingOf(text: string, close: number): number {
  let depth = 0;
  for (let i = close; i >= 0 && close - i < 4000; i--) {
    const code = text.charCodeAt(i);
    if (code === CLOSE) depth++;
    else if (code === OPEN && --depth === 0) return i;
  }
  return -1;
}

/** What one file's text seems to define with external linkage. */
export interface FileDefinitions {
  readonly functions: readonly string[];
  readonly objects: readonly string[];
  /** Identifiers given to macros at the start of a line: what such macros generate often carries these as a prefix. */
  readonly macroArguments: readonly string[];
}

/** Text from the start of the declaration's first line (blank line, `}`, `;` or directive before it) to `end`. */
function declarationHead(text: string, end: number): string {
  let from = end;
  for (let lines = 0; lines < 12; lines++) {
    const previous = text.lastIndexOf('\n', from - 2);
    const line = text.slice(previous + 1, from);
    const last = line.trimEnd().slice(-1);
    if (from !== end && (line.trim() === '' || last === ';' || last === '}' || last === '/' || line.startsWith('#'))) break;
    from = previous + 1;
    if (from <= 0) break;
  }
  return text.slice(from, end);
}

/** Scans one file in kernel layout: a function's `{` stands at the start of a line, file-scope objects start there. */
export function scanDefinitions(text: string): FileDefinitions {
  const functions: string[] = [];
  const objects: string[] = [];
  const macroArguments: string[] = [];
  for (let brace = text.indexOf('\n{'); brace >= 0; brace = text.indexOf('\n{', brace + 2)) {
    let close = brace;
    while (close > 0 && text.charCodeAt(close - 1) <= SPACE) close--;
    // Annotations may follow the parameter list: `… __releases(lock)`, `… __must_hold(x)`.
    let name = '';
    while (text.charCodeAt(close - 1) === CLOSE) {
      const open = openingOf(text, close - 1);
      if (open < 0) break;
      name = wordBefore(text, open);
      if (!name.startsWith('__releases') && !name.startsWith('__acquires') && !name.startsWith('__must_hold')) {
        if (!/\bstatic\b/.test(declarationHead(text, open)) && name !== '') functions.push(name);
        break;
      }
      close = open - name.length;
      while (close > 0 && text.charCodeAt(close - 1) <= SPACE) close--;
    }
  }
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const first = text.charCodeAt(start);
    if (isWord(first) && !(first >= 48 && first <= 57)) scanLine(text, start, end, objects, macroArguments);
    start = end + 1;
  }
  return { functions, objects, macroArguments };
}

function scanLine(text: string, start: number, end: number, objects: string[], macroArguments: string[]): void {
  const line = text.slice(start, end);
  if (line.startsWith('static ') || line.startsWith('extern ') || line.startsWith('typedef ') || line.startsWith('return')) {
    if (!line.startsWith('static DEFINE')) return;
  }
  if (/^(?:[a-z_]\w*\s+)*[A-Z]\w*\s*\(/.test(line)) {
    // The arguments may go on over several lines, as INTERVAL_TREE_DEFINE's do.
    const close = text.indexOf(')', start);
    const list = text.slice(text.indexOf('(', start) + 1, close < 0 || close - start > 1000 ? end : close);
    for (const word of list.matchAll(/[A-Za-z_]\w*/g)) macroArguments.push(word[0]);
    return;
  }
  const stop = line.search(/[=;[]/);
  if (stop < 0) return;
  const head = line
    .slice(0, stop)
    .replace(/\b__\w+(\([^)]*\))?\s*$/, '')
    .trimEnd();
  if (head.includes('(')) return;
  const name = /([A-Za-z_]\w*)$/.exec(head)?.[1];
  if (name === undefined || name === head) return;
  const before = head.charCodeAt(head.length - name.length - 1);
  if (before === SPACE || before === TAB || before === STAR) objects.push(name);
}

/** Lazily widened index over the .c files of a tree. What it answers depends on the texts alone, not on what was asked before. */
export class DefinitionIndex {
  private readonly source: FileSource;
  private readonly folders: readonly string[];
  /** How many of the folders were scanned. */
  private widened = 0;
  private readonly byName = new Map<string, string[]>();
  private readonly byMacroArgument = new Map<string, string[]>();
  private readonly scanned = new Set<string>();

  constructor(source: FileSource, folders: readonly string[] = defaultFolders) {
    this.source = source;
    this.folders = folders;
  }

  /**
   * Files that may define an external function or object, most likely first: those of the first folder that has any.
   * A name that no text up to there shows may come out of a macro: files whose file-scope macro calls take a prefix of it.
   */
  candidates(name: string): readonly string[] {
    for (;;) {
      const defined = this.ofFirstFolder(sorted(this.byName.get(name)));
      const generated = this.ofFirstFolder(this.generated(name));
      if (defined.files.length > 0 && defined.folder <= generated.folder) return defined.files;
      if (generated.files.length > 0) return generated.files;
      const folder = this.folders[this.widened];
      if (folder === undefined) return [];
      this.widened++;
      this.scanFolder(folder);
    }
  }

  /** Takes a file's new text after an edit; the file may be new or gone. */
  rescan(path: string): void {
    if (this.scanned.delete(path)) {
      for (const map of [this.byName, this.byMacroArgument]) {
        for (const [name, files] of map) {
          const rest = files.filter((file) => file !== path);
          if (rest.length === 0) map.delete(name);
          else if (rest.length < files.length) map.set(name, rest);
        }
      }
    }
    // What is still to be scanned will find a new file there.
    if (path.endsWith('.c') && this.folderOf(path) < this.widened) this.scanFile(path);
  }

  /** Number of the first folder that a file is scanned with; Infinity when none of them has it. */
  private folderOf(path: string): number {
    const parent = path.slice(0, path.lastIndexOf('/'));
    const at = this.folders.findIndex((folder) => (folder.endsWith('/') ? path.startsWith(folder) : parent === folder));
    return at < 0 ? Infinity : at;
  }

  /** Of some files those that are scanned first. Files of later folders are there by chance: somebody asked for another name. */
  private ofFirstFolder(files: readonly string[]): { readonly folder: number; readonly files: readonly string[] } {
    if (files.length === 0) return { folder: Infinity, files };
    const folders = files.map((path) => this.folderOf(path));
    const folder = Math.min(...folders);
    return { folder, files: files.filter((_, i) => folders[i] === folder) };
  }

  private generated(name: string): readonly string[] {
    const files = new Set<string>();
    // A prefix shorter than half the name is a coincidence more often than not.
    for (let end = name.length; end > 3 && end * 2 >= name.length; end--) {
      if (end !== name.length && name.charCodeAt(end) !== 95) continue;
      for (const file of sorted(this.byMacroArgument.get(name.slice(0, end)))) files.add(file);
    }
    return [...files];
  }

  private scanFolder(folder: string): void {
    const deep = folder.endsWith('/');
    const path = deep ? folder.slice(0, -1) : folder;
    for (const entry of this.source.list(path)) {
      if (entry.endsWith('.c')) this.scanFile(`${path}/${entry}`);
      else if (deep && entry.endsWith('/')) this.scanFolder(`${path}/${entry}`);
    }
  }

  private scanFile(path: string): void {
    if (this.scanned.has(path)) return;
    this.scanned.add(path);
    const text = this.source.read(path);
    if (text === undefined) return;
    const found = scanDefinitions(text);
    for (const name of found.functions) note(this.byName, name, path);
    for (const name of found.objects) note(this.byName, name, path);
    for (const name of found.macroArguments) {
      note(this.byMacroArgument, name, path);
    }
  }
}

/** In the order of a scan, whenever the files were read. */
function sorted(files: readonly string[] = []): readonly string[] {
  return files.length < 2 ? files : [...files].sort((a, b) => (a < b ? -1 : 1));
}

function note(map: Map<string, string[]>, name: string, path: string): void {
  const files = map.get(name);
  // A slice would keep the whole file's text alive: the name is copied out of it.
  if (files === undefined) map.set(` ${name}`.slice(1), [path]);
  else if (files[files.length - 1] !== path) files.push(path);
}
