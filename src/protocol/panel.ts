// Messages between the host and its webviews; JSON only, closed unions with `kind`.
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
      readonly scenario: string;
    };

export type FromTracePanel =
  | { readonly kind: 'ready' }
  | { readonly kind: 'open'; readonly at: ViewPlace }
  | { readonly kind: 'rerun' }
  | { readonly kind: 'pick-scenario' }
  | { readonly kind: 'show-graph' }
  | { readonly kind: 'export' };

export type ToGraphPanel =
  { readonly kind: 'status'; readonly status: PanelStatus } | { readonly kind: 'graph'; readonly view: GraphView };

export type FromGraphPanel =
  | { readonly kind: 'ready' }
  | { readonly kind: 'open'; readonly at: ViewPlace }
  | { readonly kind: 'reroot'; readonly name: string; readonly depth: number; readonly callers: boolean };

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
}
