// One translation unit of the program view: an index over its tokens, and typed declarations on demand.

import type { CType, RecordType } from '../ctype/types.ts';
import { recordType } from '../ctype/types.ts';
import type { UnitPrefix } from '../preprocessor/preprocess.ts';
import type { TokenStream } from '../preprocessor/token-stream.ts';
import type { IndexedName, UnitApi } from './api.ts';
import type { FunctionDefinition, FunctionRef, Initialiser, ObjectRef } from './ast.ts';
import { rvalue } from './convert.ts';
import { Flag } from './declaration-index.ts';
import { staticAssert } from './declarations.ts';
import { parseFunctionBody } from './file-declarations.ts';
import { UnitScope } from './file-scope.ts';
import { grammar } from './grammar.ts';
import { parseInitialiser } from './initialisers.ts';
import type { Parsed, Refusal } from './outcome.ts';
import type { Entity } from './parser.ts';
import { Parser, Refused } from './parser.ts';
import { indexDeclarations } from './split-declarations.ts';
import { expandText, tokensOfText } from './text-tokens.ts';

export interface UnitOptions {
  /** -funsigned-char, as kernels from v6.2 on are built. */
  readonly unsignedChar?: boolean;
  /** -fshort-wchar, as all kernels are built. */
  readonly shortWchar?: boolean;
  /** The unit's include block, whose index is shared with other states of the same file. */
  readonly prefix?: UnitPrefix;
}

const absent = { kind: 'absent' } as const;

/** One preprocessed file: its declarations by name, each parsed when it is first asked for. */
export class TranslationUnit implements UnitApi {
  readonly tokens: TokenStream;
  private readonly scope: UnitScope;
  private readonly definitions = new Map<string, Parsed<FunctionDefinition>>();
  private readonly initialisers = new Map<string, Parsed<Initialiser>>();

  private constructor(tokens: TokenStream, options: UnitOptions) {
    this.tokens = tokens;
    const target = { unsignedChar: options.unsignedChar ?? false, shortWchar: options.shortWchar ?? false };
    this.scope = new UnitScope(tokens, indexDeclarations(tokens, options.prefix), target);
  }

  get vaListTag(): RecordType {
    return this.scope.vaListTag;
  }

  /** Indexes a preprocessed unit; nothing is parsed yet. */
  static fromTokens(tokens: TokenStream, options: UnitOptions = {}): TranslationUnit {
    return new TranslationUnit(tokens, options);
  }

  /** Where the text is no sequence of declarations, and records that could not be laid out. */
  problems(): readonly Refusal[] {
    return [...this.scope.index.problems, ...this.scope.problems].map(({ at, reason }) => this.refusal(reason, at));
  }

  /** Checks every `_Static_assert` at file scope; the refusals are those that fail or cannot be decided. */
  checkAsserts(): { readonly checked: number; readonly failed: readonly Refusal[] } {
    const failed: Refusal[] = [];
    for (const at of this.scope.index.asserts) {
      const result = this.guarded(() => (staticAssert(this.scope.parser(at)), true));
      if (result.kind === 'refused') failed.push(result.refusal);
    }
    return { checked: this.scope.index.asserts.length, failed };
  }

  lookup(name: string): IndexedName | undefined {
    const newest = this.find(name);
    if (newest < 0) return undefined;
    const { flags } = this.scope.index;
    let best = newest;
    for (let entry = newest; entry >= 0; entry = this.scope.index.earlier.get(entry)) {
      if ((flags.get(best) & Flag.Body) === 0 && (flags.get(entry) & Flag.Body) !== 0) best = entry;
    }
    return this.indexed(best);
  }

  /** Every ordinary name at file scope once, in order of its first declaration. */
  names(): readonly IndexedName[] {
    const seen = new Set<string>();
    return this.collect(() => true).filter(({ name }) => !seen.has(name) && seen.add(name));
  }

  /** Every tag that the unit defines at file scope. */
  tags(): readonly { readonly keyword: 'struct' | 'union' | 'enum'; readonly tag: string }[] {
    const found: { keyword: 'struct' | 'union' | 'enum'; tag: string }[] = [];
    for (const [tag, at] of this.scope.index.allTags()) {
      const keyword = this.tokens.spelling(at);
      if (keyword === 'struct' || keyword === 'union' || keyword === 'enum') found.push({ keyword, tag: this.tokens.interner.text(tag) });
    }
    return found;
  }

  functionDefinitions(): readonly IndexedName[] {
    return this.collect((flags) => (flags & Flag.Body) !== 0 && (flags & Flag.Function) !== 0);
  }

  objectDefinitions(): readonly IndexedName[] {
    const found = this.collect((flags) => {
      if (flags & (Flag.Function | Flag.Typedef | Flag.Enumerator)) return false;
      return (flags & Flag.Body) !== 0 || (flags & Flag.Extern) === 0;
    });
    const seen = new Set<string>();
    return found.filter(({ name }) => !seen.has(name) && seen.add(name));
  }

  function(name: string): Parsed<FunctionRef> {
    return this.entity(name, (entity) => (entity.kind === 'function' ? entity : undefined));
  }

  object(name: string): Parsed<ObjectRef> {
    return this.entity(name, (entity) => (entity.kind === 'object' ? entity : undefined));
  }

  typedef(name: string): Parsed<CType> {
    return this.entity(name, (entity) => (entity.kind === 'typedef' ? entity.type : undefined));
  }

  enumerator(name: string): bigint | undefined {
    const found = this.entity(name, (entity) => (entity.kind === 'enumerator' ? entity.value : undefined));
    return found.kind === 'parsed' ? found.value : undefined;
  }

