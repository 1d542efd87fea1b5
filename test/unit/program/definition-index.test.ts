import { expect, test } from 'vitest';
import { DefinitionIndex, scanDefinitions } from '../../../src/core/program/definition-index.ts';
import type { FileSource } from '../../../src/core/source/file-source.ts';

const files: Record<string, string> = {
  'mm/a.c':
    'int total;\nstatic int hidden;\nstruct ops *current_ops = 0;\n\nlong\nfirst(int a,\n      int b)\n\t__releases(&lock)\n{\n}\n\nstatic void local(void)\n{\n}\n',
  'mm/tree.c': 'INTERVAL_TREE_DEFINE(struct v, rb,\n\tlong, last, start, end, , vma_interval_tree)\n',
  'fs/b.c': 'int first_of_fs(void)\n{\n}\n',
};
const source: FileSource = {
  read: (path) => files[path],
  exists: (path) => path in files,
  list: (folder) =>
    Object.keys(files)
      .filter((f) => f.startsWith(`${folder}/`))
      .map((f) => f.slice(folder.length + 1)),
};

test('external functions and objects are found, static ones are not', () => {
  expect(scanDefinitions(files['mm/a.c'] ?? '')).toEqual({ functions: ['first'], objects: ['total', 'current_ops'], macroArguments: [] });
});

test('folders are scanned only as far as needed and in their order', () => {
  const index = new DefinitionIndex(source, ['mm', 'fs']);
  expect(index.candidates('first')).toEqual(['mm/a.c']);
  expect(index.candidates('first_of_fs')).toEqual(['fs/b.c']);
  expect(index.candidates('hidden')).toEqual([]);
});

test('a function that a file-scope macro generates is looked for where its prefix is an argument', () => {
  expect(new DefinitionIndex(source, ['mm']).candidates('vma_interval_tree_insert')).toEqual(['mm/tree.c']);
});

test('an edit moves a definition', () => {
  const index = new DefinitionIndex(source, ['mm', 'fs']);
  expect(index.candidates('first')).toEqual(['mm/a.c']);
  const before = files['mm/a.c'] ?? '';
  files['mm/a.c'] = 'int renamed(void)\n{\n}\n';
  index.rescan('mm/a.c');
  expect(index.candidates('renamed')).toEqual(['mm/a.c']);
  expect(index.candidates('first')).toEqual([]);
  files['mm/a.c'] = before;
});

test('a file that appears after its folder was scanned is found', () => {
  const index = new DefinitionIndex(source, ['mm', 'fs']);
  expect(index.candidates('added')).toEqual([]);
  files['mm/new.c'] = 'int added(void)\n{\n}\n';
  index.rescan('mm/new.c');
  expect(index.candidates('added')).toEqual(['mm/new.c']);
  delete files['mm/new.c'];
  index.rescan('mm/new.c');
  expect(index.candidates('added')).toEqual([]);
});

test('what was asked before changes no answer', () => {
  const texts: Record<string, string> = {
    'mm/b.c': 'int twice(void)\n{\n}\n',
    'mm/a.c': 'int twice(void)\n{\n}\nint alone(void)\n{\n}\n',
    'fs/a.c': 'int twice(void)\n{\n}\nint late(void)\n{\n}\nDEFINE_IT(made_up)\n',
    'lib/a.c': 'int made_up_insert(void)\n{\n}\nint last(void)\n{\n}\n',
    'net/a.c': 'int late(void)\n{\n}\n',
  };
  const tree: FileSource = {
    read: (path) => texts[path],
    exists: (path) => path in texts,
    list: (folder) =>
      Object.keys(texts)
        .filter((f) => f.startsWith(`${folder}/`))
        .map((f) => f.slice(folder.length + 1))
        .sort(),
  };
  const names = ['twice', 'alone', 'late', 'made_up_insert', 'last', 'nowhere'];
  const fresh = (name: string): readonly string[] => new DefinitionIndex(tree, ['mm', 'fs', 'lib/']).candidates(name);
  expect(names.map(fresh)).toEqual([['mm/a.c', 'mm/b.c'], ['mm/a.c'], ['fs/a.c'], ['fs/a.c'], ['lib/a.c'], []]);
  for (const order of [names, [...names].reverse()]) {
    const warm = new DefinitionIndex(tree, ['mm', 'fs', 'lib/']);
    for (const name of order) expect(warm.candidates(name)).toEqual(fresh(name));
    for (const path of ['mm/b.c', 'mm/a.c', 'net/a.c', 'fs/a.c']) warm.rescan(path);
    for (const name of names) expect(warm.candidates(name)).toEqual(fresh(name));
  }
});
