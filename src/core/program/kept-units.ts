// Units of a kernel tree, preprocessed as Kbuild would, indexed, and kept until a file they read changes.

import type { KernelPreprocessor } from '../preprocessor/kernel/kernel-preprocessor.ts';
import type { FileSource } from '../source/file-source.ts';
import { TranslationUnit } from '../unit/unit.ts';
import type { LoadedUnit, UnitLoader } from './unit-loader.ts';

interface Kept extends LoadedUnit {
  readonly files: ReadonlySet<string>;
}

/** Units of one tree under one configuration; outlives the programs that are linked from them. */
export class KeptUnits implements UnitLoader {
  private readonly preprocessor: KernelPreprocessor;
  private readonly unsignedChar: boolean;
  private readonly kept = new Map<string, Kept>();

  /** `tree` is the file source that `preprocessor` reads. */
  constructor(tree: FileSource, preprocessor: KernelPreprocessor) {
    this.preprocessor = preprocessor;
    // Makefile: KBUILD_CFLAGS has -funsigned-char from v6.2 on.
    this.unsignedChar = tree.read('Makefile')?.includes('-funsigned-char') ?? false;
  }

  load(path: string): LoadedUnit | undefined {
    const known = this.kept.get(path);
    if (known !== undefined) return known;
    const unit = this.preprocessor.preprocess(path);
    if (unit === undefined) return undefined;
    const loaded: Kept = {
      path,
      files: new Set(unit.files),
      unit: TranslationUnit.fromTokens(unit.tokens, { unsignedChar: this.unsignedChar }),
      macro: (name) => unit.macro(name),
    };
    this.kept.set(path, loaded);
    return loaded;
  }

  /** Tells that a file's text changed, appeared or went. Gives the units that read it; they are loaded anew when asked for. */
  changed(path: string): readonly string[] {
    this.preprocessor.changed(path);
    const stale = [...this.kept.values()].filter((unit) => unit.path === path || unit.files.has(path)).map((unit) => unit.path);
    for (const unit of stale) this.kept.delete(unit);
    return stale;
  }
}
