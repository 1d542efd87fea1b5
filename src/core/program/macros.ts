// Values of macros that are constant expressions, by plain textual expansion of a unit's macros.
import type { LoadedUnit } from './unit-loader.ts';

const token = /[A-Za-z_]\w*|\.?\d(?:[eEpP][+-]|[\w.])*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|##|<<|>>|<=|>=|==|!=|&&|\|\||[^\s]/g;

/** Splits a macro's body into tokens. */
function split(text: string): string[] {
  return text.match(token) ?? [];
}

/** Text of a macro's replacement with all macros in it expanded; undefined when there is no such macro. */
export function expandMacro(unit: LoadedUnit, name: string): string | undefined {
  const macro = unit.macro(name);
  if (macro === undefined || macro.parameters !== undefined) return undefined;
  return expand(unit, split(macro.body), new Set([name]), 0).join(' ');
}

function expand(unit: LoadedUnit, words: readonly string[], active: ReadonlySet<string>, depth: number): string[] {
  const out: string[] = [];
  if (depth > 40) return [...words];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const macro = /^[A-Za-z_]/.test(word) && !active.has(word) ? unit.macro(word) : undefined;
    if (macro === undefined) {
      out.push(word);
      continue;
    }
    const inside = new Set([...active, word]);
    if (macro.parameters === undefined) {
      out.push(...expand(unit, split(macro.body), inside, depth + 1));
      continue;
    }
    if (words[i + 1] !== '(') {
      out.push(word);
      continue;
    }
    const { args, end } = argumentsAt(words, i + 1);
    i = end;
    out.push(...expand(unit, substitute(split(macro.body), macro.parameters, args), inside, depth + 1));
  }
  return out;
}

/** Arguments of a call whose `(` is at `open`; `end` is the index of its `)`. */
function argumentsAt(words: readonly string[], open: number): { args: string[][]; end: number } {
  const args: string[][] = [[]];
  let depth = 0;
  let i = open;
  for (; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '(' && depth++ === 0) continue;
    if (word === ')' && --depth === 0) break;
    if (word === ',' && depth === 1) args.push([]);
    else args.at(-1)?.push(word);
  }
  return { args, end: i };
}

function substitute(body: readonly string[], parameters: readonly string[], args: readonly string[][]): string[] {
  const out: string[] = [];
  for (let i = 0; i < body.length; i++) {
    const word = body[i] as string;
    const index = parameters.indexOf(word);
    const replacement = index < 0 ? [word] : (args[index] ?? []);
    if (word === '##') {
      const next = body[++i];
      const nextIndex = next === undefined ? -1 : parameters.indexOf(next);
      const right = next === undefined ? [] : nextIndex < 0 ? [next] : (args[nextIndex] ?? []);
      const left = out.pop() ?? '';
      out.push(left + (right[0] ?? ''), ...right.slice(1));
    } else {
      out.push(...replacement);
    }
  }
  return out;
}
