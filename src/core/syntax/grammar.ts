// Loads tree-sitter and its C grammar from bytes that the caller read; this room does no input or output.
import { Language, type Node, Parser, Query, type Tree } from 'web-tree-sitter';

let started: Promise<void> | undefined;

/** The queries of grammars/NAME.scm: which shapes of C the source view looks for. */
export const queryNames = ['calls', 'embedded-tables', 'ops-tables', 'stores'] as const;
export type QueryName = (typeof queryNames)[number];

/** Captured nodes of one match, by name; of a repeated capture the first one. */
export type Captures = ReadonlyMap<string, Node>;

/** The C grammar with one parser and its queries. Trees it returns belong to whoever asked (see trees.ts). */
export class Grammar {
  private readonly parser: Parser;
  private readonly language: Language;
  private readonly sources: Readonly<Record<QueryName, string>>;
  private readonly compiled = new Map<QueryName, Query>();

  private constructor(parser: Parser, language: Language, sources: Readonly<Record<QueryName, string>>) {
    this.parser = parser;
    this.language = language;
    this.sources = sources;
  }

  /** `runtime` is web-tree-sitter.wasm, `grammar` is tree-sitter-c.wasm, `queries` are the texts of grammars/*.scm. */
  static async load(runtime: Uint8Array, grammar: Uint8Array, queries: Readonly<Record<QueryName, string>>): Promise<Grammar> {
    // web-tree-sitter has one runtime per process; a second init while the first runs breaks both.
    started ??= Parser.init({ wasmBinary: runtime });
    await started;
    const language = await Language.load(grammar);
    const parser = new Parser();
    parser.setLanguage(language);
    return new Grammar(parser, language, queries);
  }

  /** Parses masked text; `old` (already edited) makes it incremental. */
  parse(masked: string, old?: Tree): Tree {
    const tree = this.parser.parse(masked, old ?? null);
    if (tree === null) throw new Error('tree-sitter returned no tree');
    return tree;
  }

  /** Matches of a query anywhere below a node, in order of place; throws when the query does not fit the grammar. */
  find(name: QueryName, below: Node): Captures[] {
    let query = this.compiled.get(name);
    if (query === undefined) {
      query = new Query(this.language, this.sources[name]);
      this.compiled.set(name, query);
    }
    return query.matches(below).map(({ captures }) => new Map(captures.toReversed().map((capture) => [capture.name, capture.node])));
  }
}
