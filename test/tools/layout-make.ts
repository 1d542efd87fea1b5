// Makes layout truth on the spot: gcc -g compiles units of the tree that gcc-tokens.ts prepared, layout.py reads their DWARF.
// Usage: layout-make.ts VERSION FOLDER FILE.c…   (needs gcc, make, python3 with pyelftools; then layout-truth.ts FOLDER VERSION CONFIG)

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../src/dev/kernel-source.ts';
import { sharedPath } from './kernel-tree.ts';

const [version = '', folder = '', ...files] = process.argv.slice(2);
const script = sharedPath('compiler-truth/layout/layout.py');
const build = join(cacheFolder(), 'gcc-tokens', `build-${version}`);
if (files.length === 0 || script === undefined || !existsSync(build)) {
  console.error(`usage: layout-make.ts VERSION FOLDER FILE.c…; ${build} is made by gcc-tokens.ts, layout.py is part of compiler-truth`);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
let made = 0;
for (const file of files) {
  const object = file.replace(/\.c$/, '.o');
  spawnSync('make', ['-s', 'KCFLAGS=-g', object], { cwd: build, stdio: 'ignore' });
  const rows = spawnSync('python3', [script, object, file], { cwd: build, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (rows.status !== 0) {
    console.log(`${file}: ${existsSync(join(build, object)) ? rows.stderr.trim().split('\n').at(-1) : 'does not compile'}`);
    continue;
  }
  writeFileSync(join(folder, `${object.replace(/\.o$/, '').replaceAll('/', '_')}.jsonl`), rows.stdout);
  made++;
}
console.log(`${made} of ${files.length} units`);
process.exitCode = made === files.length ? 0 : 1;
