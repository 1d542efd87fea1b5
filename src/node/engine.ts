// The engine over a folder on disk: what the worker and the command line share.
import { Bug } from '../base/assert.ts';
import type { ExportFormat, PresetInfo, TraceAnswer, TraceRequest } from '../core/session/engine-api.ts';
import type { CallReport } from '../core/callgraph/graph.ts';
import type { FunctionContract, HoverContract } from '../core/contracts/contract.ts';
import type { Lens, ParsedFile } from '../core/session/source-types.ts';
import type { OpsReport } from '../core/symbols/ops.ts';
import type { TraceResult } from '../core/trace/result.ts';

export interface EngineOptions {
  /** Absolute folder of the kernel tree. */
  readonly root: string;
  /** Absolute path of a kernel configuration, or null. */
  readonly config: string | null;
  /** Folder with the wasm grammar and the queries. */
  readonly grammars: string;
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
export function openEngine(options: EngineOptions): Promise<TreeEngine> {
  throw new Bug(`no session for ${options.root} yet`);
}
