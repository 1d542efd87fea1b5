// Messages between the host and its webviews; JSON only, closed unions with `kind`.
import type { CompareView } from './compare-view.ts';
import type { GraphView } from './graph-view.ts';
import type { TraceView, ViewPlace } from './trace-view.ts';

/** What the trace panel can show beside its result. */
export type PanelStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly phase: string }
  | { readonly kind: 'failed'; readonly message: string; readonly at?: ViewPlace };

export type ToTracePanel =
  | { readonly kind: 'status'; readonly status: PanelStatus }
  | {
      readonly kind: 'result';
      readonly view: TraceView;
      readonly edited: readonly string[];
      /** How the host finds the scenario again after a reload. */
      readonly scenario: string;
      /** Function to show first, when the trace was asked to go through one. */
      readonly focus?: string;
    };

export type FromTracePanel =
  | { readonly kind: 'ready' }
  | { readonly kind: 'open'; readonly at: ViewPlace }
  | { readonly kind: 'rerun' }
  | { readonly kind: 'pick-scenario' }
  | { readonly kind: 'show-graph' }
  | { readonly kind: 'export' };

export type ToGraphPanel = { readonly kind: 'status'; readonly status: PanelStatus } | { readonly kind: 'graph'; readonly view: GraphView };

export type FromGraphPanel =
  | { readonly kind: 'ready' }
  | { readonly kind: 'open'; readonly at: ViewPlace }
  | { readonly kind: 'reroot'; readonly name: string; readonly depth: number; readonly callers: boolean; readonly all: boolean };

/** What is compared, so that it can be found again: a scenario, and the sides by name (`tree`, `disk`, `head`, `sample`, `design:NAME`). */
export interface CompareKey {
  readonly scenario: string;
  readonly sides: readonly string[];
}

export type ToComparePanel =
  | { readonly kind: 'status'; readonly status: PanelStatus }
  | { readonly kind: 'comparison'; readonly view: CompareView; readonly key: CompareKey };

export type FromComparePanel =
  | { readonly kind: 'ready' }
  | { readonly kind: 'rerun' }
  | { readonly kind: 'pick' }
  | { readonly kind: 'copy'; readonly as: 'text' | 'markdown' }
  | { readonly kind: 'diff' };

/** What a panel keeps across a reload of the window (webview setState). */
export interface TracePanelState {
  readonly kind: 'trace';
  readonly scenario: string;
}
export interface GraphPanelState {
  readonly kind: 'graph';
  readonly name: string;
  readonly depth: number;
  readonly callers: boolean;
  readonly all: boolean;
}
export interface ComparePanelState {
  readonly kind: 'compare';
  readonly key: CompareKey;
  readonly view: CompareView;
}
