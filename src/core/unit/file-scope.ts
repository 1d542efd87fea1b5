// File scope of a unit: entities, tags and enumerators, worked out from the index when first asked for and remembered.

import { compatible, composite } from '../ctype/compatible.ts';
import type { FunctionType, IntType, RecordCompleter, RecordInfo, RecordType, TargetOptions } from '../ctype/types.ts';
import { UINT, VOID_POINTER, recordType } from '../ctype/types.ts';
import type { TokenStream } from '../preprocessor/token-stream.ts';
import type { FunctionRef, ObjectRef } from './ast.ts';
import { mergeSymbolAttributes, symbolAttributes } from './attributes.ts';
import type { DeclarationIndex } from './declaration-index.ts';
import { Flag } from './declaration-index.ts';
import type { FileDeclarator } from './file-declarations.ts';
import { parseFileDeclaration } from './file-declarations.ts';
import { grammar } from './grammar.ts';
import { parseInitialiser } from './initialisers.ts';
import type { Entity, EnumeratorEntity, FileScope } from './parser.ts';
import { Parser, Refused } from './parser.ts';
import { packTable } from './pragma-pack.ts';
import type { PackTable } from './pragma-pack.ts';
import { completeRecord, parseEnumeration } from './records.ts';
import { Word, wordsOf } from './words.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A problem met while something was worked out on demand; whoever needed it is refused for being incomplete. */
export interface ScopeProblem {
  readonly at: number;
  readonly reason: string;
}

/** File scope of one unit. Never guesses: what it does not understand is a refusal. */
export class UnitScope implements FileScope, RecordCompleter {
  readonly tokens: TokenStream;
  readonly index: DeclarationIndex;
  readonly target: TargetOptions;
  readonly vaListTag: RecordType;
  readonly problems: ScopeProblem[] = [];
  private readonly entities = new Map<number, Entity>();
  private readonly resolving = new Set<number>();
  private readonly tagged = new Map<number, RecordInfo>();
  private readonly untagged = new Map<number, RecordInfo>();
  private readonly enumerations = new Map<number, IntType>();
  private readonly incompleteEnums = new Map<number, IntType>();
  private readonly implicit = new Map<string, FunctionRef>();
  private readonly broken = new Map<RecordInfo, ScopeProblem>();
  private packs: PackTable | undefined;

  constructor(tokens: TokenStream, index: DeclarationIndex, target: TargetOptions) {
    this.tokens = tokens;
    this.index = index;
    this.target = target;
    this.vaListTag = recordType(vaListTag());
  }

  parser(at: number): Parser {
    return new Parser(this, grammar, at);
  }

  resolve(name: number): Entity | undefined {
    const known = this.entities.get(name);
    if (known !== undefined) return known;
    const newest = this.index.find(name);
    if (newest < 0 || this.resolving.has(name)) return undefined;
    this.resolving.add(name);
    try {
      const flags = this.index.flags.get(newest);
      if (flags & Flag.Enumerator) {
        this.enumerationAt(this.index.start.get(newest));
      } else if (flags & Flag.Typedef) {
        const declared = this.declaration(newest);
        this.entities.set(name, { kind: 'typedef', type: declared.type });
      } else {
        this.resolveSymbol(name, newest);
      }
    } finally {
      this.resolving.delete(name);
    }
    return this.entities.get(name);
  }

  /** Parses the declaration of one index entry. */
  declaration(entry: number): FileDeclarator {
    return parseFileDeclaration(this.parser(this.index.start.get(entry)), this.index.at.get(entry));
  }

  /** Entries of a name, oldest first. */
  entriesOf(newest: number): number[] {
    const entries: number[] = [];
    for (let entry = newest; entry >= 0; entry = this.index.earlier.get(entry)) entries.push(entry);
    return entries.reverse();
  }

  /** A function or object from all its declarations; usable (with what is known so far) while later ones are parsed. */
  private resolveSymbol(name: number, newest: number): void {
    let symbol: Mutable<FunctionRef> | Mutable<ObjectRef> | undefined;
    for (const entry of this.entriesOf(newest)) {
      const flags = this.index.flags.get(entry);
      if (flags & (Flag.Typedef | Flag.Enumerator)) continue;
      const declared = this.declaration(entry);
      const next = this.symbolOf(name, entry, declared, flags);
      if (symbol === undefined) {
        symbol = next;
        this.entities.set(name, symbol);
        continue;
      }
      merge(symbol, next);
    }
    if (symbol?.kind === 'object') this.completeArray(name, symbol);
  }

  private symbolOf(name: number, entry: number, declared: FileDeclarator, flags: number): Mutable<FunctionRef> | Mutable<ObjectRef> {
    const text = this.tokens.interner.text(name);
    const at = this.index.at.get(entry);
    const { inline, noreturn, threadLocal, align } = declared.specs;
    const attributes = symbolAttributes(declared.attributes, { inline, noreturn, threadLocal, asmName: declared.asmName, align });
    const linkage = flags & Flag.Static ? 'internal' : 'external';
    const defined = (flags & Flag.Body) !== 0;
    if (declared.type.kind === 'function') {
      return { kind: 'function', name: text, linkage, type: declared.type, defined, attributes, at };
    }
    const tentative = (flags & Flag.Extern) === 0;
    return {
      kind: 'object',
      name: text,
      key: text,
      linkage,
      type: declared.type,
      defined: defined || tentative,
      attributes,
      at,
      initialiser: undefined,
    };
  }

