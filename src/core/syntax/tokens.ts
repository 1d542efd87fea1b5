// A fast tolerant C tokenizer for the mask: it never fails, keeps directives whole, and knows positions only in the original text.

/** Kinds of raw tokens; numbers, because files have 100,000 of them. */
export const T_WORD = 1;
export const T_NUMBER = 2;
export const T_STRING = 3;
export const T_CHAR = 4;
export const T_PUNCT = 5;
/** A whole preprocessor directive with its continuation lines. */
export const T_DIRECTIVE = 6;

/** Tokens of one text as parallel arrays; `match[i]` is the index of the partner of a bracket or -1. */
export interface Tokens {
  readonly text: string;
  readonly count: number;
  readonly kind: readonly number[];
  readonly start: readonly number[];
  readonly end: readonly number[];
  /** Spelling of words, numbers and punctuation; '"' for strings, "'" for characters, '#' for directives. */
  readonly word: readonly string[];
  readonly match: Int32Array;
}

/** A tokenized text with the ranges of its comments (start, end, start, end …). */
export interface TokenizedText {
  readonly tokens: Tokens;
  readonly comments: readonly number[];
}

const isWordStart = new Uint8Array(128);
const isWordPart = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  const letter = (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 36;
  if (letter) isWordStart[c] = 1;
  if (letter || (c >= 48 && c <= 57)) isWordPart[c] = 1;
}

const three = new Set(['...', '<<=', '>>=']);
const two = new Set([
  '->',
  '++',
  '--',
  '<<',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '##',
]);
const single: string[] = [];
for (let c = 0; c < 128; c++) single.push(String.fromCharCode(c));

/** End of the string or character literal that starts at `i`; an unterminated one ends before the line's end. */
function literalEnd(text: string, i: number, quote: number): number {
  const n = text.length;
  for (i++; i < n; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === quote) return i + 1;
    else if (c === 10) return i;
  }
  return n;
}

/** End of a directive: the first line end that is neither spliced nor inside a comment. */
function directiveEnd(text: string, i: number): number {
  const n = text.length;
  while (i < n) {
    const c = text.charCodeAt(i);
    if (c === 10) return i;
    if (c === 92) {
      i += text.charCodeAt(i + 1) === 13 ? 3 : 2;
    } else if (c === 47 && text.charCodeAt(i + 1) === 42) {
      const close = text.indexOf('*/', i + 2);
      i = close < 0 ? n : close + 2;
    } else if (c === 47 && text.charCodeAt(i + 1) === 47) {
      const eol = text.indexOf('\n', i);
      return eol < 0 ? n : eol;
    } else if (c === 34) {
      i = literalEnd(text, i, 34);
    } else i++;
  }
  return n;
}

/** Splits a text; linear, no failure. Hot: a whole discovery tokenizes several megabytes, hence one loop over char codes. */
export function tokenize(text: string): TokenizedText {
  const kind: number[] = [];
  const start: number[] = [];
  const end: number[] = [];
  const word: string[] = [];
  const comments: number[] = [];
  const n = text.length;
  let i = 0;
  let lineStart = true;
  while (i < n) {
    const c = text.charCodeAt(i);
    if (c === 10) {
      lineStart = true;
      i++;
      continue;
    }
    if (c <= 32 || c === 0xfeff || c === 0xa0) {
      i++;
      continue;
    }
    if (c === 47) {
      const d = text.charCodeAt(i + 1);
      if (d === 42) {
        const close = text.indexOf('*/', i + 2);
        const stop = close < 0 ? n : close + 2;
        comments.push(i, stop);
        i = stop;
        continue;
      }
      if (d === 47) {
        let stop = text.indexOf('\n', i);
        if (stop < 0) stop = n;
        while (stop < n && text.charCodeAt(stop - 1) === 92) {
          const next = text.indexOf('\n', stop + 1);
          stop = next < 0 ? n : next;
        }
        comments.push(i, stop);
        i = stop;
        continue;
      }
    }
    const at = i;
    if (c === 35 && lineStart) {
      i = directiveEnd(text, i + 1);
      kind.push(T_DIRECTIVE);
      word.push('#');
    } else if (c < 128 && isWordStart[c] === 1) {
      i++;
      while (i < n) {
        const d = text.charCodeAt(i);
        if (d >= 128 || isWordPart[d] !== 1) break;
        i++;
      }
      const q = text.charCodeAt(i);
      if ((q === 34 || q === 39) && i - at === 1 && (c === 76 || c === 117 || c === 85)) {
        i = literalEnd(text, i, q);
        kind.push(q === 34 ? T_STRING : T_CHAR);
        word.push(q === 34 ? '"' : "'");
      } else {
        kind.push(T_WORD);
        word.push(text.slice(at, i));
      }
    } else if ((c >= 48 && c <= 57) || (c === 46 && isDigit(text.charCodeAt(i + 1)))) {
      i++;
      while (i < n) {
        const d = text.charCodeAt(i);
        if ((d === 43 || d === 45) && isExponent(text, i, at)) {
          i++;
          continue;
        }
        if (d === 46 && text.charCodeAt(i + 1) === 46) break;
        if (d !== 46 && (d >= 128 || isWordPart[d] !== 1)) break;
        i++;
      }
      kind.push(T_NUMBER);
      word.push(text.slice(at, i));
    } else if (c === 34 || c === 39) {
      i = literalEnd(text, i, c);
      kind.push(c === 34 ? T_STRING : T_CHAR);
      word.push(c === 34 ? '"' : "'");
    } else {
      const s3 = text.slice(i, i + 3);
      let s = c < 128 ? (single[c] ?? '?') : '?';
      if (three.has(s3)) s = s3;
      else {
        const s2 = s3.slice(0, 2);
        if (two.has(s2)) s = s2;
      }
      i += s.length;
      kind.push(T_PUNCT);
      word.push(s);
    }
    lineStart = false;
    start.push(at);
    end.push(i);
  }
  return { tokens: withMatches(text, kind, start, end, word), comments };
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** `+` and `-` belong to a number after e/E of a decimal or p/P of a hexadecimal one. */
function isExponent(text: string, i: number, at: number): boolean {
  const e = text.charCodeAt(i - 1) | 32;
  const hex = text.charCodeAt(at) === 48 && (text.charCodeAt(at + 1) | 32) === 120;
  return hex ? e === 112 : e === 101;
}

/** Adds bracket partners; a closing bracket without partner of its own kind is ignored, so one slip stays local. */
export function withMatches(
  text: string,
  kind: readonly number[],
  start: readonly number[],
  end: readonly number[],
  word: readonly string[],
): Tokens {
  const count = kind.length;
  const match = new Int32Array(count).fill(-1);
  const stack: number[] = [];
  for (let i = 0; i < count; i++) {
    if (kind[i] !== T_PUNCT) continue;
    const w = word[i];
    if (w === '(' || w === '[' || w === '{') stack.push(i);
    else if (w === ')' || w === ']' || w === '}') {
      const want = w === ')' ? '(' : w === ']' ? '[' : '{';
      let k = stack.length - 1;
      while (k >= 0 && word[stack[k]!] !== want && word[stack[k]!] !== '{') k--;
      // An unclosed parenthesis ends at the brace that closes around it; a stray ')' never closes a '{'.
      if (w === '}') {
        k = stack.length - 1;
        while (k >= 0 && word[stack[k]!] !== '{') k--;
      }
      if (k >= 0 && word[stack[k]!] === want) {
        match[i] = stack[k]!;
        match[stack[k]!] = i;
        stack.length = k;
      }
    }
  }
  return { text, count, kind, start, end, word, match };
}
