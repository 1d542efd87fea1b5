// The byte/page contract of functions and slots: units of parameters and results, with the lines they are inferred from.
import type { UnitName } from '../../base/unit-name.ts';

/** A line of the user's tree and why it tells the unit. */
export interface ContractEvidence {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly why: string;
}

/** Contract of one parameter; `relativeTo` names the origin of a position ("start of the dax_device"). */
export interface ParameterContract {
  readonly name: string;
  readonly index: number;
  readonly type: string;
  readonly unit: UnitName;
  readonly relativeTo?: string;
  readonly evidence: readonly ContractEvidence[];
}

/** A value the function can return and what it makes the caller do. */
export interface ResultCode {
  readonly code: string;
  readonly meaning: string;
  readonly evidence: readonly ContractEvidence[];
}

/** Two units meet in one place without a conversion. */
export interface UnitConflict {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly what: string;
  readonly expected: UnitName;
  readonly actual: UnitName;
}

/** The contract of a function, or of a slot (`function` is then `struct.member`). */
export interface FunctionContract {
  readonly function: string;
  readonly kind: 'function' | 'slot';
  readonly file: string;
  readonly line: number;
  readonly parameters: readonly ParameterContract[];
  readonly returns: {
    readonly type: string;
    readonly unit: UnitName;
    readonly evidence: readonly ContractEvidence[];
    readonly codes: readonly ResultCode[];
  };
  /** Implementations when this is a slot; slots that hold it when this is a function. */
  readonly related: readonly string[];
  readonly conflicts: readonly UnitConflict[];
}

/** What a hover shows at a position. */
export interface HoverContract {
  readonly title: string;
  /** Markdown without links; places are `path:line`. */
  readonly lines: readonly string[];
  readonly evidence: readonly ContractEvidence[];
  /** Range of the word, line and columns from 1, end exclusive. */
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}
