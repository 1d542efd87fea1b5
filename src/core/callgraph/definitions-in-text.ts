// Which functions a text in kernel layout defines, read off its lines: much cheaper than a parse, for files that are candidates only.

export interface TextDefinition {
  readonly name: string;
  /** Of the name; from 1. */
  readonly line: number;
  readonly isStatic: boolean;
  /** Stands under an #if that is no include guard. */
  readonly isConditional: boolean;
}

/** A line that begins in column 1, up to the name before the parameters. */
const head = /^(?:[A-Za-z_][^;={}()\n]*[ \t*])?([A-Za-z_]\w*)[ \t]*\(/gm;
const syscall = /^(COMPAT_)?SYSCALL_DEFINE\d$/;
/** How far annotations may reach between the parameters and the body. */
const annotations = 300;

/** Definitions of the wanted functions, in order of place. A system call is named as the kernel names its body, `__do_sys_x`. */
export function definitionsIn(path: string, text: string, wanted: { has(name: string): boolean }): TextDefinition[] {
  const found: TextDefinition[] = [];
  let depth = 0;
  let counted = 0;
  let line = 1;
  const guard = path.endsWith('.h') && isGuarded(text) ? 1 : 0;
  head.lastIndex = 0;
  for (let m = head.exec(text); m !== null; m = head.exec(text)) {
    let name = m[1]!;
    let nameAt = m.index + m[0].lastIndexOf(name);
    const open = m.index + m[0].length - 1;
    const call = syscall.exec(name);
    if (call !== null) {
      const argument = /\s*(\w+)/y;
      argument.lastIndex = open + 1;
      const given = argument.exec(text);
      name = `__do_${call[1] === undefined ? '' : 'compat_'}sys_${given?.[1] ?? ''}`;
      nameAt = argument.lastIndex - (given?.[1]?.length ?? 0);
    }
    if (!wanted.has(name)) continue;
    const close = closing(text, open);
    if (!/^[^;{,=]*\{/.test(text.slice(close + 1, close + annotations))) continue;
    depth += conditionals(text, counted, m.index);
    line += newlines(text, counted, nameAt);
    counted = nameAt;
    found.push({ name, line, isStatic: /\bstatic\b/.test(headText(text, m.index, m[0])), isConditional: depth - guard > 0 });
    head.lastIndex = close;
  }
  return found;
}

/** The specifiers: those of the line before when the name begins its line. */
function headText(text: string, at: number, match: string): string {
  if (/[ \t*]/.test(match.trimEnd())) return match;
  return `${text.slice(text.lastIndexOf('\n', at - 2) + 1, at)} ${match}`;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 40) depth++;
    else if (c === 41 && --depth === 0) return i;
  }
  return text.length;
}

/** How many more #if than #endif stand in a range that ends at a line's start. */
function conditionals(text: string, from: number, to: number): number {
  let depth = 0;
  for (const m of text.slice(from, to).matchAll(/^[ \t]*#[ \t]*(if|endif)/gm)) depth += m[1] === 'if' ? 1 : -1;
  return depth;
}

function newlines(text: string, from: number, to: number): number {
  let n = 0;
  for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) n++;
  return n;
}

/** True when the first directive is the guard of the whole header. */
function isGuarded(text: string): boolean {
  return /^[ \t]*#[ \t]*(if\w*)/m.exec(text)?.[1] === 'ifndef' && /^[ \t]*#[ \t]*(\w+)/m.exec(text)?.[1] === 'ifndef';
}
