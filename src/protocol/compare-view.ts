// What the comparison panel shows, as plain JSON: the host derives it from a report, the webview only draws it.

/** One value of one side. */
export interface CompareCell {
  readonly text: string;
  /** The same in a handier unit: `20.5 GiB`. */
  readonly note?: string;
  /** `bad`: the design fails somebody here; `open`: it could not be told. */
  readonly mark?: 'bad' | 'open';
}

/** One thing that is compared; cells in the order of the sides. */
export interface CompareRowView {
  readonly name: string;
  /** What the name means, in a sentence. */
  readonly meaning: string;
  readonly cells: readonly CompareCell[];
  readonly differs: boolean;
  /** Cells are numbers and stand at the right. */
  readonly isNumber: boolean;
}

export interface CompareGroup {
  readonly title: string;
  readonly rows: readonly CompareRowView[];
}

export interface CompareInjectionView {
  readonly title: string;
  readonly groups: readonly CompareGroup[];
  /** First calls that are not alike, of two sides. */
  readonly parting?: { readonly depth: number; readonly calls: readonly { readonly side: string; readonly text: string }[] };
}

export interface CompareSideView {
  readonly label: string;
  readonly title: string;
  /** What a reader learns from this design. */
  readonly shows?: string;
}

export interface CompareView {
  readonly kind: 'designs' | 'edit';
  readonly scenario: string;
  readonly sides: readonly CompareSideView[];
  readonly injections: readonly CompareInjectionView[];
  /** State at the end, and memory. */
  readonly end: readonly CompareGroup[];
  readonly differs: boolean;
  /** Why a side could not be traced to its end. */
  readonly unknown: readonly string[];
  /** Two traces can be opened in the diff editor. */
  readonly canDiff: boolean;
}
