// The JSON of `trace --json`: stable field names, 64-bit numbers as text, everything in the order it happened.
import type { UnitName } from '../../base/unit-name.ts';

/**
 * How one injection ended: the entry function returned, the simulated kernel died (or its task waits forever, which is an `oops` whose
 * reason begins with "INFO: task blocked forever": it never returns either), or we could not go on.
 */
export type RunResult =
  | { readonly kind: 'returned'; readonly value: string; readonly values?: readonly string[]; readonly reason?: string }
  | { readonly kind: 'oops'; readonly value?: string; readonly reason: string }
  | { readonly kind: 'limit'; readonly value?: string; readonly reason: string; readonly what?: string; readonly place?: string }
  | { readonly kind: 'unknown'; readonly value?: string; readonly reason: string };

/** A signal as it was sent, in the order of sending; addresses as `0x…`. */
export interface SignalEvent {
  readonly process: string;
  readonly signo: number;
  /** si_code: 4 BUS_MCEERR_AR, 5 BUS_MCEERR_AO, 0x80 SI_KERNEL. */
  readonly code: number;
  readonly addr: string;
  /** addr minus the start of the mapping it lies in; absent when it lies in none. */
  readonly offset?: number;
  /** Name of that mapping. */
  readonly map?: string;
  readonly lsb: number;
  /** False when the kernel dropped or merged it (ignored, or one was pending). */
  readonly delivered: boolean;
}

/** A forced shutdown of a filesystem. */
export interface ShutdownEvent {
  readonly device: string;
  readonly mountpoint?: string;
  /** SHUTDOWN_* flags as `0x…`. */
  readonly flags: string;
}

/** One call; `depth` nests, 0 is the entry function. */
export interface CallEvent {
  readonly depth: number;
  readonly function: string;
  /** Where the callee is defined. */
  readonly file: string;
  readonly line: number;
  /** Where it was called, `path:line`. */
  readonly callSite?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly units: Readonly<Record<string, UnitName>>;
  /** What the tree calls an argument's value: an enumerator, or flags as `A|B`. */
  readonly names?: Readonly<Record<string, string>>;
  /** Fields read through pointer arguments when the function was entered (`rec.rm_owner`…). */
  readonly reads?: Readonly<Record<string, string>>;
  /** Text of the return value; absent for void and for a call that never returned. */
  readonly returns?: string;
  /** False for a call that never returned: the run ended inside it. */
  readonly ended?: boolean;
  readonly returnsUnit?: UnitName;
  /** Bits of an integer result, or `pointer`; absent for void. */
  readonly returnType?: string;
  readonly kind: 'interpreted' | 'intrinsic';
  /** Number of log lines, signals and shutdowns that came before this call: gives one total order. */
  readonly at: number;
}

/** What the simulated kernel did wrong. */
export interface FaultEvent {
  readonly kind: string;
  /** As the kernel words it. */
  readonly text: string;
  readonly file?: string;
  readonly line?: number;
  readonly function?: string;
  /** Chain of calls, innermost first, `function at file:line`. */
  readonly stack: readonly string[];
  /** The object concerned with its history, when known. */
  readonly object?: string;
}

/** What a comparison needs to know of an injection beyond its trace. */
export interface Measures {
  /** A failed page, or a device that goes away with everything on it. */
  readonly kind: 'failure' | 'removal';
  /** Frames that are gone. */
  readonly pages: number;
  /** Processes that must be told, worked out from scenario and page tables: the kill policy for a failure, every mapper for a removal. */
  readonly expected: readonly string[];
  /** Expected processes that got a memory-error signal with an address inside the lost frames. */
  readonly signalled: readonly string[];
  /** Signalled although they lost nothing, are not selected, or with an address of something else. */
  readonly wronglySignalled: readonly string[];
  readonly missed: readonly string[];
  /** Processes whose page tables still show a lost frame afterwards. */
  readonly stillMapped: readonly string[];
  /** Processes that lost mappings of frames that are all right. */
  readonly unmappedNeedlessly: readonly string[];
  /** Calls through function pointers in structures, by member, in order of first use. */
  readonly callouts: Readonly<Record<string, number>>;
  /** Bytes that the tree's code allocated during the injection, freed ones too. */
  readonly allocated: number;
  /** Those of them that are still allocated afterwards. */
  readonly kept: number;
}

/** Memory that the tree's code holds before the first step, by allocating function. */
export interface Standing {
  /** Bytes. */
  readonly bytes: number;
  /** Frames of files that are mapped by somebody. */
  readonly mappedPages: number;
  readonly by: readonly { readonly function: string; readonly objects: number; readonly bytes: number }[];
}

/** One entry of `injections`. */
export interface InjectionResult {
  /** Counts from 1. */
  readonly n: number;
  readonly title: string;
  readonly result: RunResult;
  readonly signals: readonly SignalEvent[];
  readonly shutdowns: readonly ShutdownEvent[];
  readonly calls: readonly CallEvent[];
  readonly log: readonly string[];
  readonly faults: readonly FaultEvent[];
  /** Only there when a comparison asked for it. */
  readonly measures?: Measures;
  /** Mappings of the failed page that existed before and after. */
  readonly mappingsBefore?: readonly string[];
  readonly mappingsAfter?: readonly string[];
}

export interface ProcessResult {
  readonly label: string;
  readonly state: 'alive' | 'killed' | 'exited';
  readonly signals: readonly SignalEvent[];
}

export interface FilesystemResult {
  readonly device: string;
  readonly mountpoint?: string;
  /** Bytes of a block, when the scenario tells the geometry. */
  readonly blockSize?: number;
  readonly shutdown: boolean;
}

/** An intrinsic that was called. `edited`: the user's text of the replaced function differs from the one it was written for. */
export interface IntrinsicUse {
  readonly function: string;
  readonly file: string;
  readonly fidelity: string;
  readonly calls: number;
  readonly edited?: boolean;
}

/** One broken law (domain.md section 5) with the event that caused it. */
export interface Violation {
  readonly law: number;
  readonly text: string;
  readonly injection: number;
  readonly cause?: { readonly function?: string; readonly file?: string; readonly line?: number; readonly event?: string };
}

export type Verdict =
  | { readonly kind: 'holds'; readonly violations: readonly [] }
  | { readonly kind: 'violated'; readonly violations: readonly Violation[]; readonly reasons?: readonly string[] }
  | { readonly kind: 'unknown'; readonly violations: readonly []; readonly reasons: readonly string[] };

/** The whole answer. */
export interface TraceResult {
  readonly scenario: { readonly id: string; readonly title: string };
  readonly injections: readonly InjectionResult[];
  readonly processes: readonly ProcessResult[];
  readonly filesystems: readonly FilesystemResult[];
  readonly intrinsics: readonly IntrinsicUse[];
  readonly verdict: Verdict;
  /** Only there when a comparison asked for it. */
  readonly standing?: Standing;
  /** Notes about the set-up: a claim that was refused, a member that was not found. */
  readonly notes: readonly string[];
}
