// Where tests and tools find kernel trees, configurations and truth files; absent ones are reported, never guessed.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseConfig } from '../../src/core/preprocessor/kernel/config.ts';
import { KernelPreprocessor } from '../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { kernelFolder } from '../../src/dev/kernel-source.ts';
import { DiskSource } from '../../src/node/disk-source.ts';

/** Folder of an unpacked kernel tree (`6.1`, `6.12`), or undefined. */
export function kernelTree(version: string): string | undefined {
  const folder = kernelFolder(version);
  return existsSync(join(folder, 'Makefile')) ? folder : undefined;
}

/** A file or folder beside the checkout under `shared/`, or undefined. */
export function sharedPath(path: string): string | undefined {
  const full = resolve(import.meta.dirname, '../../../shared', path);
  return existsSync(full) ? full : undefined;
}

/** Preprocessor of a tree under a configuration file. */
export function openKernel(tree: string, configFile: string): KernelPreprocessor {
  const { config } = parseConfig(configFile, readFileSync(configFile, 'utf8'));
  return new KernelPreprocessor(new DiskSource(tree), config);
}

/** Rows of a file with one JSON value on each line. */
export function readRows(path: string): readonly unknown[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
