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

/** Runs `work` while the expander reads the directive's operands; afterwards it stands where it stood. */
export function inOperands<T>(x: Expander, directive: Directive, work: () => T): T {
  const { file } = x;
  const { kind, flags, id, location, expansion, preventExpansion, parsingArguments, inDirective, depth, pos, invocation, levelBase } = x;
  const top = x.arena.top;
  x.preventExpansion = 0;
  x.parsingArguments = 0;
  x.inDirective = true;
  x.levelBase = depth + 1;
  for (let i = directive.operands; i < directive.end; i++) {
    const meta = file.meta[i] ?? 0;
    x.arena.push((meta & 255) | (((meta >> 8) & Flag.White) << 8), file.id[i] ?? 0, file.base + (file.offset[i] ?? 0), 0);
  }
  x.arena.push(Token.End, 0, file.base + (file.offset[directive.end] ?? 0), 0);
  x.pushContext(top, directive.end - directive.operands + 1, 0);
  const result = work();
  while (x.depth > depth) x.popContext();
  Object.assign(x, { kind, flags, id, location, expansion, preventExpansion, parsingArguments, inDirective, pos, invocation, levelBase });
  x.arena.top = top;
  return result;
}
