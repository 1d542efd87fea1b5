// Keeps a missing or extra brace local: kernel style puts a function's braces in column 1, so each function can be closed on its own.
import { lineOf } from './directives.ts';
import type { MaskEditor } from './editor.ts';
import type { SourceProblem as MaskProblem } from './source-file.ts';
import { T_PUNCT, withMatches, type Tokens } from './tokens.ts';

/** Returns balanced tokens. Bodies whose braces do not pair up are blanked inside, so that their neighbours are unaffected. */
export function resync(t: Tokens, edit: MaskEditor, starts: readonly number[]): { tokens: Tokens; problems: MaskProblem[] } {
  if (braceBalance(t)) return { tokens: t, problems: [] };
  const problems: MaskProblem[] = [];
  const drop = new Uint8Array(t.count);
  const column0 = (i: number): boolean => t.start[i] === 0 || t.text.charCodeAt(t.start[i]! - 1) === 10;
  const report = (i: number, reason: string): void => {
    const line = lineOf(starts, t.start[i]!);
    problems.push({ line, text: t.text.slice(starts[line - 1], starts[line] ?? t.text.length).trim(), reason });
  };
  const hide = (from: number, to: number): void => {
    for (let k = from; k < to; k++) drop[k] = 1;
    if (to > from) edit.blank(t.start[from]!, t.end[to - 1]!);
  };
  let depth = 0;
  let open = -1;
  for (let i = 0; i < t.count; i++) {
    if (t.kind[i] !== T_PUNCT) continue;
    const w = t.word[i]!;
    if (w === '{') {
      if (depth > 0 && column0(i) && open >= 0) {
        // A new body begins although the last one is still open: end that one before this header.
        let end = i;
        while (end > open + 1 && !/^[;}]$/.test(t.word[end - 1]!)) end--;
        report(open, 'the braces of this function do not pair up');
        hide(open + 1, end);
        if (end > open + 1) {
          // One of the hidden tokens becomes the closing brace.
          drop[end - 1] = 2;
          edit.put(t.end[end - 1]! - 1, '}');
        } else drop[open] = 1;
        open = i;
        depth = 1;
        continue;
      }
      if (depth === 0) open = i;
      depth++;
    } else if (w === '}') {
      if (depth === 0) {
        report(i, 'a closing brace without an opening one');
        hide(i, i + 1);
        continue;
      }
      depth--;
      if (depth > 0 && column0(i)) {
        report(open, 'the braces of this function do not pair up');
        hide(open + 1, i);
        depth = 0;
      }
    }
  }
  if (depth > 0 && open >= 0) {
    report(open, 'this block is not closed before the end of the file');
    hide(open, t.count);
  }
  const kind: number[] = [];
  const start: number[] = [];
  const end: number[] = [];
  const word: string[] = [];
  for (let i = 0; i < t.count; i++) {
    if (drop[i] === 1) continue;
    const closes = drop[i] === 2;
    kind.push(closes ? T_PUNCT : t.kind[i]!);
    start.push(closes ? t.end[i]! - 1 : t.start[i]!);
    end.push(t.end[i]!);
    word.push(closes ? '}' : t.word[i]!);
  }
  return { tokens: withMatches(t.text, kind, start, end, word), problems };
}

function braceBalance(t: Tokens): boolean {
  let depth = 0;
  for (let i = 0; i < t.count; i++) {
    if (t.kind[i] !== T_PUNCT) continue;
    if (t.word[i] === '{') depth++;
    else if (t.word[i] === '}' && --depth < 0) return false;
  }
  return depth === 0;
}
