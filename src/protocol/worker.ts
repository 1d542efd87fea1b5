// The engine as the host sees it: the methods that a worker answers, all JSON.
import type { FunctionPlace, Neighbour, SlotFunctions } from '../core/callgraph/neighbours.ts';
import type { HoverContract } from '../core/contracts/contract.ts';
import type { CompareReport } from '../core/session/compare.ts';
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

/** A design that can be compared. */
export interface DesignInfo {
  readonly name: string;
  readonly title: string;
  /** What a reader learns from it. */
  readonly shows: string;
  /** Presets that it is meant for, the telling one first. */
  readonly presets: readonly string[];
}

/** One side of a comparison. */
export type ComparedSide =
  | {
      /** The open tree; `texts` stand in place of what editors hold unsaved. */
      readonly kind: 'tree';
      readonly label: string;
      readonly title: string;
      readonly texts?: Readonly<Record<string, string | null>>;
    }
  | { readonly kind: 'sample'; readonly title: string }
  | { readonly kind: 'design'; readonly name: string };

export interface CompareRequest {
  readonly scenario: ScenarioSource;
  readonly sides: readonly ComparedSide[];
  /** Counts calls; the caller can cancel up to a ticket. */
  readonly ticket?: number;
}

export type CompareAnswer =
  | {
      readonly kind: 'report';
      readonly report: CompareReport;
      readonly text: string;
      readonly markdown: string;
      /** Of two sides: their traces as text, without addresses of objects. */
      readonly traces: readonly string[];
    }
  | Exclude<TraceAnswer, { readonly kind: 'result' }>;

/** A place in a text; line and column from 1. */
export interface SourcePlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** The methods of the worker. */
export interface EngineApi {
  open(request: OpenRequest): { readonly kind: 'tree' } | { readonly kind: 'refused'; readonly message: string };
  edit(request: EditRequest): null;
  presets(request: null): readonly PresetInfo[];
  trace(request: TraceRequest): TraceAnswer;
  designs(request: null): readonly DesignInfo[];
  compare(request: CompareRequest): CompareAnswer;
  fillFromLog(request: { readonly scenario: ScenarioSource; readonly log: string }): FillAnswer;
  lenses(request: { readonly path: string }): readonly Lens[];
  hover(request: SourcePlace): HoverContract | null;
  graph(request: GraphRequest): GraphView;
  /** The function whose name stands at a place, or what the slot there can hold. */
  functionsAt(request: SourcePlace): readonly FunctionPlace[];
  slotAt(request: SourcePlace): SlotFunctions | null;
  neighbours(request: { readonly place: FunctionPlace; readonly direction: 'callers' | 'callees' }): readonly Neighbour[];
  /** A result as text for a mail, a golden or another tool. */
  export(request: { readonly result: TraceResult; readonly format: ExportFormat }): string;
}

/** The methods the worker calls back: progress of whatever runs. */
export interface EngineListenerApi {
  progress(request: { readonly phase: string }): null;
}
