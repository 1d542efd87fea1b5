// Compares our preprocessor with gcc -E on random macro programs. Usage: node test/tools/fuzz-preprocessor.ts [SEED] [PROGRAMS] [FAILURES SHOWN]

import { spawnSync } from 'node:child_process';
import { OverlaySource } from '../../src/core/source/file-source.ts';
import { PreprocessorSession } from '../../src/core/preprocessor/session.ts';
import { Lexer } from '../../src/core/preprocessor/lexer.ts';
import { Seeded } from './seeded.ts';

const seed = Number(process.argv[2] ?? 1);
const programs = Number(process.argv[3] ?? 50);
const row = new Seeded(seed);
const below = (n: number): number => row.below(n);
const pick = <T>(from: readonly T[]): T => row.pick(from);

const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
const plain = [
  'x',
  'y1',
  '12',
  '0x1F',
  '1.e+5',
  '"s t"',
  "'c'",
  '+',
  '-',
  '->',
  '<<=',
  '.',
  '(',
  ')',
  ',',
  ';',
  '[',
  '"q\\"\\n"',
  '__LINE__',
  '__COUNTER__',
  '#',
  '&&',
];
const blanks = ['', ' ', '  ', '\t', ' /* c */ '];

function words(count: number, parameters: readonly string[], functionLike: boolean, variadic: boolean): string {
  let text = '';
  let depth = 0;
  for (let i = 0; i < count; i++) {
    const choice = below(12);
    let word: string;
    if (choice < 3 && parameters.length > 0) word = pick(parameters);
    else if (choice === 3 && functionLike && parameters.length > 0) word = `#${pick(blanks)}${pick(parameters)}`;
    else if (choice === 4 && i > 0 && i < count - 1) word = '## x';
    else if (choice === 5 && parameters.length > 0 && i > 0) word = `x ## ${pick(parameters)}`;
    else if (choice === 6 && parameters.length > 0) word = `${pick(parameters)}##${pick([...parameters, 'k', '7'])}`;
    else if (choice === 7 && variadic) word = `, ## ${parameters.at(-1) ?? ''}`;
    else if (choice < 10) word = pick(names) + (below(2) === 0 ? '' : `${pick(blanks)}(${words(below(3), parameters, false, false)})`);
    else {
      word = pick(plain);
      if (functionLike && word === '#') word = '@';
      if (word === '(') depth++;
      if (word === ')' && depth-- <= 0) {
        depth = 0;
        word = '}';
      }
    }
    text += word + (pick(blanks) || ' ');
  }
  return text + ')'.repeat(depth);
}

function call(depth: number): string {
  const name = pick(names);
  if (below(4) === 0) return name;
  const args: string[] = [];
  for (let i = below(4); i >= 0; i--) {
    args.push(depth > 0 && below(2) === 0 ? call(depth - 1) : words(below(3), [], false, false).replace(/[()#]/g, ''));
  }
  return `${name}${pick([...blanks, '\n'])}(${args.join(pick([',', ' , ', ',\n']))})${below(5) === 0 ? `(${pick(plain).replace(/[()#]/g, 'z')})` : ''}`;
}

function program(): string {
  let text = '';
  for (const name of names) {
    const kind = below(4);
    const count = below(4);
    const parameters = kind === 0 ? [] : ['p', 'q', 'r'].slice(0, count);
    const variadic = kind > 1 && below(2) === 0;
    const list = kind === 3 && variadic ? [...parameters, 'rest...'] : variadic ? [...parameters, '...'] : parameters;
    const used = variadic ? [...parameters, kind === 3 ? 'rest' : '__VA_ARGS__'] : parameters;
    text += `#undef ${name}\n#define ${name}${kind === 0 ? '' : `(${list.join(', ')})`} ${words(1 + below(6), used, kind !== 0, variadic)}`;
    if (variadic && kind === 2 && below(3) === 0)
      text += ` x __VA_OPT__(${words(below(3), parameters, false, false).replace(/[()]|##/g, '')}) y`;
    text += '\n';
  }
  for (let i = 0; i < 8; i++) text += `${below(3)}: ${call(2)} ;\n`;
  return text;
}

/** Where both disagree, as text; undefined when they agree. */
function difference(text: string): { message: string | undefined; failed: boolean } {
  const gcc = spawnSync('gcc', ['-E', '-P', '-std=gnu11', '-undef', '-'], { input: text, encoding: 'utf8' });
  const session = new PreprocessorSession(
    new OverlaySource({ read: () => undefined, exists: () => false, list: () => [] }, new Map([['a.c', text]])),
    [],
  );
  const unit = session.preprocess({ path: 'a.c', includeFolders: [], forcedIncludes: [], definitions: [] });
  const expected = new Lexer(session.interner).lex(gcc.stdout);
  const failed = gcc.status !== 0;
  if (unit === undefined) return { message: 'no unit', failed };
  const ours = unit.tokens;
  let i = 0;
  while (i < ours.length && i < expected.count && ours.id[i] === expected.id[i]) i++;
  if (i === ours.length && i === expected.count) return { message: undefined, failed };
  const theirs = [...expected.id.slice(Math.max(0, i - 6), i + 6)].map((id) => (id < 0 ? '' : session.interner.text(id))).join(' ');
  return { message: `token ${i}\n  ours ${ours.text(Math.max(0, i - 6), i + 6)}\n  gcc  ${theirs}\n${gcc.stderr}`, failed };
}

/** Takes pieces out of a program as long as the difference stays. */
function shrink(text: string): string {
  let small = text;
  for (const pattern of [/[^\n]*\n/g, /\S+|\s/g, /./gs]) {
    for (let changed = true; changed;) {
      changed = false;
      const pieces = small.match(pattern) ?? [];
      for (let at = 0; at < pieces.length; at++) {
        const candidate = [...pieces.slice(0, at), ...pieces.slice(at + 1)].join('');
        if (difference(candidate).message === undefined) continue;
        pieces.splice(at--, 1);
        small = candidate;
        changed = true;
      }
    }
  }
  return small;
}

// gcc goes on after an error (a bad ##, a wrong number of arguments): so do we, and alike.
let same = 0;
let refused = 0;
const failures: string[] = [];
for (let n = 0; n < programs; n++) {
  const text = program();
  const { message, failed } = difference(text);
  if (failed) refused++;
  if (message === undefined) same++;
  else failures.push(text);
}
console.log(`${same} programs equal, ${failures.length} different, ${refused} of all with errors (seed ${seed})`);
const shown = Number(process.argv[4] ?? 1);
for (const text of failures.slice(0, shown)) {
  const small = shrink(text);
  console.log(`${small}\n--- ${difference(small).message ?? ''}`);
}
process.exitCode = failures.length > 0 ? 1 : 0;