  definition(name: string): Parsed<FunctionDefinition> {
    let known = this.definitions.get(name);
    if (known === undefined) {
      known = this.guarded(() => this.parseDefinition(name));
      this.definitions.set(name, known);
    }
    return known;
  }

  initialiser(name: string): Parsed<Initialiser> {
    let known = this.initialisers.get(name);
    if (known === undefined) {
      known = this.guarded(() => this.parseInitialiser(name));
      this.initialisers.set(name, known);
    }
    return known;
  }

  record(keyword: 'struct' | 'union', tag: string): RecordType | undefined {
    const id = this.tokens.interner.find(tag);
    if (id < 0) return undefined;
    const definition = this.scope.index.findTag(id);
    if (definition >= 0 && this.tokens.spelling(definition) !== keyword) return undefined;
    return recordType(this.scope.record(keyword, id, definition));
  }

  typeNamed(text: string): Parsed<CType> {
    const tokens = tokensOfText(text, this.tokens.interner);
    if (tokens === undefined || tokens.length === 0) return absent;
    return this.guarded(() => {
      const p = new Parser(this.scope, grammar, 0, tokens);
      if (!p.startsType(0)) return undefined;
      const type = grammar.typeName(p);
      return p.i === tokens.length ? type : undefined;
    });
  }

  constant(text: string, macro?: (name: string) => string | undefined): bigint | undefined {
    const expanded = macro === undefined ? text : expandText(text, macro);
    const tokens = tokensOfText(expanded, this.tokens.interner);
    if (tokens === undefined || tokens.length === 0) return undefined;
    const found = this.guarded(() => {
      const p = new Parser(this.scope, grammar, 0, tokens);
      const value = rvalue(grammar.conditional(p));
      return p.i === tokens.length && value.kind === 'int' ? value.value : undefined;
    });
    return found.kind === 'parsed' ? found.value : undefined;
  }

  private find(name: string): number {
    const id = this.tokens.interner.find(name);
    return id < 0 ? -1 : this.scope.index.find(id);
  }

  private indexed(entry: number): IndexedName {
    const { index } = this.scope;
    const flags = index.flags.get(entry);
    let kind: IndexedName['kind'] = 'object';
    if (flags & Flag.Typedef) kind = 'typedef';
    else if (flags & Flag.Enumerator) kind = 'enumerator';
    else if (flags & Flag.Function) kind = 'function';
    const tentative = kind === 'object' && (flags & Flag.Extern) === 0;
    return {
      name: this.tokens.interner.text(index.name.get(entry)),
      kind,
      defined: (flags & Flag.Body) !== 0 || tentative,
      isStatic: (flags & Flag.Static) !== 0,
      at: index.at.get(entry),
    };
  }

  private collect(wanted: (flags: number) => boolean): IndexedName[] {
    const { index } = this.scope;
    const found: IndexedName[] = [];
    for (let entry = 0; entry < index.count; entry++) {
      if (wanted(index.flags.get(entry))) found.push(this.indexed(entry));
    }
    return found;
  }

  private entity<T>(name: string, pick: (entity: Entity) => T | undefined): Parsed<T> {
    const id = this.tokens.interner.find(name);
    if (id < 0) return absent;
    return this.guarded(() => {
      const found = this.scope.resolve(id);
      return found === undefined ? undefined : pick(found);
    });
  }

  /** The newest entry of a name with a body or an initialiser, or -1. */
  private withBody(name: string, isFunction: boolean): number {
    const { index } = this.scope;
    let entry = this.find(name);
    while (entry >= 0) {
      const flags = index.flags.get(entry);
      if ((flags & Flag.Body) !== 0 && ((flags & Flag.Function) !== 0) === isFunction) return entry;
      entry = index.earlier.get(entry);
    }
    return -1;
  }

  private parseDefinition(name: string): FunctionDefinition | undefined {
    const entry = this.withBody(name, true);
    if (entry < 0) return undefined;
    const ref = this.scope.resolve(this.scope.index.name.get(entry));
    if (ref?.kind !== 'function') return undefined;
    const declared = this.scope.declaration(entry);
    const nameAt = this.scope.index.at.get(entry);
    if (declared.bodyAt < 0 || declared.params === undefined || declared.type.kind !== 'function') {
      throw new Refused('old-style function definition', nameAt);
    }
    const p = this.scope.parser(declared.bodyAt);
    return parseFunctionBody(p, ref, declared.type, declared.params, nameAt);
  }

  private parseInitialiser(name: string): Initialiser | undefined {
    const entry = this.withBody(name, false);
    if (entry < 0) return undefined;
    const object = this.scope.resolve(this.scope.index.name.get(entry));
    const declared = this.scope.declaration(entry);
    if (object?.kind !== 'object' || declared.initialiserAt < 0) return undefined;
    const p = this.scope.parser(declared.initialiserAt);
    p.staticStorage = true;
    return parseInitialiser(p, object.type).initialiser;
  }

  /** Runs a parse; what it refuses becomes data. */
  private guarded<T>(parse: () => T | undefined): Parsed<T> {
    try {
      const value = parse();
      return value === undefined ? absent : { kind: 'parsed', value };
    } catch (error) {
      if (error instanceof Refused) return { kind: 'refused', refusal: this.refusal(error.message, error.at) };
      // Hostile nesting may exhaust the stack before our own bound is reached.
      if (error instanceof RangeError) return { kind: 'refused', refusal: this.refusal('nested too deeply', 0) };
      throw error;
    }
  }

  private refusal(reason: string, at: number): Refusal {
    return { reason, place: this.tokens.place(at), at };
  }
}
