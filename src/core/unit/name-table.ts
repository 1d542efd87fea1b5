// A map from interned names to chains of index entries, in two small typed arrays (a unit indexes some 30,000 names).

/** Open-addressing table: name id -> newest entry; entries of one name are chained by the owner. */
export class NameTable {
  private keys: Int32Array;
  private values: Int32Array;
  private used = 0;

  /** `bits`: log2 of the first capacity. */
  constructor(bits: number) {
    this.keys = new Int32Array(1 << bits);
    this.values = new Int32Array(1 << bits);
  }

  /** Newest value set for `name`, or -1. */
  get(name: number): number {
    const slot = this.slot(name);
    return this.keys[slot] === 0 ? -1 : (this.values[slot] ?? -1);
  }

  /** Sets the value and gives the one before, or -1. */
  set(name: number, value: number): number {
    if (this.used * 2 >= this.keys.length) this.grow();
    const slot = this.slot(name);
    const before = this.keys[slot] === 0 ? -1 : (this.values[slot] ?? -1);
    if (this.keys[slot] === 0) {
      this.keys[slot] = name + 1;
      this.used++;
    }
    this.values[slot] = value;
    return before;
  }

  /** Names with their newest values, by value. */
  entries(): (readonly [number, number])[] {
    const found: (readonly [number, number])[] = [];
    this.keys.forEach((key, slot) => {
      if (key !== 0) found.push([key - 1, this.values[slot] ?? -1]);
    });
    return found.sort((a, b) => a[1] - b[1]);
  }

  private slot(name: number): number {
    const mask = this.keys.length - 1;
    let slot = (Math.imul(name + 1, 0x9e3779b1) >>> 7) & mask;
    while (this.keys[slot] !== 0 && this.keys[slot] !== name + 1) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Int32Array(keys.length * 2);
    this.values = new Int32Array(keys.length * 2);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] ?? 0;
      if (key === 0) continue;
      const slot = this.slot(key - 1);
      this.keys[slot] = key;
      this.values[slot] = values[i] ?? 0;
    }
  }
}
