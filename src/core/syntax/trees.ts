// The only owner of wasm trees: parses files on demand, keeps the most recent ones, frees the rest, and updates edited ones incrementally.
import { Edit, type Point, type Tree } from 'web-tree-sitter';
import type { FileSource } from '../source/file-source.ts';
import { buildSourceFile } from './build-source-file.ts';
import type { Grammar } from './grammar.ts';
import type { SourceFile } from './source-file.ts';

interface Entry {
  readonly file: SourceFile;
  readonly tree: Tree;
}

/** Source views of a tree's files. A `SourceFile` is valid until `capacity` other files were opened after it, or its text changed. */
export class SourceTrees {
  private readonly grammar: Grammar;
  private readonly capacity: number;
  private readonly source: FileSource;
  /** Insertion order is age: the first entry is the least recently used. */
  private readonly entries = new Map<string, Entry>();
  /** Paths whose text was compared with the source since it changed. */
  private readonly fresh = new Set<string>();
  /** How many parses were made, and how many of them reused an old tree. */
  readonly counters = { parsed: 0, incremental: 0 };

  constructor(grammar: Grammar, source: FileSource, capacity = 100) {
    this.grammar = grammar;
    this.source = source;
    this.capacity = capacity;
  }

  /** Tells that a file's text may differ from what was read. */
  changed(path: string): void {
    this.fresh.delete(path);
  }

  get files(): FileSource {
    return this.source;
  }

  /** The source view of a file; undefined when it does not exist. */
  open(path: string): SourceFile | undefined {
    const old = this.entries.get(path);
    if (old !== undefined && this.fresh.has(path)) {
      this.entries.delete(path);
      this.entries.set(path, old);
      return old.file;
    }
    const text = this.source.read(path);
    this.fresh.add(path);
    if (text === undefined) {
      if (old !== undefined) this.forget(path, old);
      return undefined;
    }
    if (old?.file.text === text) {
      this.entries.delete(path);
      this.entries.set(path, old);
      return old.file;
    }
    const parsed = buildSourceFile(path, text, {
      parse: (masked) => this.parse(masked, old),
      find: (name, below) => this.grammar.find(name, below),
    });
    if (old !== undefined) this.forget(path, old);
    this.entries.set(path, { file: parsed.file, tree: parsed.tree });
    for (const [oldest, entry] of this.entries) {
      if (this.entries.size <= this.capacity) break;
      this.forget(oldest, entry);
    }
    return parsed.file;
  }

  /** Frees every tree. */
  dispose(): void {
    for (const [path, entry] of this.entries) this.forget(path, entry);
  }

  private forget(path: string, entry: Entry): void {
    entry.tree.delete();
    this.entries.delete(path);
  }

  private parse(masked: string, old: Entry | undefined): Tree {
    this.counters.parsed++;
    if (old === undefined) return this.grammar.parse(masked);
    this.counters.incremental++;
    const copy = old.tree.copy();
    copy.edit(editBetween(old.file.masked, masked));
    const tree = this.grammar.parse(masked, copy);
    copy.delete();
    return tree;
  }
}

/** The single edit that turns one text into the other: what lies between their common ends. */
function editBetween(before: string, after: string): Edit {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < limit - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  const oldEnd = before.length - tail;
  const newEnd = after.length - tail;
  const startPosition = pointAt(before, start);
  return new Edit({
    startIndex: start,
    oldEndIndex: oldEnd,
    newEndIndex: newEnd,
    startPosition,
    oldEndPosition: pointAt(before, oldEnd),
    newEndPosition: pointAt(after, newEnd),
  });
}

function pointAt(text: string, offset: number): Point {
  let row = 0;
  let begin = 0;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
    row++;
    begin = i + 1;
  }
  return { row, column: offset - begin };
}
