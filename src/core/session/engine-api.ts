// Questions that a session answers, and its answers, all JSON; knows neither Node nor VS Code.
import type { TraceResult } from '../trace/result.ts';

/** A place in the tree; line and column from 1. */
export interface ApiPlace {
  readonly path: string;
  readonly line: number;
  readonly column?: number;
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

export type ExportFormat = 'text' | 'markdown' | 'ftrace' | 'chrome' | 'cpuprofile' | 'json';
