// Calls of a trace as a tree, and texts that several exports share.

import { errnoName, signalCodeName, signalName } from '../../../base/kernel-numbers.ts';
import { unitWord } from '../../../base/unit-name.ts';
import type { CallEvent, InjectionResult, RunResult, SignalEvent } from '../result.ts';

/** A call with the calls it made. */
export interface CallNode {
  readonly call: CallEvent;
  readonly children: CallNode[];
}

/** Nests a flat list by its depths. */
export function callTree(calls: readonly CallEvent[]): readonly CallNode[] {
  const roots: CallNode[] = [];
  const path: CallNode[] = [];
  for (const call of calls) {
    const node: CallNode = { call, children: [] };
    path.length = Math.min(path.length, call.depth);
    (path.at(-1)?.children ?? roots).push(node);
    path.push(node);
  }
  return roots;
}

/** `index=5 page index, type=17 MF_MSG_DAX`: after the value its name in the tree, or its unit where that says more than the argument's name. */
export function argumentText(call: CallEvent): string {
  return Object.entries(call.args)
    .map(([name, value]) => {
      const unit = unitWord(call.units[name]);
      const said = call.names?.[name] ?? (unit === 'flags' || unit === name ? undefined : unit);
      return said === undefined ? `${name}=${value}` : `${name}=${value} ${said}`;
    })
    .join(', ');
}

/** `-95 -EOPNOTSUPP` for error numbers, the value itself otherwise. */
export function returnText(call: Pick<CallEvent, 'returns' | 'returnsUnit'>): string | undefined {
  if (call.returns === undefined) return undefined;
  return call.returnsUnit === 'errno' ? errnoText(call.returns) : call.returns;
}

/** Names a negative error number. */
function errnoText(value: string): string {
  const name = /^-\d+$/.test(value) ? errnoName(-Number(value)) : undefined;
  return name === undefined ? value : `${value} -${name}`;
}

/** How an injection ended, in one line. */
export function resultText(result: RunResult): string {
  switch (result.kind) {
    case 'returned':
      return `returned ${errnoText(result.value)}`;
    case 'oops':
      return `oops: ${result.reason}`;
    case 'limit':
      return `unknown (limit): ${result.reason}`;
    case 'unknown':
      return `unknown: ${result.reason}`;
  }
}

/** `A SIGBUS BUS_MCEERR_AR addr=0x… (m0+0x5000) lsb=12`. */
export function signalText(signal: SignalEvent): string {
  const where = signal.offset === undefined ? 'in no mapping of it' : `${signal.map ?? 'mapping'}+0x${signal.offset.toString(16)}`;
  return `${signal.process} ${signalName(signal.signo)} ${signalCodeName(signal.signo, signal.code)} addr=${signal.addr} (${where}) lsb=${signal.lsb}${signal.delivered ? '' : ' (not delivered)'}`;
}

/** Title line of an injection. */
export function injectionTitle(injection: InjectionResult): string {
  return `injection ${injection.n}: ${injection.title}`;
}
