// One side of a comparison: a tree, or a design on a tree, traced with everything counted.
import type { CompareSide } from '../core/session/compare.ts';
import type { ScenarioSource, SetupCall, TraceAnswer } from '../core/session/engine-api.ts';
import type { TraceResult } from '../core/trace/result.ts';
import type { TreeEngine } from './engine.ts';

/** What a side is called, and what runs before its first step. */
export interface Subject {
  readonly label: string;
  readonly title: string;
  readonly setup: readonly SetupCall[];
}

/** A side, or why there is none. */
export type SideAnswer = { readonly kind: 'side'; readonly side: CompareSide } | Exclude<TraceAnswer, { readonly kind: 'result' }>;

const isRemoval = (result: TraceResult): boolean => result.injections.some((injection) => injection.measures?.kind === 'removal');

/** Traces a scenario; a removal a second time on a larger device, which tells what grows with the device. */
export function traceSide(
  engine: Pick<TreeEngine, 'trace'>,
  { label, title, setup }: Subject,
  scenario: ScenarioSource,
  cancelled: () => boolean = () => false,
): SideAnswer {
  const run = (grow: boolean): TraceAnswer => engine.trace({ scenario, setup, measure: true, grow }, cancelled);
  const answer = run(false);
  if (answer.kind !== 'result') return answer;
  const { result } = answer;
  if (!isRemoval(result)) return { kind: 'side', side: { label, title, result } };
  const larger = run(true);
  return larger.kind === 'result' ? { kind: 'side', side: { label, title, result, larger: larger.result } } : larger;
}
