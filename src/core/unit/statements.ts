// Statements and blocks (C11 6.8), with GNU's local labels, case ranges and attribute statements.

import { describeType } from '../ctype/print.ts';
import type { CType, IntType } from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import { parseAsm } from './asm.ts';
import type { Block, CaseStatement, Expr, ForStatement, Statement } from './ast.ts';
import { skipAttributes } from './attributes.ts';
import { assignable, convert, promote, rvalue, scalar } from './convert.ts';
import { declareLocalLabel, defineLabel, labelFor } from './labels.ts';
import { discard } from './operators.ts';
import type { FunctionContext, Parser } from './parser.ts';
import { Scope } from './parser.ts';
import { Word } from './words.ts';

/** At `{`. */
export function parseBlock(p: Parser): Block {
  const at = p.i;
  p.expect(Token.LBrace);
  const outer = p.scope;
  p.scope = new Scope(outer);
  const items: Statement[] = [];
  while (p.kind[p.i] !== Token.RBrace) {
    if (p.i >= p.tokens.length) p.unexpected('}');
    blockItem(p, items);
  }
  const endAt = p.i++;
  p.scope = outer;
  return { kind: 'block', items, at, endAt };
}

function blockItem(p: Parser, items: Statement[]): void {
  const word = p.word(p.i);
  if (word === Word.Label) {
    p.i++;
    do {
      const at = p.i;
      declareLocalLabel(p, p.name(), at);
    } while (p.accept(Token.Comma));
    p.expect(Token.Semicolon);
    return;
  }
  if (startsDeclaration(p)) p.grammar.localDeclaration(p, items);
  else statement(p, items);
}

/** At the first token of a block item: is it a declaration? */
function startsDeclaration(p: Parser): boolean {
  let i = p.i;
  while (p.word(i) === Word.Extension) i++;
  if (p.kind[i + 1] === Token.Colon && p.isName(i)) return false;
  if (p.word(i) === Word.Attribute) {
    const start = p.i;
    skipAttributes(p);
    const isDeclaration = p.kind[p.i] !== Token.Semicolon && p.startsType(p.i);
    p.i = start;
    return isDeclaration;
  }
  return p.word(i) === Word.StaticAssert || p.startsType(i);
}

function one(p: Parser): Statement {
  const at = p.i;
  const items: Statement[] = [];
  p.enter();
  statement(p, items);
  p.leave();
  const [only] = items;
  if (items.length === 1 && only !== undefined && only.kind !== 'label' && only.kind !== 'case') return only;
  return { kind: 'block', items, at, endAt: p.i - 1 };
}

/** One statement; a label or case brings its statement along as the next item. */
function statement(p: Parser, items: Statement[]): void {
  for (;;) {
    const at = p.i;
    if (p.kind[at] === Token.Identifier) {
      const word = p.word(at);
      if (word === Word.None && p.kind[at + 1] === Token.Colon) {
        const label = defineLabel(p, p.name(), at);
        p.i++;
        skipAttributes(p);
        items.push({ kind: 'label', label, at });
        if (p.kind[p.i] === Token.RBrace) return;
        if (startsDeclaration(p)) {
          p.grammar.localDeclaration(p, items);
          return;
        }
        continue;
      }
      if (word === Word.Case || word === Word.Default) {
        items.push(caseLabel(p, word === Word.Default));
        if (p.kind[p.i] === Token.RBrace) return;
        if (startsDeclaration(p)) {
          p.grammar.localDeclaration(p, items);
          return;
        }
        continue;
      }
    }
    items.push(simple(p, at));
    return;
  }
}

function simple(p: Parser, at: number): Statement {
  const kind = p.kind[at];
  if (kind === Token.LBrace) {
    p.enter();
    const block = parseBlock(p);
    p.leave();
    return block;
  }
  if (kind === Token.Semicolon) {
    p.i++;
    return { kind: 'empty', at };
  }
  if (kind === Token.Pragma) {
    p.i++;
    return { kind: 'empty', at };
  }
  switch (p.word(at)) {
    case Word.If:
      return ifStatement(p, at);
    case Word.While: {
      p.i++;
      const condition = parenthesised(p);
      return { kind: 'while', condition, body: loopBody(p), at };
    }
    case Word.Do: {
      p.i++;
      const body = loopBody(p);
      if (!p.acceptWord(Word.While)) p.unexpected('while');
      const condition = parenthesised(p);
      p.expect(Token.Semicolon);
      return { kind: 'do', condition, body, at };
    }
    case Word.For:
      return forStatement(p, at);
    case Word.Switch:
      return switchStatement(p, at);
    case Word.Return:
      return returnStatement(p, at);
    case Word.Goto: {
      p.i++;
      if (p.kind[p.i] === Token.Star) p.refuse('computed goto', at);
      const label = labelFor(p, p.name(), at);
      p.expect(Token.Semicolon);
      return { kind: 'goto', label, at };
    }
    case Word.Break: {
      p.i++;
      const { loops, switches } = context(p);
      if (loops === 0 && switches.length === 0) p.refuse('break outside of a loop or switch', at);
      p.expect(Token.Semicolon);
      return { kind: 'break', at };
    }
    case Word.Continue:
      p.i++;
      if (context(p).loops === 0) p.refuse('continue outside of a loop', at);
      p.expect(Token.Semicolon);
      return { kind: 'continue', at };
    case Word.Asm:
      return parseAsm(p);
    case Word.Attribute:
      skipAttributes(p);
      p.expect(Token.Semicolon);
      return { kind: 'empty', at };
    case Word.Else:
      return p.refuse('else without if', at);
    default: {
      const expr = discard(p.grammar.expression(p));
      p.expect(Token.Semicolon);
      return { kind: 'expression', expr, at };
    }
  }
}

