// What a function can return and what its callers do with each code, read from the text.
import type { Node } from 'web-tree-sitter';
import { definitionAt } from '../symbols/expression-type.ts';
import { enclosing, flat, lineOfNode } from '../symbols/nodes.ts';
import type { FunctionOutline, SourceFile } from '../syntax/source-file.ts';
import type { ContractEvidence, ResultCode } from './contract.ts';

/** A call whose result matters: the call node and the function around it. */
export interface CallSite {
  readonly file: SourceFile;
  readonly f: FunctionOutline;
  readonly call: Node;
}

const errno = /-\s*(E[A-Z]+[A-Z0-9]*)\b/g;

/** Codes that the body itself names: `return -EIO`, `rc = -EIO`. */
export function ownCodes(file: SourceFile, f: FunctionOutline): Map<string, ContractEvidence[]> {
  const codes = new Map<string, ContractEvidence[]>();
  const add = (code: string, line: number, why: string): void => {
    const list = codes.get(code) ?? [];
    list.push({ file: file.path, line, text: file.lineText(line).trim(), why });
    codes.set(code, list);
  };
  const text = file.masked.slice(f.bodyOffset, f.endOffset);
  for (const m of text.matchAll(/\breturn\s+([^;]*);/g)) {
    const line = file.lineAt(f.bodyOffset + m.index);
    for (const c of m[1]!.matchAll(errno)) add(`-${c[1]!}`, line, 'returned here');
    if (m[1]!.trim() === '0') add('0', line, 'returned here');
  }
  for (const m of text.matchAll(/\b(\w+)\s*=\s*-\s*(E[A-Z]+[A-Z0-9]*)\s*[;,]/g)) {
    if (new RegExp(`\\breturn\\b[^;]*\\b${m[1]!}\\b`).test(text))
      add(`-${m[2]!}`, file.lineAt(f.bodyOffset + m.index), `${m[1]!} is returned`);
  }
  return codes;
}

