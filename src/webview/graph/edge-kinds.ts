// How edges are told apart without colour: a dash pattern and a word each.
import type { EdgeKind } from '../../protocol/graph-view.ts';

/** In the order of the legend. */
export const edgeKinds: readonly {
  readonly kind: EdgeKind;
  readonly word: string;
  readonly dash: string | undefined;
}[] = [
  { kind: 'direct', word: 'direct call', dash: undefined },
  { kind: 'slot', word: 'through an ops slot', dash: '7 3' },
  { kind: 'callback', word: 'callback', dash: '2 3' },
  { kind: 'signature', word: 'by signature only', dash: '1 5' },
  { kind: 'unresolved', word: 'unresolved', dash: '1 5' },
];

export const dashOf = (kind: EdgeKind): string | undefined => edgeKinds.find((row) => row.kind === kind)?.dash;
export const wordOf = (kind: EdgeKind): string => edgeKinds.find((row) => row.kind === kind)?.word ?? kind;
