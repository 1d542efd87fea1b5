// Calls that macros hide: looks up #define lines of the files in reach and follows their bodies, with arguments where they name the callee.
import type { Declarations } from '../symbols/declarations.ts';
import type { IncludeScope } from '../symbols/include-scope.ts';
import { keywords } from '../syntax/annotations.ts';
import { T_WORD, tokenize, type Tokens } from '../syntax/tokens.ts';

/** One #define. `parameters` is undefined for an object-like macro. */
export interface Macro {
  readonly name: string;
  readonly parameters: readonly string[] | undefined;
  readonly file: string;
  readonly offset: number;
  readonly body: string;
}

/** A function that a macro's expansion calls. */
export interface HiddenCall {
  readonly callee: string;
  /** The macro whose body holds the call (the innermost one). */
  readonly macro: Macro;
}

const defineLine = /#[ \t]*define[ \t]+(\w+)(\(([^)]*)\))?((?:[^\n\\]|\\\r?\n|\\.)*)/y;
const maximumDepth = 12;
/** What looks like a call in a macro body and is none; its arguments are not evaluated. */
const noCall =
  /^(sizeof|typeof|__typeof__|__typeof|offsetof|__alignof__|defined|__builtin_types_compatible_p|__same_type|__attribute__|__attribute|asm|__asm__|asm_volatile_goto|_Static_assert|static_assert|_Pragma|__section|__aligned|address_space|btf_type_tag|__compiletime_error|__UNIQUE_ID|STATIC_CALL_KEY|\w*(__COUNTER__|__LINE__)\w*|__UNIQUE_ID_\w*)$/;
const builtin = /^__builtin_/;

/** Function-like and object-like macros as a file sees them. */
export class MacroIndex {
  private readonly scope: IncludeScope;
  private readonly declarations: Declarations;
  private readonly perUnit = new Map<string, Map<string, readonly Macro[] | undefined>>();
  private readonly macros = new Map<string, Macro>();
  private readonly bodies = new Map<string, Tokens>();
  private readonly answers = new Map<string, readonly HiddenCall[]>();

  constructor(declarations: Declarations) {
    this.declarations = declarations;
    this.scope = declarations.scope;
  }

  /** Takes a file's new text. */
  changed(path: string): void {
    this.answers.clear();
    // Whatever is in reach of a header may differ; a source file is in its own reach only.
    if (path.endsWith('.c')) this.perUnit.delete(path);
    else this.perUnit.clear();
    for (const map of [this.macros, this.bodies]) for (const key of map.keys()) if (key.startsWith(`${path}:`)) map.delete(key);
  }

  /** True when a function of this name is declared in reach as well: the macro then belongs to another configuration, or wraps it. */
  isAlsoFunction(name: string, unit: string): boolean {
    return this.declarations.prototype(name, unit) !== undefined;
  }

  /** Definitions of a macro in the nearest files that define it (all #if variants there). */
  lookup(name: string, unit: string): readonly Macro[] | undefined {
    let names = this.perUnit.get(unit);
    if (names === undefined) {
      if (this.perUnit.size > 40) this.perUnit.delete(this.perUnit.keys().next().value ?? '');
      names = new Map();
      this.perUnit.set(unit, names);
    }
    const known = names.get(name);
    if (known !== undefined || names.has(name)) return known;
    const found = this.find(name, unit);
    names.set(name, found);
    return found;
  }

  /** Functions called by the expansion of `name(args)` or `name`, each once. */
  calls(name: string, args: readonly string[] | undefined, unit: string): readonly HiddenCall[] {
    const key = `${unit}\0${name}\0${args?.join('\0') ?? '-'}`;
    let known = this.answers.get(key);
    if (known === undefined) {
      const found = new Map<string, HiddenCall>();
      this.follow(name, args, unit, new Set(), found);
      known = [...found.values()];
      if (this.answers.size > 20000) this.answers.clear();
      this.answers.set(key, known);
    }
    return known;
  }

  private find(name: string, unit: string): readonly Macro[] | undefined {
    const found: Macro[] = [];
    let file = -1;
    for (const place of this.declarations.headers.definesOf(name, unit)) {
      // Other headers may hold the definition of another configuration.
      if (place.file !== file && found.length >= 6) break;
      file = place.file;
      const macro = this.macroAt(this.scope.pathOf(place.file), place.offset);
      if (macro !== undefined) found.push(macro);
    }
    return found.length === 0 ? undefined : found;
  }

