// The engine as the host sees it: the methods that a worker answers, all JSON.
import type { HoverContract } from '../core/contracts/contract.ts';
import type { ExportFormat, FillAnswer, PresetInfo, ScenarioSource, TraceAnswer, TraceRequest } from '../core/session/engine-api.ts';
import type { Lens } from '../core/session/source-types.ts';
import type { TraceResult } from '../core/trace/result.ts';
import type { GraphView } from './graph-view.ts';

/** Which tree the following calls are about. */
export interface OpenRequest {
  /** Absolute folder. */
  readonly root: string;
  /** Absolute path of a kernel configuration, or null: the tree's .config or the built-in profile. */
  readonly config: string | null;
}

/** Texts that replace files, as unsaved editors hold them; null takes the file on disk again. */
export interface EditRequest {
  readonly texts: Readonly<Record<string, string | null>>;
}

/** Which part of the call graph to lay out. */
export interface GraphRequest {
  readonly name: string;
  readonly depth: number;
  readonly callers: boolean;
  /** Functions that lead to no indirect call too. */
  readonly all?: boolean;
  /** Functions that the last trace ran; they are always shown. */
  readonly ran?: readonly string[];
}

/** The methods of the worker. */
export interface EngineApi {
  open(request: OpenRequest): { readonly kind: 'tree' } | { readonly kind: 'refused'; readonly message: string };
  edit(request: EditRequest): null;
  presets(request: null): readonly PresetInfo[];
  trace(request: TraceRequest): TraceAnswer;
  fillFromLog(request: { readonly scenario: ScenarioSource; readonly log: string }): FillAnswer;
  lenses(request: { readonly path: string }): readonly Lens[];
  hover(request: { readonly path: string; readonly line: number; readonly column: number }): HoverContract | null;
  graph(request: GraphRequest): GraphView;
  /** A result as text for a mail, a golden or another tool. */
  export(request: { readonly result: TraceResult; readonly format: ExportFormat }): string;
}

/** The methods the worker calls back: progress of whatever runs. */
export interface EngineListenerApi {
  progress(request: { readonly phase: string }): null;
}
