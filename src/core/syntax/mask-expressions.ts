// Mask rules for expressions: types and statements as macro arguments, glued strings, label addresses, initialisers.
import { keywords, primitiveWords, tagWords } from './annotations.ts';
import { blankTokens, isName, maskStruct, pieces, skip, type MaskContext } from './mask-declarations.ts';
import { T_CHAR, T_NUMBER, T_PUNCT, T_STRING, T_WORD, type Tokens } from './tokens.ts';

/** The statement rules, which stand above: a block between two braces. */
export type BlockRule = (ctx: MaskContext, open: number, close: number) => void;

const typeOperators = new Set(['sizeof', '__alignof__', '_Alignof', '__alignof', 'alignof']);
const operand = (t: Tokens, i: number): boolean =>
  i >= 0 &&
  (t.kind[i] === T_WORD
    ? !keywords.has(t.word[i]!)
    : t.kind[i] === T_NUMBER || t.kind[i] === T_STRING || t.kind[i] === T_CHAR || t.word[i] === ')' || t.word[i] === ']');

/** Masks an expression between two token indexes. */
export function maskExpression(ctx: MaskContext, from: number, to: number, block: BlockRule): void {
  const { t, edit } = ctx;
  for (let i = from; i < to; i++) {
    const k = t.kind[i];
    if (k === T_STRING) {
      i = maskStrings(ctx, i, from, to) - 1;
      continue;
    }
    if (k === T_WORD) {
      if (i + 1 < to && t.word[i + 1] === '(' && t.match[i + 1]! > 0) {
        const w = t.word[i]!;
        const close = t.match[i + 1]!;
        if (w === 'offsetof' || w === '_Generic' || w === '__builtin_offsetof') edit.put(t.start[i]!, '_');
        if (typeOperators.has(w) && w !== 'sizeof' && !startsType(t, i + 2, close)) edit.put(t.start[i]!, 'x');
        if (typeOperators.has(w)) {
          if (!startsType(t, i + 2, close)) maskExpression(ctx, i + 2, close, block);
          else maskTypeName(ctx, i + 2, close);
        } else if (!keywords.has(w)) maskArguments(ctx, i + 1, close, block);
        else maskExpression(ctx, i + 2, close, block);
        if (isName(t, i) && t.kind[close + 1] === T_WORD && close + 1 < to && !keywords.has(t.word[close + 1]!) && i === from) {
          // Two operands in a row: keep the first.
          const end = t.word[close + 2] === '(' && close + 2 < to ? skip(t, close + 2) : close + 2;
          if (t.kind[close + 1] === T_WORD) blankTokens(ctx, close + 1, Math.min(end, to));
        }
        i = close;
      }
      continue;
    }
    if (k !== T_PUNCT) continue;
    const w = t.word[i]!;
    const m = t.match[i]!;
    if (w === '(' && m > i) {
      if (t.word[i + 1] === '{') {
        if (t.match[i + 1]! > 0) block(ctx, i + 1, t.match[i + 1]!);
      } else if (startsType(t, i + 1, m)) maskTypeName(ctx, i + 1, m);
      else maskExpression(ctx, i + 1, m, block);
      i = m;
    } else if (w === '{' && m > i) {
      maskInitialiser(ctx, i, m, block);
      i = m;
    } else if (w === '[' && m > i) {
      maskExpression(ctx, i + 1, m, block);
      i = m;
    } else if (w === '&&' && !operand(t, i - 1) && i > 0 && t.word[i - 1] !== '}') edit.put(t.start[i]!, ' &');
  }
}

/** Adjacent strings and macros that expand to strings: one string stays. Returns the index after the run. */
function maskStrings(ctx: MaskContext, at: number, from: number, to: number): number {
  const { t } = ctx;
  let first = at;
  const isPart = (i: number): boolean => t.kind[i] === T_STRING || (isName(t, i) && t.word[i] !== 'return');
  while (first > from && isPart(first - 1)) first--;
  if (first > from && t.word[first - 1] === ')' && t.match[first - 1]! > from && isName(t, t.match[first - 1]! - 1))
    first = t.match[first - 1]! - 1;
  blankTokens(ctx, first, at);
  let i = at + 1;
  for (;;) {
    if (i < to && t.kind[i] === T_STRING) i++;
    else if (i < to && isName(t, i)) {
      const end = t.word[i + 1] === '(' && i + 1 < to ? skip(t, i + 1) : i + 1;
      blankTokens(ctx, i, Math.min(end, to));
      i = end;
    } else break;
  }
  return Math.max(i, at + 1);
}

