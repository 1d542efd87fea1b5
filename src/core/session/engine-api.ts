// The engine as the host sees it: the methods a worker answers, all JSON; knows neither Node nor VS Code.
import type { GraphView } from '../../protocol/graph-view.ts';
import type { HoverContract } from '../contracts/contract.ts';
import type { TraceResult } from '../trace/result.ts';
import type { Lens } from './source-types.ts';

/** A place in the tree; line and column from 1. */
export interface ApiPlace {
  readonly path: string;
  readonly line: number;
  readonly column?: number;
}

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

/** Where a trace takes its scenario from. */
export type ScenarioSource =
  | { readonly kind: 'preset'; readonly name: string }
  | { readonly kind: 'scenario'; readonly name: string; readonly text: string }
  | { readonly kind: 'observation'; readonly name: string; readonly text: string };

/** A function by name; `file` where it is static. */
export interface SetupCall {
  readonly name: string;
  readonly file?: string;
}

export interface TraceRequest {
  readonly scenario: ScenarioSource;
  /** Kernel log lines or badblocks whose failures replace those of the scenario. */
  readonly log?: string;
  /** Every call, trivial inline helpers too. */
  readonly all?: boolean;
  /** Functions without parameters that run before the first step. */
  readonly setup?: readonly SetupCall[];
  /** Devices that are removed are larger than the scenario says, by an allocation group: tells what grows with a device. */
  readonly grow?: boolean;
  /** Count callouts, memory, and who had to be told. */
  readonly measure?: boolean;
  /** Counts calls; the caller can cancel up to a ticket. */
  readonly ticket?: number;
}

/** Bad input is an answer, not an exception: a scenario that fails its schema, a tree without the path. */
export type TraceAnswer =
  | { readonly kind: 'result'; readonly result: TraceResult; readonly milliseconds: number }
  | { readonly kind: 'refused'; readonly message: string; readonly at?: ApiPlace }
  | { readonly kind: 'cancelled' };

/** A scenario as text with the failures of a log; notes say what became of each line. */
export type FillAnswer =
  | { readonly kind: 'filled'; readonly text: string; readonly notes: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string };

export interface PresetInfo {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

export interface GraphRequest {
  readonly name: string;
  readonly depth: number;
  readonly callers: boolean;
  /** Functions that lead to no indirect call too. */
  readonly all?: boolean;
  /** Functions that the last trace ran; they are always shown. */
  readonly ran?: readonly string[];
}

export type ExportFormat = 'text' | 'markdown' | 'ftrace' | 'chrome' | 'cpuprofile' | 'json';

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
