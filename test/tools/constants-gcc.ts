// Random constant expressions, folded by us and judged by gcc: value and type. Usage: constants-gcc.ts [COUNT [SEED]]

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Seeded } from './seeded.ts';
import { unitOf } from './unit-of.ts';

const count = Number(process.argv[2] ?? 5000);
const row = new Seeded(Number(process.argv[3] ?? 1));
const random = (n: number): number => row.below(n);
const pick = <T>(from: readonly T[]): T => row.pick(from);
if (spawnSync('gcc', ['--version']).status !== 0) {
  console.log('skipped: no gcc');
  process.exit(0);
}

const types = [
  '_Bool',
  'char',
  'signed char',
  'unsigned char',
  'short',
  'unsigned short',
  'int',
  'unsigned',
  'long',
  'unsigned long',
  'long long',
  'unsigned long long',
];
const header = `
enum e { E0, E1 = 7, EN = -3 }; enum u { U0 = 5, U1 = 0xf0000000 }; enum big { BIG = 0x123456789abcLL, SMALL = 1 };
struct s { char c; long l; int a[5]; struct { short x; char y; } in[2]; unsigned b : 3; } __attribute__((packed));
struct t { char c; long l __attribute__((aligned(32))); union { int i; double d; }; };
`;
const literals = [
  '0',
  '1',
  '(-1)',
  '7',
  '255',
  '65535',
  '2147483647',
  '2147483648',
  '0x80000000',
  '4294967295u',
  '0xffffffffffffffff',
  '1ul',
  '3ull',
  '9223372036854775807',
  '017',
  "'a'",
  "'\\377'",
  'E1',
  'EN',
  'U1',
  'U0',
  'BIG',
  'SMALL',
  'sizeof(struct s)',
  '_Alignof(struct t)',
  '__builtin_offsetof(struct s, in[1].y)',
  'sizeof(((struct t *)0)->d)',
  'sizeof("abc")',
  '(unsigned long)&((struct s *)0)->a[3]',
];

function expr(depth: number): string {
  if (depth === 0) return pick(literals);
  const a = (): string => expr(depth - 1 - random(2) < 0 ? 0 : depth - 1);
  switch (random(12)) {
    case 0:
    case 1:
      return `((${pick(types)})${a()})`;
    case 2:
      return `(${pick(['-', '~', '!', '+'])}${a()})`;
    case 3:
      return `(${a()} ${pick(['/', '%'])} ${pick(['3', '-7', '10u', '4096ul', '(short)-2'])})`;
    case 4:
      return `(${a()} ${pick(['<<', '>>'])} ((${a()}) & ${pick(['15', '31u'])}))`;
    case 5:
      return `(${a()} ${pick(['<', '>', '<=', '>=', '==', '!='])} ${a()})`;
    case 6:
      return `(${a()} ${pick(['&&', '||'])} ${a()})`;
    case 7:
      return `(${a()} ? ${a()} : ${a()})`;
    case 8:
      return `__builtin_choose_expr(${pick(['0', '1'])}, ${a()}, ${a()})`;
    default:
      return `(${a()} ${pick(['+', '-', '*', '&', '|', '^'])} ${a()})`;
  }
}

const exprs = Array.from({ length: count }, () => expr(1 + random(5)));
const unit = unitOf(header);
const claims: string[] = [];
let refused = 0;
for (const text of exprs) {
  const value = unit.constant(text);
  const type = unit.typeNamed(`typeof(${text})`);
  if (value === undefined || type.kind !== 'parsed' || type.value.kind !== 'int') {
    refused++;
    console.log(`no constant: ${text}`);
    continue;
  }
  const bits = BigInt.asUintN(64, value);
  claims.push(`(unsigned long)(${text}) == ${bits}ul && _Generic((${text}), ${type.value.name}: 1, default: 0)`);
}
const folder = mkdtempSync(join(tmpdir(), 'constants-'));
const path = join(folder, 'claims.c');
writeFileSync(path, `${header}\n# 1 "claims"\n${claims.map((c) => `_Static_assert(${c}, "");`).join('\n')}\n`);
const run = spawnSync('gcc', ['-std=gnu11', '-fsyntax-only', '-fwrapv', '-w', '-fmax-errors=0', path], {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
});
rmSync(folder, { recursive: true });
const errors = run.stderr.split('\n').filter((l) => l.includes('error:'));
for (const error of errors.slice(0, 20)) console.log(error.slice(0, 120), claims[Number(/^claims:(\d+)/.exec(error)?.[1] ?? 0) - 1]);
console.log(`${claims.length} constant expressions, ${errors.length} judged wrong by gcc, ${refused} not folded`);
process.exitCode = errors.length + refused === 0 ? 0 : 1;
