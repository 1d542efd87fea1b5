// What a function can return and what its callers do with each code, read from the text.
import type { Node } from 'web-tree-sitter';
import { definitionAt } from '../symbols/expression-type.ts';
import { enclosing, flat, lineOfNode } from '../symbols/nodes.ts';
import type { FunctionOutline, SourceFile } from '../syntax/source-file.ts';
import type { ContractEvidence, ResultCode } from './contract.ts';
import { ValueFlow } from './value-flow.ts';

/** A call whose result matters: the call node and the function around it. */
export interface CallSite {
  readonly file: SourceFile;
  readonly f: FunctionOutline;
  readonly call: Node;
}

const errno = /-\s*(E[A-Z]+[A-Z0-9]*)\b/g;

/** Codes that the body itself names: `return -EIO`, and `rc = -EIO` where a return can read it. */
export function ownCodes(file: SourceFile, f: FunctionOutline): Map<string, ContractEvidence[]> {
  const codes = new Map<string, ContractEvidence[]>();
  const add = (code: string, node: Node, why: string): void => {
    const list = codes.get(code) ?? [];
    const line = lineOfNode(node);
    list.push({ file: file.path, line, text: file.lineText(line).trim(), why });
    codes.set(code, list);
  };
  const body = definitionAt(file, f.nameOffset);
  const flow = flowOf(body);
  if (body === undefined || flow === undefined) return codes;
  for (const node of body.descendantsOfType('return_statement')) {
    for (const value of values(node.namedChild(0))) {
      for (const m of value.text.matchAll(errno)) add(`-${m[1]!}`, value, 'returned here');
      if (value.text === '0') add('0', value, 'returned here');
    }
  }
  for (const write of body.descendantsOfType(['assignment_expression', 'init_declarator'])) {
    const { variable, value } = partsOf(write);
    if (variable === undefined || value === undefined) continue;
    for (const arm of values(value)) {
      const code = /^-\s*(E[A-Z]+[A-Z0-9]*)$/.exec(arm.text)?.[1];
      if (code !== undefined && flow.isReturned(write, variable)) add(`-${code}`, arm, `${variable} is returned`);
    }
  }
  return codes;
}

/** Names of functions whose result this one returns. */
export function forwardedCallees(file: SourceFile, f: FunctionOutline): string[] {
  const body = definitionAt(file, f.nameOffset);
  const flow = flowOf(body);
  if (body === undefined || flow === undefined) return [];
  const names = new Set<string>();
  const add = (value: Node): void => {
    const callee = value.type === 'call_expression' ? value.childForFieldName('function') : undefined;
    if (callee?.type === 'identifier') names.add(callee.text);
  };
  for (const node of body.descendantsOfType('return_statement')) values(node.namedChild(0)).forEach(add);
  for (const write of body.descendantsOfType(['assignment_expression', 'init_declarator'])) {
    const { variable, value } = partsOf(write);
    if (variable !== undefined && value !== undefined && flow.isReturned(write, variable)) values(value).forEach(add);
  }
  return [...names];
}

/** The flow of a function's body. */
function flowOf(definition: Node | undefined): ValueFlow | undefined {
  const body = definition?.childForFieldName('body');
  return body === null || body === undefined ? undefined : new ValueFlow(body);
}

/** What an expression can be: both arms of a conditional one, without parentheses and casts. */
function values(node: Node | null): Node[] {
  if (node === null) return [];
  switch (node.type) {
    case 'parenthesized_expression':
      return values(node.namedChild(0));
    case 'cast_expression':
      return values(node.childForFieldName('value'));
    case 'conditional_expression':
      return [...values(node.childForFieldName('consequence')), ...values(node.childForFieldName('alternative'))];
    default:
      return [node];
  }
}

function partsOf(write: Node): { readonly variable?: string; readonly value?: Node } {
  const isAssignment = write.type === 'assignment_expression';
  if (isAssignment && write.childForFieldName('operator')?.text !== '=') return {};
  const name = write.childForFieldName(isAssignment ? 'left' : 'declarator')?.text;
  const value = write.childForFieldName(isAssignment ? 'right' : 'value');
  return name === undefined || !/^\w+$/.test(name) || value === null ? {} : { variable: name, value };
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
    if (values(returned.namedChild(0)).some((value) => value.id === call.id))
      say('any', 'handed on to the caller of this function', returned, `${f.name} returns the result`);
    else if (enclosing(call.parent, ['call_expression'], ['return_statement']) === undefined)
      say('any', `decides ${flat(file, returned.startIndex, returned.endIndex)}`, returned, 'used here');
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
  const readers = flowOf(body)?.readers(call, variable) ?? [];
  for (const test of body?.descendantsOfType(['if_statement', 'switch_statement', 'return_statement', 'conditional_expression']) ?? []) {
    const read = test.childForFieldName('condition') ?? test;
    if (!readers.some((node) => node.startIndex <= read.startIndex && read.endIndex <= node.endIndex)) continue;
    if (test.type === 'return_statement') {
      if (new RegExp(`^return\\s+[^;]*\\b${variable}\\b`).test(test.text)) {
        say('any', `returned as ${variable}`, test, `${f.name} returns ${variable}`);
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
  if (v === '' && /<\s*0$/.test(condition) && !/&&|\|\|/.test(condition)) {
    say('negative', `does ${action}`, test, `if (${condition})`);
    return;
  }
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
