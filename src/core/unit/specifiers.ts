// Declaration specifiers (C11 6.7): storage, qualifiers, attributes and the type they name.

import { alignOf } from '../ctype/layout.ts';
import type { CType } from '../ctype/types.ts';
import {
  ATOMIC,
  BOOL,
  CHAR,
  CHAR_UNSIGNED,
  CONST,
  DOUBLE,
  FLOAT,
  INT,
  INT128,
  LLONG,
  LONG,
  LONG_DOUBLE,
  RESTRICT,
  SCHAR,
  SHORT,
  UCHAR,
  UINT,
  UINT128,
  ULLONG,
  ULONG,
  USHORT,
  VOID,
  VOLATILE,
  addQuals,
  arrayOf,
  unqualified,
  withQuals,
} from '../ctype/types.ts';
import { Token } from '../preprocessor/token-kind.ts';
import type { Attributes } from './attributes.ts';
import { modeType, noAttributes, parseAlignas, parseAttributes } from './attributes.ts';
import { isPlace, rvalue } from './convert.ts';
import type { Parser } from './parser.ts';
import { Word } from './words.ts';

/** What stands before the declarators. */
export interface Specifiers {
  type: CType;
  storage: 'none' | 'typedef' | 'extern' | 'static' | 'register' | 'auto';
  inline: boolean;
  noreturn: boolean;
  threadLocal: boolean;
  /** `__auto_type`: the type comes from the initialiser. */
  autoType: boolean;
  attributes: Attributes | undefined;
  /** From _Alignas, bytes. */
  align: number;
  readonly at: number;
}

// Counts of the basic type words, packed so that each combination is one number.
const Count = {
  void: 1,
  char: 4,
  short: 16,
  int: 64,
  long: 256,
  float: 4096,
  double: 16384,
  signed: 65536,
  unsigned: 262144,
  bool: 1048576,
  int128: 4194304,
} as const;

/** Specifiers at the cursor; refuses when there is no type. */
export function parseSpecifiers(p: Parser): Specifiers {
  const specs: Specifiers = {
    type: VOID,
    storage: 'none',
    inline: false,
    noreturn: false,
    threadLocal: false,
    autoType: false,
    attributes: undefined,
    align: 0,
    at: p.i,
  };
  let quals = 0;
  let counts = 0;
  let found: CType | undefined;
  for (;;) {
    if (p.kind[p.i] !== Token.Identifier) break;
    const word = p.word(p.i);
    if (word === Word.None) {
      if (found !== undefined || counts !== 0 || specs.autoType) break;
      const entity = p.lookup(p.id[p.i] ?? 0);
      if (entity?.kind !== 'typedef') break;
      found = entity.type;
      p.i++;
      continue;
    }
    if (word >= Word.FirstOther) break;
    p.i++;
    switch (word) {
      case Word.Void:
        counts += Count.void;
        break;
      case Word.Char:
        counts += Count.char;
        break;
      case Word.Short:
        counts += Count.short;
        break;
      case Word.Int:
        counts += Count.int;
        break;
      case Word.Long:
        counts += Count.long;
        break;
      case Word.Float:
        counts += Count.float;
        break;
      case Word.Double:
        counts += Count.double;
        break;
      case Word.Signed:
        counts += Count.signed;
        break;
      case Word.Unsigned:
        counts += Count.unsigned;
        break;
      case Word.Bool:
        counts += Count.bool;
        break;
      case Word.Int128:
        counts += Count.int128;
        break;
      case Word.Uint128:
        found = UINT128;
        break;
      case Word.Complex:
        p.refuse('complex numbers', p.i - 1);
        break;
      case Word.Float128:
        p.refuse('__float128', p.i - 1);
        break;
      case Word.Struct:
        found = p.grammar.record(p, 'struct');
        break;
      case Word.Union:
        found = p.grammar.record(p, 'union');
        break;
      case Word.Enum:
        found = p.grammar.enumeration(p);
        break;
      case Word.Typeof:
        found = typeofType(p);
        break;
      case Word.TypeofUnqual:
        found = unqualified(typeofType(p));
        break;
      case Word.AutoType:
        specs.autoType = true;
        break;
      case Word.VaList:
        found = arrayOf(p.file.vaListTag, 1);
        break;
      case Word.Atomic:
        if (p.kind[p.i] === Token.LParen) found = addQuals(parenthesisedType(p), ATOMIC);
        else quals |= ATOMIC;
        break;
      case Word.Const:
        quals |= CONST;
        break;
      case Word.Volatile:
        quals |= VOLATILE;
        break;
      case Word.Restrict:
        quals |= RESTRICT;
        break;
      case Word.Typedef:
        specs.storage = 'typedef';
        break;
      case Word.Extern:
        specs.storage = 'extern';
        break;
      case Word.Static:
        specs.storage = 'static';
        break;
      case Word.Auto:
        specs.storage = 'auto';
        break;
      case Word.Register:
        specs.storage = 'register';
        break;
      case Word.Inline:
        specs.inline = true;
        break;
      case Word.Noreturn:
        specs.noreturn = true;
        break;
      case Word.ThreadLocal:
        specs.threadLocal = true;
        break;
      case Word.Attribute:
        p.i--;
        specs.attributes = parseAttributes(p, specs.attributes ?? noAttributes());
        break;
      case Word.Alignas:
        specs.align = Math.max(specs.align, parseAlignas(p, alignOf));
        break;
      default:
    }
  }
  if (found === undefined && !specs.autoType) found = basicType(p, counts, specs);
  specs.type = addQuals(found ?? INT, quals);
  return specs;
}

