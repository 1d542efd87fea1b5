import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { text } from '../../tools/make-execute.ts';

test('the interpreter loop is what its generator writes', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../src/core/machine/execute.ts'), 'utf8')).toBe(text);
});
