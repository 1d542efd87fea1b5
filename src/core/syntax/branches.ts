// Chooses which #if branches the parser sees: all of them where that reads as C, else one, consistently across the file.
import type { Branch, DirectiveStructure, Group } from './directives.ts';
import { T_DIRECTIVE, T_PUNCT, type Tokens } from './tokens.ts';

/** Conditions that are never true in kernel C as we read it. */
const neverTrue =
  /^(0|defined\(__cplusplus\)|defined\(__ASSEMBLY__\)|defined\(__ASSEMBLER__\)|defined\(__ASSEMBLY\)|defined\(_ASMLANGUAGE\)|defined\(LOCORE\)|defined __ASSEMBLY__|defined\(__LINKER__\)|!\(1\))$/;

interface Shape {
  readonly first: string;
  readonly last: string;
  readonly empty: boolean;
  readonly net: number;
  readonly balanced: boolean;
}

function shapeOf(tokens: Tokens, branch: Branch, dropped: Uint8Array): Shape {
  let first = '';
  let last = '';
  let curly = 0;
  let round = 0;
  let min = 0;
  for (let i = branch.from; i < branch.to; i++) {
    if (dropped[i] === 1 || tokens.kind[i] === T_DIRECTIVE) continue;
    const w = tokens.word[i]!;
    if (first === '') first = w;
    last = w;
    if (tokens.kind[i] !== T_PUNCT) continue;
    if (w === '{') curly++;
    else if (w === '}') curly--;
    else if (w === '(' || w === '[') round++;
    else if (w === ')' || w === ']') round--;
    min = Math.min(min, curly, round);
  }
  return { first, last, empty: first === '', net: Math.abs(curly) + Math.abs(round), balanced: curly === 0 && round === 0 && min >= 0 };
}

function neighbour(tokens: Tokens, from: number, step: 1 | -1, dropped: Uint8Array): string {
  for (let i = from; i >= 0 && i < tokens.count; i += step) {
    if (dropped[i] === 0 && tokens.kind[i] !== T_DIRECTIVE) return tokens.word[i]!;
  }
  return '';
}

const boundaryBefore = new Set(['', ';', '{', '}', ',', ':']);
const boundaryEnd = new Set([';', '}', ',', ':']);

/** `!X` and `X` are one assumption with opposite values; an #else condition negates the first one. */
function assumptionOf(condition: string): { key: string; value: boolean } {
  let key = condition;
  let value = true;
  for (;;) {
    const m = /^!\((.*)\)$/.exec(key) ?? /^!(defined\(\w+\)|\w+(?:\(\w+\))?)$/.exec(key);
    if (m === null) return { key, value };
    key = m[1] ?? '';
    value = !value;
  }
}

/** Marks the tokens of branches that the parser must not see. `overrides` (group index -> branch, -1 for none) come from a failed parse. */
export function chooseBranches(tokens: Tokens, structure: DirectiveStructure, overrides: ReadonlyMap<number, number>): Uint8Array {
  const dropped = new Uint8Array(tokens.count);
  const assumed = new Map<string, boolean>();
  structure.groups.forEach((group, index) => {
    const keep = overrides.get(index) ?? choose(tokens, group, dropped, assumed);
    if (keep === 'all') return;
    group.branches.forEach((b, k) => {
      if (k !== keep) dropped.fill(1, b.from, b.to);
    });
  });
  return dropped;
}

function choose(tokens: Tokens, group: Group, dropped: Uint8Array, assumed: Map<string, boolean>): number | 'all' {
  const dead = group.branches.map((b) => neverTrue.test(b.condition));
  group.branches.forEach((b, k) => {
    if (dead[k] === true) dropped.fill(1, b.from, b.to);
  });
  const shapes = group.branches.map((b) => shapeOf(tokens, b, dropped));
  const live = shapes.filter((s) => !s.empty);
  if (live.length <= 1 && live.every((s) => s.balanced || s.net === 0)) return 'all';
  if (live.length > 1 && live.every((s) => s.balanced && boundaryEnd.has(s.last) && s.first !== 'else')) {
    const first = group.branches[0]!;
    const before = neighbour(tokens, first.from - 2, -1, dropped);
    const after = neighbour(tokens, group.branches.at(-1)!.to + 1, 1, dropped);
    if (boundaryBefore.has(before) && after !== 'else' && after !== '{' && !(live.some((s) => s.last === '}') && /^[;,=)]$/.test(after)))
      return 'all';
  }
  for (let k = 0; k < group.branches.length; k++) {
    const { key, value } = assumptionOf(group.branches[k]!.condition);
    if (assumed.get(key) === value) return k;
  }
  if (group.branches.length === 1) {
    const { key, value } = assumptionOf(group.branches[0]!.condition);
    const known = assumed.get(key);
    if (known !== undefined) return known === value ? 0 : -1;
  }
  const pick = shapes.findIndex((s, k) => !s.empty && dead[k] !== true);
  const { key, value } = assumptionOf(group.branches[Math.max(pick, 0)]!.condition);
  assumed.set(key, value);
  return Math.max(pick, 0);
}
