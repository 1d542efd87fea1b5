// include/generated/bounds.h, computed: kernel/bounds.c is preprocessed and the constants it asks for are worked out.

import type { PreprocessedUnit } from '../preprocess.ts';
import { ConstantReader } from './constant-reader.ts';
import { Token } from '../token-kind.ts';

/** The header's text; `unit` is undefined when the tree lacks the file. A constant that could not be worked out is left out, so that its use is a problem with a place. */
export function boundsHeader(unit: PreprocessedUnit | undefined): string {
  let text = '#ifndef __LINUX_BOUNDS_H__\n#define __LINUX_BOUNDS_H__\n';
  if (unit === undefined) text += '#error bounds.h is computed from kernel/bounds.c, which this tree does not have\n';
  else {
    const { tokens } = unit;
    const reader = new ConstantReader(tokens);
    // linux/kbuild.h DEFINE(sym, val): asm volatile("… ->" "sym" " %0 …" : : "i" (val)).
    for (let i = 0; i < tokens.length; i++) {
      if (tokens.kind[i] !== Token.String || tokens.spelling(i) !== '"i"' || tokens.kind[i + 1] !== Token.LParen) continue;
      const name = definedName(unit, i);
      const value = name === undefined ? undefined : reader.parenthesised(i + 1);
      if (value !== undefined) text += `#define ${name ?? ''} ${value}\n`;
    }
  }
  return `${text}#endif\n`;
}

/** The symbol in the strings before `: : "i"`. */
function definedName(unit: PreprocessedUnit, operand: number): string | undefined {
  const { tokens } = unit;
  let joined = '';
  for (let i = operand - 1; i > operand - 16 && tokens.kind[i] !== Token.LParen; i--) {
    if (tokens.kind[i] === Token.String) joined = tokens.spelling(i).slice(1, -1) + joined;
  }
  return /->(\w+) /.exec(joined)?.[1];
}
