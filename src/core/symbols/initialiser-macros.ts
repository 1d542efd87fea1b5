// Macros that stand for parts of an initialiser: `HOOK(fn)` for `.slot = fn`, `ENTRY(i, fn)` for `[i] = { .slot = fn }`, whole tables.
import type { SourceFile } from '../syntax/source-file.ts';
import type { ExpressionTypes } from './expression-type.ts';

const defineLine = /#[ \t]*define[ \t]+(\w+)(\(([^)]*)\))?((?:[^\n\\]|\\\r?\n|\\.)*)/y;
const maximumDepth = 6;

/** A `.slot = function` in expanded text. */
export interface ExpandedSlot {
  readonly member: string;
  readonly function: string;
}

/** Text of a macro's use with its parameters replaced, and the macros in it; undefined when no #define in reach has that name. */
export function expandUse(
  name: string,
  args: readonly string[] | undefined,
  path: string,
  types: ExpressionTypes,
  depth = 0,
): string | undefined {
  const { headers, scope } = types.declarations;
  for (const place of headers.definesOf(name, path)) {
    defineLine.lastIndex = place.offset;
    const found = defineLine.exec(scope.text(scope.pathOf(place.file)) ?? '');
    if (found === null || (found[2] !== undefined && args === undefined)) continue;
    const parameters = found[2] === undefined ? [] : (found[3] ?? '').split(',').map((parameter) => parameter.trim());
    const body = (found[4] ?? '').replace(/\\\r?\n/g, ' ').replace(/\/\*.*?\*\//g, ' ');
    const replaced = body.replace(/\b[A-Za-z_]\w*\b/g, (word) => {
      const k = parameters.indexOf(word);
      return k >= 0 ? (args?.[k] ?? '').trim() : word === '__VA_ARGS__' ? (args ?? []).slice(parameters.length - 1).join(', ') : word;
    });
    return expandText(replaced.replace(/\s*##\s*/g, ''), path, types, depth + 1);
  }
  return undefined;
}

/** Expands the macros in a text, names in capitals only: others would be functions. */
function expandText(text: string, path: string, types: ExpressionTypes, depth: number): string {
  if (depth > maximumDepth) return text;
  return text.replace(/\b([A-Z_][A-Z0-9_]{2,})\b(?:\s*\(([^()]*)\))?/g, (whole, name: string, list: string | undefined) => {
    return expandUse(name, list?.split(','), path, types, depth) ?? whole;
  });
}

/** Designated slots in a text, of the members that the struct has. */
export function slotsInText(text: string, members: readonly string[]): ExpandedSlot[] {
  const slots: ExpandedSlot[] = [];
  for (const [, member, name] of text.matchAll(/\.\s*(\w+)\s*=\s*(?:\(\s*[^()]*[*\s][^()]*\)\s*)*[&(\s]*([A-Za-z_]\w*)/g)) {
    if (member !== undefined && name !== undefined && name !== 'NULL' && members.includes(member)) slots.push({ member, function: name });
  }
  return slots;
}

/** An array element or an object in a text: what stands before its braces, and what in them. */
export function bracesIn(text: string): { readonly before: string; readonly inside: string } | undefined {
  const open = text.indexOf('{');
  if (open < 0) return undefined;
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return { before: text.slice(0, open), inside: text.slice(open + 1, i) };
  }
  return undefined;
}

/** Names of macros in a text whose use at file scope defines a table of one of the structs. */
export function tableMacrosIn(text: string, structs: readonly string[]): string[] {
  const table = new RegExp(`\\bstruct\\s+(?:${structs.join('|')})\\s+[^;{}()*]*=`);
  const names: string[] = [];
  for (const { index } of text.matchAll(/#[ \t]*define[ \t]+\w+\(/g)) {
    defineLine.lastIndex = index;
    const found = defineLine.exec(text);
    if (found?.[1] !== undefined && table.test((found[4] ?? '').replace(/\\\r?\n/g, ' '))) names.push(found[1]);
  }
  return names;
}

/** A table that a macro's use defines. */
export interface MacroTable {
  readonly struct: string;
  readonly name: string;
  readonly line: number;
  readonly slots: readonly ExpandedSlot[];
}

/** Tables that uses of such macros define in a file. */
export function macroTablesIn(
  file: SourceFile,
  macros: readonly string[],
  orders: ReadonlyMap<string, readonly string[]>,
  types: ExpressionTypes,
): MacroTable[] {
  const tables: MacroTable[] = [];
  if (macros.length === 0) return tables;
  const head = new RegExp(`\\bstruct\\s+(${[...orders.keys()].join('|')})\\s+(?:\\w+\\s+)*?(\\w+)\\s*=\\s*$`);
  for (const use of file.text.matchAll(new RegExp(`^[ \\t]*(?:static\\s+)?(${macros.join('|')})\\s*\\(([^()]*)\\)`, 'gm'))) {
    const text = expandUse(use[1] ?? '', (use[2] ?? '').split(','), file.path, types);
    const braces = text === undefined ? undefined : bracesIn(text);
    const [, struct, name] = head.exec(braces?.before ?? '') ?? [];
    if (braces === undefined || struct === undefined || name === undefined) continue;
    tables.push({ struct, name, line: file.lineAt(use.index), slots: slotsInText(braces.inside, orders.get(struct) ?? []) });
  }
  return tables;
}
