// Translation units of one tree under one configuration, kept from trace to trace and dropped when a file they read changes.

import type { KernelPreprocessor } from '../preprocessor/kernel/kernel-preprocessor.ts';
import { DefinitionIndex } from '../program/definition-index.ts';
import { lacksOf, type LoadedUnit, type UnitLoader } from '../program/unit-loader.ts';
import type { FileSource } from '../source/file-source.ts';
import { TranslationUnit } from '../unit/unit.ts';

interface CachedUnit {
  readonly loaded: LoadedUnit;
  readonly files: ReadonlySet<string>;
}

/** Units that are kept (about 2 MB each); a trace loads some 35, a machine check 20 more. */
const maximumUnits = 64;

/** Loads units through a preprocessor session. */
export class UnitCache implements UnitLoader {
  private readonly preprocessor: KernelPreprocessor;
  private readonly progress: (phase: string) => void;
  readonly definitions: DefinitionIndex;
  /** The least recently used first. */
  private readonly units = new Map<string, CachedUnit>();

  constructor(preprocessor: KernelPreprocessor, source: FileSource, progress: (phase: string) => void) {
    this.definitions = new DefinitionIndex(source);
    this.preprocessor = preprocessor;
    this.progress = progress;
  }

  load(path: string): LoadedUnit | undefined {
    const known = this.units.get(path);
    if (known !== undefined) {
      this.units.delete(path);
      this.units.set(path, known);
      return known.loaded;
    }
    this.progress(`reading ${path}`);
    const text = this.preprocessor.preprocess(path);
    if (text === undefined) return undefined;
    const unit = TranslationUnit.fromTokens(text.tokens, {
      unsignedChar: this.preprocessor.unsignedChar,
      shortWchar: true,
      prefix: text.prefix,
    });
    const loaded: LoadedUnit = { path, unit, lacks: lacksOf(text), macro: (name) => text.macro(name) };
    this.units.set(path, { loaded, files: new Set([path, ...text.files]) });
    return loaded;
  }

  /** A run has ended: lets go what is quickly made again, and the units that were not used for the longest time. */
  rest(): void {
    this.preprocessor.session.rest();
    for (const path of this.units.keys()) {
      if (this.units.size <= maximumUnits) break;
      this.units.delete(path);
    }
  }

  /** Tells that a file's text changed, or that it appeared or went. */
  changed(path: string): void {
    this.definitions.rescan(path);
    this.preprocessor.changed(path);
    for (const [name, unit] of this.units) if (unit.files.has(path)) this.units.delete(name);
  }
}