/** Names of functions whose result this one returns. */
export function forwardedCallees(file: SourceFile, f: FunctionOutline): string[] {
  const text = file.masked.slice(f.bodyOffset, f.endOffset);
  const names = new Set<string>();
  for (const m of text.matchAll(/\breturn\s+(\w+)\s*\(/g)) names.add(m[1]!);
  for (const m of text.matchAll(/\b(\w+)\s*=\s*(\w+)\s*\(/g)) if (new RegExp(`\\breturn\\s+${m[1]!}\\s*;`).test(text)) names.add(m[2]!);
  return [...names];
}

/** What one caller does with the result of a call. */
export function reactions(site: CallSite): ResultCode[] {
  const { file, f, call } = site;
  const result: ResultCode[] = [];
  const say = (code: string, meaning: string, node: Node, why: string): void => {
    const line = lineOfNode(node);
    result.push({ code, meaning: `${f.name}: ${meaning}`, evidence: [{ file: file.path, line, text: file.lineText(line).trim(), why }] });
  };
  const variable = receiver(call);
  const returned = enclosing(call, ['return_statement'], ['compound_statement']);
  if (returned !== undefined) {
    say('any', 'handed on to the caller of this function', returned, `${f.name} returns the result`);
    return result;
  }
  const condition = enclosing(call, ['if_statement'], ['compound_statement', 'expression_statement', 'declaration']);
  const inCondition = condition?.childForFieldName('condition');
  if (
    variable === undefined &&
    condition !== undefined &&
    inCondition !== null &&
    inCondition !== undefined &&
    inCondition.startIndex <= call.startIndex &&
    call.endIndex <= inCondition.endIndex
  ) {
    branch(condition, flat(file, inCondition.startIndex + 1, inCondition.endIndex - 1), 'the result', file, say);
    return result;
  }
  if (variable === undefined) {
    const statement = enclosing(call, ['expression_statement'], ['compound_statement']);
    if (statement !== undefined && call.parent?.type === 'expression_statement')
      say('any', 'ignored', statement, 'the call is a statement of its own');
    return result;
  }
  const body = definitionAt(file, f.nameOffset);
  for (const test of body?.descendantsOfType(['if_statement', 'switch_statement', 'return_statement', 'conditional_expression']) ?? []) {
    if (test.startIndex < call.startIndex) continue;
    const overwritten = (body?.descendantsOfType('assignment_expression') ?? []).some(
      (a) =>
        a.childForFieldName('left')?.text === variable &&
        a.startIndex > call.endIndex &&
        a.endIndex < test.startIndex &&
        enclosing(a, ['if_statement'], [])?.startIndex === enclosing(call, ['if_statement'], [])?.startIndex,
    );
    if (overwritten) break;
    if (test.type === 'return_statement') {
      if (new RegExp(`^return\\s+[^;]*\\b${variable}\\b`).test(test.text)) {
        say('any', `returned as ${variable}`, test, `${f.name} returns ${variable}`);
        break;
      }
      continue;
    }
    const c = test.childForFieldName('condition');
    if (c === null || !new RegExp(`\\b${variable}\\b`).test(c.text)) continue;
    if (test.type === 'switch_statement') {
      for (const k of test.descendantsOfType('case_statement')) {
        const value = k.childForFieldName('value');
        if (value !== null) say(value.text, `case ${value.text}`, k, 'a case of the switch over the result');
      }
    } else if (test.type === 'if_statement') branch(test, flat(file, c.startIndex + 1, c.endIndex - 1), variable, file, say);
    else say('any', `decides ${flat(file, test.startIndex, test.endIndex)}`, test, 'tested here');
  }
  return result;
}

function receiver(call: Node): string | undefined {
  let node: Node = call;
  while (node.parent?.type === 'parenthesized_expression' || node.parent?.type === 'cast_expression') node = node.parent;
  const parent = node.parent;
  if (parent?.type === 'assignment_expression' && parent.childForFieldName('right')?.startIndex === node.startIndex) {
    const left = parent.childForFieldName('left')?.text;
    return left !== undefined && /^\w+$/.test(left) ? left : undefined;
  }
  if (parent?.type === 'init_declarator') return /(\w+)\s*$/.exec(parent.childForFieldName('declarator')?.text ?? '')?.[1];
  return undefined;
}

type Say = (code: string, meaning: string, node: Node, why: string) => void;

/** An `if` over the result: what it does for which codes. */
function branch(test: Node, condition: string, variable: string, file: SourceFile, say: Say): void {
  const consequence = test.childForFieldName('consequence');
  const action = consequence === null ? '' : brief(file, consequence);
  const after = following(test, file);
  const equal = [...condition.matchAll(/==\s*(-\s*E[A-Z]+[A-Z0-9]*|-?\d+)/g)].map((m) => m[1]!.replace(/\s/g, ''));
  const unequal = [...condition.matchAll(/!=\s*(-\s*E[A-Z]+[A-Z0-9]*|-?\d+)/g)].map((m) => m[1]!.replace(/\s/g, ''));
  for (const code of equal) say(code, `does ${action}`, test, `if (${condition})`);
  for (const code of unequal) {
    say(code, `goes on${after === '' ? '' : ` with ${after}`}`, test, `if (${condition}) does not apply`);
    say(`other than ${code}`, `does ${action}`, test, `if (${condition})`);
  }
  if (equal.length + unequal.length > 0) return;
  const v = variable === 'the result' ? '' : variable;
  if (v !== '' && new RegExp(`^!\\s*${v}$`).test(condition)) say('0', `does ${action}`, test, `if (${condition})`);
  else if (v !== '' && new RegExp(`^${v}\\s*<\\s*0$`).test(condition)) say('negative', `does ${action}`, test, `if (${condition})`);
  else if (v === '' && condition.startsWith('!')) say('0', `does ${action}`, test, `if (${condition})`);
  else {
    say('not 0', `does ${action}`, test, `if (${condition})`);
    if (after !== '') say('0', `goes on with ${after}`, test, `if (${condition}) does not apply`);
  }
}

function brief(file: SourceFile, node: Node): string {
  const text = flat(file, node.startIndex, node.endIndex).replace(/^\{\s*|\s*\}$/g, '');
  return text.length > 90 ? `${text.slice(0, 87)}...` : text;
}

function following(test: Node, file: SourceFile): string {
  let next = test.nextNamedSibling;
  while (next?.type === 'comment') next = next.nextNamedSibling;
  return next === null || next === undefined ? '' : brief(file, next);
}
