// Which register variables may be read before they are assigned: a forward analysis over the code of one function.
import { instructions } from '../machine/ir.ts';

interface Shape {
  /** Words of the instruction; SWITCH forms have more, see `lengthOf`. */
  readonly length: number;
  /** Positions of operands that are read, written, and that are jump targets. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  readonly targets: readonly number[];
  readonly ends: boolean;
}

const shapes: readonly Shape[] = instructions.map(([name, operands]) => {
  const letters = Array.from(operands.replace('*', ''));
  const at = (of: string): number[] => letters.flatMap((l, i) => (of.includes(l) ? [i + 1] : []));
  const isCall = name === 'CALL' || name === 'CALLI';
  return {
    length: 1 + letters.length,
    // OVERFLOW's last operand is its flag.
    reads: at('abc').filter((i) => !(name === 'OVERFLOW' && i === 8)),
    writes: [...at('d'), ...(isCall ? [4] : []), ...(name === 'OVERFLOW' ? [8] : [])],
    targets: at('t'),
    ends: /^(?:JMP|SWITCH|SWITCH_DENSE|RET32|RET64|RETV|RET_MISSING|TRAP|HALT)$/.test(name),
  };
});
const numberOf = (name: string): number => instructions.findIndex(([n]) => n === name);
const switchNumber = numberOf('SWITCH');
const denseNumber = numberOf('SWITCH_DENSE');
const overflowNumber = numberOf('OVERFLOW');

/** Every target of the instruction at `pc`, and its length. */
function successors(code: Int32Array, pc: number, visit: (target: number) => void): number {
  const number = code[pc] as number;
  const shape = shapes[number] as Shape;
  for (const t of shape.targets) visit(code[pc + t] as number);
  let { length } = shape;
  if (number === switchNumber) {
    const count = code[pc + 3] as number;
    for (let i = 0; i < count; i++) visit(code[pc + 9 + 5 * i] as number);
    length += 5 * count;
  } else if (number === denseNumber) {
    const count = code[pc + 3] as number;
    for (let i = 0; i < count; i++) visit(code[pc + 5 + i] as number);
    length += count;
  }
  return length;
}

/**
 * Pairs out of `tracked` (variables that are not assigned where they are declared) that some path reads before any
 * assignment. At most 31 are followed; further ones are taken as assigned.
 */
export function maybeUnassigned(code: Int32Array, tracked: readonly number[]): ReadonlySet<number> {
  const bitOf = new Map(tracked.slice(0, 31).map((slot, i) => [slot, 1 << i]));
  const found = new Set<number>();
  if (bitOf.size === 0) return found;
  /** Variables assigned on every way to a position; -1 not reached yet. */
  const assigned = new Map<number, number>([[0, 0]]);
  const work = [0];
  const reach = (pc: number, state: number): void => {
    const before = assigned.get(pc);
    const after = before === undefined ? state : before & state;
    if (after === before) return;
    assigned.set(pc, after);
    work.push(pc);
  };
  for (let start = work.pop(); start !== undefined; start = work.pop()) {
    let pc = start;
    let state = assigned.get(pc) as number;
    // Straight on until the code ends or joins a position that has a state of its own.
    for (;;) {
      const number = code[pc] as number;
      const shape = shapes[number] as Shape;
      for (const i of shape.reads) {
        const bit = bitOf.get(code[pc + i] as number);
        if (bit !== undefined && (state & bit) === 0) found.add(code[pc + i] as number);
      }
      for (const i of shape.writes) {
        const bit = bitOf.get(code[pc + i] as number);
        if (bit !== undefined) state |= bit;
      }
      if (number === overflowNumber) state |= bitOf.get(code[pc + 3] as number) ?? 0;
      const after = state;
      const length = successors(code, pc, (target) => {
        reach(target, after);
      });
      if (shape.ends) break;
      pc += length;
      if (pc >= code.length) break;
      const known = assigned.get(pc);
      if (known !== undefined) {
        reach(pc, state);
        break;
      }
    }
  }
  return found;
}
