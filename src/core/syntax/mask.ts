// The position-preserving macro mask: kernel C in, plain C of the same length out, so that tree-sitter-c reads it without errors.
import { chooseBranches } from './branches.ts';
import { lineStarts, readDirectives, type DirectiveStructure } from './directives.ts';
import { MaskEditor } from './editor.ts';
import { liveTokens } from './live-tokens.ts';
import type { MaskContext } from './mask-declarations.ts';
import { maskExpression } from './mask-expressions.ts';
import { maskBlock } from './mask-statements.ts';
import { maskTopLevel, type BodyChunk } from './mask-top-level.ts';
import { resync } from './resync.ts';
import { tokenize, type TokenizedText, type Tokens } from './tokens.ts';

/** A problem found while masking: unbalanced directives or braces. */
export interface MaskProblem {
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

/** The text before masking, split once; masking can be repeated with other #if branches. */
export interface PreparedText {
  readonly text: string;
  readonly raw: TokenizedText;
  readonly starts: readonly number[];
  readonly structure: DirectiveStructure;
}

/** A masked text: same length and line ends as the original. */
export interface MaskedText {
  readonly masked: string;
  /** The tokens that the parser sees, with their original positions. */
  readonly tokens: Tokens;
  readonly bodies: readonly BodyChunk[];
  readonly problems: readonly MaskProblem[];
}

/** Tokenizes and reads the directives. */
export function prepare(text: string): PreparedText {
  const raw = tokenize(text);
  const starts = lineStarts(text);
  return { text, raw, starts, structure: readDirectives(raw.tokens, starts) };
}

/** Masks a text. `overrides` chooses branches of #if groups by index; `blanks` are text ranges (pairs) to hide, both from a failed parse. */
export function mask(
  prepared: PreparedText,
  overrides: ReadonlyMap<number, number> = new Map(),
  blanks: readonly number[] = [],
): MaskedText {
  const edit = new MaskEditor(prepared.text);
  const dropped = chooseBranches(prepared.raw.tokens, prepared.structure, overrides);
  const all = liveTokens(prepared.raw, dropped, edit);
  const { tokens, problems } = resync(all, edit, prepared.starts);
  const ctx: MaskContext = {
    t: tokens,
    edit,
    expression: (from, to) => {
      maskExpression(ctx, from, to, maskBlock);
    },
  };
  const bodies = maskTopLevel(ctx);
  for (let i = 0; i < blanks.length; i += 2) edit.blank(blanks[i]!, blanks[i + 1]!);
  return { masked: edit.result(), tokens, bodies, problems: [...prepared.structure.problems, ...problems] };
}
