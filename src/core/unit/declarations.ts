// Declarations inside functions (C11 6.7): variables, statics, typedefs, externs.

import { compatible } from '../ctype/compatible.ts';
import { sizeOf } from '../ctype/layout.ts';
import { describeType } from '../ctype/print.ts';
import type { CType } from '../ctype/types.ts';
import { ULONG, isVla, unqualified } from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import type { DeclareStatement, FunctionRef, Initialiser, LocalVariable, ObjectRef, Statement } from './ast.ts';
import type { Attributes } from './attributes.ts';
import { parseMoreAttributes, symbolAttributes } from './attributes.ts';
import { rvalue } from './convert.ts';
import type { Declarator } from './declarators.ts';
import { parseDeclarator } from './declarators.ts';
import type { Parser } from './parser.ts';
import type { Specifiers } from './specifiers.ts';
import { attributedType, parseSpecifiers } from './specifiers.ts';
import { parseText } from './strings.ts';
import { Word } from './words.ts';

/** A declaration in a block, appended as statements. */
export function parseLocalDeclaration(p: Parser, into: Statement[]): void {
  while (p.word(p.i) === Word.Extension) p.i++;
  if (p.word(p.i) === Word.StaticAssert) {
    staticAssert(p);
    return;
  }
  const specs = parseSpecifiers(p);
  if (p.accept(Token.Semicolon)) return;
  for (;;) {
    declareOne(p, specs, into);
    if (p.accept(Token.Semicolon)) return;
    p.expect(Token.Comma);
  }
}

/** `_Static_assert(condition, "text");` refused when it fails, as the build would. */
export function staticAssert(p: Parser): void {
  const at = p.i++;
  p.expect(Token.LParen);
  const value = rvalue(p.grammar.conditional(p));
  if (value.kind !== 'int') p.refuse('static assertion is not constant', at);
  if (value.value === 0n) p.refuse('static assertion failed', at);
  if (p.accept(Token.Comma)) parseText(p);
  p.expect(Token.RParen);
  p.expect(Token.Semicolon);
}

/** `asm("name")` behind a declarator. */
export function parseAsmLabel(p: Parser): string | undefined {
  if (p.word(p.i) !== Word.Asm) return undefined;
  p.i++;
  p.expect(Token.LParen);
  const name = parseText(p);
  p.expect(Token.RParen);
  return name;
}

function declareOne(p: Parser, specs: Specifiers, into: Statement[]): void {
  const early = parseMoreAttributes(p, specs.attributes);
  const declared = parseDeclarator(p, specs.type);
  const asmName = parseAsmLabel(p);
  const attributes = p.word(p.i) === Word.Attribute ? parseMoreAttributes(p, early) : early;
  const type = attributedType(p, declared.type, attributes, specs.storage === 'typedef');
  if (declared.name < 0) p.unexpected('a name');
  if (specs.autoType) {
    autoVariable(p, specs, declared, attributes, into);
    return;
  }
  if (specs.storage === 'typedef') {
    flushSizes(p, into);
    p.scope?.define(declared.name, { kind: 'typedef', type });
  } else if (type.kind === 'function') {
    if (p.kind[p.i] === Token.LBrace) p.refuse('nested function', declared.at);
    p.scope?.define(declared.name, localFunction(p, type, declared, specs, attributes, asmName));
  } else if (specs.storage === 'extern') {
    p.scope?.define(declared.name, localExtern(p, type, declared, specs, attributes, asmName));
  } else if (specs.storage === 'static') {
    staticLocal(p, type, declared, specs, attributes);
  } else {
    const variable = newVariable(p, type, declared, specs, attributes);
    if (specs.storage === 'register' && asmName !== undefined) Object.assign(variable, { register: asmName });
    flushSizes(p, into);
    p.scope?.define(declared.name, variable);
    let initialiser: Initialiser | undefined;
    if (p.accept(Token.Assign)) {
      if (isVla(type)) p.refuse('initialiser of a variable array', declared.at);
      const found = p.grammar.initialiser(p, type);
      initialiser = found.initialiser;
      variable.type = found.type;
    }
    if (sizeOf(variable.type) === undefined && !isVla(type)) p.refuse(`variable of incomplete ${describeType(type)}`, declared.at);
    into.push({ kind: 'declare', variable, initialiser, at: declared.at });
  }
}

