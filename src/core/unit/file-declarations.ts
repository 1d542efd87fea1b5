// Declarations at file scope and function definitions, parsed one at a time when somebody asks.

import { sizeOf } from '../ctype/layout.ts';
import { describeType } from '../ctype/print.ts';
import type { CType, FunctionType } from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import type { FunctionDefinition, FunctionRef, LocalVariable, Statement } from './ast.ts';
import type { Attributes } from './attributes.ts';
import { parseMoreAttributes } from './attributes.ts';
import { flushSizes, parseAsmLabel } from './declarations.ts';
import type { Param } from './declarators.ts';
import { parseDeclarator, variableParameter } from './declarators.ts';
import type { FunctionContext, Parser } from './parser.ts';
import { Scope } from './parser.ts';
import type { Specifiers } from './specifiers.ts';
import { attributedType, parseSpecifiers } from './specifiers.ts';
import { Word } from './words.ts';

/** One name of a declaration at file scope. */
export interface FileDeclarator {
  readonly specs: Specifiers;
  readonly attributes: Attributes | undefined;
  readonly type: CType;
  readonly asmName: string | undefined;
  readonly params: readonly Param[] | undefined;
  /** Token behind `=`, -1 without an initialiser. */
  readonly initialiserAt: number;
  /** Token of the body's `{`, -1 without a body. */
  readonly bodyAt: number;
}

/** Parses the declaration at the cursor up to the declarator whose name is token `nameAt`. */
export function parseFileDeclaration(p: Parser, nameAt: number): FileDeclarator {
  const specs = parseSpecifiers(p);
  for (;;) {
    const early = parseMoreAttributes(p, specs.attributes);
    const declared = parseDeclarator(p, specs.type);
    let asmName = parseAsmLabel(p);
    const attributes = p.word(p.i) === Word.Attribute ? parseMoreAttributes(p, early) : early;
    asmName ??= parseAsmLabel(p);
    if (declared.at === nameAt || declared.at > nameAt) {
      const type = attributedType(p, declared.type, attributes, specs.storage === 'typedef');
      const kind = p.kind[p.i];
      return {
        specs,
        attributes,
        type,
        asmName,
        params: declared.params,
        initialiserAt: kind === Token.Assign ? p.i + 1 : -1,
        bodyAt: kind === Token.LBrace ? p.i : -1,
      };
    }
    skipInitialiser(p);
    p.expect(Token.Comma);
  }
}

function skipInitialiser(p: Parser): void {
  for (; p.i < p.tokens.length;) {
    const kind = p.kind[p.i];
    if (kind === Token.Comma || kind === Token.Semicolon) return;
    if (kind === Token.LParen || kind === Token.LBrace || kind === Token.LBracket) p.skipGroup();
    else p.i++;
  }
}

/** Parses a function's body; the cursor is at `{`. */
export function parseFunctionBody(
  p: Parser,
  ref: FunctionRef,
  type: FunctionType,
  params: readonly Param[],
  nameAt: number,
): FunctionDefinition {
  const fn: FunctionContext = {
    name: ref.name,
    returns: type.returns,
    variadic: type.variadic,
    locals: [],
    statics: [],
    labels: [],
    named: new Map(),
    vlaSizes: [],
    switches: [],
    loops: 0,
  };
  p.fn = fn;
  p.scope = new Scope(undefined);
  const variables: LocalVariable[] = [];
  for (const param of params) {
    if (sizeOf(param.type) === undefined) p.refuse(`parameter of incomplete ${describeType(param.type)}`, param.at);
    const variable = p.addLocal(param.name < 0 ? '' : p.text(param.name), param.type, param.at, true);
    if (param.name >= 0) p.scope.define(param.name, variable);
    variables.push(variable);
  }
  if (type.returns.kind !== 'void' && sizeOf(type.returns) === undefined)
    p.refuse(`function that returns incomplete ${describeType(type.returns)}`);
  // Their hidden sizes come after all parameters.
  params.forEach(({ variable: first }, i) => {
    const variable = variables[i];
    if (first !== undefined && variable !== undefined) variable.type = variableParameter(p, first);
  });
  const sizes: Statement[] = [];
  flushSizes(p, sizes);
  const block = p.grammar.block(p);
  const body = sizes.length === 0 ? block : { ...block, items: [...sizes, ...block.items] };
  for (const state of fn.named.values()) {
    if (!state.defined) p.refuse(`label '${state.label.name}' is not defined`, state.at);
  }
  return { ref, params: variables, locals: fn.locals, statics: fn.statics, labels: fn.labels, body, at: nameAt, endAt: body.endAt };
}
