// The source half of the session: discovery, call graph, contracts and health, over files that an editor may have changed.
import { OverlaySource, type FileSource } from '../source/file-source.ts';
import { OverlaySearch, RememberedSearch, type WordSearch } from '../source/word-search.ts';
import { CallGraph, type CallOptions } from '../callgraph/call-graph.ts';
import type { CallReport } from '../callgraph/graph.ts';
import { Neighbours } from '../callgraph/neighbours.ts';
import type { CallContext } from '../callgraph/direct-calls.ts';
import { MacroIndex } from '../callgraph/macros.ts';
import { Contracts } from '../contracts/contracts.ts';
import type { FunctionContract, HoverContract, UnitConflict } from '../contracts/contract.ts';
import { hoverAt } from '../contracts/hover.ts';
import { Declarations } from '../symbols/declarations.ts';
import { discoverOps } from '../symbols/discover-ops.ts';
import { ExpressionTypes } from '../symbols/expression-type.ts';
import { IncludeScope } from '../symbols/include-scope.ts';
import type { OpsReport } from '../symbols/ops.ts';
import type { Grammar } from '../syntax/grammar.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import { SourceTrees } from '../syntax/trees.ts';
import { lensesFor } from './lenses.ts';
import type { Lens, ParsedFile } from './source-types.ts';

export interface SourceSessionOptions {
  readonly grammar: Grammar;
  /** The tree on disk. */
  readonly files: FileSource;
  /** Searches the tree on disk; overlays are added here. */
  readonly search: WordSearch;
}

/** How often an edit starts a call graph again that is being made. */
const maximumRestarts = 1;

/** Questions about the source view. All answers are JSON-able data; call `dispose` at the end. */
export class SourceSession {
  private readonly source: FileSource;
  private readonly diskSearch: RememberedSearch;
  private readonly trees: SourceTrees;
  private readonly overlays = new Map<string, string>();
  private types: ExpressionTypes;
  private macros: MacroIndex;
  private graph: CallGraph | undefined;
  private contractsOf: Contracts | undefined;
  private neighboursOf: Neighbours | undefined;
  private opsReport: OpsReport | undefined;
  private edits = 0;

  constructor(options: SourceSessionOptions) {
    this.source = new OverlaySource(options.files, this.overlays);
    this.diskSearch = new RememberedSearch(options.search);
    this.trees = new SourceTrees(options.grammar, this.source, 120);
    this.types = freshTypes(this.source);
    this.macros = new MacroIndex(this.types.declarations);
  }

  /** What the rules about calls need; for tools that measure them. */
  get callContext(): CallContext {
    return { macros: this.macros, types: this.types };
  }

  /** Replaces a file's text as an unsaved editor would; null takes the file on disk again. */
  setText(path: string, text: string | null): void {
    if (text === null) {
      this.overlays.delete(path);
      this.diskSearch.changed(path);
    } else this.overlays.set(path, text);
    this.trees.changed(path);
    if (this.types.declarations.changed(path)) this.macros.changed(path);
    else {
      this.types = freshTypes(this.source);
      this.macros = new MacroIndex(this.types.declarations);
    }
    this.edits++;
    this.opsReport = undefined;
    this.graph = undefined;
    this.contractsOf = undefined;
    this.neighboursOf = undefined;
  }

  /** Ops tables, registrations, installs and dispatches of the tree; remembered until a text changes. */
  ops(): OpsReport {
    this.opsReport ??= discoverOps({ trees: this.trees, search: this.search, types: this.types });
    return this.opsReport;
  }

  /** Call edges around a function; undefined when the tree has no such function. */
  calls(name: string, options: CallOptions): CallReport | undefined {
    return this.callGraph.report(name, options);
  }

  /**
   * The same, without keeping the thread busy: `pause` is awaited between pieces, and the work ends without an answer when it
   * gives false. An edit that arrives meanwhile starts it again, but somebody who types on and on gets an answer too: one in
   * which each file is read once, before or after an edit.
   */
  async callsInPieces(name: string, options: CallOptions, pause: () => Promise<boolean>): Promise<CallReport | undefined> {
    await this.diskSearch.prepare();
    for (let again = 0; ; again++) {
      const { edits } = this;
      const steps = this.callGraph.steps(name, options);
      while (edits === this.edits || again >= maximumRestarts) {
        const step = steps.next();
        if (step.done === true) return step.value;
        if (!(await pause())) return undefined;
      }
    }
  }

  /** Units of parameters and results of a function or of a slot (`struct.member`); undefined when the tree has neither. */
  contract(name: string): FunctionContract | undefined {
    return this.contracts.contract(name);
  }

  /** Unit conflicts inside one function of a file, without a look at its callers. */
  localConflicts(path: string, name: string): readonly UnitConflict[] {
    const file = this.trees.open(path);
    const f = file?.functions.find((x) => x.name === name);
    return file === undefined || f === undefined ? [] : this.contracts.bodyConflicts(file, f);
  }

  /** The contract at a position (line and column from 1), for hovers. */
  hover(path: string, line: number, column: number): HoverContract | undefined {
    const file = this.trees.open(path);
    return file === undefined ? undefined : hoverAt(file, line, column, this.contracts, this.types);
  }

  /** Who calls a function and whom it calls; made anew when a text changes. */
  get neighbours(): Neighbours {
    this.neighboursOf ??= new Neighbours(this.trees, this.types, this.callGraph);
    return this.neighboursOf;
  }

  /** CodeLenses of a file. */
  lenses(path: string): Lens[] {
    const file = this.trees.open(path);
    return file === undefined ? [] : lensesFor(file, this.ops());
  }

  private get contracts(): Contracts {
    this.contractsOf ??= new Contracts({
      trees: this.trees,
      search: this.search,
      types: this.types,
      functions: this.callGraph.functions,
      ops: () => this.ops(),
    });
    return this.contractsOf;
  }

  private get callGraph(): CallGraph {
    this.graph ??= new CallGraph(this.trees, this.search, this.callContext);
    return this.graph;
  }

  /** Health of the source view of some files; a file that does not exist has that as its problem. */
  parse(files: readonly string[]): ParsedFile[] {
    return files.map((path) => {
      const file = this.trees.open(path);
      if (file === undefined)
        return { file: path, functions: [], problems: [{ line: 0, text: path, reason: 'this tree has no such file' }] };
      return { file: path, functions: file.functions.map(({ name, line, endLine }) => ({ name, line, endLine })), problems: file.problems };
    });
  }

  /** The source view of one file; valid until a text changes. */
  file(path: string): SourceFile | undefined {
    return this.trees.open(path);
  }

  /** Frees the wasm trees. */
  dispose(): void {
    this.trees.dispose();
  }

  private get search(): WordSearch {
    return this.overlays.size === 0 ? this.diskSearch : new OverlaySearch(this.diskSearch, this.overlays);
  }
}

function freshTypes(source: FileSource): ExpressionTypes {
  return new ExpressionTypes(new Declarations(new IncludeScope(source)));
}