function newVariable(p: Parser, type: CType, declared: Declarator, specs: Specifiers, attributes: Attributes | undefined): LocalVariable {
  if (type.kind === 'void') p.refuse('variable of type void', declared.at);
  const variable = p.addLocal(p.text(declared.name), type, declared.at);
  variable.align = Math.max(specs.align, attributes?.aligned ?? 0);
  if (attributes !== undefined && attributes.cleanup >= 0) {
    variable.cleanup = cleanupFunction(p, attributes.cleanup);
    variable.addressed = true;
  }
  return variable;
}

function cleanupFunction(p: Parser, token: number): FunctionRef {
  const found = p.isName(token) ? p.lookup(p.id[token] ?? 0) : undefined;
  return found?.kind === 'function' ? found : p.refuse('cleanup attribute without a function', token);
}

function autoVariable(p: Parser, specs: Specifiers, declared: Declarator, attributes: Attributes | undefined, into: Statement[]): void {
  p.expect(Token.Assign);
  const value = rvalue(p.grammar.assignment(p));
  const type = { ...unqualified(value.type), quals: specs.type.quals };
  const variable = newVariable(p, type, declared, specs, attributes);
  p.scope?.define(declared.name, variable);
  const items = [{ offset: 0, bits: undefined, type: unqualified(type), value }];
  into.push({ kind: 'declare', variable, initialiser: { size: sizeOf(type) ?? 0, zero: false, items }, at: declared.at });
}

/** Sizes of VLA types just declared become declarations of their hidden locals. */
export function flushSizes(p: Parser, into: Statement[]): void {
  const fn = p.fn;
  if (fn === undefined || fn.vlaSizes.length === 0) return;
  for (const { variable, size } of fn.vlaSizes) {
    const items = [{ offset: 0, bits: undefined, type: ULONG, value: size }];
    const statement: DeclareStatement = { kind: 'declare', variable, initialiser: { size: 8, zero: false, items }, at: size.at };
    into.push(statement);
  }
  fn.vlaSizes = [];
}

function symbol(specs: Specifiers, attributes: Attributes | undefined, asmName: string | undefined): FunctionRef['attributes'] {
  const { inline, noreturn, threadLocal, align } = specs;
  return symbolAttributes(attributes, { inline, noreturn, threadLocal, asmName, align });
}

function localFunction(
  p: Parser,
  type: CType & { kind: 'function' },
  declared: Declarator,
  specs: Specifiers,
  attributes: Attributes | undefined,
  asmName: string | undefined,
): FunctionRef {
  const known = p.file.resolve(declared.name);
  if (known?.kind === 'function' && compatible(known.type, type)) return known;
  return {
    kind: 'function',
    name: p.text(declared.name),
    linkage: 'external',
    type,
    defined: false,
    attributes: symbol(specs, attributes, asmName),
    at: declared.at,
  };
}

function localExtern(
  p: Parser,
  type: CType,
  declared: Declarator,
  specs: Specifiers,
  attributes: Attributes | undefined,
  asmName: string | undefined,
): ObjectRef {
  const known = p.file.resolve(declared.name);
  if (known?.kind === 'object' && compatible(known.type, type)) return known;
  const name = p.text(declared.name);
  return {
    kind: 'object',
    name,
    key: name,
    linkage: 'external',
    type,
    defined: false,
    attributes: symbol(specs, attributes, asmName),
    at: declared.at,
    initialiser: undefined,
  };
}

function staticLocal(p: Parser, type: CType, declared: Declarator, specs: Specifiers, attributes: Attributes | undefined): void {
  const fn = p.fn;
  if (fn === undefined) return p.refuse('a static local outside of a function');
  const name = p.text(declared.name);
  const base = `${fn.name}.${name}`;
  const same = fn.statics.filter((other) => other.key === base || other.key.startsWith(`${base}#`)).length;
  const object: ObjectRef = {
    kind: 'object',
    name,
    key: same === 0 ? base : `${base}#${same + 1}`,
    linkage: 'none',
    type,
    defined: true,
    attributes: symbol(specs, attributes, undefined),
    at: declared.at,
    initialiser: undefined,
  };
  fn.statics.push(object);
  p.scope?.define(declared.name, object);
  if (p.accept(Token.Assign)) {
    const outer = p.staticStorage;
    p.staticStorage = true;
    const found = p.grammar.initialiser(p, type);
    p.staticStorage = outer;
    object.initialiser = found.initialiser;
    object.type = found.type;
  }
  if (sizeOf(object.type) === undefined) p.refuse(`variable of incomplete ${describeType(type)}`, declared.at);
}
