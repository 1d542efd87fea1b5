// State of one parse: cursor over the tokens, scopes, the function at hand; and the grammar's entry points, bound late
// because C's expressions, types and statements contain each other.

import type { EnumInfo, CType, RecordInfo, RecordType, IntType, TargetOptions } from '../ctype/types.ts';
import { Token, punctuators } from '../preprocessor/token-kind.ts';
import type { TokenStream } from '../preprocessor/token-stream.ts';
import type { Block, CaseStatement, Expr, FunctionRef, Initialiser, Label, LocalVariable, LValue, ObjectRef, Statement } from './ast.ts';
import { Word, wordsOf } from './words.ts';

/** Leaves the parse of one declaration; caught by the unit, which answers with a Refusal. */
export class Refused extends Error {
  readonly at: number;

  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

export interface TypedefEntity {
  readonly kind: 'typedef';
  readonly type: CType;
}
export interface EnumeratorEntity {
  readonly kind: 'enumerator';
  readonly value: bigint;
  readonly type: IntType;
}
/** What an ordinary identifier can mean. */
export type Entity = LocalVariable | ObjectRef | FunctionRef | TypedefEntity | EnumeratorEntity;

/** A value or a place, before C's context decides which is wanted. */
export type Node = Expr | LValue;

/** What a parser asks of its unit: the file scope. */
export interface FileScope {
  readonly tokens: TokenStream;
  readonly target: TargetOptions;
  /** Meaning of an ordinary name at file scope. */
  resolve(name: number): Entity | undefined;
  /** The record of a tag at file scope; the same object for every mention. */
  record(keyword: 'struct' | 'union', tag: number, at: number): RecordInfo;
  /** The unnamed record whose keyword is token `at` of a declaration at file scope. */
  recordAt(keyword: 'struct' | 'union', at: number): RecordInfo;
  /** `enum tag` at file scope. */
  enumeration(tag: number, at: number): IntType;
  /** The enumeration whose keyword is token `at`. */
  enumerationAt(at: number): IntType;
  /** Records enumerators while their enumeration is parsed. */
  defineEnumerator(name: number, entity: EnumeratorEntity): void;
  /** A function that the unit never declares, such as memcpy behind __builtin_memcpy. */
  implicitFunction(name: string, type: CType, at: number): FunctionRef;
  /** What was wrong in a record's definition when it stays incomplete because of that. */
  whyIncomplete(record: RecordInfo): { readonly at: number; readonly reason: string } | undefined;
  /** `#pragma pack` in force at a token, bytes, 0 = none. */
  packAt(token: number): number;
  /** The element type of va_list. */
  readonly vaListTag: RecordType;
}

/** Names of one block. */
export class Scope {
  readonly parent: Scope | undefined;
  names: Map<number, Entity> | undefined;
  tags: Map<number, RecordInfo | EnumTag> | undefined;
  labels: Map<number, LabelState> | undefined;

  constructor(parent: Scope | undefined) {
    this.parent = parent;
  }

  define(name: number, entity: Entity): void {
    (this.names ??= new Map()).set(name, entity);
  }

  defineTag(tag: number, what: RecordInfo | EnumTag): void {
    (this.tags ??= new Map()).set(tag, what);
  }
}

export interface EnumTag {
  readonly keyword: 'enum';
  readonly type: IntType;
  readonly info: EnumInfo;
}

export interface LabelState {
  readonly label: Label;
  defined: boolean;
  readonly at: number;
}

/** What is collected while a function body is parsed. */
export interface FunctionContext {
  readonly name: string;
  readonly returns: CType;
  readonly variadic: boolean;
  readonly locals: LocalVariable[];
  readonly statics: ObjectRef[];
  readonly labels: Label[];
  /** Function-wide labels by name. */
  readonly named: Map<number, LabelState>;
  /** Sizes of VLA types met in the declarator being parsed: hidden local and the expression for it. */
  vlaSizes: { readonly variable: LocalVariable; readonly size: Expr }[];
  /** Enclosing switch statements, innermost last. */
  readonly switches: SwitchState[];
  /** Enclosing loops; `break` also leaves a switch. */
  loops: number;
}

/** A switch whose body is being parsed. */
export interface SwitchState {
  readonly type: IntType;
  readonly cases: CaseStatement[];
}

/** Entry points of the grammar that other parts need without importing each other. */
export interface Grammar {
  expression(p: Parser): Node;
  assignment(p: Parser): Node;
  conditional(p: Parser): Node;
  cast(p: Parser): Node;
  typeName(p: Parser): CType;
  /** Behind `struct` or `union`. */
  record(p: Parser, keyword: 'struct' | 'union'): RecordType;
  /** Behind `enum`. */
  enumeration(p: Parser): IntType;
  block(p: Parser): Block;
  /** Declarations at a token that starts one; appends statements. */
  localDeclaration(p: Parser, into: Statement[]): void;
  initialiser(p: Parser, type: CType): { initialiser: Initialiser; type: CType };
}

/** The tokens a parser reads: a unit's stream, or a few made from a text. */
export type TokenSource = Pick<TokenStream, 'kind' | 'id' | 'length' | 'interner' | 'spelling'>;

/** One parse over a unit's tokens. Throws `Refused` at the token where it ends. */
export class Parser {
  readonly tokens: TokenSource;
  readonly file: FileScope;
  readonly grammar: Grammar;
  readonly kind: Uint8Array;
  readonly id: Int32Array;
  private readonly codes: Uint8Array;
  i: number;
  scope: Scope | undefined = undefined;
  /** Array lengths met outside of a function body that are not constant. */
  variableLengths = 0;
  fn: FunctionContext | undefined = undefined;
  /** Inside the initialiser of an object of static storage: compound literals are static too. */
  staticStorage = false;
  /** Bounds recursion, so that hostile nesting is refused before the stack ends. */
  depth = 0;

