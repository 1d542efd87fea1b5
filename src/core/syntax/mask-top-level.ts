// Mask rules at file level: declaration macros, functions defined through macros, calls without semicolon.
import { storageWords, tagWords } from './annotations.ts';
import { blankTokens, isName, maskDeclarators, maskTagBodies, pieces, skip, type MaskContext } from './mask-declarations.ts';
import { maskArguments, maskInitialiser } from './mask-expressions.ts';
import { asDeclaration, maskBlock } from './mask-statements.ts';
import { T_PUNCT, T_WORD, type Tokens } from './tokens.ts';

/** A function body at file level: token indexes of its braces and of the first token of its header. */
export interface BodyChunk {
  readonly header: number;
  readonly open: number;
  readonly close: number;
}

/** Masks a whole file; returns the function bodies it saw. */
export function maskTopLevel(ctx: MaskContext): BodyChunk[] {
  const { t, edit } = ctx;
  const bodies: BodyChunk[] = [];
  let i = 0;
  while (i < t.count) {
    const w = t.word[i]!;
    if (w === ';' || w === '}' || w === ')') {
      // Empty declarations and strays.
      edit.blank(t.start[i]!, t.end[i]!);
      i++;
      continue;
    }
    if (w === 'extern' && t.word[i + 1] === '{') {
      edit.blank(t.start[i]!, t.end[i + 1]!);
      const m = t.match[i + 1]!;
      if (m > 0) edit.blank(t.start[m]!, t.end[m]!);
      i += 2;
      continue;
    }
    if (w === '{' && t.match[i]! > 0) {
      // A file that is included into an initialiser.
      edit.blank(t.start[i]!, t.end[t.match[i]!]!);
      i = t.match[i]! + 1;
      if (t.word[i] === ',') {
        edit.blank(t.start[i]!, t.end[i]!);
        i++;
      }
      continue;
    }
    i = segment(ctx, i, bodies);
  }
  return bodies;
}

/** Where a declaration's header stops: `;`, `=`, or the brace of a function body; bodies of structs are inside the header. */
function headerEnd(t: Tokens, from: number): number {
  let i = from;
  while (i < t.count) {
    const w = t.word[i]!;
    if (t.kind[i] === T_PUNCT) {
      if (w === ';' || w === '=') return i;
      if (w === '}') return i;
      if (w === '{') {
        if (!isTagBody(t, from, i)) return i;
        if (t.match[i]! < 0) return i;
      }
    }
    i = skip(t, i);
  }
  return i;
}

function isTagBody(t: Tokens, from: number, brace: number): boolean {
  let k = brace - 1;
  let names = 0;
  while (k >= from && isName(t, k) && names < 4) {
    k--;
    names++;
  }
  // struct name MACRO(x) {
  if (k >= from && t.word[k] === ')' && t.match[k]! > from && tagWords.has(t.word[t.match[k]! - 2] ?? '')) return true;
  return k >= from && tagWords.has(t.word[k]!);
}

function segment(ctx: MaskContext, s: number, bodies: BodyChunk[]): number {
  const { t, edit } = ctx;
  let q = s;
  while (q < t.count && storageWords.has(t.word[q]!)) q++;
  const h = headerEnd(t, s);
  if (h <= s) return s + 1;
  if (isName(t, q) && t.word[q + 1] === '(' && t.match[q + 1]! > 0) {
    const m = t.match[q + 1]!;
    const special = macroSegment(ctx, s, q, m, h, bodies);
    if (special > 0) return special;
  } else if (
    isName(t, q) &&
    t.kind[q + 1] === T_WORD &&
    edit.hasLineEnd(t.end[q]!, t.start[q + 1]!) &&
    /^[A-Z][A-Z0-9_]*$/.test(t.word[q]!) &&
    q === s &&
    !isTypeLike(t, q, h)
  ) {
    // A bare macro on its own line.
    edit.blank(t.start[q]!, t.end[q]!);
    return q + 1;
  }
  const w = t.word[h];
  if (w === '{') {
    const close = t.match[h]! > 0 ? t.match[h]! : t.count;
    // decorations between the parameters and the body
    maskTagBodies(ctx, s, h);
    maskDeclarators(ctx, s, h);
    maskBlock(ctx, h, close);
    bodies.push({ header: s, open: h, close: Math.min(close, t.count - 1) });
    return close + 1;
  }
  // K&R definition: int f(a) int a; {
  if (w === '=') {
    let end = h;
    while (end < t.count && t.word[end] !== ';') end = skip(t, end);
    maskTagBodies(ctx, s, h);
    maskDeclarators(ctx, s, Math.min(end, t.count));
    return end + 1;
  }
  maskTagBodies(ctx, s, h);
  maskDeclarators(ctx, s, h);
  if (w === '}') edit.blank(t.start[h]!, t.end[h]!);
  return h + 1;
}

