// Indirect call sites of one function and what they may call: through slots, parameters, local variables and arrays.
import type { Node } from 'web-tree-sitter';
import { definitionAt } from '../symbols/expression-type.ts';
import { bareIdentifier, enclosing, flat, lineOfNode } from '../symbols/nodes.ts';
import type { FunctionOutline, SourceFile } from '../syntax/source-file.ts';
import type { CallContext } from './direct-calls.ts';

/** An indirect call and how its callee is found. Lines are those of the called expression. */
export type IndirectSite =
  | { readonly kind: 'slot'; readonly struct: string; readonly member: string; readonly line: number; readonly text: string }
  | { readonly kind: 'parameter'; readonly parameter: number; readonly name: string; readonly line: number; readonly text: string }
  | {
      readonly kind: 'functions';
      readonly functions: readonly string[];
      readonly why: string;
      readonly line: number;
      readonly text: string;
    }
  | { readonly kind: 'unknown'; readonly reason: string; readonly line: number; readonly text: string };

/** Indirect call sites in order of place. */
export function indirectCalls(file: SourceFile, f: FunctionOutline, context: CallContext): IndirectSite[] {
  const body = definitionAt(file, f.nameOffset);
  const sites: IndirectSite[] = [];
  if (body === undefined) return sites;
  for (const call of body.descendantsOfType('call_expression')) {
    const callee = call.childForFieldName('function');
    if (callee === null) continue;
    const site = siteOf(callee, call, body, file, f, context, 0);
    if (site !== undefined) sites.push(site);
  }
  return sites;
}

function siteOf(
  callee: Node,
  call: Node,
  body: Node,
  file: SourceFile,
  f: FunctionOutline,
  context: CallContext,
  depth: number,
): IndirectSite | undefined {
  let node = callee;
  while (
    (node.type === 'parenthesized_expression' ||
      (node.type === 'pointer_expression' && node.childForFieldName('operator')?.text === '*')) &&
    node.namedChild(0) !== null
  ) {
    node = node.type === 'pointer_expression' ? node.childForFieldName('argument')! : node.namedChild(0)!;
  }
  const text = flat(file, call.startIndex, call.endIndex).slice(0, 120);
  const line = lineOfNode(node.type === 'field_expression' ? (node.childForFieldName('field') ?? node) : node);
  if (node.type === 'field_expression') {
    const owner = context.types.memberOf(node, file);
    if (owner !== undefined) return { kind: 'slot', struct: owner.struct, member: owner.member.name, line, text };
    // A macro that is used like a member, or a type that no header in reach declares.
    return {
      kind: 'unknown',
      reason: `the type of ${flat(file, node.childForFieldName('argument')!.startIndex, node.childForFieldName('argument')!.endIndex)} is not declared in reach`,
      line,
      text,
    };
  }
  if (node.type === 'identifier') {
    const name = node.text;
    const parameter = f.parameters.findIndex((p) => p.name === name);
    if (parameter >= 0) return { kind: 'parameter', parameter, name, line, text };
    const variable = context.types.local(name, node.startIndex, file);
    if (variable !== undefined && !variable.isPrototype && variable.type !== undefined)
      return depth > 2 ? undefined : localSite(name, node, body, call, file, f, context, depth, line, text);
    const global = context.types.global(name, file);
    if (global === undefined || global.isPrototype || file.functions.some((g) => g.name === name)) return undefined;
    const functions = assignedInFile(name, file);
    return functions.length > 0
      ? { kind: 'functions', functions, why: `assigned to ${name} in this file`, line, text }
      : { kind: 'unknown', reason: `nothing in this file assigns a function to ${name}`, line, text };
  }
  if (node.type === 'subscript_expression') {
    const array = node.childForFieldName('argument');
    const functions = array?.type === 'identifier' ? arrayFunctions(array.text, file) : [];
    if (functions.length > 0) return { kind: 'functions', functions, why: `elements of ${array?.text ?? ''}`, line, text };
    return { kind: 'unknown', reason: 'called through an array element', line, text };
  }
  if (node.type === 'conditional_expression') {
    const functions = [node.childForFieldName('consequence'), node.childForFieldName('alternative')]
      .map((n) => bareIdentifier(n)?.text)
      .filter((n) => n !== undefined);
    return { kind: 'functions', functions, why: 'either branch of ?:', line, text };
  }
  if (node.type === 'call_expression' || node.type === 'cast_expression')
    return node.type === 'call_expression' && node.childForFieldName('function')?.type === 'identifier'
      ? undefined
      : { kind: 'unknown', reason: 'called through a computed value', line, text };
  return undefined;
}

