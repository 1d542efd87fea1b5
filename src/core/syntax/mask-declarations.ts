// Mask rules for declarations: excess words in specifiers, parameters, members of structs, enumerators.
import { keywords, primitiveWords, storageWords, tagWords } from './annotations.ts';
import type { MaskEditor } from './editor.ts';
import { T_NUMBER, T_PUNCT, T_STRING, T_WORD, type Tokens } from './tokens.ts';

/** What every rule works on. Ranges are token indexes, half open. */
export interface MaskContext {
  readonly t: Tokens;
  readonly edit: MaskEditor;
  /** Masks an expression; provided by the statement rules, which stand above these. */
  readonly expression: (from: number, to: number) => void;
}

/** A word that could be a name: no keyword of C. */
export function isName(t: Tokens, i: number): boolean {
  return t.kind[i] === T_WORD && !keywords.has(t.word[i]!);
}

/** Blanks the tokens [from, to). */
export function blankTokens({ t, edit }: MaskContext, from: number, to: number): void {
  if (to > from) edit.blank(t.start[from]!, t.end[to - 1]!);
}

/** Index after a bracket's partner, or after the token itself. */
export function skip(t: Tokens, i: number): number {
  const m = t.match[i]!;
  return m > i ? m + 1 : i + 1;
}

const shouting = /^[A-Z][A-Z0-9_]*$/;

/** Chooses the word of `ids` that most looks like a decoration; the last one is most likely the name. */
function decoration(t: Tokens, ids: readonly number[]): number {
  const under = ids.findIndex((i) => t.word[i]!.startsWith('__'));
  if (under >= 0 && ids.length > 1) return under;
  const caps = ids.slice(0, -1).findIndex((i) => shouting.test(t.word[i]!));
  if (caps >= 0) return caps;
  return 0;
}

/** Blanks words that a plain declaration has no room for: at most one type name and one declared name. Directly nested structs were stepped over. */
function maskWords(ctx: MaskContext, from: number, to: number): void {
  const { t } = ctx;
  let hasType = false;
  let spec: number[] = [];
  let names: number[] = [];
  let star = false;
  for (let i = from; i < to; i++) {
    const w = t.word[i]!;
    if (w === '*') {
      // Words between stars are decorations of the pointer.
      if (star) for (const n of names) blankTokens(ctx, n, n + 1);
      names = [];
      star = true;
    } else if (tagWords.has(w)) {
      hasType = true;
      if (t.word[i + 1] === '{') {
        i = t.match[i + 1]! > 0 ? t.match[i + 1]! : i + 1;
      } else {
        // struct __decoration name {
        while (isName(t, i + 1) && isName(t, i + 2) && t.word[i + 3] === '{' && i + 3 < to) {
          blankTokens(ctx, i + 1, i + 2);
          i++;
        }
        i++;
        if (t.word[i + 1] === '{' && i + 1 < to) i = t.match[i + 1]! > 0 ? t.match[i + 1]! : i + 1;
      }
    } else if (primitiveWords.has(w)) hasType = true;
    else if (isName(t, i)) (star ? names : spec).push(i);
  }
  const room = (hasType ? 0 : 1) + (star ? 0 : 1);
  while (spec.length > room) {
    const d = decoration(t, spec);
    blankTokens(ctx, spec[d]!, spec[d]! + 1);
    spec = spec.filter((_, k) => k !== d);
  }
  while (names.length > 1) {
    const d = decoration(t, names);
    blankTokens(ctx, names[d]!, names[d]! + 1);
    names = names.filter((_, k) => k !== d);
  }
}

/** Calls `visit` for each comma-separated piece between two brackets. */
export function pieces(t: Tokens, open: number, close: number, visit: (from: number, to: number) => void): void {
  let from = open + 1;
  for (let i = from; i < close;) {
    if (t.word[i] === ',' && t.kind[i] === T_PUNCT) {
      visit(from, i);
      from = i + 1;
      i++;
    } else i = Math.min(skip(t, i), close);
  }
  if (from < close) visit(from, close);
}

