// Carries out a #define (C11 6.10.3).

import type { Expander } from './expander.ts';
import type { Directive } from './lexed-file.ts';
import { readMacro, sameMacro } from './macro.ts';
import type { SharedState } from './shared-state.ts';

/** Defines the macro of `directive` in the expander's current file; `report` gets the token a problem is at. */
export function defineMacro(
  shared: SharedState,
  x: Expander,
  directive: Directive,
  report: (kind: 'directive' | 'macro', token: number, message: string) => void,
): void {
  if (directive.macro === undefined) {
    const read = readMacro(x.file, directive.operands, directive.end, shared.macros.length, shared.words);
    if (read.kind === 'problem') {
      report('directive', directive.hash, read.message);
      return;
    }
    shared.macros.push(read.macro);
    directive.macro = read.macro;
  }
  const { macro } = directive;
  const before = x.macroOf[macro.name] ?? 0;
  x.log.read(macro.name, before);
  if (before !== 0 && before !== macro.index) {
    const old = shared.macros[before];
    if (old !== undefined && !sameMacro(old, macro)) report('macro', macro.nameToken, `'${x.interner.text(macro.name)}' redefined`);
  }
  x.setMacro(macro.name, macro.index);
}
