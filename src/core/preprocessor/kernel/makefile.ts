// Reads the variables of a kernel Makefile as far as they decide how one object is compiled (Documentation/kbuild/makefiles.rst).

import type { KernelConfig } from './config.ts';

/** Variables by name after expansion, for example `obj-y`, `xfs-y`, `ccflags-y`, `CFLAGS_foo.o`. */
export type MakeVariables = ReadonlyMap<string, string>;

interface Setting {
  readonly name: string;
  /** Not yet expanded: recursive variables see later assignments. */
  readonly value: string;
}

/**
 * Reads a Makefile; `preset` holds `src`, `obj`, `srctree`, `objtree` and what else is known before.
 * `included` gives the text of a file that an `include` line names, relative to the tree.
 */
export function readMakefile(
  text: string,
  config: KernelConfig,
  preset: ReadonlyMap<string, string>,
  included: (path: string) => string | undefined,
): MakeVariables {
  const raw = new Map(preset);
  const get = (name: string): string => {
    const known = raw.get(name);
    if (known !== undefined) return known;
    const option = /^CONFIG_(\w+)$/.exec(name);
    return option === null ? '' : (config.options.get(option[1] ?? '') ?? '');
  };
  /** One entry per open conditional: is this branch live, and has one been live. */
  const branches: { live: boolean; taken: boolean }[] = [];
  /** Lines still to be read, the next one last. */
  const lines = logicalLines(text).reverse();
  /** A file counts once: Makefiles may include each other. */
  const read = new Set<string>();
  for (let line = lines.pop(); line !== undefined; line = lines.pop()) {
    if (line.startsWith('\t')) continue;
    const trimmed = line.trim();
    if (conditional(trimmed, branches, get)) continue;
    if (branches.some((b) => !b.live)) continue;
    const include = /^-?include\s+(.*)$/.exec(trimmed);
    if (include !== null) {
      const paths = expand(include[1] ?? '', get, 0)
        .split(/\s+/)
        .filter((path) => !read.has(path));
      for (const path of paths.reverse()) {
        read.add(path);
        lines.push(...logicalLines(included(path) ?? '').reverse());
      }
      continue;
    }
    const setting = settingOf(trimmed, get);
    if (setting === undefined) continue;
    const { name, value } = setting;
    if (value.operator === '+=') raw.set(name, `${raw.get(name) ?? ''} ${value.text}`);
    else if (value.operator === '?=') raw.set(name, raw.get(name) ?? value.text);
    else raw.set(name, value.operator === ':=' ? expand(value.text, get, 0) : value.text);
  }
  const expanded = new Map<string, string>();
  for (const [name, value] of raw) expanded.set(name, expand(value, get, 0).trim());
  return expanded;
}

function logicalLines(text: string): string[] {
  return text
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|[^\\])#.*$/, '$1'));
}

function conditional(line: string, branches: { live: boolean; taken: boolean }[], get: (name: string) => string): boolean {
  const [word = ''] = line.split(/[\s(]/);
  switch (word) {
    case 'ifdef':
    case 'ifndef':
    case 'ifeq':
    case 'ifneq': {
      const live = test(line, get);
      branches.push({ live, taken: live });
      return true;
    }
    case 'else': {
      const top = branches.at(-1);
      if (top === undefined) return true;
      const rest = line.slice(4).trim();
      top.live = !top.taken && (rest === '' || test(rest, get));
      top.taken ||= top.live;
      return true;
    }
    case 'endif':
      branches.pop();
      return true;
    default:
      return false;
  }
}

function test(line: string, get: (name: string) => string): boolean {
  const named = /^if(n?)def\s+(\S+)/.exec(line);
  if (named !== null) return (get(expand(named[2] ?? '', get, 0)) !== '') === (named[1] === '');
  const compared = /^if(n?)eq\s*(?:\((.*),([^,]*)\)|(["'])(.*?)\4\s+(["'])(.*?)\6)\s*$/.exec(line);
  if (compared === null) return false;
  const left = expand(compared[2] ?? compared[5] ?? '', get, 0).trim();
  const right = expand(compared[3] ?? compared[7] ?? '', get, 0).trim();
  return (left === right) === (compared[1] === '');
}

function settingOf(
  line: string,
  get: (name: string) => string,
): { name: Setting['name']; value: { operator: string; text: string } } | undefined {
  const match = /^((?:[^\s:+?=$]|\$\([^)]*\))+)\s*(:=|::=|\+=|\?=|=)\s*(.*)$/.exec(line);
  if (match === null) return undefined;
  const [, name = '', operator = '', text = ''] = match;
  return { name: expand(name, get, 0), value: { operator: operator === '::=' ? ':=' : operator, text } };
}

/** Expands `$(…)`: variables, addprefix, addsuffix, patsubst-free substitutions. Shell, compiler probes and unknown functions give ''. */
function expand(text: string, get: (name: string) => string, depth: number): string {
  if (depth > 20 || !text.includes('$')) return text;
  let result = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '$') {
      result += text[i] ?? '';
      continue;
    }
    const open = text[i + 1];
    if (open !== '(' && open !== '{') {
      i++;
      continue;
    }
    const close = open === '(' ? ')' : '}';
    let level = 0;
    let end = i + 1;
    for (; end < text.length; end++) {
      if (text[end] === open) level++;
      else if (text[end] === close && --level === 0) break;
    }
    result += reference(text.slice(i + 2, end), get, depth + 1);
    i = end;
  }
  return result;
}

function reference(inner: string, get: (name: string) => string, depth: number): string {
  const call = /^(addprefix|addsuffix|strip|sort|filter|filter-out)\s+(.*)$/s.exec(inner);
  if (call !== null) {
    const [, name = '', rest = ''] = call;
    const comma = rest.indexOf(',');
    const words = (s: string): string[] =>
      expand(s, get, depth)
        .split(/\s+/)
        .filter((w) => w !== '');
    const first = expand(comma < 0 ? rest : rest.slice(0, comma), get, depth).trim();
    const list = words(comma < 0 ? rest : rest.slice(comma + 1));
    switch (name) {
      case 'addprefix':
        return list.map((w) => first + w).join(' ');
      case 'addsuffix':
        return list.map((w) => w + first).join(' ');
      case 'filter':
        return list.filter((w) => first.split(/\s+/).includes(w)).join(' ');
      case 'filter-out':
        return list.filter((w) => !first.split(/\s+/).includes(w)).join(' ');
      default:
        return list.join(' ');
    }
  }
  if (/^[a-z][\w-]*\s/.test(inner)) return '';
  const substitution = /^([^:]+):([^=]*)=(.*)$/.exec(inner);
  if (substitution !== null) {
    const [, name = '', from = '', to = ''] = substitution;
    return expand(get(name), get, depth)
      .split(/\s+/)
      .map((w) => (w.endsWith(from) ? w.slice(0, w.length - from.length) + to : w))
      .join(' ');
  }
  return expand(get(expand(inner, get, depth)), get, depth);
}
