// Which macro wrote which tokens: a growing list of expansions, each linked to the expansion its name came from.

import { LimitReached, maxExpansions } from './limits.ts';

/** Expansions of one unit, numbered from 1; 0 means "no macro". */
export class Expansions {
  private names: Int32Array;
  private locations: Int32Array;
  private parents: Int32Array;
  private used: number;

  constructor(capacity = 1 << 12) {
    this.names = new Int32Array(capacity);
    this.locations = new Int32Array(capacity);
    this.parents = new Int32Array(capacity);
    this.used = 1;
  }

  /** Records an expansion of macro `name` (interned), written at `location` inside expansion `parent`. */
  add(name: number, location: number, parent: number): number {
    if (this.used === this.names.length) {
      if (this.used >= maxExpansions) throw new LimitReached(`more than ${maxExpansions} macro expansions`);
      this.names = grown(this.names);
      this.locations = grown(this.locations);
      this.parents = grown(this.parents);
    }
    const number = this.used++;
    this.names[number] = name;
    this.locations[number] = location;
    this.parents[number] = parent;
    return number;
  }

  /** Interned name of the macro. */
  name(expansion: number): number {
    return this.names[expansion] ?? 0;
  }

  /** Linear location of the macro's name where it was expanded. */
  nameLocation(expansion: number): number {
    return this.locations[expansion] ?? 0;
  }

  /** The expansion that the macro's name itself came from, or 0. */
  parent(expansion: number): number {
    return this.parents[expansion] ?? 0;
  }

  /** Location in a file's text of what stands at `location` inside `expansion`: the name of the outermost macro of the chain. */
  outermost(location: number, expansion: number): number {
    let at = location;
    for (let e = expansion; e !== 0; e = this.parent(e)) at = this.nameLocation(e);
    return at;
  }

  /** How many are recorded, plus one. */
  get size(): number {
    return this.used;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.names.byteLength * 3;
  }

  /** A copy that holds the first `size` expansions and grows on its own. */
  fork(size: number): Expansions {
    const copy = new Expansions(Math.max(16, size + (size >> 3)));
    copy.names.set(this.names.subarray(0, size));
    copy.locations.set(this.locations.subarray(0, size));
    copy.parents.set(this.parents.subarray(0, size));
    copy.used = size;
    return copy;
  }

  /** Gives spare memory back. */
  trim(): void {
    this.names = this.names.slice(0, this.used);
    this.locations = this.locations.slice(0, this.used);
    this.parents = this.parents.slice(0, this.used);
  }
}

function grown(old: Int32Array): Int32Array {
  const next = new Int32Array(old.length * 2);
  next.set(old);
  return next;
}
