// Compares our token streams with gcc -E for every unit of the failure path.
// Usage: node test/tools/gcc-tokens.ts VERSION TREE CONFIG LIST [FILE.c…]
// The first run copies TREE into the cache, runs `make olddefconfig prepare` there and lets Kbuild make every .i file
// (needs gcc, make, flex, bison, bc, libssl-dev, libelf-dev). We read TREE itself, which is not built.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseConfig } from '../../src/core/preprocessor/kernel/choose-config.ts';
import { KernelPreprocessor } from '../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { Lexer } from '../../src/core/preprocessor/lexer.ts';
import { Token } from '../../src/core/preprocessor/token-kind.ts';
import type { TokenStream } from '../../src/core/preprocessor/token-stream.ts';
import { cacheFolder } from '../../src/dev/kernel-source.ts';
import { DiskSource } from '../../src/node/disk-source.ts';

const [version = '', tree = '', configFile = '', list = '', ...only] = process.argv.slice(2);
if (list === '') {
  console.error('usage: gcc-tokens.ts VERSION TREE CONFIG LIST [FILE.c…]');
  process.exit(2);
}
const cache = join(cacheFolder(), 'gcc-tokens');
const build = join(cache, `build-${version}`);

function make(...args: string[]): void {
  const done = spawnSync('make', ['-s', ...args], { cwd: build, stdio: ['ignore', 'ignore', 'inherit'] });
  if (done.error !== undefined) throw done.error;
}

if (!existsSync(join(build, 'include/generated/bounds.h'))) {
  console.error(`preparing ${build}`);
  mkdirSync(cache, { recursive: true });
  cpSync(tree, build, { recursive: true, verbatimSymlinks: true });
  writeFileSync(join(build, '.config'), readFileSync(configFile));
  make('olddefconfig');
  make('prepare');
}
const files = (only.length > 0 ? only : readFileSync(list, 'utf8').split('\n')).filter(
  (f) => f.endsWith('.c') && existsSync(join(tree, f)),
);
const preprocessed = (file: string): string => join(build, file.replace(/\.c$/, '.i'));
const missing = files.filter((file) => !existsSync(preprocessed(file)));
if (missing.length > 0) make('-k', ...missing.map((file) => file.replace(/\.c$/, '.i')));

// make olddefconfig may have changed the configuration: what gcc saw counts.
const source = new DiskSource(tree);
const chosen = chooseConfig(source, { path: configFile, text: readFileSync(join(build, '.config'), 'utf8') });
for (const warning of chosen.warnings) console.error(warning.message);
const kernel = new KernelPreprocessor(source, chosen.config);
const lexer = new Lexer(kernel.session.interner);

/** First token that differs, or -1. A #pragma pack is one token of ours and several of gcc's output. */
function firstDifference(ours: TokenStream, gcc: { count: number; id: Int32Array }): { at: number; gccAt: number } | undefined {
  let j = 0;
  for (let i = 0; i < ours.length || j < gcc.count; i++, j++) {
    if (ours.kind[i] === Token.Pragma) {
      const inner = lexer.lex(ours.spelling(i));
      for (let k = 0; k < inner.count; k++) if (inner.id[k] !== gcc.id[j + k]) return { at: i, gccAt: j };
      j += inner.count - 1;
    } else if (i >= ours.length || j >= gcc.count || ours.id[i] !== gcc.id[j]) return { at: i, gccAt: j };
  }
  return undefined;
}

let equal = 0;
let tokens = 0;
let different = 0;
for (const file of files) {
  const unit = kernel.preprocess(file);
  if (unit === undefined || !existsSync(preprocessed(file))) {
    console.log(`${file}: gcc made no output`);
    continue;
  }
  // Line markers and pragmas that say nothing about the program are left out.
  const gcc = lexer.lex(readFileSync(preprocessed(file), 'utf8').replace(/^#(?!pragma pack).*$/gm, ''));
  const found = firstDifference(unit.tokens, gcc);
  tokens += unit.tokens.length;
  if (found === undefined && unit.problems.length === 0) {
    equal++;
    continue;
  }
  different++;
  console.log(`${file}: ${unit.problems.length} problems`);
  for (const p of unit.problems.slice(0, 3)) console.log(`  ${p.at.path}:${p.at.line}: ${p.message}`);
  if (found === undefined) continue;
  const { interner } = kernel.session;
  const place = unit.tokens.place(found.at);
  const theirs = [...gcc.id.slice(Math.max(0, found.gccAt - 5), found.gccAt + 8)].filter((id) => id >= 0).map((id) => interner.text(id));
  console.log(`  token ${found.at} (${place.path}:${place.line})`);
  console.log(`  ours ${unit.tokens.text(Math.max(0, found.at - 5), found.at + 8)}\n  gcc  ${theirs.join(' ')}`);
}
console.log(`${version}: ${equal} of ${equal + different} units equal to gcc -E, ${tokens} tokens compared`);
process.exitCode = different > 0 ? 1 : 0;