/** True when the tokens begin like a type and not like an expression. */
function startsType(t: Tokens, from: number, to: number): boolean {
  if (from >= to || t.kind[from] !== T_WORD) return false;
  const w = t.word[from]!;
  if (tagWords.has(w) || primitiveWords.has(w) || w === 'const' || w === 'volatile') return true;
  // name *, name ** or two names before the end
  let i = from + 1;
  while (i < to && (t.word[i] === '*' || t.word[i] === 'const')) i++;
  return i === to && i > from + 1;
}

/** A type name in a cast or sizeof: words beyond one type are blanked. */
function maskTypeName(ctx: MaskContext, from: number, to: number): void {
  const { t } = ctx;
  let hasType = false;
  const names: number[] = [];
  for (let i = from; i < to; i++) {
    const w = t.word[i]!;
    if (tagWords.has(w)) {
      hasType = true;
      i++;
      if (t.word[i] === '{' && t.match[i]! > 0) {
        maskStruct(ctx, i, t.match[i]!);
        i = t.match[i]!;
      }
    } else if (primitiveWords.has(w)) hasType = true;
    else if (w === '(' || w === '[') break;
    else if (isName(t, i)) names.push(i);
  }
  const extra = hasType ? names : names.slice(0, -1);
  for (const n of extra) blankTokens(ctx, n, n + 1);
}

const statementWords = new Set(['return', 'goto', 'break', 'continue', 'if', 'else', 'while', 'for', 'do', 'switch', 'case', 'default']);

/** Arguments of a call that may be a macro: types and statements become expressions. */
export function maskArguments(ctx: MaskContext, open: number, close: number, block: BlockRule): void {
  const { t, edit } = ctx;
  let last = open;
  pieces(t, open, close, (from, to) => {
    last = to;
    if (from === to) {
      edit.blank(t.start[to]!, to < close ? t.end[to]! : t.start[to]!);
      return;
    }
    maskArgument(ctx, from, to, block);
  });
  if (last < close && t.word[last] === ',') edit.blank(t.start[last]!, t.end[last]!);
  if (t.word[close - 1] === ',' && close - 1 > open) edit.blank(t.start[close - 1]!, t.end[close - 1]!);
}

function maskArgument(ctx: MaskContext, from: number, to: number, block: BlockRule): void {
  const { t, edit } = ctx;
  const w = t.word[from]!;
  if (w === '{') {
    if (t.match[from]! > 0) block(ctx, from, t.match[from]!);
    if (t.match[from]! + 1 < to) blankTokens(ctx, t.match[from]! + 1, to);
    return;
  }
  let semicolon = false;
  for (let i = from; i < to; i = skip(t, i)) if (t.word[i] === ';') semicolon = true;
  if (semicolon || statementWords.has(w) || (w === '.' && t.kind[from + 1] === T_WORD)) {
    statementPiece(ctx, from, to, block);
    return;
  }
  if (startsType(t, from, to)) {
    typePiece(ctx, from, to);
    return;
  }
  const only = to === from + 1;
  if (only && t.kind[from] === T_NUMBER) plainNumber(ctx, from);
  if (only && t.kind[from] === T_PUNCT) {
    edit.replace(t.start[from]!, t.end[from]!, '_');
    return;
  }
  if (only && t.kind[from] === T_WORD && keywords.has(w)) {
    edit.put(t.start[from]!, '_');
    return;
  }
  // Dangling operators at the ends: FOO(==, x), FOO(a, | b)
  if (/^([=!<>]=|[<>|^/%]|&&|\|\|)$/.test(w)) edit.blank(t.start[from]!, t.end[from]!);
  const lastWord = t.word[to - 1]!;
  if (/^([=!<>]=|[<>|^/%+\-&.=]|->|&&|\|\|)$/.test(lastWord) && t.kind[to - 1] === T_PUNCT) edit.blank(t.start[to - 1]!, t.end[to - 1]!);
  // a b: macros that paste or decorate; the last word stays.
  for (let i = from; i + 1 < to; i = skip(t, i)) {
    if (t.kind[i] === T_NUMBER) plainNumber(ctx, i);
    if (t.kind[i] === T_WORD && t.kind[i + 1] === T_WORD && !typeOperators.has(t.word[i]!)) blankTokens(ctx, i, i + 1);
    else if (t.kind[i] === T_NUMBER && t.kind[i + 1] === T_WORD) blankTokens(ctx, i + 1, i + 2);
    else if (t.word[i] === ':' && !hasQuestion(t, from, i)) blankTokens(ctx, from, i + 1);
    else if (t.word[i] === '##') edit.replace(t.start[i]!, t.end[i]!, ' +');
  }
  maskExpression(ctx, from, to, block);
}

const validNumber = /^(?:0[xX][\da-fA-F]+|0[bB][01]+|\d+)[uUlL]*$|^\d*\.?\d*(?:[eE][+-]?\d+)?[fFlL]?$|^0[xX][\da-fA-F.]+[pP]/;