  constructor(file: FileScope, grammar: Grammar, at: number, other?: TokenSource) {
    this.file = file;
    this.grammar = grammar;
    this.tokens = other ?? file.tokens;
    const { kind, id } = other ?? file.tokens.around(at);
    this.kind = kind;
    this.id = id;
    this.codes = wordsOf(this.tokens.interner).codes;
    this.i = at;
  }

  /** Keyword code of token `at`; `Word.None` for anything else. */
  word(at: number): number {
    if (this.kind[at] !== Token.Identifier) return Word.None;
    const id = this.id[at] ?? 0;
    return id < this.codes.length ? (this.codes[id] ?? 0) : 0;
  }

  /** True when token `at` is an identifier and no keyword. */
  isName(at: number): boolean {
    return this.kind[at] === Token.Identifier && this.word(at) === Word.None;
  }

  refuse(reason: string, at = this.i): never {
    throw new Refused(reason, at);
  }

  accept(kind: number): boolean {
    if (this.kind[this.i] !== kind) return false;
    this.i++;
    return true;
  }

  expect(kind: number): void {
    if (this.kind[this.i] !== kind) this.unexpected(punctuators[kind - 16] ?? 'a token');
    this.i++;
  }

  acceptWord(word: number): boolean {
    if (this.word(this.i) !== word) return false;
    this.i++;
    return true;
  }

  unexpected(wanted: string): never {
    const found = this.i >= this.tokens.length ? 'the end' : `'${this.tokens.spelling(this.i)}'`;
    return this.refuse(`expected ${wanted === '' ? 'an expression' : `'${wanted}'`} but found ${found}`);
  }

  /** Text of the identifier at the cursor, which is passed. */
  name(): number {
    if (this.kind[this.i] !== Token.Identifier) this.unexpected('a name');
    return this.id[this.i++] ?? 0;
  }

  text(id: number): string {
    return this.tokens.interner.text(id);
  }

  lookup(name: number): Entity | undefined {
    for (let scope = this.scope; scope !== undefined; scope = scope.parent) {
      const found = scope.names?.get(name);
      if (found !== undefined) return found;
    }
    return this.file.resolve(name);
  }

  lookupTag(tag: number): RecordInfo | EnumTag | undefined {
    for (let scope = this.scope; scope !== undefined; scope = scope.parent) {
      const found = scope.tags?.get(tag);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** True when a declaration or a type name starts at token `at`. */
  startsType(at: number): boolean {
    if (this.kind[at] !== Token.Identifier) return false;
    const word = this.word(at);
    if (word !== Word.None) return word < Word.FirstOther && word !== Word.Extension;
    return this.lookup(this.id[at] ?? 0)?.kind === 'typedef';
  }

  /** Past the balanced group that opens at the cursor. */
  skipGroup(): void {
    let depth = 0;
    for (; this.i < this.tokens.length; this.i++) {
      const k = this.kind[this.i] ?? 0;
      if (k < Token.LParen || k > Token.RBracket) continue;
      if ((k & 1) === 0) depth++;
      else if (--depth === 0) {
        this.i++;
        return;
      }
    }
    this.refuse('unbalanced brackets');
  }

  enter(): void {
    if (++this.depth > 400) this.refuse('nested too deeply');
  }

  leave(): void {
    this.depth--;
  }

  /** A new local variable of the function at hand. */
  addLocal(name: string, type: CType, at: number, parameter = false): LocalVariable {
    const fn = this.fn;
    if (fn === undefined) return this.refuse('a local variable outside of a function', at);
    const variable: LocalVariable = {
      kind: 'local',
      id: fn.locals.length,
      name,
      type,
      parameter,
      cleanup: undefined,
      align: 0,
      register: undefined,
      addressed: type.kind === 'array' || type.kind === 'record' || type.kind === 'vector',
      at,
    };
    fn.locals.push(variable);
    return variable;
  }
}
