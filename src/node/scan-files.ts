// Reads many files and tells which contain one of some words; two threads share the work, and the caller waits (it runs in a worker itself).
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

const chunk = 128;
/** Larger files are no kernel source. */
const bufferSize = 32 * 1024 * 1024;
const patience = 20_000;

/** One regular expression over latin1 text beats one Buffer.includes per word: 2.2 s against 9 s for 17 words in 1.2 GB. */
export function wordsPattern(words: readonly string[]): string {
  return words.map((w) => w.replace(/[^\w]/g, '\\$&')).join('|');
}

/**
 * The helper as text, because a bundle has no file to start a worker from. It takes chunks from the same counter as the
 * caller; when it cannot start, the caller does all the work.
 */
const helper = `
const { workerData: d } = require('node:worker_threads');
const fs = require('node:fs');
const state = new Int32Array(d.state), hits = new Uint8Array(d.hits), buffer = Buffer.allocUnsafe(d.bufferSize), pattern = new RegExp(d.pattern, 'm');
for (;;) {
  const from = Atomics.add(state, 0, d.chunk);
  if (from >= d.files.length) break;
  for (let i = from; i < Math.min(from + d.chunk, d.files.length); i++) {
    try {
      const fd = fs.openSync(d.root + '/' + d.files[i], 'r');
      const n = fs.readSync(fd, buffer, 0, buffer.length, 0);
      fs.closeSync(fd);
      if (pattern.test(buffer.latin1Slice(0, n))) hits[i] = 1;
    } catch {}
  }
  Atomics.add(state, 1, 1);
  Atomics.notify(state, 1);
}
`;

/** Those of `files` (relative to `root`) whose text matches a regular expression (multi-line mode). Unreadable files contain none. */
export function scanFiles(root: string, files: readonly string[], pattern: string): string[] {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const hits = new Uint8Array(new SharedArrayBuffer(Math.max(1, files.length)));
  const chunks = Math.ceil(files.length / chunk);
  const second =
    chunks > 20
      ? new Worker(helper, { eval: true, workerData: { root, files, pattern, chunk, bufferSize, state: state.buffer, hits: hits.buffer } })
      : undefined;
  second?.unref();
  second?.on('error', () => undefined);
  const test = new RegExp(pattern, 'm');
  const buffer = Buffer.allocUnsafe(bufferSize);
  for (;;) {
    const from = Atomics.add(state, 0, chunk);
    if (from >= files.length) break;
    for (let i = from; i < Math.min(from + chunk, files.length); i++) {
      try {
        const fd = openSync(join(root, files[i]!), 'r');
        const n = readSync(fd, buffer, 0, buffer.length, 0);
        closeSync(fd);
        if (test.test(buffer.toString('latin1', 0, n))) hits[i] = 1;
      } catch {
        // Gone or unreadable: no candidate.
      }
    }
    Atomics.add(state, 1, 1);
  }
  for (let done = Atomics.load(state, 1); done < chunks; done = Atomics.load(state, 1)) {
    if (Atomics.wait(state, 1, done, patience) === 'timed-out') break;
  }
  void second?.terminate();
  return files.filter((_, i) => hits[i] === 1);
}
