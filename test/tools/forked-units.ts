// Units of a tree in which one file at a time is changed: what does not read that file is shared with the unchanged tree.

import { Interner } from '../../src/base/interner.ts';
import { chooseConfig, withoutTracepoints } from '../../src/core/preprocessor/kernel/choose-config.ts';
import { KernelPreprocessor } from '../../src/core/preprocessor/kernel/kernel-preprocessor.ts';
import { DefinitionIndex } from '../../src/core/program/definition-index.ts';
import { lacksOf, type LoadedUnit, type UnitLoader } from '../../src/core/program/unit-loader.ts';
import type { FileSource } from '../../src/core/source/file-source.ts';
import { OverlaySource } from '../../src/core/source/file-source.ts';
import { TranslationUnit } from '../../src/core/unit/unit.ts';

interface KnownUnit {
  readonly loaded: LoadedUnit;
  readonly files: ReadonlySet<string>;
}

/** Changes between two rests of the preprocessors. */
const restEvery = 100;

/**
 * Loads units with the text of one file replaced. The unchanged units are made once. Changed .c files share one preprocessor,
 * each changed header has its own: what that one remembers of the other headers stays right from change to change.
 */
export class ForkedUnits implements UnitLoader {
  readonly definitions: DefinitionIndex;
  /** The tree as the change leaves it. */
  readonly source: FileSource;
  private readonly texts = new Map<string, string>();
  private readonly base: KernelPreprocessor;
  private readonly changed = new Map<string, KernelPreprocessor>();
  private readonly known = new Map<string, KnownUnit | undefined>();
  private readonly own = new Map<string, LoadedUnit | undefined>();
  private readonly make: (source: FileSource) => KernelPreprocessor;
  private path = '';
  private changes = 0;

  constructor(base: FileSource) {
    this.source = new OverlaySource(base, this.texts);
    const { config } = chooseConfig(base, undefined);
    const interner = new Interner();
    this.make = (source) => new KernelPreprocessor(source, withoutTracepoints(config), interner);
    this.base = this.make(base);
    this.definitions = new DefinitionIndex(this.source);
  }

  /** From here on `path` has this text, every other file its own. */
  change(path: string, text: string): void {
    const before = this.path;
    this.texts.clear();
    this.own.clear();
    this.texts.set(path, text);
    this.path = path;
    // As a session does after each trace; seldom here, because what is let go is made again.
    if (++this.changes % restEvery === 0) for (const preprocessor of this.changed.values()) preprocessor.session.rest();
    for (const at of new Set([before, path])) {
      if (at === '') continue;
      this.definitions.rescan(at);
      // A preprocessor that has seen this file before must read it again; the others never ask for units that read it.
      this.changed.get(kindOf(at))?.changed(at);
    }
  }

  load(path: string): LoadedUnit | undefined {
    const known = this.unchanged(path);
    if (known !== undefined && !known.files.has(this.path)) return known.loaded;
    if (!this.own.has(path)) this.own.set(path, this.read(this.preprocessor(), path)?.loaded);
    return this.own.get(path);
  }

  private unchanged(path: string): KnownUnit | undefined {
    if (!this.known.has(path)) this.known.set(path, this.read(this.base, path));
    return this.known.get(path);
  }

  private preprocessor(): KernelPreprocessor {
    const kind = kindOf(this.path);
    let found = this.changed.get(kind);
    if (found === undefined) {
      found = this.make(this.source);
      this.changed.set(kind, found);
    }
    return found;
  }

  private read(preprocessor: KernelPreprocessor, path: string): KnownUnit | undefined {
    const text = preprocessor.preprocess(path);
    if (text === undefined) return undefined;
    const { unsignedChar } = preprocessor;
    const unit = TranslationUnit.fromTokens(text.tokens, { unsignedChar, shortWchar: true, prefix: text.prefix });
    return { loaded: { path, unit, lacks: lacksOf(text), macro: (name) => text.macro(name) }, files: new Set([path, ...text.files]) };
  }
}

function kindOf(path: string): string {
  return path.endsWith('.c') ? '.c' : path;
}
