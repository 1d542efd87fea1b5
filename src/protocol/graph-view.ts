// A laid-out call graph as the call graph panel draws it; coordinates in CSS pixels.
import type { ViewPlace } from './trace-view.ts';

export type EdgeKind = 'direct' | 'slot' | 'callback' | 'signature' | 'unresolved';

export interface GraphNode {
  readonly id: string;
  readonly name: string;
  readonly at?: ViewPlace;
  /** Centre and size. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly role: 'root' | 'function' | 'unresolved';
  /** The last trace went through it. */
  readonly ran: boolean;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** Why the edge exists, e.g. `dax_holder_operations.notify_failure`. */
  readonly evidence: string;
  /** The call itself. */
  readonly at?: ViewPlace;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface GraphView {
  readonly root: string;
  readonly depth: number;
  readonly callers: boolean;
  readonly all: boolean;
  /** Only what the last trace ran and what could have been called there instead; the depth does not matter then. */
  readonly along: boolean;
  /** Functions left out because they lead to no indirect call and did not run, or because there are too many. */
  readonly hidden: number;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
