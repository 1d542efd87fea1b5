// Compares two sequences of marks: order by longest common subsequence, arguments by value, addresses by identity.

import type { Mark } from './observed.ts';

export interface Difference {
  readonly observable: 'events' | 'args' | 'returns' | 'signals' | 'shutdowns' | 'log' | 'result' | 'state';
  readonly text: string;
}

/** Addresses of one kernel that stand for an address of the other; kept over all injections of a file. */
export class Addresses {
  private readonly pairs = new Map<bigint, bigint>();

  /** True when the two can be the same object. Objects that are freed and allocated again are not told apart. */
  same(real: bigint, ours: bigint): boolean {
    const known = this.pairs.get(real);
    if (known === undefined) this.pairs.set(real, ours);
    return known === undefined || known === ours;
  }
}

/** Arguments that name long-lived objects, where one address must always stand for the same object. */
const LONG_LIVED = new Set(['mapping', 'dax_dev', 'pgmap', 'page', 'folio', 'mp', 'sb', 'btp', 'pag', 'vma', 'task', 'tsk', 'tsk_comm']);

const KERNEL_HALF = 0xffff800000000000n;

/** Differences between observed and traced marks; `types` knows how wide each function's result is. */
export function compareMarks(
  observed: readonly Mark[],
  traced: readonly Mark[],
  addresses: Addresses,
  resultBits: (name: string) => number | 'pointer' | undefined,
): readonly Difference[] {
  const differences: Difference[] = [];
  for (const [real, ours] of align(observed, traced)) {
    if (real === undefined && ours !== undefined) differences.push({ observable: 'events', text: `extra ${describe(ours)}` });
    else if (ours === undefined && real !== undefined) differences.push({ observable: 'events', text: `missing ${describe(real)}` });
    else if (real !== undefined && ours !== undefined) differences.push(...compareOne(real, ours, addresses, resultBits));
  }
  return differences;
}

function describe(mark: Mark): string {
  const args = Object.entries(mark.args)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  return mark.kind === 'enter'
    ? `${mark.function}(${args})`
    : `return of ${mark.function}${mark.returns === undefined ? '' : ` = ${mark.returns}`}`;
}

function compareOne(
  real: Mark,
  ours: Mark,
  addresses: Addresses,
  resultBits: (name: string) => number | 'pointer' | undefined,
): readonly Difference[] {
  if (real.kind === 'leave') {
    const bits = resultBits(real.function);
    if (bits === undefined || real.returns === undefined || ours.returns === undefined) return [];
    const width = bits === 'pointer' ? 64 : bits;
    const [a, b] = [BigInt.asUintN(width, BigInt(real.returns)), BigInt.asUintN(width, BigInt(ours.returns))];
    const equal = bits === 'pointer' ? isPointer(a) === isPointer(b) && (isPointer(a) || a === b) : a === b;
    return equal
      ? []
      : [{ observable: 'returns', text: `${real.function} returned ${BigInt.asIntN(width, a)}, traced ${BigInt.asIntN(width, b)}` }];
  }
  const differences: Difference[] = [];
  for (const [name, text] of Object.entries(real.args)) {
    const own = ours.args[name];
    if (own === undefined || !/^-?(0x)?[0-9a-fA-F]+$/.test(text)) continue;
    const [a, b] = [BigInt.asUintN(64, number(text)), BigInt.asUintN(64, number(own))];
    const equal = isPointer(a) && isPointer(b) ? !LONG_LIVED.has(name) || addresses.same(a, b) : a === b;
    if (!equal) differences.push({ observable: 'args', text: `${real.function}: ${name}=${text}, traced ${own}` });
  }
  return differences;
}

function number(text: string): bigint {
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

/** Addresses of kernel objects; error pointers are numbers. */
function isPointer(value: bigint): boolean {
  return value >= KERNEL_HALF && value < (1n << 64n) - 4096n;
}

type Pair = readonly [Mark | undefined, Mark | undefined];

/** Pairs equal marks (kind and function) by a longest common subsequence. */
function align(a: readonly Mark[], b: readonly Mark[]): readonly Pair[] {
  const key = (mark: Mark | undefined): string => (mark === undefined ? '' : `${mark.kind} ${mark.function}`);
  const rows = a.length + 1;
  const columns = b.length + 1;
  const length = new Uint16Array(rows * columns);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const same = key(a[i]) === key(b[j]) ? (length[(i + 1) * columns + j + 1] ?? 0) + 1 : 0;
      length[i * columns + j] = Math.max(same, length[(i + 1) * columns + j] ?? 0, length[i * columns + j + 1] ?? 0);
    }
  }
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && key(a[i]) === key(b[j])) pairs.push([a[i++], b[j++]]);
    else if (j >= b.length || (i < a.length && (length[(i + 1) * columns + j] ?? 0) >= (length[i * columns + j + 1] ?? 0)))
      pairs.push([a[i++], undefined]);
    else pairs.push([undefined, b[j++]]);
  }
  return pairs;
}
