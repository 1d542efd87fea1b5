// The #if structure of one file: which conditions hold at a line, and which branches the mask can show to the parser together.
import { T_DIRECTIVE, type Tokens } from './tokens.ts';

/** One branch of an #if group: token indexes of its content (half open) and the condition under which it is read. */
export interface Branch {
  readonly condition: string;
  /** Line of the directive that opens the branch. */
  readonly line: number;
  readonly from: number;
  to: number;
}

/** #if … #endif with its branches in order; groups nest. */
export interface Group {
  readonly branches: Branch[];
  readonly parent: Group | undefined;
}

/** A directive with its name and rest of line (splices and comments removed). */
export interface Directive {
  readonly token: number;
  readonly line: number;
  readonly name: string;
  readonly rest: string;
}

export interface DirectiveStructure {
  readonly directives: readonly Directive[];
  /** Inner groups come before the groups around them. */
  readonly groups: readonly Group[];
  readonly problems: readonly { readonly line: number; readonly text: string; readonly reason: string }[];
}

/** Offsets at which lines start; entry 0 is line 1. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

/** Line (from 1) of an offset, by bisection. */
export function lineOf(starts: readonly number[], offset: number): number {
  let lo = 0;
  let hi = starts.length - 1;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (starts[mid]! <= offset) lo = mid;
    else hi = mid - 1;
  }
  return lo + 1;
}

function splitDirective(raw: string): { name: string; rest: string } {
  const flat = raw
    .replace(/\\\r?\n/g, ' ')
    .replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')
    .replace(/\/\/.*$/, '');
  const m = /^#\s*([A-Za-z_]*)\s*(.*?)\s*$/s.exec(flat);
  return { name: m?.[1] ?? '', rest: (m?.[2] ?? '').replace(/\s+/g, ' ') };
}

const negate = (c: string): string => {
  const m = /^(!?)defined\((\w+)\)$/.exec(c);
  return m !== null ? `${m[1] === '!' ? '' : '!'}defined(${m[2] ?? ''})` : `!(${c})`;
};

/** Reads the directives of a token stream. Unbalanced ones become problems; what is open at the end closes there. */
export function readDirectives(tokens: Tokens, starts: readonly number[]): DirectiveStructure {
  const directives: Directive[] = [];
  const groups: Group[] = [];
  const problems: { line: number; text: string; reason: string }[] = [];
  const stack: { group: Group; conditions: string[]; parts: string[] }[] = [];
  for (let i = 0; i < tokens.count; i++) {
    if (tokens.kind[i] !== T_DIRECTIVE) continue;
    const raw = tokens.text.slice(tokens.start[i], tokens.end[i]);
    const { name, rest } = splitDirective(raw);
    const line = lineOf(starts, tokens.start[i]!);
    directives.push({ token: i, line, name, rest });
    const top = stack.at(-1);
    if (name === 'if' || name === 'ifdef' || name === 'ifndef') {
      const c = name === 'if' ? rest : name === 'ifdef' ? `defined(${rest})` : `!defined(${rest})`;
      const group: Group = { branches: [{ condition: c, line, from: i + 1, to: tokens.count }], parent: top?.group };
      stack.push({ group, conditions: [c], parts: [c] });
    } else if (name === 'else' || name.startsWith('elif')) {
      if (top === undefined) {
        problems.push({ line, text: raw, reason: `#${name} without #if` });
        continue;
      }
      top.group.branches.at(-1)!.to = i;
      const nots = top.conditions.map(negate);
      const own = name === 'else' ? '' : name === 'elif' ? rest : `${name === 'elifndef' ? '!' : ''}defined(${rest})`;
      const c = [...nots, ...(own === '' ? [] : [own.includes('||') ? `(${own})` : own])].join(' && ');
      top.group.branches.push({ condition: c, line, from: i + 1, to: tokens.count });
      if (own !== '') top.conditions.push(own);
    } else if (name === 'endif') {
      if (top === undefined) {
        problems.push({ line, text: raw, reason: '#endif without #if' });
        continue;
      }
      top.group.branches.at(-1)!.to = i;
      groups.push(top.group);
      stack.pop();
    }
  }
  for (const open of stack.reverse()) {
    const first = open.group.branches[0]!;
    problems.push({ line: first.line, text: first.condition, reason: '#if without #endif' });
    groups.push(open.group);
  }
  return { directives, groups, problems };
}

/** True for the guard of a header: its only branch spans all of the file. */
function isIncludeGuard(group: Group, tokens: Tokens): boolean {
  const only = group.branches.length === 1 ? group.branches[0]! : undefined;
  if (only === undefined || group.parent !== undefined || !only.condition.startsWith('!')) return false;
  return only.from <= 2 && only.to >= tokens.count - 2;
}

/** Calls `visit(firstLine, lastLine, condition)` for each branch's lines; include guards are no conditions. */
export function branchLines(
  tokens: Tokens,
  starts: readonly number[],
  groups: readonly Group[],
  visit: (from: number, to: number, condition: string) => void,
): void {
  for (const group of groups) {
    if (isIncludeGuard(group, tokens)) continue;
    for (const b of group.branches) {
      const last = b.to < tokens.count ? lineOf(starts, tokens.start[b.to]!) - 1 : starts.length;
      visit(b.line + 1, last, b.condition);
    }
  }
}