/** A local function pointer: its assignments tell. */
function localSite(
  name: string,
  at: Node,
  body: Node,
  call: Node,
  file: SourceFile,
  f: FunctionOutline,
  context: CallContext,
  depth: number,
  line: number,
  text: string,
): IndirectSite {
  const functions: string[] = [];
  const values: (Node | null)[] = [];
  for (const a of body.descendantsOfType('assignment_expression'))
    if (a.childForFieldName('left')?.text === name) values.push(a.childForFieldName('right'));
  for (const d of body.descendantsOfType('init_declarator'))
    if (/(\w+)\s*\)?\s*(\(|\[|$)/.exec(d.childForFieldName('declarator')?.text ?? '')?.[1] === name)
      values.push(d.childForFieldName('value'));
  for (const v of values) {
    if (v === null) continue;
    const member =
      v.type === 'field_expression' ? v : v.type === 'call_expression' ? (v.descendantsOfType('field_expression')[0] ?? null) : null;
    if (member !== null) {
      const site = siteOf(member, call, body, file, f, context, depth + 1);
      if (site !== undefined && site.kind !== 'unknown') return { ...site, line, text };
    }
    const branches = v.type === 'conditional_expression' ? [v.childForFieldName('consequence'), v.childForFieldName('alternative')] : [v];
    for (const b of branches) {
      const id = bareIdentifier(b);
      if (id === undefined || id.text === 'NULL') continue;
      const p = f.parameters.findIndex((x) => x.name === id.text);
      if (p >= 0) return { kind: 'parameter', parameter: p, name: id.text, line, text };
      if (context.types.local(id.text, at.startIndex, file) === undefined) functions.push(id.text);
    }
  }
  return functions.length > 0
    ? { kind: 'functions', functions: [...new Set(functions)], why: `assigned to ${name}`, line, text }
    : { kind: 'unknown', reason: `nothing in this function assigns a function to ${name}`, line, text };
}

/** Functions stored in a file-level pointer. */
function assignedInFile(name: string, file: SourceFile): string[] {
  const found = new Set<string>();
  for (const m of file.masked.matchAll(new RegExp(`\\b${name}\\s*\\)?\\s*(?:\\([^()]*\\)\\s*)?=\\s*&?\\s*([A-Za-z_]\\w*)\\s*;`, 'g')))
    if (m[1] !== 'NULL') found.add(m[1]!);
  return [...found].filter((f) => file.functions.some((g) => g.name === f));
}

/** Functions in the initialiser of an array in the same file. */
function arrayFunctions(name: string, file: SourceFile): string[] {
  const m =
    new RegExp(`\\b${name}\\s*(?:\\[[^\\]]*\\]\\s*)+(?:\\([^)]*\\)\\s*)?(?:__\\w+\\s*)*=\\s*\\{`).exec(file.text) ??
    new RegExp(`\\(\\*\\s*(?:const\\s+)?${name}\\s*\\[[^\\]]*\\]\\s*\\)[^=;]*=\\s*\\{`).exec(file.text);
  if (m === null) return [];
  const list = enclosing(file.root.descendantForIndex(m.index + m[0].length - 1), ['initializer_list']);
  return (list?.namedChildren ?? [])
    .map((e) => bareIdentifier(e.type === 'initializer_pair' ? e.childForFieldName('value') : e)?.text)
    .filter((n): n is string => n !== undefined && n !== 'NULL');
}
