// Vitest for every layer below VS Code; the stage chooses the folder.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: join(dirname(fileURLToPath(import.meta.url)), '../../..'),
  test: {
    include: ['test/unit/**/*.test.ts', 'test/golden/**/*.test.ts', 'test/kernel/**/*.test.ts', 'test/property/**/*.test.ts'],
    // Real trees take seconds; a hang still ends.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
