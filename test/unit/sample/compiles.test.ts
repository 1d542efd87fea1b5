// The sample tree is C that a compiler accepts, with no other headers than its own.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const tree = join(import.meta.dirname, '../../../media/sample-kernel');
const files = readdirSync(tree, { recursive: true, encoding: 'utf8' }).sort();
const units = files.filter((file) => file.endsWith('.c'));
const hasGcc = spawnSync('gcc', ['--version']).status === 0;
if (!hasGcc) console.warn('sample tree: not compiled, there is no gcc');

/** A folder with the header that Kconfig would write. */
const generated = mkdtempSync(join(tmpdir(), 'daxtrace-sample-'));
mkdirSync(join(generated, 'generated'));
const options = [...readFileSync(join(tree, 'Kconfig'), 'utf8').matchAll(/^config (\w+)/gm)].map((match) => match[1]);
writeFileSync(join(generated, 'generated/autoconf.h'), options.map((name) => `#define CONFIG_${name ?? ''} 1\n`).join(''));
afterAll(() => {
  rmSync(generated, { recursive: true });
});

const headers = ['compiler-version', 'kconfig', 'compiler_types'].flatMap((name) => ['-include', `include/linux/${name}.h`]);
const flags = ['-fsyntax-only', '-nostdinc', '-ffreestanding', '-std=gnu11', '-Wall', '-Wno-unused-function', '-Werror'];
const folders = ['-Iinclude', `-I${generated}`, '-Ifs/xfs', '-Ifs/xfs/libxfs'];

describe('the sample tree', () => {
  it.runIf(hasGcc)('is accepted by gcc without a warning', () => {
    const errors = units.map((unit) => {
      const done = spawnSync('gcc', [...flags, ...folders, ...headers, '-D__KERNEL__', unit], { cwd: tree, encoding: 'utf8' });
      return done.stderr;
    });
    expect(errors.join('')).toBe('');
  });

  it('has every file of the failure path under its real name', () => {
    for (const path of [
      'mm/memory-failure.c',
      'mm/memremap.c',
      'drivers/dax/super.c',
      'drivers/nvdimm/pmem.c',
      'fs/dax.c',
      'fs/xfs/xfs_notify_failure.c',
      'fs/xfs/libxfs/xfs_rmap.c',
    ]) {
      expect(units).toContain(path);
    }
  });

  it('names every unit in a Makefile', () => {
    const makefiles = files.filter((file) => file.endsWith('Makefile')).map((file) => readFileSync(join(tree, file), 'utf8'));
    const missing = units.filter((unit) => {
      const object = `${unit.replace(/\.c$/, '').split('/').at(-1) ?? ''}.o`;
      return !makefiles.some((text) => text.includes(object));
    });
    expect(missing).toEqual([]);
  });

  it('stays small', () => {
    const lines = files.filter((file) => /\.[ch]$/.test(file)).map((file) => readFileSync(join(tree, file), 'utf8').split('\n').length);
    expect(lines.reduce((sum, n) => sum + n, 0)).toBeLessThan(4000);
  });
});
