// The trace as a .cpuprofile, which VS Code opens as a flame chart with source links; each call counts one microsecond.

import type { CallEvent, TraceResult } from '../result.ts';
import { callTree, type CallNode, injectionTitle } from './call-tree.ts';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly scriptId: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly hitCount: number;
  readonly children: number[];
}

/** Nodes are single calls, not aggregated: the order of calls is what the reader wants to see. */
export function exportCpuProfile(result: TraceResult): string {
  const nodes: ProfileNode[] = [];
  const samples: number[] = [];
  const add = (name: string, call: CallEvent | undefined): ProfileNode => {
    const node: ProfileNode = {
      id: nodes.length + 1,
      callFrame: { functionName: name, scriptId: '0', url: call?.file ?? '', lineNumber: (call?.line ?? 1) - 1, columnNumber: 0 },
      hitCount: 1,
      children: [],
    };
    nodes.push(node);
    samples.push(node.id);
    return node;
  };
  const emit = (tree: CallNode, parent: ProfileNode): void => {
    const node = add(tree.call.function, tree.call);
    parent.children.push(node.id);
    for (const child of tree.children) emit(child, node);
    // Back in the caller's frame after its children: a sample of the parent closes the box.
    samples.push(parent.id);
  };
  const root = add('(root)', undefined);
  for (const injection of result.injections) {
    const top = add(injectionTitle(injection), undefined);
    root.children.push(top.id);
    for (const tree of callTree(injection.calls)) emit(tree, top);
  }
  return `${JSON.stringify({ nodes, startTime: 0, endTime: samples.length, samples, timeDeltas: samples.map(() => 1) })}\n`;
}
