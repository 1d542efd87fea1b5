// Finds structs, typedefs and prototypes by text in the files that a source file includes; token level, no parse of headers.
import { HeaderIndex } from './header-index.ts';
import type { IncludeScope } from './include-scope.ts';
import { parseType, type TypeRef } from './type-text.ts';
import { T_DIRECTIVE, T_PUNCT, T_WORD, tokenize, type Tokens } from '../syntax/tokens.ts';

/** A member of a struct. For a function pointer `signature` is its whole declaration and `parameters` the texts of its parameters. */
export interface Member {
  readonly name: string;
  readonly type: TypeRef;
  readonly isFunctionPointer: boolean;
  readonly signature: string;
  readonly parameters: readonly string[];
  readonly file: string;
  readonly line: number;
}

/** A struct or union with its members; those of anonymous members are listed flat. */
export interface StructInfo {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly members: ReadonlyMap<string, Member>;
}

/** A function's return type, seen in a prototype or definition. */
export interface Prototype {
  readonly returns: TypeRef;
  readonly parameters: readonly string[];
  readonly file: string;
  readonly line: number;
}

const lineAt = (text: string, offset: number): number => {
  let n = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) n++;
  return n;
};

/** What one file declares, as far as it was asked; undefined stands for "does not". */
interface FileAnswers {
  readonly structs: Map<string, StructInfo | undefined>;
  readonly typedefs: Map<string, TypeRef | undefined>;
  readonly variables: Map<string, TypeRef | undefined>;
  readonly prototypes: Map<string, Prototype | undefined>;
}

/** Lookup of declarations by name, as seen from a file. Answers are remembered per name and file that may declare it. */
export class Declarations {
  readonly scope: IncludeScope;
  /** Which files may declare a name. */
  readonly headers: HeaderIndex;
  private readonly answers = new Map<string, FileAnswers>();

  constructor(scope: IncludeScope) {
    this.scope = scope;
    this.headers = new HeaderIndex(scope);
  }

  /** The struct or union `name` as the file sees it. */
  struct(name: string, from: string): StructInfo | undefined {
    return this.nearest('tag', name, from, (path) => remembered(this.answersOf(path).structs, name, () => this.findStruct(name, path)));
  }

  /** What a typedef name stands for. */
  typedef(name: string, from: string): TypeRef | undefined {
    return this.nearest('typedef', name, from, (path) => remembered(this.answersOf(path).typedefs, name, () => this.typedefIn(name, path)));
  }

  /** A prototype or definition of a function. */
  prototype(name: string, from: string): Prototype | undefined {
    return this.nearest('prototype', name, from, (path) =>
      remembered(this.answersOf(path).prototypes, name, () => this.prototypeIn(name, path)),
    );
  }

  /** Type of an extern or static variable declared in a header in reach. */
  variable(name: string, from: string): TypeRef | undefined {
    return this.nearest('variable', name, from, (path) =>
      remembered(this.answersOf(path).variables, name, () => this.variableIn(name, path)),
    );
  }

  /** Takes a file's new text; false when what other files include changed with it, so that everything must be made anew. */
  changed(path: string): boolean {
    if (this.scope.changed(path) === 'all') return false;
    this.answers.delete(path);
    this.headers.changed(path);
    return true;
  }

  private answersOf(path: string): FileAnswers {
    let known = this.answers.get(path);
    if (known === undefined) {
      known = { structs: new Map(), typedefs: new Map(), variables: new Map(), prototypes: new Map() };
      this.answers.set(path, known);
    }
    return known;
  }

