// A translation unit from C text alone, for tests and tools.

import { gccDefinitions } from '../../src/core/preprocessor/profile/gcc-x86-64.ts';
import { PreprocessorSession } from '../../src/core/preprocessor/session.ts';
import { TranslationUnit } from '../../src/core/unit/unit.ts';
import type { UnitOptions } from '../../src/core/unit/unit.ts';

/** Preprocesses and indexes `text` as file `a.c`. */
export function unitOf(text: string, options: UnitOptions = {}): TranslationUnit {
  const source = { read: (path: string) => (path === 'a.c' ? text : undefined), exists: (path: string) => path === 'a.c', list: () => [] };
  const unit = new PreprocessorSession(source, gccDefinitions).preprocess({
    path: 'a.c',
    includeFolders: [],
    forcedIncludes: [],
    definitions: [],
  });
  if (unit === undefined) throw new Error('a.c was not read');
  return TranslationUnit.fromTokens(unit.tokens, options);
}
