// Compound literals (C11 6.5.2.5): a hidden local in a function, a static object at file scope.

import { sizeOf } from '../ctype/layout.ts';
import { describeType } from '../ctype/print.ts';
import type { CType } from '../ctype/types.ts';
import type { LValue, ObjectRef } from './ast.ts';
import { symbolAttributes } from './attributes.ts';
import type { Parser } from './parser.ts';

/** At `{` behind `(type)`. */
export function compoundLiteral(p: Parser, type: CType, at: number): LValue {
  const { initialiser, type: complete } = p.grammar.initialiser(p, type);
  if (sizeOf(complete) === undefined) p.refuse(`compound literal of ${describeType(complete)}`, at);
  if (p.fn !== undefined && !p.staticStorage) {
    const variable = p.addLocal('<compound literal>', complete, at);
    variable.addressed = true;
    return { kind: 'literal', variable, initialiser, type: complete, at };
  }
  const object: ObjectRef = {
    kind: 'object',
    name: '<compound literal>',
    key: `.literal@${at}`,
    linkage: 'none',
    type: complete,
    defined: true,
    attributes: symbolAttributes(undefined, { inline: false, noreturn: false, threadLocal: false, asmName: undefined, align: 0 }),
    at,
    initialiser,
  };
  return { kind: 'object', object, type: complete, at };
}