/** STATIC_MACRO on its own line before a type is a decoration, a type alone on its line is not. */
function isTypeLike(t: Tokens, q: number, h: number): boolean {
  let words = 0;
  for (let i = q; i < h && t.word[i] !== '('; i++) if (t.kind[i] === T_WORD) words++;
  return words <= 2;
}

/** Segments that begin with `NAME(…)`. Returns where to go on, or 0 when the general rules apply. */
function macroSegment(ctx: MaskContext, s: number, q: number, m: number, h: number, bodies: BodyChunk[]): number {
  const { t, edit } = ctx;
  const next = m + 1;
  const w = t.word[next];
  if (next >= t.count || next === h) {
    if (w === ';') {
      if (q > s) blankTokens(ctx, s, q);
      macroArguments(ctx, q, m);
      return h + 1;
    }
    if (w === '=') {
      const brace = t.word[h + 1] === '{' && t.match[h + 1]! > 0;
      asDeclaration(ctx, q, m);
      let end = h;
      while (end < t.count && t.word[end] !== ';') end = skip(t, end);
      if (brace) maskInitialiser(ctx, h + 1, t.match[h + 1]!, maskBlock);
      else ctx.expression(h + 1, end);
      return end + 1;
    }
    if (w === '{') return macroFunction(ctx, s, q, m, h, bodies);
    // end of file
    blankTokens(ctx, s, m + 1);
    return next;
  }
  const ownLine = edit.hasLineEnd(t.end[m]!, t.start[next]!);
  if (w === '[' || w === ',') {
    blankTokens(ctx, s, Math.min(h + 1, t.count));
    return h + 1;
  }
  if (w === '(') return 0;
  if (w === '.') {
    // MACHINE_START(…) .a = b, … MACHINE_END
    let end = next;
    while (end < t.count && !/_END$/.test(t.word[end]!)) end = skip(t, end);
    blankTokens(ctx, s, Math.min(end + 1, t.count));
    return end + 1;
  }
  if (t.kind[next] === T_WORD || w === '*') {
    if (knrDefinition(t, q, m, h)) return knr(ctx, s, m, h, bodies);
    if (ownLine || q > s) {
      noSemicolon(ctx, s, q, m);
      return next;
    }
    // ANNOTATION(…) type name, or TYPE(…) name
    const rest = wordsUntil(t, next, h);
    blankTokens(ctx, rest >= 2 ? s : q + 1, next);
    return rest >= 2 ? next : h + (t.word[h] === ';' ? 1 : 0) || next;
  }
  return 0;
}

function wordsUntil(t: Tokens, from: number, h: number): number {
  let n = 0;
  for (let i = from; i < h && t.word[i] !== '(' && t.word[i] !== '['; i++) if (t.kind[i] === T_WORD) n++;
  return n;
}

/** name(a, b) type a; type b; { */
function knrDefinition(t: Tokens, q: number, m: number, h: number): boolean {
  if (t.word[h] !== ';') return false;
  // the first declaration must declare a parameter
  const declared = new Set<string>();
  for (let k = q + 2; k < m; k++) declared.add(t.word[k]!);
  if (!declared.has(t.word[h - 1]!)) return false;
  let i = h + 1;
  for (let n = 0; n < 8; n++) {
    if (t.word[i] === '{') break;
    while (i < t.count && t.word[i] !== ';' && t.word[i] !== '{' && t.word[i] !== '(') i++;
    if (t.word[i] === ';') i++;
  }
  let plain = true;
  pieces(t, q + 1, m, (a, b) => {
    if (b !== a + 1) plain = false;
  });
  return plain && t.word[i] === '{';
}

