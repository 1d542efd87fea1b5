// Macros that the preprocessor computes itself: __LINE__, __COUNTER__, __has_include, _Pragma and their kin (GNU cpp manual 3.7).

import type { Expander } from './expander.ts';
import type { BuiltinMacro, Macro } from './macro.ts';
import { knownAttributes, knownBuiltins } from './profile/gcc-knows.ts';
import { Token } from './token-kind.ts';

/** Names and meaning of the computed macros. */
export const builtinMacros: readonly { readonly name: string; readonly meaning: BuiltinMacro }[] = [
  { name: '__FILE__', meaning: 'file' },
  { name: '__BASE_FILE__', meaning: 'base-file' },
  { name: '__LINE__', meaning: 'line' },
  { name: '__COUNTER__', meaning: 'counter' },
  { name: '__INCLUDE_LEVEL__', meaning: 'include-level' },
  { name: '__DATE__', meaning: 'date' },
  { name: '__TIME__', meaning: 'time' },
  { name: '_Pragma', meaning: 'pragma' },
  { name: '__has_attribute', meaning: 'has-attribute' },
  { name: '__has_builtin', meaning: 'has-builtin' },
  { name: '__has_include', meaning: 'has-include' },
  { name: '__has_include_next', meaning: 'has-include-next' },
];

/** What a computed macro needs to know about the place it stands in. */
export interface BuiltinContext {
  readonly file: string;
  readonly baseFile: string;
  readonly includeLevel: number;
  line(): number;
  counter(): string;
  has(name: string, next: boolean): boolean;
}

export type BuiltinValue = { readonly kind: 'token'; readonly token: number; readonly text: string } | { readonly kind: 'nothing' };

/** Expansion of a computed macro; undefined when its name stands for itself here. Reads its arguments from `x`. */
export function builtinValue(macro: Macro, x: Expander, context: BuiltinContext): BuiltinValue | undefined {
  switch (macro.builtin) {
    case 'file':
      return text(context.file);
    case 'base-file':
      return text(context.baseFile);
    case 'line':
      return number(context.line());
    case 'counter':
      return { kind: 'token', token: Token.Number, text: context.counter() };
    case 'include-level':
      return number(context.includeLevel);
    // No clock in core: the value that GNU cpp gives when it cannot know.
    case 'date':
      return text('??? ?? ????');
    case 'time':
      return text('??:??:??');
    case 'pragma': {
      if (x.expandingArguments > 0 || x.inDirective) return undefined;
      const pragma = operand(x);
      if (pragma === undefined) return undefined;
      const body = pragma
        .replace(/^L?"/, '')
        .replace(/"$/, '')
        .replace(/\\(["\\])/g, '$1');
      return /^\s*pack\b/.test(body) ? { kind: 'token', token: Token.Pragma, text: `#pragma ${body.trim()}` } : { kind: 'nothing' };
    }
    case 'has-attribute':
      return number(knownAttributes.get((operand(x) ?? '').replace(/^__(.*)__$/, '$1')) ?? 0);
    case 'has-builtin':
      return number(knownBuiltins.has(operand(x) ?? '') ? 1 : 0);
    case 'has-include':
      return number(context.has(operand(x) ?? '""', false) ? 1 : 0);
    case 'has-include-next':
      return number(context.has(operand(x) ?? '""', true) ? 1 : 0);
    case undefined:
      return undefined;
  }
}

function number(value: number): BuiltinValue {
  return { kind: 'token', token: Token.Number, text: String(value) };
}

function text(value: string): BuiltinValue {
  return { kind: 'token', token: Token.String, text: `"${value.replace(/[\\"]/g, '\\$&')}"` };
}

/** Makes the value of a computed macro what the expander reads next. */
export function pushBuiltin(x: Expander, value: BuiltinValue, macro: Macro, nameLocation: number, expansion: number): void {
  const start = x.arena.top;
  if (value.kind === 'token') {
    const written = x.expansions.add(macro.name, nameLocation, expansion);
    x.arena.push(value.token, x.interner.intern(value.text), nameLocation, written);
  }
  x.growMacros();
  x.pushContext(start, x.arena.top - start, 0);
}

/** The unexpanded tokens between the parentheses that follow, joined; undefined without parentheses. */
function operand(x: Expander): string | undefined {
  const outer = x.parsingArguments;
  x.preventExpansion++;
  x.parsingArguments = 2;
  let joined: string | undefined;
  nextToken(x);
  if (x.kind === Token.LParen) {
    joined = '';
    for (let depth = 0; ;) {
      nextToken(x);
      const kind: number = x.kind;
      if (kind === Token.End || (kind === Token.RParen && depth === 0)) break;
      if (kind === Token.LParen) depth++;
      if (kind === Token.RParen) depth--;
      joined += x.interner.text(x.id);
    }
  }
  x.parsingArguments = outer;
  x.preventExpansion--;
  return joined;
}

function nextToken(x: Expander): void {
  do x.next();
  while (x.kind === Token.Padding);
}
