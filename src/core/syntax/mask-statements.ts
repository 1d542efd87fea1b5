// Mask rules for statements: loop macros become while, statement macros get their semicolon, labels and case ranges become plain C.
import { controlWords, keywords, loopName, primitiveWords, storageWords, tagWords } from './annotations.ts';
import { blankTokens, isName, maskDeclarators, maskTagBodies, skip, type MaskContext } from './mask-declarations.ts';
import { maskArguments, maskExpression } from './mask-expressions.ts';
import { T_PUNCT, T_STRING, T_WORD, type Tokens } from './tokens.ts';

/** Index of the `;` that ends a statement (or `to`); brackets are stepped over, a stray `}` ends it too. */
function statementEnd(t: Tokens, from: number, to: number): number {
  let i = from;
  while (i < to && t.word[i] !== ';') {
    if (t.word[i] === '}' && t.kind[i] === T_PUNCT) return i;
    i = skip(t, i);
  }
  return Math.min(i, to);
}

/** True when a statement begins like a declaration. */
function startsDeclaration(t: Tokens, from: number, to: number): boolean {
  const w = t.word[from]!;
  if (t.kind[from] !== T_WORD) return false;
  if (storageWords.has(w) || primitiveWords.has(w) || tagWords.has(w)) return true;
  if (keywords.has(w)) return false;
  let i = from + 1;
  if (isName(t, i)) return true;
  // type (*name)(parameters)
  if (
    t.word[i] === '(' &&
    t.word[i + 1] === '*' &&
    t.match[i]! > i + 2 &&
    t.word[t.match[i]! + 1] === '(' &&
    /^[;=,]$/.test(t.word[skip(t, t.match[i]! + 1)] ?? '')
  )
    return true;
  while (i < to && (t.word[i] === '*' || t.word[i] === 'const' || t.word[i] === 'volatile')) i++;
  return i > from + 1 && isName(t, i) && i < to && (i + 1 >= to || /^[=,;[]$/.test(t.word[i + 1]!));
}

/** Statements between two braces (token indexes of the braces). */
export function maskBlock(ctx: MaskContext, open: number, close: number): void {
  const { t, edit } = ctx;
  let i = open + 1;
  while (i < close) {
    const w = t.word[i]!;
    const m = t.match[i]!;
    if (t.kind[i] === T_PUNCT && w === '{') {
      if (m > i) {
        maskBlock(ctx, i, m);
        i = m + 1;
      } else i++;
      continue;
    }
    if (w === ';' || w === '}') {
      i++;
      continue;
    }
    if (t.kind[i] === T_WORD) {
      if (w === 'else' || w === 'do') {
        i++;
        continue;
      }
      if (controlWords.has(w)) {
        i = controlHeader(ctx, i, close);
        continue;
      }
      if (w === 'case' || w === 'default') {
        i = caseLabel(ctx, i, close);
        continue;
      }
      if (t.word[i + 1] === ':' && isName(t, i) && i + 1 < close) {
        if (t.word[i + 2] === '}' && i + 2 <= close) edit.put(t.start[i + 1]!, ';');
        i += 2;
        continue;
      }
      if (isName(t, i) && t.word[i + 1] === '(' && t.match[i + 1]! > 0) {
        const next = macroStatement(ctx, i, t.match[i + 1]!, close);
        if (next > 0) {
          i = next;
          continue;
        }
      } else if (isName(t, i) && t.word[i + 1] === '{' && t.match[i + 1]! > 0) {
        // MACRO { … }: the word guards a block
        edit.blank(t.start[i]!, t.end[i]!);
        i++;
        continue;
      }
    }
    i = plainStatement(ctx, i, close);
  }
}

function controlHeader(ctx: MaskContext, i: number, close: number): number {
  const { t, edit } = ctx;
  let k = i + 1;
  // if MACRO (…)
  while (k < close && isName(t, k) && t.word[k + 1] === '(' && t.word[k] !== '(') {
    edit.blank(t.start[k]!, t.end[k]!);
    k++;
  }
  if (t.word[k] !== '(' || t.match[k]! < 0) return k;
  const m = t.match[k]!;
  if (t.word[i] === 'for') {
    let from = k + 1;
    while (from <= m) {
      const end = Math.min(statementEnd(t, from, m), m);
      if (end > from) {
        if (from === k + 1 && startsDeclaration(t, from, end)) maskDeclarators(ctx, from, end);
        else maskExpression(ctx, from, end, maskBlock);
      }
      from = end + 1;
    }
  } else maskExpression(ctx, k + 1, m, maskBlock);
  return m + 1;
}

function caseLabel(ctx: MaskContext, i: number, close: number): number {
  const { t, edit } = ctx;
  let k = i + 1;
  let question = 0;
  let dots = -1;
  while (k < close && !(t.word[k] === ':' && question === 0)) {
    if (t.word[k] === '?') question++;
    else if (t.word[k] === ':') question--;
    else if (t.word[k] === '...') dots = k;
    else if (t.word[k] === ';' || t.word[k] === '{') return k;
    k = skip(t, k);
  }
  maskExpression(ctx, i + 1, dots > 0 ? dots : k, maskBlock);
  if (dots > 0) blankTokens(ctx, dots, k);
  if (t.word[k + 1] === '}' && k + 1 <= close) {
    // A label must precede a statement.
    if (t.word[i] === 'default') edit.put(t.start[k]!, ';');
    if (t.word[i] === 'default') edit.replace(t.start[i]!, t.end[i]!, '_');
    else blankTokens(ctx, i, k + 1);
  }
  return k + 1;
}

/** Statement that begins with `NAME(…)`. Returns the index to continue at, or 0 when it is an ordinary expression. */
function macroStatement(ctx: MaskContext, i: number, m: number, close: number): number {
  const { t, edit } = ctx;
  const next = m + 1;
  if (next >= close) {
    // the last statement lacks its semicolon
    if (!edit.putInGap(t.end[m]!, t.start[next]!, ';')) blankTokens(ctx, i, m + 1);
    else maskArguments(ctx, i + 1, m, maskBlock);
    return next;
  }
  const w = t.word[next]!;
  if (t.kind[next] === T_PUNCT) {
    if (w === '{') {
      asLoop(ctx, i, m);
      return next;
    }
    if (w === '=' && t.word[next + 1] === '{') {
      asDeclaration(ctx, i, m);
      const end = statementEnd(t, next, close);
      maskExpression(ctx, next + 1, end, maskBlock);
      return end;
    }
    if (w === '}' || ((w === '*' || w === '++' || w === '--') && edit.hasLineEnd(t.end[m]!, t.start[next]!))) {
      if (loopName.test(t.word[i]!)) asLoop(ctx, i, m);
      else closeStatement(ctx, i, m, next);
      return next;
    }
    if (w === ';' && loopName.test(t.word[i]!) && t.word[i] !== 'while') {
      maskArguments(ctx, i + 1, m, maskBlock);
      return next;
    }
    if (w === '(' && loopName.test(t.word[i]!) && t.match[next]! > 0 && t.word[t.match[next]! + 1] !== ';') {
      asLoop(ctx, i, m);
      return next;
    }
    return 0;
  }
  if (t.kind[next] === T_WORD) {
    if (w === 'else' || (!loopName.test(t.word[i]!) && edit.hasLineEnd(t.end[m]!, t.start[next]!) && !bodyOfLoop(t, i, next))) {
      closeStatement(ctx, i, m, next);
      return next;
    }
    if (!loopName.test(t.word[i]!) && isName(t, next) && !keywords.has(w) && statementEnd(t, next, close) === next + 1) {
      // TYPE(x) name;
      blankTokens(ctx, i + 1, m + 1);
      return statementEnd(t, next, close) + 1;
    }
    asLoop(ctx, i, m);
    return next;
  }
  return 0;
}

/** An unknown macro is a loop when its next line is indented deeper. */
function bodyOfLoop(t: Tokens, i: number, next: number): boolean {
  return indent(t.text, t.start[next]!) > indent(t.text, t.start[i]!);
}

function indent(text: string, at: number): number {
  const begin = text.lastIndexOf('\n', at - 1) + 1;
  let n = 0;
  for (let i = begin; i < at; i++) {
    const c = text.charCodeAt(i);
    if (c === 9) n += 8 - (n % 8);
    else if (c === 32) n++;
    else break;
  }
  return n;
}

function closeStatement(ctx: MaskContext, i: number, m: number, next: number): void {
  const { t, edit } = ctx;
  if (edit.putInGap(t.end[m]!, t.start[next]!, ';')) maskArguments(ctx, i + 1, m, maskBlock);
  else blankTokens(ctx, i, m + 1);
}

/** `NAME(a, b)` becomes `while(a, b)`; short names become `if`. */
function asLoop(ctx: MaskContext, i: number, m: number): void {
  const { t, edit } = ctx;
  const length = t.end[i]! - t.start[i]!;
  if (m === i + 2) {
    edit.blank(t.start[i]!, t.end[m]!);
    if (t.end[m]! - t.start[i]! >= 5) edit.put(t.start[i]!, length >= 6 ? 'while(1)' : 'if(1)');
    if (length >= 6 && t.end[m]! - t.start[i]! < 8) edit.replace(t.start[i]!, t.end[m]!, 'if(1)');
    return;
  }
  edit.replace(t.start[i]!, t.end[i]!, length >= 5 ? 'while' : 'if');
  maskArguments(ctx, i + 1, m, maskBlock);
  // an own statement expression or a declaration in the header
  for (let k = i + 2; k < m; k = skip(t, k)) if (t.word[k] === '=' && t.word[k - 1] === ',') edit.blank(t.start[k]!, t.end[k]!);
}

/** `NAME(x, …) = {` becomes `int x = {`. */
export function asDeclaration(ctx: MaskContext, i: number, m: number): void {
  const { t, edit } = ctx;
  let name = -1;
  for (let k = i + 2; k < m; k = skip(t, k))
    if (isName(t, k) && (t.word[k + 1] === ',' || k + 1 === m) && !tagWords.has(t.word[k - 1]!)) name = k;
  edit.blank(t.start[i]!, t.end[m]!);
  edit.put(t.start[i]!, 'int');
  if (name > 0 && t.start[name]! > t.start[i]! + 3) edit.put(t.start[name]!, t.word[name]!);
  else if (t.end[m]! - t.start[i]! > 5) edit.put(t.start[i]! + 4, '_');
}

function plainStatement(ctx: MaskContext, i: number, close: number): number {
  const { t, edit } = ctx;
  let from = i;
  const end = statementEnd(t, i, close);
  if (t.word[i] === 'return' || t.word[i] === 'goto') {
    maskExpression(ctx, i + 1, end, maskBlock);
    return Math.max(end, i) + 1;
  }
  if (t.word[i] === '__label__') {
    blankTokens(ctx, i, end);
    return end + 1;
  }
  if (startsDeclaration(t, i, end)) {
    while (from < end && storageWords.has(t.word[from]!)) from++;
    if (from > i && isName(t, from) && t.word[from + 1] === '(' && t.match[from + 1]! > 0 && t.match[from + 1]! + 1 <= end) {
      // static DEFINE_X(a, b);
      blankTokens(ctx, i, from);
      return from;
    }
    // LOCAL_MACRO type name: a keyword-like macro before a statement
    if (isName(t, i) && (controlWords.has(t.word[i + 1]!) || t.word[i + 1] === 'return')) {
      edit.blank(t.start[i]!, t.end[i]!);
      return i + 1;
    }
    maskTagBodies(ctx, i, end);
    maskDeclarators(ctx, i, end);
    return end + (t.word[end] === ';' ? 1 : 0) || i + 1;
  }
  if (isName(t, i) && t.kind[i + 1] === T_STRING) {
    // MACRO "text": as a statement
    edit.blank(t.start[i]!, t.end[i]!);
  }
  maskExpression(ctx, i, end, maskBlock);
  return end > i ? end : i + 1;
}
