// The kinds of preprocessing tokens (C11 6.4); each punctuator is a kind of its own, so that a parser can switch on it.

/** Kinds below 16 are classes, from 16 on punctuators. */
export const Token = {
  /** After the last token of a stream. */
  End: 0,
  /** Identifiers and keywords alike. */
  Identifier: 1,
  /** A pp-number, C11 6.4.8. */
  Number: 2,
  /** A character constant, prefix and quotes included. */
  Char: 3,
  /** A string literal, prefix and quotes included. Neighbours are not concatenated. */
  String: 4,
  /** `#pragma pack(...)`: the whole directive is the spelling. Other pragmas never reach a stream. */
  Pragma: 5,
  /** A character that starts no token: `@`, a lone quote, `\`. */
  Other: 6,
  /** Whitespace that macro expansion must remember; never in a finished stream. */
  Padding: 7,
  /** The `#` that starts a directive; only in a lexed file, where `id` is the directive's number. */
  Directive: 8,
  /** `<name>` or `"name"` of an include; only in a lexed file. */
  HeaderName: 9,
  LParen: 16,
  RParen: 17,
  LBrace: 18,
  RBrace: 19,
  LBracket: 20,
  RBracket: 21,
  Semicolon: 22,
  Comma: 23,
  Dot: 24,
  Arrow: 25,
  Ellipsis: 26,
  Question: 27,
  Colon: 28,
  Hash: 29,
  HashHash: 30,
  Tilde: 31,
  Not: 32,
  NotEqual: 33,
  Assign: 34,
  Equal: 35,
  Plus: 36,
  Increment: 37,
  PlusAssign: 38,
  Minus: 39,
  Decrement: 40,
  MinusAssign: 41,
  Star: 42,
  StarAssign: 43,
  Slash: 44,
  SlashAssign: 45,
  Percent: 46,
  PercentAssign: 47,
  And: 48,
  AndAnd: 49,
  AndAssign: 50,
  Or: 51,
  OrOr: 52,
  OrAssign: 53,
  Xor: 54,
  XorAssign: 55,
  Less: 56,
  LessEqual: 57,
  ShiftLeft: 58,
  ShiftLeftAssign: 59,
  Greater: 60,
  GreaterEqual: 61,
  ShiftRight: 62,
  ShiftRightAssign: 63,
} as const;

/** Spellings of the punctuators, by kind - 16. Digraphs are lexed to the kind and keep their own spelling. */
export const punctuators: readonly string[] = [
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ';',
  ',',
  '.',
  '->',
  '...',
  '?',
  ':',
  '#',
  '##',
  '~',
  '!',
  '!=',
  '=',
  '==',
  '+',
  '++',
  '+=',
  '-',
  '--',
  '-=',
  '*',
  '*=',
  '/',
  '/=',
  '%',
  '%=',
  '&',
  '&&',
  '&=',
  '|',
  '||',
  '|=',
  '^',
  '^=',
  '<',
  '<=',
  '<<',
  '<<=',
  '>',
  '>=',
  '>>',
  '>>=',
];

/** Bits that stand beside a kind while tokens are preprocessed. */
export const Flag = {
  /** First on its line. */
  LineStart: 1,
  /** Whitespace before it. */
  White: 2,
  /** `##` follows: the next token is pasted to it. */
  PasteLeft: 4,
  /** C11 6.10.3.4: no longer available for replacement. */
  NoExpand: 8,
  /** A padding that takes its whitespace from whatever comes next. */
  NoSource: 16,
  /** A parameter with `#` before it; only in macro bodies. */
  Stringify: 32,
} as const;
