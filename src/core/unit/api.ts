// What other rooms may ask of a translation unit; fulfilled by `TranslationUnit` in unit.ts.

import type { CType, RecordType } from '../ctype/types.ts';
import type { TokenStream } from '../preprocessor/token-stream.ts';
import type { FunctionDefinition, FunctionRef, Initialiser, ObjectRef } from './ast.ts';
import type { Parsed, Refusal } from './outcome.ts';

/** A name at file scope as the token-level index sees it, without parsing. */
export interface IndexedName {
  readonly name: string;
  readonly kind: 'function' | 'object' | 'typedef' | 'enumerator';
  /** Has a body, an initialiser, or is a tentative definition (objects without `extern`). */
  readonly defined: boolean;
  /** The declaration says `static`. */
  readonly isStatic: boolean;
  /** Token index of the name. */
  readonly at: number;
}

/** One translation unit: names are indexed at once, declarations are parsed when first asked for and remembered. */
export interface UnitApi {
  /** Where the text is no sequence of declarations, and records that could not be laid out. */
  problems(): readonly Refusal[];
  readonly tokens: TokenStream;
  /** Kind of a file-scope name (the definition when there are several declarations); undefined when the unit has none. */
  lookup(name: string): IndexedName | undefined;
  /** Every function with a body, in order of definition. */
  functionDefinitions(): readonly IndexedName[];
  /** Every object the unit defines (not only declares), in order. */
  objectDefinitions(): readonly IndexedName[];
  /** Declaration of a function: type, linkage, attributes of all its declarations together. */
  function(name: string): Parsed<FunctionRef>;
  /** Body of a function of this unit, typed. */
  definition(name: string): Parsed<FunctionDefinition>;
  /** A file-scope object; static locals come with their function's `statics`. */
  object(name: string): Parsed<ObjectRef>;
  /** Initialiser of a file-scope object; absent for tentative definitions and declarations. */
  initialiser(name: string): Parsed<Initialiser>;
  /** Type behind a typedef name. */
  typedef(name: string): Parsed<CType>;
  /** Struct or union by tag. Complete only if the unit defines it. */
  record(keyword: 'struct' | 'union', tag: string): RecordType | undefined;
  /** The element type of `va_list`, which no text declares. */
  readonly vaListTag: RecordType;
  /** Value of an enumerator. */
  enumerator(name: string): bigint | undefined;
  /** A type as it is written in C: `struct page`, `pgoff_t`, `unsigned long *`. */
  typeNamed(text: string): Parsed<CType>;
  /** Value of an integer constant expression given as text (tokens separated by spaces), such as a macro's body.
   * `macro` gives the bodies of object-like macros that the text uses. */
  constant(text: string, macro?: (name: string) => string | undefined): bigint | undefined;
}
