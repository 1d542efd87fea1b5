import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runC } from '../../../src/core/program/run-c.ts';

const folder = join(import.meta.dirname, '../../fixtures/c');

// The .out files are what gcc's binaries print (test/tools/c-fixtures.ts --gcc makes them again).
describe('a C program prints what gcc makes it print', () => {
  for (const file of readdirSync(folder).filter((f) => f.endsWith('.c'))) {
    test(file, () => {
      const result = runC(file, readFileSync(join(folder, file), 'utf8'));
      expect(result.limit ?? result.fault).toBeUndefined();
      expect(`${result.stdout}exit ${result.exitCode}\n`).toBe(readFileSync(join(folder, file.replace(/\.c$/, '.out')), 'utf8'));
      expect(result.warnings).toEqual([]);
    });
  }
});
