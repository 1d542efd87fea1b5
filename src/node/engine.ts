// The engine over a folder on disk: what the worker and the command line share.
import { Bug } from '../base/assert.ts';
import { SourceSession } from '../core/session/source-session.ts';
import type { ExportFormat, PresetInfo, TraceAnswer, TraceRequest } from '../core/session/engine-api.ts';
import type { CallReport } from '../core/callgraph/graph.ts';
import type { FunctionContract, HoverContract } from '../core/contracts/contract.ts';
import type { Lens, ParsedFile } from '../core/session/source-types.ts';
import type { OpsReport } from '../core/symbols/ops.ts';
import type { TraceResult } from '../core/trace/result.ts';
import { DiskSource } from './disk-source.ts';
import { loadGrammar } from './grammar-files.ts';
import { DiskWordSearch } from './prefilter.ts';

export interface EngineOptions {
  /** Absolute folder of the kernel tree. */
  readonly root: string;
  /** Absolute path of a kernel configuration, or null. */
  readonly config: string | null;
  /** Folder with the wasm grammar and the queries. */
  readonly grammars: string;
  /** Path of a ripgrep to search with; undefined looks on PATH. */
  readonly ripgrep?: string;
  readonly progress: (phase: string) => void;
}

/** A member as `daxtrace layout` prints it; bytes and bits from the start of the type. */
export interface LayoutMember {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly bitOffset?: number;
  readonly bitSize?: number;
}

export type LayoutEntry =
  | { readonly type: string; readonly size: number; readonly align: number; readonly members: readonly LayoutMember[] }
  | { readonly type: string; readonly error: string };

/** Questions about one tree; all answers are JSON-able data. */
export interface TreeEngine {
  /** Replaces the text of a file (relative path); null takes the file on disk again. */
  setText(path: string, text: string | null): void;
  exists(path: string): boolean;
  ops(): OpsReport;
  /** Undefined when the tree defines no such function. */
  calls(name: string, options: { readonly callers: boolean; readonly depth: number }): CallReport | undefined;
  /** Undefined when the tree defines no such function or slot. */
  contract(name: string): FunctionContract | undefined;
  parse(files: readonly string[]): readonly ParsedFile[];
  layout(types: readonly string[], file: string): readonly LayoutEntry[];
  lenses(path: string): readonly Lens[];
  hover(path: string, line: number, column: number): HoverContract | undefined;
  presets(): readonly PresetInfo[];
  trace(request: TraceRequest, cancelled: () => boolean): TraceAnswer;
  export(result: TraceResult, format: ExportFormat): string;
}

/** Opens a tree; reads nothing but the grammar yet. */
export async function openEngine(options: EngineOptions): Promise<TreeEngine> {
  const { root, grammars, ripgrep } = options;
  const disk = new DiskSource(root);
  const search = new DiskWordSearch(root, ripgrep === undefined ? {} : { ripgrep });
  const source = new SourceSession({ grammar: await loadGrammar(grammars), files: disk, search });
  const texts = new Map<string, string>();
  const missing = (what: string): never => {
    throw new Bug(`${what} is not built in yet`);
  };
  return {
    setText: (path, text) => {
      if (text === null) {
        texts.delete(path);
        disk.invalidate(path);
      } else {
        texts.set(path, text);
      }
      source.setText(path, text);
    },
    exists: (path) => texts.has(path) || disk.exists(path),
    ops: () => source.ops(),
    calls: () => missing('calls'),
    contract: () => missing('contract'),
    parse: (files) => source.parse(files),
    layout: () => missing('layout'),
    lenses: () => missing('lenses'),
    hover: () => missing('hover'),
    presets: () => missing('presets'),
    trace: () => missing('trace'),
    export: () => missing('export'),
  };
}
