// What the trace panel shows, as plain JSON: the host derives it from a trace result, the webview only draws it.

/** A place in the user's tree that a click opens; path relative to the tree, line from 1. */
export interface ViewPlace {
  readonly path: string;
  readonly line: number;
}

/** One argument as shown: `value` already formatted, `unit` a word such as `bytes` or undefined. */
export interface ViewArgument {
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  /** What the tree calls the value: an enumerator, or flags as `A|B`. */
  readonly constant?: string;
}

/** One call; rows are in pre-order, `depth` from 0. */
export interface ViewCall {
  readonly depth: number;
  readonly name: string;
  readonly at?: ViewPlace;
  readonly arguments: readonly ViewArgument[];
  /** Formatted return value; undefined for void or when the call never returned. */
  readonly returns?: string;
  /** The errno name when the value is a negative error code. */
  readonly errno?: string;
  readonly kind: 'interpreted' | 'intrinsic';
  /** Set on the call in which a fault or limit ended the run. */
  readonly ended?: 'fault' | 'limit';
}

export interface ViewSignal {
  readonly process: string;
  readonly signal: string;
  /** `BUS_MCEERR_AR` and the like. */
  readonly code: string;
  readonly address: string;
  /** Distance from the start of the mapping, or undefined when the address lies in none. */
  readonly offset?: string;
  /** si_addr_lsb, and the radius it stands for: `12`, `4 KiB`. */
  readonly lsb: string;
  readonly radius: string;
}

export interface ViewShutdown {
  readonly device: string;
  readonly flags: string;
}

/** One scale of the ruler: the same piece of storage in one unit. */
export interface RulerTrack {
  /** `page frame`, `bytes on the device`, `512-byte sectors`, … */
  readonly title: string;
  readonly unit: string;
  /** First and one-past-last position, as formatted text. */
  readonly from: string;
  readonly to?: string;
  /** How many of the unit make up the interval, formatted with the unit. */
  readonly length?: string;
  /** Share of the page-sized window the interval takes: 1 = exactly one page. */
  readonly pages: number;
  /** How many of the unit make one page: 1 for pages, 8 for sectors, 4096 for bytes. */
  readonly perPage: number;
  /** How this value comes from the track above, e.g. `- phys_start - data_offset`, `/ 512`. */
  readonly step?: string;
  /** Set when the step does not hold for the values seen: the text says what was expected. */
  readonly mismatch?: string;
  /** Function whose argument this is. */
  readonly source: string;
  readonly at?: ViewPlace;
  /** Names the owner when one page has several: `inode 131`, `process A`. */
  readonly owner?: string;
  /** The enclosing record in the same unit, e.g. the reverse-map record; ends inclusive. */
  readonly within?: { readonly from: string; readonly to: string; readonly label: string };
}

/** Tracks from device to file to process; owners branch below `shared`. */
export interface Ruler {
  readonly shared: readonly RulerTrack[];
  readonly owners: readonly { readonly title: string; readonly tracks: readonly RulerTrack[] }[];
}

export interface ViewFault {
  readonly kind: 'fault' | 'limit';
  readonly text: string;
  readonly at?: ViewPlace;
  /** Innermost first. */
  readonly chain: readonly string[];
}

export interface ViewInjection {
  readonly title: string;
  readonly outcome: {
    readonly kind: 'returned' | 'oops' | 'limit' | 'unknown';
    readonly text: string;
    readonly errno?: string;
  };
  readonly calls: readonly ViewCall[];
  readonly signals: readonly ViewSignal[];
  readonly shutdowns: readonly ViewShutdown[];
  readonly log: readonly string[];
  readonly faults: readonly ViewFault[];
  readonly ruler: Ruler;
}

export interface ViewViolation {
  readonly law: string;
  readonly text: string;
  readonly at?: ViewPlace;
}

export interface TraceView {
  readonly scenario: string;
  readonly tree: string;
  readonly verdict: { readonly kind: 'holds' | 'violated' | 'unknown'; readonly reasons: readonly ViewViolation[] };
  readonly injections: readonly ViewInjection[];
  readonly processes: readonly { readonly label: string; readonly state: string; readonly signals: number }[];
  readonly filesystems: readonly { readonly device: string; readonly shutdown: boolean }[];
  readonly intrinsics: readonly { readonly name: string; readonly fidelity: string }[];
  /** About the set-up: a refused claim, a member the tree lacks. */
  readonly notes: readonly string[];
}