  private nearest<R>(
    kind: 'tag' | 'typedef' | 'variable' | 'prototype',
    name: string,
    from: string,
    look: (path: string) => R | undefined,
  ): R | undefined {
    for (const path of this.headers.filesWith(kind, name, from)) {
      const answer = look(path);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  private variableIn(name: string, path: string): TypeRef | undefined {
    const text = this.scope.text(path);
    if (text === undefined || !text.includes(name)) return undefined;
    const m = new RegExp(`\\bextern\\s+([^;(){}=]*?[\\s*])${name}\\s*(\\[[^\\]]*\\]\\s*)*;`).exec(text);
    return m === null ? undefined : parseType(`${m[1]!}${m[2] === undefined ? '' : '*'}`);
  }

  private findStruct(name: string, path: string): StructInfo | undefined {
    const text = this.scope.text(path);
    if (text === undefined || !text.includes(name)) return undefined;
    const pattern = new RegExp(`\\b(?:struct|union)\\s+(?:__\\w+\\s+)*${name}\\s*(?:__\\w+\\s*)*\\{`, 'g');
    const m = pattern.exec(text);
    if (m === null) return undefined;
    const open = m.index + m[0].length - 1;
    const { tokens } = tokenize(text.slice(open));
    const close = tokens.match[0]!;
    if (close < 0) return undefined;
    const members = new Map<string, Member>();
    collectMembers(tokens, 1, close, name, (t, member) => {
      if (!members.has(member.name)) members.set(member.name, { ...member, file: path, line: lineAt(text, open + t) });
    });
    return { name, file: path, line: lineAt(text, m.index), members };
  }

  private typedefIn(name: string, path: string): TypeRef | undefined {
    const text = this.scope.text(path);
    if (text === undefined || !text.includes(name)) return undefined;
    const plain = new RegExp(`\\btypedef\\s+([^;{}()]*?[\\s*])${name}\\s*;`).exec(text);
    if (plain !== null) return parseType(plain[1]!);
    const end = new RegExp(`\\}\\s*(?:__\\w+\\s*)*\\*?${name}\\s*;`).exec(text);
    if (end !== null) {
      const begin = text.lastIndexOf('typedef', end.index);
      const tag = /^typedef\s+(?:struct|union)\s+(\w+)\s*\{/.exec(text.slice(begin, begin + 200));
      if (tag !== null) return { base: `struct ${tag[1]!}`, pointers: 0 };
    }
    const fn =
      new RegExp(`\\btypedef\\s+([^;{}()]*?)\\(\\s*\\*?\\s*${name}\\s*\\)\\s*\\(`).exec(text) ??
      new RegExp(`\\btypedef\\s+([^;{}()]*?[\\s*])${name}\\s*\\(`).exec(text);
    if (fn !== null) return { base: fn[1]!.trim(), pointers: 1, isFunction: true };
    return undefined;
  }

  private prototypeIn(name: string, path: string): Prototype | undefined {
    if (this.scope.text(path)?.includes(name) !== true) return undefined;
    const text = this.scope.code(path) ?? '';
    const pattern = new RegExp(`(^|[;}\\n])[ \\t]*((?:[A-Za-z_]\\w*[\\s*]+)+)${name}\\s*\\(`, 'g');
    for (let m = pattern.exec(text); m !== null; m = pattern.exec(text)) {
      const head = m[2]!;
      if (/\b(return|else|goto|case|define)\b/.test(head)) continue;
      const returns = parseType(head);
      if (returns === undefined) continue;
      const open = m.index + m[0].length - 1;
      const close = closingParen(text, open);
      return { returns, parameters: splitParameters(text.slice(open + 1, close)), file: path, line: lineAt(text, open) };
    }
    return undefined;
  }
}

function remembered<R>(map: Map<string, R | undefined>, name: string, find: () => R | undefined): R | undefined {
  const known = map.get(name);
  if (known !== undefined || map.has(name)) return known;
  const found = find();
  map.set(name, found);
  return found;
}

function closingParen(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 40) depth++;
    else if (c === 41 && --depth === 0) return i;
  }
  return text.length;
}

/** Splits a parameter list at its top-level commas. */
function splitParameters(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < list.length; i++) {
    const c = list[i];
    if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') depth--;
    else if (c === ',' && depth === 0) {
      parts.push(list.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(list.slice(from));
  return parts
    .map((p) =>
      p
        .replace(/\/\*[\s\S]*?\*\//g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((p) => p !== '' && p !== 'void');
}

function collectMembers(
  t: Tokens,
  from: number,
  to: number,
  outer: string,
  add: (offset: number, m: Omit<Member, 'file' | 'line'>) => void,
): void {
  let begin = from;
  for (let i = from; i < to; i++) {
    if (t.kind[i] === T_DIRECTIVE) {
      if (begin === i) begin = i + 1;
      continue;
    }
    const w = t.word[i]!;
    if (w === '{' && t.match[i]! > i) {
      // Anonymous struct or union: its members are ours.
      collectMembers(t, i + 1, t.match[i]!, outer, add);
      i = t.match[i]!;
    } else if (w === '(' && t.match[i]! > i) {
      if (/^(__)?struct_group/.test(t.word[i - 1] ?? '')) {
        // struct_group(name, members…): the members follow the last comma before the first semicolon.
        let first = i + 1;
        for (let k = i + 1; k < t.match[i]!; k++) {
          if (t.word[k] === ';') break;
          if (t.word[k] === ',') first = k + 1;
        }
        collectMembers(t, first, t.match[i]!, outer, add);
        begin = t.match[i]! + 1;
      }
      i = t.match[i]!;
    } else if (w === ';') {
      member(t, begin, i, outer, add);
      begin = i + 1;
    }
  }
}

/** One member declaration, which may declare several names. */
function member(t: Tokens, from: number, to: number, outer: string, add: (offset: number, m: Omit<Member, 'file' | 'line'>) => void): void {
  const slice = (a: number, b: number): string =>
    b > a
      ? t.text
          .slice(t.start[a], t.end[b - 1])
          .replace(/\/\*[\s\S]*?\*\//g, ' ')
          .replace(/\s+/g, ' ')
          .trim()
      : '';
  for (let i = from; i < to; i++) {
    if (t.word[i] === '(' && t.word[i + 1] === '*' && t.match[i]! > i) {
      let name = i + 1;
      while (name < t.match[i]! && (t.kind[name] !== T_WORD || t.word[name]!.startsWith('__') || t.word[name] === 'const')) name++;
      const params = t.match[i]! + 1;
      if (t.kind[name] !== T_WORD || t.word[params] !== '(') return;
      const parameters = t.match[params]! > 0 ? splitParameters(t.text.slice(t.end[params], t.start[t.match[params]!])) : [];
      const base = parseType(slice(from, i)) ?? { base: 'void', pointers: 0 };
      add(t.start[name]!, {
        name: t.word[name]!,
        type: { ...base, isFunction: true },
        isFunctionPointer: true,
        signature: slice(from, to),
        parameters,
      });
      return;
    }
    if (t.word[i] === '{' && t.match[i]! > i) i = t.match[i]!;
  }
  // Words up to the first name; DECLARE_X(name, …) declares its first argument.
  const names: { at: number; pointers: number }[] = [];
  let typeEnd = -1;
  let last = -1;
  let stars = 0;
  let arrays = 0;
  const flush = (): void => {
    if (last >= 0) names.push({ at: last, pointers: stars + arrays });
    last = -1;
    stars = 0;
    arrays = 0;
  };
  let body = '';
  for (let i = from; i < to; i++) {
    const w = t.word[i]!;
    if (t.kind[i] === T_WORD) {
      if (
        w.startsWith('__') &&
        (w.endsWith('aligned') ||
          w === '__rcu' ||
          w === '__iomem' ||
          w === '__user' ||
          w === '__percpu' ||
          w === '__private' ||
          /^__(randomize_layout|packed|attribute__)$/.test(w))
      )
        continue;
      if (w.startsWith('____cacheline')) continue;
      if (last >= 0 && typeEnd < 0 && stars === 0) typeEnd = -1;
      last = i;
    } else if (w === '*') {
      if (typeEnd < 0) typeEnd = i;
      stars++;
    } else if (w === '[') {
      arrays++;
      i = t.match[i]! > i ? t.match[i]! : i;
    } else if (w === ',') {
      if (typeEnd < 0) typeEnd = last;
      flush();
    } else if (w === ':') {
      let k = i;
      while (k < to && t.word[k] !== ',') k++;
      i = k - 1;
    } else if (w === '{') {
      body = slice(from, i);
      i = t.match[i]! > i ? t.match[i]! : i;
      typeEnd = i + 1;
    } else if (w === '(') {
      i = t.match[i]! > i ? t.match[i]! : i;
    } else if (t.kind[i] === T_PUNCT) break;
  }
  const lastName = last;
  flush();
  if (typeEnd < 0) typeEnd = lastName;
  // The members of `struct { … } name` are listed flat, so its type is the struct around it.
  const anonymous = /^(?:const |volatile )*(struct|union)$/.test(body);
  const base = anonymous ? { base: `struct ${outer}`, pointers: 0 } : parseType(body !== '' ? body : slice(from, Math.max(from, typeEnd)));
  for (const n of names) {
    if (n.at <= from && body === '') continue;
    const type = base ?? { base: 'int', pointers: 0 };
    add(t.start[n.at]!, {
      name: t.word[n.at]!,
      type: { base: type.base, pointers: type.pointers + n.pointers },
      isFunctionPointer: false,
      signature: slice(from, to),
      parameters: [],
    });
  }
}
