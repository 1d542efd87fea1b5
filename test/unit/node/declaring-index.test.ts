// The index of declarations answers like a search with the pattern, however its input is cut into pieces.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeclaringIndex } from '../../../src/node/declaring-index.ts';
import { DiskWordSearch } from '../../../src/node/prefilter.ts';

const listing = `./mm/a.c
int memory_failure(unsigned long pfn, int flags)
static void *late (void)
SYSCALL_DEFINE3(madvise, unsigned long, start,

./mm/b.c
static int memory_failure_queue(unsigned long pfn)
DEFINE_IT(wrapped(int a),
`;

describe('the index of declarations', () => {
  it.each([1, 7, 4096])('knows each name that stands before parameters, in pieces of %i bytes', (size) => {
    const index = new DeclaringIndex();
    for (let at = 0; at < listing.length; at += size) index.add(Buffer.from(listing.slice(at, at + size)));
    index.finish();
    const of = (...names: string[]): string[] => [...index.filesDeclaring(names)].sort();
    expect(of('memory_failure')).toEqual(['mm/a.c']);
    expect(of('memory_failure_queue')).toEqual(['mm/b.c']);
    expect(of('late', 'wrapped')).toEqual(['mm/a.c', 'mm/b.c']);
    expect(of('__do_sys_madvise')).toEqual(['mm/a.c']);
    expect(of('madvise', 'pfn', 'int')).toEqual([]);
  });
});

describe('the search of a folder', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'search-'));
    mkdirSync(join(root, 'mm'));
    writeFileSync(join(root, 'mm/a.c'), 'int one(int a)\n{\n\treturn two(a);\n}\n');
    writeFileSync(join(root, 'mm/b.c'), 'static int two(int a) { return ops->run = a; }\nSYSCALL_DEFINE1(three, int, a)\n{\n}\n');
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it.each(['ripgrep', 'the own scanner'])('finds the same with and without an index, with %s', async (what) => {
    const search = new DiskWordSearch(root, what === 'ripgrep' ? {} : { ripgrep: null });
    const others = ['c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];
    const found = (): unknown =>
      [['one'], ['two'], ['__do_sys_three'], ['one', 'two']].map((names) => search.filesDeclaring([...names, ...others]));
    const before = found();
    await search.prepare();
    expect(found()).toEqual(before);
    expect(before).toEqual([['mm/a.c'], ['mm/b.c'], ['mm/b.c'], ['mm/a.c', 'mm/b.c']]);
  });

  it.each(['ripgrep', 'the own scanner'])('tells which words occur in each file, with %s', (what) => {
    const search = new DiskWordSearch(root, what === 'ripgrep' ? {} : { ripgrep: null });
    expect([...search.wordsOf(['two', '->run'])]).toEqual([
      ['mm/a.c', ['two']],
      ['mm/b.c', ['two', '->run']],
    ]);
  });

  it('sees files that changed after the index was made', async () => {
    const search = new DiskWordSearch(root);
    await search.prepare();
    writeFileSync(join(root, 'mm/a.c'), 'int other(int a)\n{\n}\n');
    search.changed('mm/a.c');
    writeFileSync(join(root, 'mm/c.c'), 'int one(int a)\n{\n}\n');
    search.changed('mm/c.c');
    expect(search.filesDeclaring(['one'])).toEqual(['mm/c.c']);
    expect(search.filesDeclaring(['other'])).toEqual(['mm/a.c']);
  });
});