/** 2k_NAME pastes to a name; it is no number. */
function plainNumber({ t, edit }: MaskContext, i: number): void {
  if (!validNumber.test(t.word[i]!)) edit.put(t.start[i]!, '_');
}

function hasQuestion(t: Tokens, from: number, to: number): boolean {
  for (let i = from; i < to; i = skip(t, i)) if (t.word[i] === '?') return true;
  return false;
}

/** A type as argument: one word stays and stands for it. */
function typePiece(ctx: MaskContext, from: number, to: number): void {
  const { t, edit } = ctx;
  let keep = -1;
  for (let i = from; i < to && keep < 0; i = skip(t, i)) if (isName(t, i)) keep = i;
  if (keep < 0) {
    edit.blank(t.start[from]!, t.end[to - 1]!);
    edit.put(t.start[from]!, '_'.repeat(Math.min(4, t.end[from]! - t.start[from]!)));
    return;
  }
  blankTokens(ctx, from, keep);
  blankTokens(ctx, keep + 1, to);
}

/** Statements as argument: each becomes part of one comma expression; what does not fit is blanked. */
function statementPiece(ctx: MaskContext, from: number, to: number, block: BlockRule): void {
  const { t, edit } = ctx;
  // Calls stay visible as a list of operands, everything around them goes.
  const calls: [number, number][] = [];
  for (let i = from; i < to; i++) {
    if (isName(t, i) && t.word[i + 1] === '(' && t.match[i + 1]! > 0 && t.match[i + 1]! < to) {
      calls.push([i, t.match[i + 1]! + 1]);
      i = t.match[i + 1]!;
    }
  }
  if (calls.length === 0) {
    edit.blank(t.start[from]!, t.end[to - 1]!);
    edit.put(t.start[from]!, '_');
    return;
  }
  let at = from;
  calls.forEach(([a, b], n) => {
    blankTokens(ctx, at, a);
    if (n > 0) edit.put(t.end[at - 1]!, ',');
    maskArguments(ctx, a + 1, b - 1, block);
    at = b;
  });
  if (at < to) blankTokens(ctx, at, to);
}

/** Elements of a brace initialiser; a missing comma after a macro is written into the gap. */
export function maskInitialiser(ctx: MaskContext, open: number, close: number, block: BlockRule): void {
  const { t, edit } = ctx;
  for (let i = open + 1; i < close;) {
    const isCall = isName(t, i) && t.word[i + 1] === '(' && t.match[i + 1]! > 0;
    if (isCall) {
      const m = t.match[i + 1]!;
      const next = t.word[m + 1]!;
      if (m + 1 < close && (next === '.' || next === '{' || next === '[' || isName(t, m + 1))) {
        if (!edit.putInGap(t.end[m]!, t.start[m + 1]!, ',')) blankTokens(ctx, i, m + 1);
        maskArguments(ctx, i + 1, m, block);
        i = m + 1;
        continue;
      }
    }
    if (
      isName(t, i) &&
      t.word[i + 1] === '.' &&
      t.kind[i + 2] === T_WORD &&
      (i === open + 1 || t.word[i - 1] === ',') &&
      edit.hasLineEnd(t.end[i]!, t.start[i + 1]!)
    ) {
      edit.blank(t.start[i]!, t.end[i]!);
      i++;
      continue;
    }
    let end = i;
    while (end < close && t.word[end] !== ',') {
      const stop = t.word[end] === '}' ? end + 1 : skip(t, end);
      if (
        t.word[end] === '{' &&
        t.match[end]! > 0 &&
        (t.word[stop] === '.' || t.word[stop] === '{' || t.word[stop] === '[') &&
        stop < close
      ) {
        edit.putInGap(t.end[stop - 1]!, t.start[stop]!, ',');
        end = stop;
        break;
      }
      end = Math.min(stop, close);
    }
    if (t.word[i] === ',' && t.word[i - 1] === ',') edit.blank(t.start[i]!, t.end[i]!);
    maskElement(ctx, i, end, block);
    i = t.word[end] === ',' ? end + 1 : Math.max(end, i + 1);
    if (t.word[i] === ',' && i < close) {
      edit.blank(t.start[i]!, t.end[i]!);
      i++;
    }
  }
}

function maskElement(ctx: MaskContext, from: number, to: number, block: BlockRule): void {
  const { t, edit } = ctx;
  let i = from;
  // [a] name: old style designators and stray semicolons of macros
  if (t.word[i] === ';') {
    edit.blank(t.start[i]!, t.end[i]!);
    i++;
  }
  for (let k = i; k + 1 < to; k = skip(t, k)) if (isName(t, k) && isName(t, k + 1)) blankTokens(ctx, k, k + 1);
  maskExpression(ctx, i, to, block);
}
