// GNU inline assembly: the statement with its operands (gcc manual, "Extended Asm").

import { isScalar } from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import type { AsmInput, AsmOutput } from './ast-places.ts';
import type { AsmStatement, Label } from './ast.ts';
import { isPlace, markAddressed, rvalue } from './convert.ts';
import { labelFor } from './labels.ts';
import type { Node, Parser } from './parser.ts';
import { parseText } from './strings.ts';
import { Word } from './words.ts';

/** At `asm`. */
export function parseAsm(p: Parser): AsmStatement {
  const at = p.i++;
  let volatile = false;
  for (;;) {
    const word = p.word(p.i);
    if (word === Word.Volatile) volatile = true;
    else if (word !== Word.Inline && word !== Word.Goto) break;
    p.i++;
  }
  p.expect(Token.LParen);
  const template = parseText(p);
  const outputs: AsmOutput[] = [];
  const inputs: AsmInput[] = [];
  const clobbers: string[] = [];
  const labels: Label[] = [];
  if (p.accept(Token.Colon)) {
    operands(p, (name, constraint, node) => outputs.push(output(p, name, constraint, node)));
    if (p.accept(Token.Colon)) {
      operands(p, (name, constraint, node) => inputs.push(input(name, constraint, node)));
      if (p.accept(Token.Colon)) {
        while (p.kind[p.i] === Token.String) {
          clobbers.push(parseText(p));
          if (!p.accept(Token.Comma)) break;
        }
        if (p.accept(Token.Colon)) {
          while (p.kind[p.i] === Token.Identifier) {
            const labelAt = p.i;
            labels.push(labelFor(p, p.name(), labelAt));
            if (!p.accept(Token.Comma)) break;
          }
        }
      }
    }
  } else {
    volatile = true;
  }
  p.expect(Token.RParen);
  p.expect(Token.Semicolon);
  return { kind: 'asm', template, outputs, inputs, clobbers, labels, volatile, at };
}

function operands(p: Parser, take: (name: string | undefined, constraint: string, node: Node) => void): void {
  while (p.kind[p.i] === Token.LBracket || p.kind[p.i] === Token.String) {
    let name: string | undefined;
    if (p.accept(Token.LBracket)) {
      name = p.text(p.name());
      p.expect(Token.RBracket);
    }
    const constraint = parseText(p);
    p.expect(Token.LParen);
    const node = p.grammar.expression(p);
    p.expect(Token.RParen);
    take(name, constraint, node);
    if (!p.accept(Token.Comma)) break;
  }
}

function output(p: Parser, name: string | undefined, constraint: string, node: Node): AsmOutput {
  if (!isPlace(node)) return p.refuse('asm output that is no place', node.at);
  markAddressed(node);
  return { name, constraint, place: node };
}

function input(name: string | undefined, constraint: string, node: Node): AsmInput {
  const place = isPlace(node) && node.type.kind !== 'function' ? node : undefined;
  if (place !== undefined && constraint.includes('m')) markAddressed(place);
  const value = rvalue(node);
  return { name, constraint, value: isScalar(value.type) ? value : undefined, place };
}