function knr(ctx: MaskContext, s: number, m: number, h: number, bodies: BodyChunk[]): number {
  const { t } = ctx;
  let open = h;
  while (open < t.count && t.word[open] !== '{') open++;
  blankTokens(ctx, m + 1, open);
  const close = t.match[open]! > 0 ? t.match[open]! : t.count;
  maskBlock(ctx, open, close);
  bodies.push({ header: s, open, close: Math.min(close, t.count - 1) });
  return close + 1;
}

/** Arguments of a declaration macro; what holds statements or braces is blanked as a whole. */
function macroArguments(ctx: MaskContext, q: number, m: number): void {
  const { t, edit } = ctx;
  let complex = false;
  for (let i = q + 2; i < m; i++) if (t.word[i] === ';' || t.word[i] === '{') complex = true;
  if (complex) edit.blank(t.end[q + 1]!, t.start[m]!);
  else maskArguments(ctx, q + 1, m, maskBlock);
}

/** module_init(f) without semicolon: `int f;`, or nothing when the arguments are no names. */
function noSemicolon(ctx: MaskContext, s: number, q: number, m: number): void {
  const { t, edit } = ctx;
  const only = m === q + 3 && isName(t, q + 2) && t.start[q + 2]! >= t.start[q]! + 4;
  const last = t.end[m]! - 1;
  edit.blank(t.start[s]!, t.end[m]!);
  if (only) {
    edit.put(t.start[q]!, 'int');
    edit.put(t.start[q + 2]!, t.word[q + 2]!);
    edit.put(last, ';');
  }
}

/** `SYSCALL_DEFINE2(name, type, a, type, b) {` and other macros that write a function's header. */
function macroFunction(ctx: MaskContext, s: number, q: number, m: number, h: number, bodies: BodyChunk[]): number {
  const { t, edit } = ctx;
  const close = t.match[h]! > 0 ? t.match[h]! : t.count;
  if (t.word[h + 1] === '.') {
    // define_machine(x) { .name = … };
    asDeclaration(ctx, q, m);
    edit.put(t.end[m]! - 1, '=');
    if (t.match[h]! > 0) maskInitialiser(ctx, h, t.match[h]!, maskBlock);
    return close + 2;
  }
  const name = q + 2;
  const width = t.start[name]! - t.start[q]!;
  if (m === q + 2 || !isName(t, name) || width < 5 || !/^[,)]$/.test(t.word[name + 1]!) || (t.word[q] === 'main' && q === s)) {
    // name(…) without a return type
    maskDeclarators(ctx, s, h);
  } else {
    const syscall = /SYSCALL(32|64)?_DEFINE/.test(t.word[q]!);
    const parts: [number, number][] = [];
    pieces(t, q + 1, m, (a, b) => parts.push([a, b]));
    edit.blank(t.start[q]!, t.end[q + 1]!);
    edit.put(t.start[q]!, 'int');
    if (t.word[name + 1] === ')') {
      // one to the left: there is no room for both parentheses
      edit.put(t.start[name]! - 1, `${t.word[name]!}()`);
    } else {
      edit.put(t.start[name + 1]!, '(');
      parts.slice(1).forEach(([a, b], n) => {
        if (syscall && n % 2 === 0 && t.word[b] === ',') edit.blank(t.start[b]!, t.end[b]!);
        else if (!syscall && b > a + 2) maskDeclarators(ctx, a, b);
        else if (!syscall && t.kind[a] !== T_WORD) blankTokens(ctx, a, b < m ? b + 1 : b);
      });
    }
  }
  maskBlock(ctx, h, close);
  bodies.push({ header: s, open: h, close: Math.min(close, t.count - 1) });
  return close + 1;
}
