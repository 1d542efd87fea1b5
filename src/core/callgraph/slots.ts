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

const maximumFiles = 80;
const outside = /^(tools|scripts|samples|Documentation)\//;

/** Remembers answers per struct and member; made anew when a text changes. */
export class SlotIndex {
  private readonly trees: SourceTrees;
  private readonly search: WordSearch;
  private readonly types: ExpressionTypes;
  private readonly known = new Map<string, SlotValues>();
  /** Files that may fill a slot (`struct.member`). */
  private readonly searched = new Map<string, readonly string[]>();
  private asked: { readonly structs: ReadonlySet<string>; readonly members: ReadonlySet<string> } = {
    structs: new Set(),
    members: new Set(),
  };

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

  /** What to search the tree for before some slots are asked; undefined when that is known. `take` gets the answer. */
  wanted(slots: Iterable<Slot>): string | undefined {
    const structs = new Set<string>();
    const members = new Set<string>();
    for (const { struct, member } of slots) {
      if (this.searched.has(`${struct}.${member}`)) continue;
      structs.add(struct);
      members.add(member);
    }
    this.asked = { structs, members };
    if (structs.size === 0) return undefined;
    // The longest name first: `inode` would hide `inode_operations`. Each alternative begins with a literal: searches without are slow.
    const names = [...structs].sort((a, b) => b.length - a.length);
    const tables = `struct (?:${names.join('|')})(?:\\s+\\w+(?:\\[\\w*\\])*\\s*=)?`;
    const slot = [...members].sort((a, b) => b.length - a.length).join('|');
    return `${tables}|(?:\\.|->)(?:${slot})\\s*=(?:[^=]|$)`;
  }

  /** Takes what the pattern of `wanted` matched in each file. */
  take(found: ReadonlyMap<string, readonly string[]>): void {
    const { structs, members } = this.asked;
    const mentions = new Map([...structs].map((s) => [s, new Set<string>()]));
    const tables = new Map([...structs].map((s) => [s, new Set<string>()]));
    const stores = new Map([...members].map((m) => [m, new Set<string>()]));
    for (const [path, texts] of found) {
      if (outside.test(path)) continue;
      for (const text of texts) {
        const struct = /^struct\s+(\w+)/.exec(text)?.[1];
        if (struct !== undefined) {
          mentions.get(struct)?.add(path);
          if (text.endsWith('=')) tables.get(struct)?.add(path);
        } else stores.get(/\w+/.exec(text)?.[0] ?? '')?.add(path);
      }
    }
    for (const struct of structs) {
      for (const member of members) {
        const positional = new RegExp(`struct\\s+${struct}\\s+\\w+(?:\\[\\w*\\])*\\s*=\\s*\\{\\s*[^.\\s]`);
        const files = [...(mentions.get(struct) ?? [])].filter(
          (path) =>
            stores.get(member)?.has(path) === true ||
            (tables.get(struct)?.has(path) === true && positional.test(this.trees.files.read(path) ?? '')),
        );
        this.searched.set(`${struct}.${member}`, files.sort());
      }
    }
  }

  /** True when the struct is defined in a source file, whose tables are all there are. */
  isPrivate(struct: string, from: string): boolean {
    return this.types.declarations.struct(struct, from)?.file.endsWith('.c') === true;
  }

  private candidates(struct: string, member: string, from: string): readonly string[] {
    const home = this.types.declarations.struct(struct, from)?.file;
    if (home?.endsWith('.c') === true) return [home];
    const slot = { struct, member };
    const pattern = this.wanted([slot]);
    if (pattern !== undefined) this.take(this.search.matches(pattern));
    // The type may have a typedef's name, or be reached without naming it, in files of the same folder.
    return this.searched.get(`${struct}.${member}`) ?? [];
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