/** Parameter list of a declarator. */
function maskParameters(ctx: MaskContext, open: number, close: number): void {
  const { t } = ctx;
  pieces(t, open, close, (from, to) => {
    let i = from;
    while (i < to && t.word[i] !== '(' && t.word[i] !== '[') i++;
    if (i < to && t.word[i] === '(' && i > from && isName(t, i - 1) && skip(t, i) === to && i - 1 === from) {
      // MACRO(arguments) in place of a parameter.
      blankTokens(ctx, i, to);
      return;
    }
    maskWords(ctx, from, i);
    for (; i < to; i = Math.min(skip(t, i), to)) {
      if (t.word[i] === '(' && t.match[i]! > 0) {
        if (t.word[i + 1] === '*' || t.word[i + 1] === '(') maskInnerDeclarator(ctx, i + 1, t.match[i]!);
        else maskParameters(ctx, i, t.match[i]!);
      }
    }
  });
}

/** `(* decoration name)`: keeps the last word. */
function maskInnerDeclarator(ctx: MaskContext, from: number, to: number): void {
  const { t } = ctx;
  const names: number[] = [];
  for (let i = from; i < to; i++) {
    if (isName(t, i)) names.push(i);
    else if (t.word[i] === '(' || t.word[i] === '[') {
      if (t.word[i] === '(' && t.match[i]! > 0 && names.length > 0) maskParameters(ctx, i, t.match[i]!);
      i = skip(t, i) - 1;
    }
  }
  for (const n of names.slice(0, -1)) blankTokens(ctx, n, n + 1);
}

