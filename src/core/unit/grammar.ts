// Ties the parts of the grammar together (they reach each other through `Parser.grammar` only).

import { parseLocalDeclaration } from './declarations.ts';
import { parseTypeName } from './declarators.ts';
import { parseAssignment, parseConditional, parseExpression } from './expressions.ts';
import { parseInitialiser } from './initialisers.ts';
import type { Grammar } from './parser.ts';
import { enumSpecifier, recordSpecifier } from './records.ts';
import { parseBlock } from './statements.ts';
import { parseCast } from './unary.ts';

export const grammar: Grammar = {
  expression: parseExpression,
  assignment: parseAssignment,
  conditional: parseConditional,
  cast: parseCast,
  typeName: parseTypeName,
  record: recordSpecifier,
  enumeration: enumSpecifier,
  block: parseBlock,
  localDeclaration: parseLocalDeclaration,
  initialiser: parseInitialiser,
};
