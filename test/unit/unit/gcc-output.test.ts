// Hosted programs over the whole language print what gcc 12 -O0 -fwrapv made them print (the .stdout beside each).

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runC } from '../../../src/core/program/run-c.ts';

const folder = join(import.meta.dirname, '../../fixtures/semantics');

test.each(readdirSync(folder).filter((name) => name.endsWith('.c')))('%s', (name) => {
  const run = runC(name, readFileSync(join(folder, name), 'utf8'));
  expect(run.stdout).toBe(readFileSync(join(folder, name.replace(/\.c$/, '.stdout')), 'utf8'));
  expect(run.fault ?? run.limit).toBeUndefined();
});
