// What discovery reports about ops tables, holders and their users; the JSON of `daxtrace ops`.

/** A slot of a table that names a function. file and line: the function's definition when it is known, else the slot. */
export interface OpsSlot {
  readonly member: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** Where the slot itself stands. */
  readonly slotFile: string;
  readonly slotLine: number;
  /** #if conditions that hold for the slot but not for its whole table. */
  readonly conditions: readonly string[];
}

/** An initialised object of one of the ops structs. `file` and `line` are those of its name. */
export interface OpsTable {
  readonly struct: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly slots: readonly OpsSlot[];
  /** The #if stack the table stands under, outermost first. */
  readonly conditions: readonly string[];
}

/** A call that registers or clears a holder. Line of the callee's name; `args` is the argument text. */
export interface Registration {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  readonly callee: string;
  readonly args: string;
  readonly conditions: readonly string[];
}

/** A store to holder_ops, holder_data or pgmap->ops, or of a table's address on its way there. */
export interface Install {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  readonly text: string;
  readonly struct: string;
  readonly member: string;
  readonly conditions: readonly string[];
}

/** A call through a slot of one of the ops structs. */
export interface Dispatch {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  readonly struct: string;
  readonly member: string;
  readonly text: string;
  readonly conditions: readonly string[];
}

/** Everything about the ops of a tree; each list sorted by file and line. */
export interface OpsReport {
  readonly tables: readonly OpsTable[];
  readonly registrations: readonly Registration[];
  readonly installs: readonly Install[];
  readonly dispatches: readonly Dispatch[];
  /** What was looked for and is not in this tree (for instance a tree that predates holders). */
  readonly missing: readonly string[];
}
