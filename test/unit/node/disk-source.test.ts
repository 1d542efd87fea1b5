// A folder on disk as a file source.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiskSource } from '../../../src/node/disk-source.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'disk-source-'));
  mkdirSync(join(root, 'a/b'), { recursive: true });
  writeFileSync(join(root, 'a/x.h'), '\ufeffint x;');
  symlinkSync('x.h', join(root, 'a/y.h'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('files are read without a byte order mark, folders are no files', () => {
  const source = new DiskSource(root);
  expect(source.read('a/x.h')).toBe('int x;');
  expect([source.exists('a/x.h'), source.exists('a/y.h'), source.exists('a/b'), source.exists('none/x.h')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(source.list('a')).toEqual(['b/', 'x.h', 'y.h']);
  expect(source.list('none')).toEqual([]);
});

test('a new file is seen after invalidate', () => {
  const source = new DiskSource(root);
  expect(source.exists('a/c/z.h')).toBe(false);
  mkdirSync(join(root, 'a/c'));
  writeFileSync(join(root, 'a/c/z.h'), 'z');
  source.invalidate('a/c/z.h');
  expect(source.read('a/c/z.h')).toBe('z');
});
