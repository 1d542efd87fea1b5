// Looks at the operands of a directive as they are written.

import type { Interner } from '../../base/interner.ts';
import type { Expander } from './expander.ts';
import type { Directive, LexedFile } from './lexed-file.ts';
import { Flag, Token } from './token-kind.ts';

/** True when the directive's first operand is of this kind. */
export function firstOperandIs(file: LexedFile, directive: Directive, kind: number): boolean {
  const at = directive.operands;
  return at < directive.end && ((file.meta[at] ?? 0) & 255) === kind;
}

/** The operands as written, white space collapsed. */
export function operandText(file: LexedFile, directive: Directive, interner: Interner): string {
  let text = '';
  for (let i = directive.operands; i < directive.end; i++) {
    const white = (((file.meta[i] ?? 0) >> 8) & Flag.White) !== 0;
    text += (white && text !== '' ? ' ' : '') + interner.text(file.id[i] ?? 0);
  }
  return text;
}

/** Spellings of the tokens up to the end of what the expander reads, a space where the text has one. */
export function expandedText(x: Expander): string {
  let text = '';
  x.next();
  while (x.kind !== Token.End) {
    text += (text !== '' && (x.flags & Flag.White) !== 0 ? ' ' : '') + x.interner.text(x.id);
    x.next();
  }
  return text;
}
