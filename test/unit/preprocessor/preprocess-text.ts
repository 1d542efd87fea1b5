// Preprocesses C snippets for the tests of this room.

import { OverlaySource, type FileSource } from '../../../src/core/source/file-source.ts';
import type { PreprocessedUnit } from '../../../src/core/preprocessor/preprocess.ts';
import { PreprocessorSession } from '../../../src/core/preprocessor/session.ts';

const nothing: FileSource = { read: () => undefined, exists: () => false, list: () => [] };

/** A session over texts by path, and the unit `a.c` among them; `inc` is the only include folder. */
export function unitOf(files: string | Record<string, string>): PreprocessedUnit {
  const texts = new Map(Object.entries(typeof files === 'string' ? { 'a.c': files } : files));
  const unit = new PreprocessorSession(new OverlaySource(nothing, texts), []).preprocess(request);
  if (unit === undefined) throw new Error('no a.c');
  return unit;
}

export const request = { path: 'a.c', includeFolders: ['inc', 'inc2'], forcedIncludes: [], definitions: [] };

/** Tokens with one space between them. */
export function expand(files: string | Record<string, string>): string {
  const { tokens } = unitOf(files);
  return tokens.text(0, tokens.length);
}

/** A session whose files a test can change. */
export function editable(texts: Map<string, string>): PreprocessorSession {
  return new PreprocessorSession(new OverlaySource(nothing, texts), []);
}