/** Header of a declaration: words, then declarators with their parameters, up to an initialiser. */
export function maskDeclarators(ctx: MaskContext, from: number, to: number): void {
  const { t } = ctx;
  let i = from;
  while (i < to && !/^[(,[=:]$/.test(t.word[i]!)) i = t.word[i] === '{' ? skip(t, i) : i + 1;
  maskWords(ctx, from, Math.min(i, to));
  while (i < to) {
    const w = t.word[i]!;
    if (w === '=') {
      let end = i + 1;
      while (end < to && t.word[end] !== ',') end = Math.min(skip(t, end), to);
      ctx.expression(i + 1, end);
      i = end;
    } else if (w === '(' && t.match[i]! > 0 && t.match[i]! < to) {
      const close = t.match[i]!;
      if (t.word[i + 1] === '*' || (t.word[i + 1] === '(' && i === from)) maskInnerDeclarator(ctx, i + 1, close);
      else maskParameters(ctx, i, close);
      i = close + 1;
      // A decoration after the parameters.
      while (i < to && isName(t, i)) {
        const end = t.word[i + 1] === '(' && i + 1 < to ? skip(t, i + 1) : i + 1;
        blankTokens(ctx, i, end);
        i = end;
      }
    } else if (w === '[') {
      ctx.expression(i + 1, Math.max(i + 1, skip(t, i) - 1));
      i = skip(t, i);
      while (i < to && isName(t, i)) {
        blankTokens(ctx, i, i + 1);
        i++;
      }
    } else if (w === ',') {
      let end = i + 1;
      while (end < to && !/^[(,[=:]$/.test(t.word[end]!)) end++;
      const names: number[] = [];
      for (let k = i + 1; k < end; k++) if (isName(t, k)) names.push(k);
      for (const n of names.slice(0, -1)) blankTokens(ctx, n, n + 1);
      i = end;
    } else i = Math.min(skip(t, i), to);
  }
}

/** Steps into the bodies of structs, unions and enums that stand in a declaration's header. */
export function maskTagBodies(ctx: MaskContext, from: number, to: number): void {
  const { t } = ctx;
  for (let i = from; i < to; i++) {
    if (t.word[i] !== '{' || t.match[i]! < 0) {
      if (t.word[i] === '(' || t.word[i] === '[' || t.word[i] === '=') return;
      continue;
    }
    let k = i - 1;
    while (k > from && isName(t, k)) k--;
    if (t.word[k] === 'enum') maskEnum(ctx, i, t.match[i]!);
    else maskStruct(ctx, i, t.match[i]!);
    i = t.match[i]!;
  }
}

/** Members of a struct or union. */
export function maskStruct(ctx: MaskContext, open: number, close: number): void {
  const { t, edit } = ctx;
  let from = open + 1;
  while (from < close) {
    if (t.word[from] === ';') {
      edit.blank(t.start[from]!, t.end[from]!);
      from++;
      continue;
    }
    if (
      isName(t, from) &&
      shouting.test(t.word[from]!) &&
      (from + 1 === close || (t.kind[from + 1] === T_WORD && edit.hasLineEnd(t.end[from]!, t.start[from + 1]!)))
    ) {
      // A list of members behind a macro.
      edit.blank(t.start[from]!, t.end[from]!);
      from++;
      continue;
    }
    let end = from;
    while (end < close && t.word[end] !== ';') end = Math.min(skip(t, end), close);
    if (isName(t, from) && t.word[from + 1] === '(' && t.match[from + 1]! > 0 && t.word[from + 2] !== '*') {
      const m = t.match[from + 1]!;
      if (m + 1 >= end) memberMacro(ctx, from, m, Math.min(end + 1, close));
      else if (isName(t, m + 1) || t.word[m + 1] === '*') {
        if (t.kind[m + 1] === T_WORD && edit.hasLineEnd(t.end[m]!, t.start[m + 1]!)) {
          // MACRO(…) without semicolon on a line of its own.
          blankTokens(ctx, from, m + 1);
          from = m + 1;
          continue;
        }
        blankTokens(ctx, from + 1, m + 1);
      } else {
        blankTokens(ctx, from, m + 1);
        from = m + 1;
        continue;
      }
    } else {
      maskTagBodies(ctx, from, end);
      maskMember(ctx, from, end);
    }
    from = end + 1;
  }
}

function memberMacro(ctx: MaskContext, from: number, m: number, end: number): void {
  const { t, edit } = ctx;
  // struct_group(name, members;): the piece that holds ';' is the members.
  let members = -1;
  pieces(t, from + 1, m, (a, b) => {
    if (members < 0) for (let k = a; k < b; k = skip(t, k)) if (t.word[k] === ';') members = a;
  });
  if (members >= 0) {
    blankTokens(ctx, from, members);
    edit.blank(t.start[m]!, t.end[m]!);
    if (t.word[end - 1] === ';') edit.blank(t.start[end - 1]!, t.end[end - 1]!);
    maskStruct(ctx, members - 1, m);
    return;
  }
  const first = from + 2;
  const declared = isName(t, first) && first < m;
  const nameAt = declared ? first : -1;
  if (nameAt >= 0 && t.end[from]! - t.start[from]! >= 3 && t.word[end - 1] === ';') {
    blankTokens(ctx, from, nameAt);
    edit.put(t.start[from]!, 'int');
    if (nameAt + 1 <= m) blankTokens(ctx, nameAt + 1, m + 1);
  } else blankTokens(ctx, from, end);
}

function maskMember(ctx: MaskContext, from: number, end: number): void {
  const { t } = ctx;
  for (let i = from; i < end; i = skip(t, i)) {
    if (t.word[i] === ':') {
      const unnamed = i === from || !isName(t, i - 1) || (i - 2 < from && i - 1 === from) || primitiveWords.has(t.word[i - 1]!);
      const onlyType = isName(t, i - 1) && (i - 1 === from || (i - 2 >= from && storageWords.has(t.word[i - 2]!)));
      if (unnamed || onlyType) {
        let stop = i + 1;
        while (stop < end && t.word[stop] !== ',') stop = skip(t, stop);
        blankTokens(ctx, i, stop);
      }
    }
  }
  maskDeclarators(ctx, from, end);
}

/** Enumerators: macro calls keep only their name. */
function maskEnum(ctx: MaskContext, open: number, close: number): void {
  const { t, edit } = ctx;
  let i = open + 1;
  while (i < close) {
    if (isName(t, i) && t.word[i + 1] === '(' && t.match[i + 1]! > 0) {
      const m = t.match[i + 1]!;
      blankTokens(ctx, i + 1, m + 1);
      i = m + 1;
      if (i < close && t.word[i] !== ',' && t.word[i] !== '=' && t.kind[i] === T_WORD) edit.putInGap(t.end[m]!, t.start[i]!, ',');
      if (t.word[i] === ';') edit.blank(t.start[i]!, t.end[i]!);
    } else if (isName(t, i) && isName(t, i + 1) && i + 1 < close) {
      blankTokens(ctx, i + 1, i + 2);
      i += 2;
    } else if (t.word[i] === '=') {
      let end = i + 1;
      while (end < close && t.word[end] !== ',') end = Math.min(skip(t, end), close);
      ctx.expression(i + 1, end);
      i = end;
    } else if (t.kind[i] === T_NUMBER || t.kind[i] === T_STRING) i++;
    else if (t.word[i] === ',' && t.word[i + 1] === ',') {
      edit.blank(t.start[i]!, t.end[i]!);
      i++;
    } else i++;
  }
}
