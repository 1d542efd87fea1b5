// A kernel tree together with the headers that its build would generate.

import type { FileSource } from '../../source/file-source.ts';
import type { KernelConfig } from './config.ts';
import { generatedHeaders } from './generated-headers.ts';

/** Generated headers hide files of the same name: those belong to another configuration. */
export class GeneratedSource implements FileSource {
  private readonly tree: FileSource;
  private readonly makers: ReadonlyMap<string, () => string>;
  private readonly texts = new Map<string, string>();

  /** `bounds` may preprocess with this very source; it is called when the bounds header is first read. */
  constructor(tree: FileSource, config: KernelConfig, bounds: () => string) {
    this.tree = tree;
    this.makers = generatedHeaders(tree, config, bounds);
  }

  read(path: string): string | undefined {
    const make = this.makers.get(path);
    if (make === undefined) return this.tree.read(path);
    let text = this.texts.get(path);
    if (text === undefined) {
      text = make();
      this.texts.set(path, text);
    }
    return text;
  }

  exists(path: string): boolean {
    return this.makers.has(path) || this.tree.exists(path);
  }

  list(path: string): readonly string[] {
    return this.tree.list(path);
  }
}