  private macroAt(file: string, offset: number): Macro | undefined {
    const key = `${file}:${offset}`;
    const known = this.macros.get(key);
    if (known !== undefined) return known;
    defineLine.lastIndex = offset;
    const m = defineLine.exec(this.scope.text(file) ?? '');
    if (m === null) return undefined;
    const macro: Macro = {
      name: m[1]!,
      parameters: m[2] === undefined ? undefined : m[3]!.split(',').map((p) => p.trim()),
      file,
      offset,
      body: m[4]!,
    };
    this.macros.set(key, macro);
    return macro;
  }

  private tokens(macro: Macro): Tokens {
    const key = `${macro.file}:${macro.offset}`;
    let known = this.bodies.get(key);
    if (known === undefined) {
      known = tokenize(macro.body.replace(/\\\r?\n/g, ' ')).tokens;
      this.bodies.set(key, known);
    }
    return known;
  }

  private follow(
    name: string,
    args: readonly string[] | undefined,
    unit: string,
    active: Set<string>,
    found: Map<string, HiddenCall>,
  ): void {
    if (active.has(name) || active.size > maximumDepth) return;
    active.add(name);
    for (const macro of this.lookup(name, unit) ?? []) {
      if (macro.parameters !== undefined && args === undefined) continue;
      this.body(macro, args ?? [], args !== undefined, unit, active, found);
    }
    active.delete(name);
  }

  private body(
    macro: Macro,
    args: readonly string[],
    wasCalled: boolean,
    unit: string,
    active: Set<string>,
    found: Map<string, HiddenCall>,
  ): void {
    const t = this.tokens(macro);
    const parameters = macro.parameters ?? [];
    const used = args.length > 0 || wasCalled;
    const value = (word: string): string => {
      const k = parameters.findIndex((p) => p === word || p === `${word}...`);
      if (k >= 0) return (parameters[k]!.endsWith('...') ? args.slice(k).join(', ') : args[k])?.trim() ?? '';
      if (word === '__VA_ARGS__') return args.slice(parameters.indexOf('...')).join(', ');
      return word;
    };
    for (let i = 0; i < t.count; i++) {
      if (t.kind[i] !== T_WORD) continue;
      let word = value(t.word[i]!);
      const begin = i;
      // Pasting: a##b##c names one thing.
      while (t.word[i + 1] === '##' && i + 2 < t.count) {
        word += value(t.word[i + 2]!);
        i += 2;
      }
      if (!/^[A-Za-z_]\w*$/.test(word) || keywords.has(word)) continue;
      const before = t.word[begin - 1];
      if (before === '->' || before === '.' || before === '#' || before === 'struct' || before === 'goto') continue;
      const called = t.word[i + 1] === '(';
      if (noCall.test(word)) {
        if (called && t.match[i + 1]! > i) i = t.match[i + 1]!;
        continue;
      }
      if (word === '__cleanup' && called) {
        // The attribute's argument is called when the variable goes out of scope.
        const inner = t.match[i + 1]! > i ? splitArguments(t, i + 1, value)[0]?.replace(/\s/g, '') : undefined;
        if (inner !== undefined && /^\w+$/.test(inner) && !found.has(inner)) found.set(inner, { callee: inner, macro });
        i = Math.max(i, t.match[i + 1]!);
        continue;
      }
      // A body that ends in a name is called by what follows the macro's use.
      const tail = i + 1 === t.count && i >= begin && used;
      const isMacro = this.lookup(word, unit);
      if (isMacro !== undefined && !active.has(word)) {
        const inner = called && t.match[i + 1]! > i ? splitArguments(t, i + 1, value) : undefined;
        this.follow(word, inner ?? (tail ? args : undefined), unit, active, found);
        if (!(called || tail) || found.has(word) || !this.isAlsoFunction(word, unit)) continue;
      }
      if (!builtin.test(word) && (called || (tail && (begin !== i || macro.parameters === undefined))) && !found.has(word))
        found.set(word, { callee: word, macro });
    }
  }
}

function splitArguments(t: Tokens, open: number, value: (word: string) => string): string[] {
  const close = t.match[open]!;
  const args: string[] = [];
  let current = '';
  for (let i = open + 1; i < close; i++) {
    const w = t.word[i]!;
    if (w === ',') {
      args.push(current.trim());
      current = '';
      continue;
    }
    const end = w === '(' || w === '[' || w === '{' ? Math.max(i, t.match[i]!) : i;
    for (let k = i; k <= end; k++) {
      const text = t.kind[k] === T_WORD ? value(t.word[k]!) : t.text.slice(t.start[k], t.end[k]);
      current += t.word[k] === '##' ? '' : t.word[k - 1] === '##' && k > open + 1 ? text : ` ${text}`;
    }
    i = end;
  }
  args.push(current.trim());
  return args;
}
