// Who calls some functions: by name, inside macros, through slots that hold them, and through parameters they are passed in.
import type { WordSearch } from '../source/word-search.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { SourceTrees } from '../syntax/trees.ts';
import { tokenAt } from './body-calls.ts';
import type { CallContext } from './direct-calls.ts';
import type { CallEdge, CallReport } from './graph.ts';

/** The part of the call graph that this room needs of its owner. */
export interface EdgeSource {
  edgesOf(file: SourceFile, f: SourceFile['functions'][number]): { edges: CallEdge[]; unresolved: CallReport['unresolved'] };
}

export interface CallerSearch {
  readonly trees: SourceTrees;
  readonly search: WordSearch;
  readonly context: CallContext;
  readonly graph: EdgeSource;
}

const maximumFiles = 250;
/** How often a parameter is followed from function to function. */
const maximumForwards = 3;
const outside = /^(tools|scripts|samples|Documentation)\//;

/** Edges into any of the named functions, sorted by file and line. */
export function callersOf(names: readonly string[], s: CallerSearch): CallEdge[] {
  const wanted = new Set(names);
  const edges: CallEdge[] = [];
  const pattern = new RegExp(`\\b(${names.join('|')})\\b`, 'g');
  const slots = new Set<string>();
  const receivers = new Set<string>();
  const macros = new Set<string>();
  const files = s.search.filesWith(names).filter((f) => !outside.test(f));
  const visit = (path: string, words: RegExp, targets: ReadonlySet<string>): void => {
    const file = s.trees.open(path);
    if (file === undefined) return;
    const done = new Set<string>();
    for (const m of file.text.matchAll(words)) {
      const f = file.functionAt(file.lineAt(m.index));
      if (f === undefined || m.index < f.bodyOffset) {
        const define = /#[ \t]*define[ \t]+(\w+)[^\n]*(?:\\\r?\n[^\n]*)*$/.exec(file.text.slice(Math.max(0, m.index - 2000), m.index));
        if (f === undefined && define !== null && define[1] !== m[1]) macros.add(define[1]!);
        const slot = /\.\s*(\w+)\s*=\s*&?\s*(?:\([^()]*\)\s*)?$/.exec(file.text.slice(Math.max(0, m.index - 120), m.index));
        if (slot !== null) slots.add(slot[1]!);
        continue;
      }
      const passedTo = passedAsArgument(file, m.index);
      if (passedTo !== undefined) receivers.add(passedTo);
      if (done.has(f.name)) continue;
      done.add(f.name);
      for (const e of s.graph.edgesOf(file, f).edges) if (targets.has(e.callee)) edges.push(e);
    }
  };
  for (const path of files.slice(0, maximumFiles)) if (patternIn(s, path, pattern)) visit(path, pattern, wanted);
  const more = [...new Set([...slots, ...macros, ...receivers])].filter((w) => !wanted.has(w));
  if (more.length > 0) {
    // Dispatches through the slots, uses of the macros, and the functions that call their parameter.
    const again = new RegExp(
      [...[...slots].map((m) => `(?:->|\\.)\\s*${m}\\s*\\)?\\s*\\(`), ...[...macros, ...receivers].map((m) => `\\b${m}\\b`)].join('|') ||
        '$^',
      'g',
    );
    const words = [...[...slots].flatMap((m) => [`->${m}`, `.${m}(`]), ...macros, ...receivers];
    for (const path of s.search
      .filesWith(words)
      .filter((f) => !outside.test(f))
      .slice(0, maximumFiles)) {
      if (!patternIn(s, path, again)) continue;
      const file = s.trees.open(path);
      if (file === undefined) continue;
      const functions = new Set<SourceFile['functions'][number]>();
      for (const m of file.text.matchAll(again)) {
        const f = file.functionAt(file.lineAt(m.index));
        if (f !== undefined) functions.add(f);
      }
      for (const f of functions) for (const e of s.graph.edgesOf(file, f).edges) if (wanted.has(e.callee)) edges.push(e);
    }
  }
  for (const e of throughStores(receivers, s)) if (wanted.has(e.callee)) edges.push(e);
  const unique = new Map(edges.map((e) => [`${e.file}:${e.line}:${e.caller}:${e.callee}:${e.kind}`, e]));
  return [...unique.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}

/**
 * Edges of the functions that end up calling what a receiver is given: it stores its parameter in a member that its file
 * calls, or hands it on to another function.
 */
function throughStores(receivers: ReadonlySet<string>, s: CallerSearch): CallEdge[] {
  const edges: CallEdge[] = [];
  const seen = new Set(receivers);
  let level = [...receivers];
  for (let depth = 0; depth < maximumForwards && level.length > 0; depth++) {
    const next = new Set<string>();
    for (const path of s.search.filesDeclaring(level)) {
      const file = outside.test(path) || path.endsWith('.h') ? undefined : s.trees.open(path);
      if (file === undefined) continue;
      const members = new Set<string>();
      const functions = new Set<SourceFile['functions'][number]>();
      for (const f of file.functions) {
        if (!level.includes(f.name)) continue;
        if (depth > 0) functions.add(f);
        for (const m of file.masked.slice(f.bodyOffset, f.endOffset).matchAll(/\b(?:(?:->|\.)\s*(\w+)\s*=\s*)?(\w+)\s*[;,})]/g)) {
          if (!f.parameters.some((p) => p.name === m[2])) continue;
          const forwarded = passedAsArgument(file, f.bodyOffset + m.index + m[0].lastIndexOf(m[2]!));
          if (forwarded !== undefined && !seen.has(forwarded)) next.add(forwarded);
        }
        for (const m of file.masked.slice(f.bodyOffset, f.endOffset).matchAll(/(?:->|\.)\s*(\w+)\s*=\s*(\w+)\s*[;,}]/g)) {
          if (f.parameters.some((p) => p.name === m[2])) members.add(m[1]!);
        }
      }
      if (members.size > 0) {
        for (const m of file.masked.matchAll(new RegExp(`(?:->|\\.)\\s*(?:${[...members].join('|')})\\s*\\)?\\s*\\(`, 'g'))) {
          const f = file.functionAt(file.lineAt(m.index));
          if (f !== undefined) functions.add(f);
        }
      }
      for (const f of functions) edges.push(...s.graph.edgesOf(file, f).edges);
    }
    level = [...next].slice(0, 20);
    for (const n of level) seen.add(n);
  }
  return edges;
}

function patternIn(s: CallerSearch, path: string, pattern: RegExp): boolean {
  const text = s.trees.files.read(path) ?? '';
  pattern.lastIndex = 0;
  const hit = pattern.test(text);
  pattern.lastIndex = 0;
  return hit;
}

/** The function whose argument the name at an offset is. */
function passedAsArgument(file: SourceFile, offset: number): string | undefined {
  const t = file.tokens;
  const i = tokenAt(t, offset);
  const after = t.word[i + 1];
  if (after !== ',' && after !== ')') return undefined;
  let depth = 0;
  for (let k = i - 1; k >= 0 && k > i - 200; k--) {
    const w = t.word[k];
    if (w === ')') depth++;
    else if (w === '(') {
      if (depth === 0) return /^[A-Za-z_]\w*$/.test(t.word[k - 1] ?? '') ? t.word[k - 1] : undefined;
      depth--;
    } else if (w === ';' || w === '{' || w === '}') return undefined;
  }
  return undefined;
}
