// Lists the function definitions of a tree with their parameters.
import type { Node, Tree } from 'web-tree-sitter';
import type { FunctionOutline, ParameterOutline } from './source-file.ts';

const collapse = (s: string): string =>
  s
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** The name node inside a declarator: `*(*name[2])(int)` gives name. */
export function declaredName(declarator: Node): Node | undefined {
  let node: Node | null = declarator;
  while (node !== null) {
    if (node.type === 'identifier' || node.type === 'field_identifier' || node.type === 'type_identifier') return node;
    const inner: Node | null = node.childForFieldName('declarator');
    if (inner !== null) node = inner;
    else if (node.type === 'parenthesized_declarator' || node.type === 'pointer_declarator' || node.type === 'attributed_declarator')
      node = node.namedChildren.find((c) => c.type.endsWith('declarator') || c.type.endsWith('identifier')) ?? null;
    else return undefined;
  }
  return undefined;
}

/** The function_declarator of a declarator chain, through pointers and parentheses. */
function functionDeclarator(declarator: Node): Node | undefined {
  let node: Node | null = declarator;
  while (node !== null) {
    if (node.type === 'function_declarator') {
      const inner = node.childForFieldName('declarator');
      return inner?.type === 'parenthesized_declarator' && inner.namedChild(0)?.type === 'function_declarator'
        ? functionDeclarator(inner.namedChild(0)!)
        : node;
    }
    node = node.childForFieldName('declarator') ?? (node.type === 'parenthesized_declarator' ? node.namedChild(0) : null);
  }
  return undefined;
}

/** Function definitions in order of place. */
export function functionsOf(tree: Tree, text: string, conditionsAt: (line: number) => readonly string[]): FunctionOutline[] {
  const result: FunctionOutline[] = [];
  const visit = (node: Node): void => {
    for (const child of node.namedChildren) {
      if (child.type === 'function_definition') {
        const f = outlineOf(child, text, conditionsAt);
        if (f !== undefined) result.push(f);
      } else if (child.type === 'ERROR' || child.type === 'linkage_specification' || child.type === 'declaration_list') visit(child);
    }
  };
  visit(tree.rootNode);
  return result;
}

function outlineOf(node: Node, text: string, conditionsAt: (line: number) => readonly string[]): FunctionOutline | undefined {
  const declarator = node.childForFieldName('declarator');
  const body = node.childForFieldName('body');
  if (declarator === null || body === null) return undefined;
  const call = functionDeclarator(declarator);
  const name = declaredName(call ?? declarator);
  if (name === undefined) return undefined;
  const line = name.startPosition.row + 1;
  const head = text.slice(node.startIndex, name.startIndex);
  const syscall = /SYSCALL(?:32|64)?_DEFINE\d?\s*\(/.test(head) || /^SYSCALL(?:32|64)?_DEFINE0\b/.test(text.slice(node.startIndex));
  const compat = head.includes('COMPAT_SYSCALL');
  return {
    name: syscall ? `__do_${compat ? 'compat_' : ''}sys_${name.text}` : name.text,
    line,
    column: name.startPosition.column + 1,
    startLine: node.startPosition.row + 1,
    endLine: node.endPosition.row + 1,
    nameOffset: name.startIndex,
    bodyOffset: body.startIndex,
    endOffset: node.endIndex,
    returnType: collapse(text.slice(node.startIndex, (call ?? declarator).startIndex))
      .replace(/\b(static|extern|inline|STATIC)\b/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
    isStatic: /\b(static|STATIC)\b/.test(head),
    parameters: call === undefined ? [] : parametersOf(call, text),
    conditions: conditionsAt(line),
  };
}

/** Parameters of a function declarator; `void` alone is none. */
function parametersOf(call: Node, text: string): ParameterOutline[] {
  const list = call.childForFieldName('parameters');
  const result: ParameterOutline[] = [];
  for (const p of list?.namedChildren ?? []) {
    if (p.type !== 'parameter_declaration') continue;
    const declarator = p.childForFieldName('declarator');
    const name = declarator === null ? undefined : declaredName(declarator);
    const whole = text.slice(p.startIndex, p.endIndex);
    if (name === undefined && whole === 'void') continue;
    const at = name?.startPosition ?? p.startPosition;
    const type =
      name === undefined
        ? collapse(whole)
        : collapse(`${text.slice(p.startIndex, name.startIndex)}${text.slice(name.endIndex, p.endIndex)}`);
    result.push({ name: name?.text ?? '', type, line: at.row + 1, column: at.column + 1 });
  }
  return result;
}
