// Finds brackets that do not match in the text of a C file: the usual reason why everything behind an edit has vanished.

/** Line (from 1) and what is wrong there. */
export interface BracketProblem {
  readonly line: number;
  readonly reason: string;
}

interface Open {
  readonly bracket: '(' | '[' | '{';
  readonly line: number;
  /** The parenthesis of a `for`, which may hold semicolons. */
  readonly isFor: boolean;
}

const CLOSES: Readonly<Record<string, '(' | '[' | '{'>> = { ')': '(', ']': '[', '}': '{' };
/** Comments, strings, character constants, directives with their continuation lines, words, and single characters. */
const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|^[ \t]*#(?:\\\r?\n|[^\n])*|[A-Za-z_]\w*|[()[\]{};\n]/gm;

/** The first mismatch; undefined when all brackets match. Of `#if` groups only the first branch is read. */
export function firstMismatch(text: string): BracketProblem | undefined {
  const open: Open[] = [];
  let line = 1;
  let word = '';
  // Depth of conditionals inside a branch that is left out; 0 while reading.
  let skipped = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    const at = line;
    for (const character of token) if (character === '\n') line++;
    if (/^[ \t]*#/.test(token)) {
      skipped = nextSkip(token, skipped);
      continue;
    }
    if (skipped > 0 || token.startsWith('/') || token === '\n') continue;
    const problem = take(token, at, open, word);
    if (problem !== undefined) return problem;
    word = token;
  }
  const left = open.at(-1);
  return left === undefined ? undefined : { line: left.line, reason: `this '${left.bracket}' is never closed` };
}

function nextSkip(directive: string, skipped: number): number {
  const [name = ''] = /[a-z]+/.exec(directive) ?? [];
  if (skipped > 0) return name.startsWith('if') ? skipped + 1 : name === 'endif' ? skipped - 1 : skipped;
  return name === 'else' || name.startsWith('elif') ? 1 : 0;
}

function take(token: string, line: number, open: Open[], word: string): BracketProblem | undefined {
  const top = open.at(-1);
  switch (token) {
    case '(':
    case '[':
    case '{':
      open.push({ bracket: token, line, isFor: token === '(' && /^(for|.*for_each.*)$/.test(word) });
      return undefined;
    case ')':
    case ']':
    case '}':
      if (top?.bracket === CLOSES[token]) {
        open.pop();
        return undefined;
      }
      return {
        line,
        reason:
          top === undefined
            ? `this '${token}' closes nothing`
            : `'${token}' stands where the '${top.bracket}' of line ${top.line} must be closed first`,
      };
    case ';':
      if (top !== undefined && top.bracket !== '{' && !top.isFor)
        return { line: top.line, reason: `this '${top.bracket}' is not closed before ';'` };
      return undefined;
    default:
      return undefined;
  }
}
