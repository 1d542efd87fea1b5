// The tokens of one file and its directives, matched up; made once per text and shared by every unit that includes it.

import type { Macro } from './macro.ts';

/** What a directive does. `other` is an unknown name, `empty` a lone `#`. */
export type DirectiveName =
  | 'define'
  | 'undef'
  | 'include'
  | 'include_next'
  | 'if'
  | 'ifdef'
  | 'ifndef'
  | 'elif'
  | 'elifdef'
  | 'elifndef'
  | 'else'
  | 'endif'
  | 'error'
  | 'warning'
  | 'pragma'
  | 'line'
  | 'empty'
  | 'other';

/** One directive of a file; token numbers count in that file. */
export interface Directive {
  readonly name: DirectiveName;
  /** The `#`. */
  readonly hash: number;
  /** First token after the directive's name. */
  readonly operands: number;
  /** First token of the next line. */
  readonly end: number;
  /** For conditionals: number of the next branch or endif of the same group, -1 when there is none. */
  next: number;
  /** For `define`: the macro, made when it is first met. */
  macro: Macro | undefined;
}

/** Tokens as parallel arrays, closed by one `Token.End`. */
export interface LexedFile {
  /** Normalised, relative to the tree. */
  readonly path: string;
  /** The text of a main file, which an edit is compared with; '' for a file that was first read as a header. */
  readonly text: string;
  /** Linear location of the first character. */
  readonly base: number;
  /** Tokens without the end. */
  readonly count: number;
  /** Kind in the low byte, flags in the high byte. */
  readonly meta: Uint16Array;
  /** Interned spelling; the directive's number for `Token.Directive`. */
  readonly id: Int32Array;
  /** Offset of each token's first character in `text`. */
  readonly offset: Int32Array;
  readonly directives: readonly Directive[];
  /** Interned name of the include guard around the whole file, or -1. */
  readonly guard: number;
  /** Conditionals without their #if or #endif: number of the directive and what is wrong. */
  readonly unbalanced: readonly { readonly directive: number; readonly message: string }[];
}
