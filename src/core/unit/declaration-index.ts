// The names of a unit at file scope, found without parsing: where each is declared, and what kind of thing it is.

import { NameTable } from './name-table.ts';

/** Bits of an entry's flags. */
export const Flag = {
  Typedef: 1,
  Extern: 2,
  Static: 4,
  Inline: 8,
  /** The declarator is one of a function. */
  Function: 16,
  /** Has a function body or an initialiser. */
  Body: 32,
  Enumerator: 64,
} as const;

/** A growable column of numbers, perhaps behind the same column of an earlier index. */
class Column {
  private readonly base: Column | undefined;
  private readonly first: number;
  private values: Int32Array;

  constructor(base: Column | undefined, first: number) {
    this.base = base;
    this.first = first;
    this.values = new Int32Array(base === undefined ? 1 << 12 : 64);
  }

  set(entry: number, value: number): void {
    const at = entry - this.first;
    if (at >= this.values.length) {
      const grown = new Int32Array(this.values.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[at] = value;
  }

  get(entry: number): number {
    if (entry < this.first) return this.base?.get(entry) ?? -1;
    return this.values[entry - this.first] ?? -1;
  }
}

/** Ordinary names and tags of a unit at file scope. Entries are numbered in order of declaration. */
export class DeclarationIndex {
  count: number;
  /** Interned name. */
  readonly name: Column;
  /** Token where the declaration starts; for enumerators the `enum` keyword. */
  readonly start: Column;
  /** Token of the name. */
  readonly at: Column;
  readonly flags: Column;
  /** Earlier entry of the same name, -1 at the end. */
  readonly earlier: Column;
  /** Tokens `#pragma pack`, in order. */
  readonly pragmas: number[];
  /** Tokens `_Static_assert` at file scope, in order. */
  readonly asserts: number[];
  /** Where the splitter lost its way: a stray brace or an unfinished declaration. */
  readonly problems: { at: number; reason: string }[];
  private readonly base: DeclarationIndex | undefined;
  private readonly newest: NameTable;
  private readonly tags: NameTable;

  /** `base` is the index of the same tokens up to where this one starts; it is read, never changed. */
  constructor(base?: DeclarationIndex) {
    const first = base?.count ?? 0;
    this.base = base;
    this.count = first;
    this.name = new Column(base?.name, first);
    this.start = new Column(base?.start, first);
    this.at = new Column(base?.at, first);
    this.flags = new Column(base?.flags, first);
    this.earlier = new Column(base?.earlier, first);
    this.pragmas = base?.pragmas.slice() ?? [];
    this.asserts = base?.asserts.slice() ?? [];
    this.problems = base?.problems.slice() ?? [];
    this.newest = new NameTable(base === undefined ? 12 : 8);
    this.tags = new NameTable(base === undefined ? 12 : 8);
  }

  /** Newest entry of a name, or -1; go on with `earlier`. */
  find(name: number): number {
    const found = this.newest.get(name);
    return found >= 0 || this.base === undefined ? found : this.base.find(name);
  }

  /** Token of the `struct`, `union` or `enum` keyword of a tag's definition, or -1. */
  findTag(tag: number): number {
    const found = this.tags.get(tag);
    return found >= 0 || this.base === undefined ? found : this.base.findTag(tag);
  }

  /** Interned tags with the token of their definition's keyword. */
  allTags(): readonly (readonly [number, number])[] {
    return [...(this.base?.allTags() ?? []), ...this.tags.entries()];
  }

  add(name: number, start: number, at: number, flags: number): void {
    const entry = this.count++;
    this.name.set(entry, name);
    this.start.set(entry, start);
    this.at.set(entry, at);
    this.flags.set(entry, flags);
    const before = this.newest.set(name, entry);
    this.earlier.set(entry, before >= 0 || this.base === undefined ? before : this.base.find(name));
  }

  addTag(tag: number, keyword: number): void {
    this.tags.set(tag, keyword);
  }
}
