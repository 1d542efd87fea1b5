// Where the operands of an asm statement live while its instructions run: registers, memory, condition flags.
import type { AsmSite } from '../../../../machine/asm.ts';

/** Where an operand of the statement lives while the instructions run. */
export interface Slot {
  /** Register number; slots tied by a matching constraint share one. */
  readonly register: number;
  readonly memory: boolean;
  readonly size: number;
  readonly signed: boolean;
  readonly output: boolean;
  readonly input: boolean;
  /** Condition of a flag output (`=@ccc`). */
  readonly condition: string | undefined;
}

const NAMED: Readonly<Record<string, number>> = { a: 0, c: 1, d: 2, b: 3, S: 6, D: 7 };
export const REGISTER_NAMES: Readonly<Record<string, readonly [register: number, size: number]>> = Object.fromEntries([
  ...['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'].flatMap((n, i) => [
    [`r${n}`, [i, 8]],
    [`e${n}`, [i, 4]],
    [n, [i, 2]],
  ]),
  ...['al', 'cl', 'dl', 'bl'].map((n, i) => [n, [i, 1]]),
  ...Array.from({ length: 8 }, (_, i) => [`r${i + 8}`, [i + 8, 8]]),
]) as Record<string, readonly [number, number]>;
export const SUFFIX: Readonly<Record<string, number>> = { b: 1, w: 2, l: 4, q: 8 };
export const MODIFIER: Readonly<Record<string, number>> = { b: 1, w: 2, k: 4, q: 8 };

/** What an instruction could not do, for the limit's text. */
export class UnknownInstruction extends Error {
  override readonly name = 'UnknownInstruction';
}

/** Storage of each operand, worked out once per statement. */
export function slotsOf(site: AsmSite): readonly Slot[] {
  let next = 16;
  const slots: Slot[] = [];
  for (const o of site.operands) {
    const text = o.constraint.replace(/^[=+&%]+/, '');
    const flag = /^@cc(\w+)$/.exec(text);
    const matching = /^\d+/.exec(text);
    const letter = text.includes('r') ? undefined : /[acdbSD]/.exec(text)?.[0];
    const tied = matching === null ? undefined : slots[Number(matching[0])];
    slots.push({
      register: tied?.register ?? (letter === undefined ? next++ : (NAMED[letter] ?? next++)),
      memory: o.memory,
      size: o.size,
      signed: o.signed,
      output: o.kind !== 'input' && flag === null,
      input: o.kind !== 'output',
      condition: flag?.[1],
    });
  }
  return slots;
}