  /** `T a[] = { … };`: the length comes from the initialiser; a tentative `T a[];` has one element (C11 6.9.2p5). */
  private completeArray(name: number, object: Mutable<ObjectRef>): void {
    if (object.type.kind !== 'array' || object.type.length !== undefined) return;
    for (const entry of this.entriesOf(this.index.find(name))) {
      if ((this.index.flags.get(entry) & Flag.Body) === 0) continue;
      const declared = this.declaration(entry);
      const p = this.parser(declared.initialiserAt);
      p.staticStorage = true;
      object.type = parseInitialiser(p, object.type).type;
      return;
    }
  }

  record(keyword: 'struct' | 'union', tag: number, at: number): RecordInfo {
    let record = this.tagged.get(tag);
    if (record === undefined || record.keyword !== keyword) {
      const definition = this.index.findTag(tag);
      const text = this.tokens.interner.text(tag);
      record = newRecord(keyword, text, definition < 0 ? at : definition, definition < 0 ? undefined : this);
      this.tagged.set(tag, record);
    }
    return record;
  }

  recordAt(keyword: 'struct' | 'union', at: number): RecordInfo {
    let record = this.untagged.get(at);
    if (record === undefined) {
      record = newRecord(keyword, undefined, at, this);
      this.untagged.set(at, record);
    }
    return record;
  }

  complete(record: RecordInfo): void {
    try {
      completeRecord(this.parser(record.at + 1), record);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const problem = { at: error.at, reason: error.message };
      this.problems.push(problem);
      this.broken.set(record, problem);
    } finally {
      if (record.state !== 'complete') record.state = 'declared';
      record.completer = undefined;
    }
  }

  whyIncomplete(record: RecordInfo): ScopeProblem | undefined {
    return this.broken.get(record);
  }

  enumeration(tag: number): IntType {
    const definition = this.index.findTag(tag);
    if (definition >= 0 && this.isEnum(definition)) return this.enumerationAt(definition);
    let type = this.incompleteEnums.get(tag);
    if (type === undefined) {
      const info = { tag: this.tokens.interner.text(tag), at: 0, complete: false, members: [] };
      type = { ...UINT, enumeration: info };
      this.incompleteEnums.set(tag, type);
    }
    return type;
  }

  private isEnum(at: number): boolean {
    return wordsOf(this.tokens.interner).code(this.tokens.around(at).id[at] ?? 0) === Word.Enum;
  }

  enumerationAt(at: number): IntType {
    let type = this.enumerations.get(at);
    if (type === undefined) {
      type = parseEnumeration(this.parser(at + 1));
      this.enumerations.set(at, type);
    }
    return type;
  }

  defineEnumerator(name: number, entity: EnumeratorEntity): void {
    this.entities.set(name, entity);
  }

  implicitFunction(name: string, type: FunctionType, at: number): FunctionRef {
    const id = this.tokens.interner.find(name);
    const declared = id < 0 ? undefined : this.resolve(id);
    if (declared?.kind === 'function') return declared;
    let fn = this.implicit.get(name);
    if (fn === undefined) {
      const attributes = symbolAttributes(undefined, { inline: false, noreturn: false, threadLocal: false, asmName: undefined, align: 0 });
      fn = { kind: 'function', name, linkage: 'external', type, defined: false, attributes, at };
      this.implicit.set(name, fn);
    }
    return fn;
  }

  packAt(token: number): number {
    if (this.index.pragmas.length === 0) return 0;
    this.packs ??= packTable(this.tokens, this.index.pragmas);
    return this.packs.at(token);
  }
}

function newRecord(keyword: 'struct' | 'union', tag: string | undefined, at: number, completer: RecordCompleter | undefined): RecordInfo {
  return { keyword, tag, at, state: 'declared', fields: [], size: 0, align: 1, transparent: false, completer };
}

/** System V x86-64: what `va_list` points to. */
function vaListTag(): RecordInfo {
  const record = newRecord('struct', '__va_list_tag', 0, undefined);
  record.fields = [
    { name: 'gp_offset', type: UINT, offset: 0, bits: undefined },
    { name: 'fp_offset', type: UINT, offset: 4, bits: undefined },
    { name: 'overflow_arg_area', type: VOID_POINTER, offset: 8, bits: undefined },
    { name: 'reg_save_area', type: VOID_POINTER, offset: 16, bits: undefined },
  ];
  record.size = 24;
  record.align = 8;
  record.state = 'complete';
  return record;
}

function merge(into: Mutable<FunctionRef> | Mutable<ObjectRef>, next: FunctionRef | ObjectRef): void {
  into.attributes = mergeSymbolAttributes(into.attributes, next.attributes);
  if (next.linkage === 'internal') into.linkage = 'internal';
  if (next.defined && (!into.defined || next.kind === 'function')) into.at = next.at;
  if (into.kind === 'function' && next.kind === 'function') {
    into.type = (next.defined || !compatible(into.type, next.type) ? next.type : composite(into.type, next.type)) as FunctionType;
  } else if (into.kind === 'object' && next.kind === 'object') {
    into.type = compatible(into.type, next.type) ? composite(into.type, next.type) : next.type;
  }
  into.defined = into.defined || next.defined;
}
