// Translation units of a kernel tree, preprocessed as its build would.
import type { KernelPreprocessor } from '../preprocessor/kernel/kernel-preprocessor.ts';
import type { UnitOptions } from '../unit/unit.ts';
import { TranslationUnit } from '../unit/unit.ts';
import type { UnitLoader } from './unit-loader.ts';

/** Loads units through a preprocessor that outlives the program, so that its caches are shared between programs. */
export function kernelUnits(preprocessor: KernelPreprocessor, options: UnitOptions): UnitLoader {
  return {
    load(path) {
      const unit = preprocessor.preprocess(path);
      if (unit === undefined) return undefined;
      return {
        path,
        unit: TranslationUnit.fromTokens(unit.tokens, { shortWchar: true, ...options, prefix: unit.prefix }),
        macro: (name) => unit.macro(name),
      };
    },
  };
}
