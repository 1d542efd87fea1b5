// Builds the source view of one text: mask, parse, repair what the first parse could not read, list functions and problems.
import type { Node, Tree } from 'web-tree-sitter';
import { branchLines, lineOf, readDirectives } from './directives.ts';
import { functionsOf } from './functions.ts';
import type { Captures, Grammar, QueryName } from './grammar.ts';
import { mask, prepare, type MaskedText, type PreparedText } from './mask.ts';
import { tokenize, type Tokens } from './tokens.ts';
import type { FunctionOutline, SourceFile, SourceProblem } from './source-file.ts';

/** A source view with the tree it stands on; the caller owns the tree. */
export interface ParsedText {
  readonly file: SourceFile;
  readonly tree: Tree;
}

/** Characters; the largest header of a kernel (register definitions) has 16 million. */
const maximumLength = 24_000_000;
const maximumRepairs = 6;
const maximumProblems = 50;

/** Turns masked text into a tree, and finds shapes in it. */
export type SourceGrammar = Pick<Grammar, 'parse' | 'find'>;

/** Never fails: what cannot be read is listed as a problem. */
export function buildSourceFile(path: string, text: string, grammar: SourceGrammar): ParsedText {
  const parse = (masked: string): Tree => grammar.parse(masked);
  if (text.length > maximumLength) {
    const reason = `longer than ${maximumLength} characters; the source view does not read it`;
    const tree = parse('');
    return { file: new TextView(path, prepare(''), '', tree, grammar, [{ line: 1, text: path, reason }]), tree };
  }
  const prepared = prepare(text);
  let masked = mask(prepared);
  let tree = parse(masked.masked);
  const problems: SourceProblem[] = masked.problems.map((p) => ({ line: p.line, text: p.text, reason: p.reason }));
  if (tree.rootNode.hasError) {
    const repaired = repair(prepared, masked, tree, parse, problems);
    masked = repaired.masked;
    tree = repaired.tree;
  }
  problems.sort((a, b) => a.line - b.line);
  return { file: new TextView(path, prepared, masked.masked, tree, grammar, problems), tree };
}

/** Errors of a tree, outermost first, in order of place. */
function errorsOf(root: Node): Node[] {
  const found: Node[] = [];
  const walk = (node: Node): void => {
    if (!node.hasError || found.length >= maximumProblems) return;
    for (const c of node.children) {
      if (c.isError || c.isMissing) found.push(c);
      else walk(c);
    }
  };
  walk(root);
  return found;
}

