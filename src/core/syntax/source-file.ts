// One file as the source view shows it: functions, problems and #if conditions, from that file's text alone.
import type { Node } from 'web-tree-sitter';
import type { Captures, QueryName } from './grammar.ts';
import type { Tokens } from './tokens.ts';

/** A parameter of a function definition; `type` is its declaration's text without the name, blanks collapsed. */
export interface ParameterOutline {
  readonly name: string;
  readonly type: string;
  /** Place of the name, or of the whole declaration when it has none; both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** A function definition. Lines and columns count from 1; columns in UTF-16 units. */
export interface FunctionOutline {
  readonly name: string;
  /** Line and column of the name. */
  readonly line: number;
  readonly column: number;
  /** First line of the definition (its specifiers) and the line of the closing brace. */
  readonly startLine: number;
  readonly endLine: number;
  /** Offsets into the text: the name, the body's opening brace, and the end of the definition. */
  readonly nameOffset: number;
  readonly bodyOffset: number;
  readonly endOffset: number;
  readonly returnType: string;
  readonly isStatic: boolean;
  readonly parameters: readonly ParameterOutline[];
  /** The #if conditions it stands under, outermost first. */
  readonly conditions: readonly string[];
}

/** A stretch of text that the source view could not understand; other functions are unaffected. */
export interface SourceProblem {
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

/** The source view of one file's text. Never fails: what is not understood is a problem. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** The text that tree-sitter saw: same length as `text`, so every position is true for both. */
  readonly masked: string;
  readonly root: Node;
  /** Tokens of the original text, directives included, every #if branch. */
  readonly tokens: Tokens;
  readonly functions: readonly FunctionOutline[];
  readonly problems: readonly SourceProblem[];
  /** Matches of one of grammars/*.scm in the top-level items whose text matches `words` (a global pattern), in order of place. */
  find(name: QueryName, words: RegExp): Captures[];
  /** Conditions of the #if stack at a line (from 1), outermost first; negated for #else and #elif. */
  conditionsAt(line: number): readonly string[];
  /** The function whose definition covers the line (from 1). */
  functionAt(line: number): FunctionOutline | undefined;
  /** Text of a line (from 1), without its end. */
  lineText(line: number): string;
  /** Line (from 1) of an offset into the text. */
  lineAt(offset: number): number;
  /** Offset of a line and column, both from 1. */
  offsetAt(line: number, column: number): number;
}
