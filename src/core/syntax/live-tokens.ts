// First pass of the mask: drops unseen #if branches, directives, comments, attributes and inline assembly; turns typeof into a type.
import { asmWords, callAnnotations, plainAnnotations, typeofWords } from './annotations.ts';
import type { MaskEditor } from './editor.ts';
import { T_DIRECTIVE, T_STRING, T_WORD, withMatches, type TokenizedText, type Tokens } from './tokens.ts';

/** Tokens that the parser will see. Their positions are those of the original text. */
export function liveTokens(raw: TokenizedText, dropped: Uint8Array, edit: MaskEditor): Tokens {
  const { tokens, comments } = raw;
  for (let c = 0; c < comments.length; c += 2) edit.blank(comments[c]!, comments[c + 1]!);
  const kind: number[] = [];
  const start: number[] = [];
  const end: number[] = [];
  const word: string[] = [];
  const close = (open: number): number => closing(tokens, open, dropped);
  for (let i = 0; i < tokens.count; i++) {
    const from = tokens.start[i]!;
    const k = tokens.kind[i]!;
    if (k === T_DIRECTIVE || dropped[i] === 1) {
      edit.blank(from, tokens.end[i]!);
      continue;
    }
    let w = tokens.word[i]!;
    let to = tokens.end[i]!;
    if (k === T_WORD) {
      if (plainAnnotations.has(w) && tokens.word[i + 1] !== '->' && !isMemberOrDefinition(tokens, i)) {
        edit.blank(from, to);
        continue;
      }
      const next = nextLive(tokens, i, dropped);
      const called = next >= 0 && tokens.word[next] === '(';
      if (called && callAnnotations.has(w)) {
        const last = close(next);
        if (last >= 0) {
          edit.blank(from, tokens.end[last]!);
          i = last;
          continue;
        }
      }
      if (called && typeofWords.has(w)) {
        const last = close(next);
        if (last >= 0) {
          to = tokens.end[last]!;
          edit.replace(from, to, 'int');
          w = 'int';
          i = last;
        }
      } else if (asmWords.has(w)) {
        const last = asmEnd(tokens, i, dropped);
        if (last >= 0) {
          edit.blank(from, tokens.end[last]!);
          i = last;
          continue;
        }
      } else if (w === 'extern' && next >= 0 && tokens.kind[next] === T_STRING) {
        edit.blank(tokens.start[next]!, tokens.end[next]!);
        i = next;
      }
    }
    kind.push(k);
    start.push(from);
    end.push(to);
    word.push(w);
  }
  return withMatches(tokens.text, kind, start, end, word);
}

/** `p->__used`, `.__private = ` and `__init(x)` as a name are no annotations. */
function isMemberOrDefinition(tokens: Tokens, i: number): boolean {
  const before = tokens.word[i - 1];
  if (before === '->' || before === '.') return true;
  return tokens.word[i + 1] === ')' && before === '(' && tokens.kind[i - 2] === T_WORD;
}

function nextLive(tokens: Tokens, i: number, dropped: Uint8Array): number {
  for (let k = i + 1; k < tokens.count; k++) if (dropped[k] === 0 && tokens.kind[k] !== T_DIRECTIVE) return k;
  return -1;
}

/** Index of the bracket that closes `open`, counting only live tokens; -1 when it does not close. */
function closing(tokens: Tokens, open: number, dropped: Uint8Array): number {
  let depth = 0;
  for (let k = open; k < tokens.count; k++) {
    if (dropped[k] === 1) continue;
    const w = tokens.word[k];
    if (w === '(') depth++;
    else if (w === ')') {
      depth--;
      if (depth === 0) return k;
    } else if (w === ';' && tokens.word[open + 1] !== '{' && depth === 1) return -1;
  }
  return -1;
}

/** `asm volatile goto ( … )`: index of the closing parenthesis, or -1 when this is no asm statement. */
function asmEnd(tokens: Tokens, i: number, dropped: Uint8Array): number {
  let k = i + 1;
  while (
    k < tokens.count &&
    (dropped[k] === 1 || /^(__)?(volatile|goto|inline)(__)?$/.test(tokens.word[k]!) || tokens.kind[k] === T_DIRECTIVE)
  )
    k++;
  return tokens.word[k] === '(' ? closing(tokens, k, dropped) : -1;
}