function repair(
  prepared: PreparedText,
  first: MaskedText,
  firstTree: Tree,
  parse: (masked: string) => Tree,
  problems: SourceProblem[],
): { masked: MaskedText; tree: Tree } {
  const overrides = new Map<number, number>();
  const blanks: number[] = [];
  let masked = first;
  let tree = firstTree;
  let errors = errorsOf(tree.rootNode);
  for (let round = 0; round < maximumRepairs && errors.length > 0; round++) {
    const at = errors[0]!.startIndex;
    const body = masked.bodies.find((b) => masked.tokens.start[b.open]! <= at && at <= masked.tokens.end[b.close]!);
    const from = body === undefined ? Math.max(0, prepared.text.lastIndexOf('\n', at - 1)) : masked.tokens.start[body.header]!;
    const to = body === undefined ? lineEnd(prepared.text, at) : masked.tokens.end[body.close]!;
    const groups = nearbyGroups(prepared, from, to, overrides);
    if (groups.length > 0) {
      for (const g of groups) overrides.set(g, firstFilled(prepared, g));
    } else if (body !== undefined) {
      report(prepared, errors.filter((e) => e.startIndex >= from && e.startIndex <= to).slice(0, 3), problems);
      blanks.push(masked.tokens.end[body.open]!, masked.tokens.start[body.close]!);
    } else break;
    const next = mask(prepared, overrides, blanks);
    const nextTree = parse(next.masked);
    const nextErrors = errorsOf(nextTree.rootNode);
    tree.delete();
    masked = next;
    tree = nextTree;
    errors = nextErrors;
  }
  report(prepared, errors, problems);
  return { masked, tree };
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function report(prepared: PreparedText, errors: readonly Node[], problems: SourceProblem[]): void {
  for (const e of errors) {
    const line = e.startPosition.row + 1;
    const begin = prepared.starts[line - 1] ?? 0;
    const text = prepared.text.slice(begin, lineEnd(prepared.text, begin)).trim();
    const reason = e.isMissing ? `'${e.type}' is missing` : 'this is no C that the grammar knows';
    if (!problems.some((p) => p.line === line && p.reason === reason)) problems.push({ line, text, reason });
  }
}

/** #if groups with several branches inside a range that were shown with all branches. */
function nearbyGroups(prepared: PreparedText, from: number, to: number, overrides: ReadonlyMap<number, number>): number[] {
  const { tokens } = prepared.raw;
  const result: number[] = [];
  prepared.structure.groups.forEach((g, index) => {
    if (overrides.has(index) || g.branches.length < 2) return;
    const begin = tokens.start[g.branches[0]!.from - 1] ?? 0;
    const last = tokens.start[Math.min(g.branches.at(-1)!.to, tokens.count - 1)] ?? 0;
    if (begin <= to && last >= from && begin >= from - 1) result.push(index);
  });
  return result;
}

function firstFilled(prepared: PreparedText, group: number): number {
  const { branches } = prepared.structure.groups[group]!;
  const k = branches.findIndex((b) => b.to > b.from);
  return Math.max(k, 0);
}

/** The child of the root that a node lies in; the root itself, which is between items, is none. */
function topLevel(node: Node | null): Node | undefined {
  let item = node;
  while (item?.parent?.parent != null) item = item.parent;
  return item?.parent === null ? undefined : (item ?? undefined);
}

class TextView implements SourceFile {
  readonly path: string;
  readonly text: string;
  readonly masked: string;
  readonly problems: readonly SourceProblem[];
  private readonly starts: readonly number[];
  /** Tokens are large and quick to make again; the collector may take them. */
  private remembered: WeakRef<Tokens>;
  private readonly tree: Tree;
  private readonly grammar: SourceGrammar;
  private outline: readonly FunctionOutline[] | undefined;
  private conditions: readonly { readonly from: number; readonly to: number; readonly condition: string }[] | undefined;

  constructor(
    path: string,
    prepared: PreparedText,
    masked: string,
    tree: Tree,
    grammar: SourceGrammar,
    problems: readonly SourceProblem[],
  ) {
    this.path = path;
    this.text = prepared.text;
    this.masked = masked;
    this.starts = prepared.starts;
    this.remembered = new WeakRef(prepared.raw.tokens);
    this.tree = tree;
    this.grammar = grammar;
    this.problems = problems;
  }

  get tokens(): Tokens {
    let tokens = this.remembered.deref();
    if (tokens === undefined) {
      tokens = tokenize(this.text).tokens;
      this.remembered = new WeakRef(tokens);
    }
    return tokens;
  }

  get root(): Node {
    return this.tree.rootNode;
  }

  find(name: QueryName, words: RegExp): Captures[] {
    const found: Captures[] = [];
    let done = -1;
    for (const { index } of this.text.matchAll(words)) {
      // A query walks all below its node, and most items of a file have none of the words.
      if (index < done) continue;
      const item = topLevel(this.root.descendantForIndex(index));
      if (item === undefined) continue;
      done = item.endIndex;
      found.push(...this.grammar.find(name, item));
    }
    return found;
  }

  get functions(): readonly FunctionOutline[] {
    this.outline ??= functionsOf(this.tree, this.text, (line) => this.conditionsAt(line));
    return this.outline;
  }

  conditionsAt(line: number): readonly string[] {
    if (this.conditions === undefined) {
      const list: { from: number; to: number; condition: string }[] = [];
      const { tokens } = this;
      branchLines(tokens, this.starts, readDirectives(tokens, this.starts).groups, (from, to, condition) =>
        list.push({ from, to, condition }),
      );
      this.conditions = list.sort((a, b) => a.from - b.from || b.to - a.to);
    }
    return this.conditions.filter((c) => c.from <= line && line <= c.to).map((c) => c.condition);
  }

  functionAt(line: number): FunctionOutline | undefined {
    const { functions } = this;
    let lo = 0;
    let hi = functions.length - 1;
    while (lo <= hi) {
      const mid = (lo + hi) >> 1;
      const f = functions[mid]!;
      if (line < f.startLine) hi = mid - 1;
      else if (line > f.endLine) lo = mid + 1;
      else return f;
    }
    return undefined;
  }

  lineText(line: number): string {
    const begin = this.starts[line - 1];
    return begin === undefined ? '' : this.text.slice(begin, lineEnd(this.text, begin)).replace(/\r$/, '');
  }

  lineAt(offset: number): number {
    return lineOf(this.starts, offset);
  }

  offsetAt(line: number, column: number): number {
    return (this.starts[line - 1] ?? this.text.length) + column - 1;
  }
}
