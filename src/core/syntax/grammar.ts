// Loads tree-sitter and its C grammar from bytes that the caller read; this room does no input or output.
import { Language, Parser, type Tree } from 'web-tree-sitter';

let started: Promise<void> | undefined;

/** The C grammar with one parser. Trees it returns belong to whoever asked (see trees.ts). */
export class Grammar {
  private readonly parser: Parser;
  readonly language: Language;

  private constructor(parser: Parser, language: Language) {
    this.parser = parser;
    this.language = language;
  }

  /** `runtime` is web-tree-sitter.wasm, `grammar` is tree-sitter-c.wasm. */
  static async load(runtime: Uint8Array, grammar: Uint8Array): Promise<Grammar> {
    // web-tree-sitter has one runtime per process; a second init while the first runs breaks both.
    started ??= Parser.init({ wasmBinary: runtime });
    await started;
    const language = await Language.load(grammar);
    const parser = new Parser();
    parser.setLanguage(language);
    return new Grammar(parser, language);
  }

  /** Parses masked text; `old` (already edited) makes it incremental. */
  parse(masked: string, old?: Tree): Tree {
    const tree = this.parser.parse(masked, old ?? null);
    if (tree === null) throw new Error('tree-sitter returned no tree');
    return tree;
  }
}
