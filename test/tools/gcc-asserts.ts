// Asks gcc about every type, member, enumerator and declaration of a unit: our answers become static assertions behind the
// unit's own tokens. Usage: gcc-asserts.ts 6.1|6.12 FILE.c…

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alignOf, sizeOf } from '../../src/core/ctype/layout.ts';
import { describeType } from '../../src/core/ctype/print.ts';
import type { CType } from '../../src/core/ctype/types.ts';
import { membersOf } from '../../src/core/unit/layout-report.ts';
import { TranslationUnit } from '../../src/core/unit/unit.ts';
import { Token } from '../../src/core/preprocessor/token-kind.ts';
import type { TokenStream } from '../../src/core/preprocessor/token-stream.ts';
import { kernelTree, openKernel, sharedPath } from './kernel-tree.ts';

const flags =
  '-std=gnu11 -fsyntax-only -w -fshort-wchar -fno-strict-aliasing -fno-common -funsigned-char -fmax-errors=0 -fms-extensions'.split(' ');
const [version = '6.1', ...files] = process.argv.slice(2);
const tree = kernelTree(version);
const config = sharedPath(`ground-truth/config-${version}`);
const gcc = spawnSync('gcc', ['--version']);
if (tree === undefined || config === undefined || gcc.status !== 0) {
  console.log(`skipped: no tree, configuration or gcc for ${version}`);
  process.exit(0);
}
const unsignedChar = version !== '6.1';
const kernel = openKernel(tree, config);
const folder = mkdtempSync(join(tmpdir(), 'gcc-asserts-'));
let asked = 0;
let wrong = 0;
for (const file of files) {
  const pre = kernel.preprocess(file);
  if (pre === undefined) continue;
  const unit = TranslationUnit.fromTokens(pre.tokens, { unsignedChar });
  const claims = [...typeClaims(unit), ...nameClaims(unit)];
  const lines = claims.map((claim, i) => `_Static_assert(${claim}, "claim ${i}");`);
  const path = join(folder, 'unit.i');
  writeFileSync(path, `${textOf(pre.tokens)}\n# 1 "claims"\n${lines.join('\n')}\n`);
  const run = spawnSync('gcc', [...flags, ...(unsignedChar ? [] : ['-fsigned-char']), path], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const errors = run.stderr.split('\n').filter((l) => l.includes('error:'));
  asked += claims.length;
  wrong += errors.length;
  for (const error of errors.slice(0, 30)) {
    const line = Number(/^claims:(\d+)/.exec(error)?.[1] ?? 0);
    console.log(`${file}: ${error.slice(0, 200)}  ${claims[line - 1] ?? ''}`);
  }
  console.log(`${file}: ${claims.length} claims, ${errors.length} wrong`);
}
rmSync(folder, { recursive: true });
console.log(`${version}: ${asked} claims to gcc, ${wrong} wrong`);
process.exitCode = wrong === 0 ? 0 : 1;

function textOf(tokens: TokenStream): string {
  const parts: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const spelling = tokens.spelling(i);
    if (tokens.kind[i] === Token.Pragma) parts.push(`\n${spelling}\n`);
    else parts.push(spelling, tokens.kind[i] === Token.Semicolon ? '\n' : ' ');
  }
  return parts.join('');
}

function* typeClaims(unit: TranslationUnit): Generator<string> {
  for (const { name, kind } of unit.names()) {
    if (kind === 'typedef') {
      const type = unit.typedef(name);
      if (type.kind === 'parsed') yield* sizeClaims(name, type.value);
    } else if (kind === 'enumerator') {
      const value = unit.enumerator(name);
      if (value !== undefined)
        yield `${name} == ${value === -(1n << 63n) ? '(-9223372036854775807l - 1)' : `${value}${value >= 1n << 63n ? 'ul' : 'l'}`}`;
      yield `sizeof(${name}) == ${unit.constant(`sizeof(${name})`)}`;
    }
  }
  for (const { keyword, tag } of unit.tags()) {
    if (keyword === 'enum') {
      const type = unit.typeNamed(`enum ${tag}`);
      if (type.kind === 'parsed') yield* sizeClaims(`enum ${tag}`, type.value);
      continue;
    }
    const type = unit.record(keyword, tag);
    if (type === undefined) continue;
    yield* sizeClaims(`${keyword} ${tag}`, type);
    const seen = new Set<string>();
    for (const member of membersOf(type.record)) {
      if (seen.has(member.name)) continue;
      seen.add(member.name);
      if (member.bitSize === undefined) yield `__builtin_offsetof(${keyword} ${tag}, ${member.name}) == ${member.offset}`;
    }
  }
}

function* sizeClaims(text: string, type: CType): Generator<string> {
  if (type.kind === 'void' || type.kind === 'function') return;
  const size = sizeOf(type);
  if (size === undefined) return;
  yield `sizeof(${text}) == ${size}`;
  yield `_Alignof(${text}) == ${alignOf(type)}`;
  if (type.kind === 'int') yield `((${text})-1 < (${text})1) == ${type.signed ? 1 : 0}`;
  const printed = describeType(type);
  if (printable(printed)) yield `__builtin_types_compatible_p(${text}, ${printed})`;
}

function* nameClaims(unit: TranslationUnit): Generator<string> {
  for (const { name, kind } of unit.names()) {
    if (name.startsWith('__builtin_')) continue;
    const found = kind === 'function' ? unit.function(name) : kind === 'object' ? unit.object(name) : undefined;
    if (found?.kind !== 'parsed') continue;
    const type = found.value.type;
    const printed = describeType(type);
    if (printable(printed)) yield `__builtin_types_compatible_p(typeof(${name}), ${printed})`;
    if (type.kind !== 'function') {
      const size = sizeOf(type);
      if (size !== undefined) yield `sizeof(${name}) == ${size}`;
    }
  }
}

/** Types without a name of their own, and va_list, cannot be written in C. */
function printable(type: string): boolean {
  return !type.includes('<') && !type.includes('__vector') && !type.includes('__va_list_tag');
}
