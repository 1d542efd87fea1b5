// Small helpers on syntax nodes of the source view.
import type { Node } from 'web-tree-sitter';
import type { SourceFile } from '../syntax/source-file.ts';

/** Original text of a node with blanks collapsed. */
export function flat(file: SourceFile, from: number, to: number): string {
  return file.text
    .slice(from, to)
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\\\r?\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The nearest ancestor (or the node itself) of one of the types. */
export function enclosing(node: Node | null, types: readonly string[], stop: readonly string[] = []): Node | undefined {
  for (let n = node; n !== null; n = n.parent) {
    if (types.includes(n.type)) return n;
    if (stop.includes(n.type)) return undefined;
  }
  return undefined;
}

/** Line (from 1) of a node's start. */
export function lineOfNode(node: Node): number {
  return node.startPosition.row + 1;
}

/** Removes parentheses, casts, `&`, `*` and single-argument wrappers around a function's name. */
export function bareIdentifier(node: Node | null): Node | undefined {
  let n: Node | null = node;
  for (let k = 0; n !== null && k < 8; k++) {
    switch (n.type) {
      case 'identifier':
        return n;
      case 'parenthesized_expression':
        n = n.namedChild(0);
        break;
      case 'cast_expression':
        n = n.childForFieldName('value');
        break;
      case 'pointer_expression':
        n = n.childForFieldName('argument');
        break;
      case 'conditional_expression':
        n = n.childForFieldName('consequence');
        break;
      case 'call_expression': {
        const args = n.childForFieldName('arguments');
        n = args === null ? null : args.namedChildCount === 1 ? args.namedChild(0) : null;
        break;
      }
      default:
        return undefined;
    }
  }
  return undefined;
}

/** True for NULL and 0. */
export function isNull(node: Node | null): boolean {
  return node === null || /^(NULL|0|\(void \*\)0)$/.test(node.text);
}

/** The statement around a node. */
export function statementOf(node: Node): Node {
  return (
    enclosing(node, [
      'expression_statement',
      'declaration',
      'return_statement',
      'if_statement',
      'while_statement',
      'for_statement',
      'do_statement',
      'switch_statement',
    ]) ?? node
  );
}