function context(p: Parser): FunctionContext {
  return p.fn ?? p.refuse('a statement outside of a function');
}

function parenthesised(p: Parser): Expr {
  p.expect(Token.LParen);
  const condition = scalar(p, p.grammar.expression(p));
  p.expect(Token.RParen);
  return condition;
}

function loopBody(p: Parser): Statement {
  const fn = context(p);
  fn.loops++;
  const body = one(p);
  fn.loops--;
  return body;
}

function ifStatement(p: Parser, at: number): Statement {
  p.i++;
  const condition = parenthesised(p);
  const then = one(p);
  const otherwise = p.acceptWord(Word.Else) ? one(p) : undefined;
  return { kind: 'if', condition, then, otherwise, at };
}

function forStatement(p: Parser, at: number): ForStatement {
  p.i++;
  p.expect(Token.LParen);
  const outer = p.scope;
  p.scope = new Scope(outer);
  const init: Statement[] = [];
  if (p.kind[p.i] === Token.Semicolon) {
    p.i++;
  } else if (startsDeclaration(p)) {
    p.grammar.localDeclaration(p, init);
  } else {
    const initAt = p.i;
    init.push({ kind: 'expression', expr: discard(p.grammar.expression(p)), at: initAt });
    p.expect(Token.Semicolon);
  }
  const condition = p.kind[p.i] === Token.Semicolon ? undefined : scalar(p, p.grammar.expression(p));
  p.expect(Token.Semicolon);
  const step = p.kind[p.i] === Token.RParen ? undefined : discard(p.grammar.expression(p));
  p.expect(Token.RParen);
  const body = loopBody(p);
  p.scope = outer;
  return { kind: 'for', init, condition, step, body, at };
}

function switchStatement(p: Parser, at: number): Statement {
  p.i++;
  p.expect(Token.LParen);
  const value = promote(rvalue(p.grammar.expression(p)));
  p.expect(Token.RParen);
  if (value.type.kind !== 'int') return p.refuse(`switch on ${describeType(value.type)}`, at);
  const fn = context(p);
  const cases: CaseStatement[] = [];
  fn.switches.push({ type: value.type, cases });
  const body = one(p);
  fn.switches.pop();
  return { kind: 'switch', value, type: value.type, body, cases, at };
}

function caseLabel(p: Parser, isDefault: boolean): CaseStatement {
  const at = p.i++;
  const state = context(p).switches.at(-1);
  if (state === undefined) return p.refuse('case outside of a switch', at);
  let low: bigint | undefined;
  let high: bigint | undefined;
  if (!isDefault) {
    low = caseValue(p, state.type);
    high = p.accept(Token.Ellipsis) ? caseValue(p, state.type) : low;
  }
  p.expect(Token.Colon);
  const label: CaseStatement = { kind: 'case', low, high, at };
  state.cases.push(label);
  return label;
}

function caseValue(p: Parser, type: IntType): bigint {
  const value = rvalue(p.grammar.conditional(p));
  const converted = value.kind === 'int' ? convert(value, type, value.at) : value;
  if (converted.kind !== 'int') return p.refuse('case label is not constant', value.at);
  return converted.value;
}

function returnStatement(p: Parser, at: number): Statement {
  p.i++;
  const returns: CType = context(p).returns;
  if (p.accept(Token.Semicolon)) return { kind: 'return', value: undefined, at };
  const node = p.grammar.expression(p);
  if (returns.kind === 'void') {
    const expr = discard(node);
    p.expect(Token.Semicolon);
    const items: Statement[] = [
      { kind: 'expression', expr, at },
      { kind: 'return', value: undefined, at },
    ];
    return { kind: 'block', items, at, endAt: p.i - 1 };
  }
  const value = assignable(p, node, returns, at);
  p.expect(Token.Semicolon);
  return { kind: 'return', value, at };
}
