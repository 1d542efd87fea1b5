// Calls written in one function's body, found on its tokens so that macros the parser does not see are included.
import type { FunctionOutline, SourceFile } from '../syntax/source-file.ts';
import { keywords } from '../syntax/annotations.ts';
import { T_DIRECTIVE, T_WORD, type Tokens } from '../syntax/tokens.ts';

/** A name followed by `(` in a body, or a bare name that is a macro. */
export interface WrittenCall {
  readonly name: string;
  readonly offset: number;
  readonly line: number;
  /** Argument texts; undefined for a bare name. */
  readonly args: readonly string[] | undefined;
  /** `->name(` or `.name(`. */
  readonly isMember: boolean;
}

const unevaluated =
  /^(sizeof|typeof|__typeof__|__typeof|offsetof|__alignof__|_Alignof|__builtin_offsetof|typeof_member|sizeof_field|offsetofend|__builtin_types_compatible_p|__same_type|asm|__asm__|__attribute__|defined|_Static_assert)$/;

/** Index of the first token at or after an offset. */
export function tokenAt(t: Tokens, offset: number): number {
  let lo = 0;
  let hi = t.count;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (t.start[mid]! < offset) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

/** Calls of a body in order of place. `isMacro` tells which bare names matter. */
export function writtenCalls(file: SourceFile, f: FunctionOutline, isMacro: (name: string) => boolean): WrittenCall[] {
  const t = file.tokens;
  const calls: WrittenCall[] = [];
  const end = tokenAt(t, f.endOffset);
  for (let i = tokenAt(t, f.bodyOffset); i < end; i++) {
    if (t.kind[i] !== T_WORD) continue;
    const name = t.word[i]!;
    let next = i + 1;
    while (next < end && t.kind[next] === T_DIRECTIVE) next++;
    const called = t.word[next] === '(';
    if (unevaluated.test(name)) {
      if (called && t.match[next]! > i) i = t.match[next]!;
      continue;
    }
    if (keywords.has(name)) continue;
    const before = t.word[i - 1];
    const isMember = before === '->' || before === '.';
    if (!called && (isMember || !isMacro(name))) continue;
    if (before === 'struct' || before === 'union' || before === 'enum' || before === 'goto') continue;
    calls.push({ name, offset: t.start[i]!, line: file.lineAt(t.start[i]!), args: called ? argumentsOf(t, next) : undefined, isMember });
  }
  return calls;
}

/** Texts of the arguments between a parenthesis and its partner. */
export function argumentsOf(t: Tokens, open: number): string[] {
  const close = t.match[open]!;
  if (close < open) return [];
  const args: string[] = [];
  let from = open + 1;
  for (let i = open + 1; i <= close; i++) {
    if (i === close || t.word[i] === ',') {
      if (i > from) args.push(t.text.slice(t.start[from], t.end[i - 1]).replace(/\s+/g, ' '));
      else if (i !== close || args.length > 0) args.push('');
      from = i + 1;
    } else if (t.match[i]! > i) i = t.match[i]!;
  }
  return args;
}
