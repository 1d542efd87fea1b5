// Which macro each name stands for at one point of a unit, packed: most interned texts name no macro.

/** Sorted pairs of name and macro. */
export class MacroTable {
  private readonly names: Int32Array;
  private readonly macros: Int32Array;

  /** `macroOf` holds the macro of each name, 0 for none. */
  constructor(macroOf: Int32Array) {
    let count = 0;
    // An index loop: iterating a typed array costs ten times as much.
    const { length } = macroOf;
    for (let name = 0; name < length; name++) if (macroOf[name] !== 0) count++;
    this.names = new Int32Array(count);
    this.macros = new Int32Array(count);
    let at = 0;
    for (let name = 0; name < length; name++) {
      const macro = macroOf[name] ?? 0;
      if (macro === 0) continue;
      this.names[at] = name;
      this.macros[at++] = macro;
    }
  }

  /** Macro of an interned name, 0 for none. */
  macro(name: number): number {
    let low = 0;
    let high = this.names.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.names[middle] ?? 0;
      if (found === name) return this.macros[middle] ?? 0;
      if (found < name) low = middle + 1;
      else high = middle - 1;
    }
    return 0;
  }

  /** The table as an array over at least `size` names. */
  expand(size: number): Int32Array {
    const macroOf = new Int32Array(size);
    for (let i = 0; i < this.names.length; i++) macroOf[this.names[i] ?? 0] = this.macros[i] ?? 0;
    return macroOf;
  }
}
