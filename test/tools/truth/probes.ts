// kprobe argument definitions (`+4($arg2):u32`) as reads that the recorder does when a function is entered.

import type { ProbeRead } from '../../../src/core/trace/recorder.ts';
import type { ProbeDefinition, TruthFile } from './observed.ts';

/** A probe that can be compared, and what of it cannot. */
export interface Probe {
  readonly function: string;
  readonly reads: readonly ProbeRead[];
  /** The symbol is a clone that the compiler made (`.part.0`): entries and registers are those of the clone. */
  readonly clone: boolean;
}

/** Probes of a file by function. */
export function probesOf(file: TruthFile): ReadonlyMap<string, Probe> {
  const probes = new Map<string, Probe>();
  for (const definition of file.probes.probed) {
    if (definition.status.startsWith('entry ok'))
      probes.set(definition.function, {
        function: definition.function,
        reads: readsOf(definition),
        clone: /\.(part|isra|constprop|cold)\b/.test(definition.symbol ?? ''),
      });
  }
  return probes;
}

function readsOf(definition: ProbeDefinition): readonly ProbeRead[] {
  const reads: ProbeRead[] = [];
  for (const word of (definition.args ?? '').split(/\s+/)) {
    const match = /^([A-Za-z_]\w*)=(.+):([uxs])(8|16|32|64)$/.exec(word);
    if (match === null) continue;
    const [, name = '', expression = '', kind = 'u', bits = '64'] = match;
    const place = placeOf(expression);
    if (place !== undefined) reads.push({ name, ...place, size: Number(bits) / 8, signed: kind === 's' });
  }
  return reads;
}

/** `$arg2` -> the argument itself; `+4($arg2)`, `+64(+0($arg1))` -> offsets from the inside out. */
function placeOf(expression: string): { readonly argument: number; readonly offsets: readonly number[] } | undefined {
  const offsets: number[] = [];
  let rest = expression;
  for (;;) {
    const direct = /^\$arg(\d+)$/.exec(rest);
    if (direct !== null) return { argument: Number(direct[1]) - 1, offsets: offsets.reverse() };
    const step = /^\+(\d+)\((.*)\)$/.exec(rest);
    if (step === null) return undefined;
    offsets.push(Number(step[1]));
    rest = step[2] ?? '';
  }
}
