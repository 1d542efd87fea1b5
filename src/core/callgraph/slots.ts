// Which functions a slot of any struct can hold: tables that initialise it, stores at run time, and parameters stored into it.
import type { WordSearch } from '../source/word-search.ts';
import type { ExpressionTypes } from '../symbols/expression-type.ts';
import { bareIdentifier, lineOfNode } from '../symbols/nodes.ts';
import { tablesIn } from '../symbols/tables.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { SourceTrees } from '../syntax/trees.ts';

/** A function in a slot, and where it is put there. */
export interface SlotValue {
  readonly function: string;
  readonly table: string;
  readonly file: string;
  readonly line: number;
}

/** A parameter of a function that is stored into the slot: whoever calls that function supplies the callee. */
export interface SlotParameter {
  readonly function: string;
  readonly parameter: number;
  readonly file: string;
  readonly line: number;
}

export interface SlotValues {
  readonly values: readonly SlotValue[];
  readonly parameters: readonly SlotParameter[];
  /** Set when there are more candidate files than the budget allows. */
  readonly tooMany?: number;
}

/** A member that holds a function. */
export interface Slot {
  readonly struct: string;
  readonly member: string;
}

/** A struct in more files than this is searched for together with its member. */
const manyFiles = 250;
const maximumFiles = 80;
const outside = /^(tools|scripts|samples|Documentation)\//;

/** Searches for words that begin alike are slow, and short names are everywhere: only those are searched as `struct name`. */
const wordOf = (struct: string): string => (struct.length >= 8 ? struct : `struct ${struct}`);

/** Adds each file to the lists of the words that occur in it. */
function collect(found: ReadonlyMap<string, readonly string[]>, lists: ReadonlyMap<string, string[]>): void {
  for (const [path, words] of found) if (!outside.test(path)) for (const word of words) lists.get(word)?.push(path);
}

/** Remembers answers per struct and member; made anew when a text changes. */
export class SlotIndex {
  private readonly trees: SourceTrees;
  private readonly search: WordSearch;
  private readonly types: ExpressionTypes;
  private readonly known = new Map<string, SlotValues>();
  /** Files that name a struct, sorted. */
  private readonly mentions = new Map<string, readonly string[]>();
  /** Files that name a member of a struct with many files. */
  private readonly stores = new Map<string, ReadonlySet<string>>();

  constructor(trees: SourceTrees, search: WordSearch, types: ExpressionTypes) {
    this.trees = trees;
    this.search = search;
    this.types = types;
  }

  /** What `struct.member` can hold, as seen from a file. */
  values(struct: string, member: string, from: string): SlotValues {
    const key = `${struct}.${member}`;
    let answer = this.known.get(key);
    if (answer === undefined) {
      answer = this.collect(struct, member, from);
      this.known.set(key, answer);
    }
    return answer;
  }

  /** Words to search the tree for before some slots are asked; `take` gets the answer. */
  words(slots: Iterable<Slot>): readonly string[] {
    const wanted = new Set<string>();
    for (const { struct } of slots) if (!this.mentions.has(struct)) wanted.add(wordOf(struct));
    return [...wanted].sort();
  }

  /** Takes the files in which each of some words occurs. Of structs that half the tree mentions the members are searched too, at once. */
  take(slots: readonly Slot[], found: ReadonlyMap<string, readonly string[]>): void {
    const lists = new Map<string, string[]>();
    for (const { struct } of slots) if (!this.mentions.has(struct)) lists.set(wordOf(struct), []);
    collect(found, lists);
    for (const { struct } of slots) if (!this.mentions.has(struct)) this.mentions.set(struct, lists.get(wordOf(struct)) ?? []);
    const members = new Map<string, string[]>();
    for (const { struct, member } of slots) {
      if ((this.mentions.get(struct) ?? []).length <= manyFiles || this.stores.has(member)) continue;
      members.set(`.${member}`, []);
      members.set(`->${member}`, []);
    }
    if (members.size === 0) return;
    collect(this.search.wordsOf([...members.keys()].sort()), members);
    for (const word of members.keys()) {
      const member = word.replace(/^(\.|->)/, '');
      this.stores.set(member, new Set([...(members.get(`.${member}`) ?? []), ...(members.get(`->${member}`) ?? [])]));
    }
  }

  /** True when the struct is defined in a source file, whose tables are all there are. */
  isPrivate(struct: string, from: string): boolean {
    return this.types.declarations.struct(struct, from)?.file.endsWith('.c') === true;
  }

  private candidates(struct: string, member: string, from: string): readonly string[] {
    const home = this.types.declarations.struct(struct, from)?.file;
    if (home?.endsWith('.c') === true) return [home];
    const slots = [{ struct, member }];
    const words = this.words(slots);
    if (words.length > 0) this.take(slots, this.search.wordsOf(words));
    // The type may have a typedef's name, or be reached without naming it, in files of the same folder.
    const fills = new RegExp(`(?:\\.|->)\\s*${member}\\s*=[^=]|struct\\s+${struct}\\s+\\w+(?:\\[\\w*\\])*\\s*=\\s*\\{\\s*[^.\\s]`);
    const files = this.mentions.get(struct) ?? [];
    const stores = files.length > manyFiles ? this.stores.get(member) : undefined;
    return files.filter((path) => {
      if (stores?.has(path) === false) return false;
      const text = this.trees.files.read(path) ?? '';
      return text.includes(`struct ${struct}`) && fills.test(text);
    });
  }

  private collect(struct: string, member: string, from: string): SlotValues {
    const files = this.candidates(struct, member, from);
    const near = files.length <= maximumFiles ? files : files.filter((f) => f.startsWith(from.slice(0, from.lastIndexOf('/') + 1)));
    const order = [...(this.types.declarations.struct(struct, from)?.members.keys() ?? [member])];
    const values: SlotValue[] = [];
    const parameters: SlotParameter[] = [];
    for (const path of near.slice(0, maximumFiles)) {
      const file = this.trees.open(path);
      if (file === undefined) continue;
      const add = (name: string, table: string, line: number, at: number): void => {
        const f = file.functionAt(line);
        const index = f?.parameters.findIndex((p) => p.name === name) ?? -1;
        if (f !== undefined && index >= 0) parameters.push({ function: f.name, parameter: index, file: path, line });
        else if (this.types.local(name, at, file) === undefined) values.push({ function: name, table, file: path, line });
      };
      for (const table of tablesIn(file, new Map([[struct, order]]), this.types)) {
        for (const slot of table.slots) if (slot.member === member) add(slot.function, table.name, slot.line, file.offsetAt(slot.line, 1));
      }
      this.parameterStores(file, struct, member, add);
    }
    return files.length > near.length ? { values, parameters, tooMany: files.length } : { values, parameters };
  }

  /** `query.fn = fn` where fn is a parameter; tables only take functions. */
  private parameterStores(
    file: SourceFile,
    struct: string,
    member: string,
    add: (name: string, table: string, line: number, at: number) => void,
  ): void {
    for (const found of file.find('stores', new RegExp(`(?:->|\\.)\\s*${member}\\s*=[^=]`, 'g'))) {
      const field = found.get('target');
      const name = found.get('member')?.text === member ? bareIdentifier(found.get('value') ?? null) : undefined;
      if (field === undefined || name === undefined) continue;
      const f = file.functionAt(lineOfNode(field));
      if (f?.parameters.some((p) => p.name === name.text) !== true) continue;
      if (this.types.memberOf(field, file)?.struct === struct) add(name.text, field.text, lineOfNode(field), field.endIndex);
    }
  }
}