function basicType(p: Parser, counts: number, specs: Specifiers): CType {
  switch (counts) {
    case Count.void:
      return VOID;
    case Count.bool:
      return BOOL;
    case Count.char:
      return p.file.target.unsignedChar ? CHAR_UNSIGNED : CHAR;
    case Count.signed + Count.char:
      return SCHAR;
    case Count.unsigned + Count.char:
      return UCHAR;
    case Count.short:
    case Count.short + Count.int:
    case Count.signed + Count.short:
    case Count.signed + Count.short + Count.int:
      return SHORT;
    case Count.unsigned + Count.short:
    case Count.unsigned + Count.short + Count.int:
      return USHORT;
    case Count.int:
    case Count.signed:
    case Count.signed + Count.int:
      return INT;
    case Count.unsigned:
    case Count.unsigned + Count.int:
      return UINT;
    case Count.long:
    case Count.long + Count.int:
    case Count.signed + Count.long:
    case Count.signed + Count.long + Count.int:
      return LONG;
    case Count.unsigned + Count.long:
    case Count.unsigned + Count.long + Count.int:
      return ULONG;
    case 2 * Count.long:
    case 2 * Count.long + Count.int:
    case Count.signed + 2 * Count.long:
    case Count.signed + 2 * Count.long + Count.int:
      return LLONG;
    case Count.unsigned + 2 * Count.long:
    case Count.unsigned + 2 * Count.long + Count.int:
      return ULLONG;
    case Count.float:
      return FLOAT;
    case Count.double:
      return DOUBLE;
    case Count.long + Count.double:
      return LONG_DOUBLE;
    case Count.int128:
    case Count.signed + Count.int128:
      return INT128;
    case Count.unsigned + Count.int128:
      return UINT128;
    case 0:
      // gnu11 accepts implicit int where something else says that this is a declaration.
      if (specs.storage !== 'none' && p.kind[p.i] === Token.Identifier && !p.isName(p.i + 1)) return INT;
      if (p.kind[p.i] === Token.Identifier) return p.refuse(`unknown type name '${p.tokens.spelling(p.i)}'`);
      return p.unexpected('a type');
    default:
      return p.refuse('impossible combination of type words', specs.at);
  }
}

function parenthesisedType(p: Parser): CType {
  p.expect(Token.LParen);
  const type = p.grammar.typeName(p);
  p.expect(Token.RParen);
  return type;
}

/** `typeof` behind its keyword: a type name, or the type of an expression that is not evaluated. */
function typeofType(p: Parser): CType {
  p.expect(Token.LParen);
  let type: CType;
  if (p.startsType(p.i)) {
    type = p.grammar.typeName(p);
  } else {
    const node = p.grammar.expression(p);
    if (node.kind === 'member' && node.bits !== undefined) p.refuse('typeof a bit-field', node.at);
    type = isPlace(node) ? node.type : rvalue(node).type;
  }
  p.expect(Token.RParen);
  return type;
}

/** The type of one declared name after its attributes: mode and vector_size change it, a typedef also keeps `aligned`. */
export function attributedType(p: Parser, type: CType, attributes: Attributes | undefined, isTypedef: boolean): CType {
  if (attributes === undefined) return type;
  let result = type;
  if (attributes.mode !== undefined) result = withQuals(modeType(p, result, attributes.mode), result.quals);
  if (attributes.vectorSize !== 0) {
    result = { kind: 'vector', element: unqualified(result), size: attributes.vectorSize, quals: result.quals, userAlign: 0 };
  }
  if (isTypedef && attributes.aligned !== 0) result = { ...result, userAlign: attributes.aligned };
  if (isTypedef && attributes.transparentUnion && result.kind === 'record') result.record.transparent = true;
  return result;
}
