// What the laws are checked against: the trace of one injection and the state of the world around it.

import type { PageIndex, Pfn, UserAddr } from '../../base/units.ts';
import type { InjectionResult } from '../trace/result.ts';

/** A page-table entry of a process that maps a given frame. */
export interface Mapper {
  readonly process: string;
  readonly map: string;
  readonly path: string;
  /** Page index inside the file. */
  readonly index: PageIndex;
  /** User address of the page. */
  readonly address: UserAddr;
  /** log2 of the bytes that the entry maps. */
  readonly shift: number;
  readonly pfn: Pfn;
}

/** A process as the kill policy sees it. */
export interface Candidate {
  readonly label: string;
  readonly alive: boolean;
  readonly mcePolicy: 'early' | 'late' | 'default';
  /** What the default policy means at that time (vm.memory_failure_early_kill); left out: what the scenario says. */
  readonly earlyByDefault?: boolean;
  /** SIGBUS is ignored or blocked. */
  readonly deaf: boolean;
}

/** One failed page of an injection. */
export interface FailedPage {
  readonly pfn: Pfn;
  /** The hardware named a smaller part of the page: the rest of a block may still be known to be good. */
  readonly partial?: boolean;
  readonly mappersBefore: readonly Mapper[];
  readonly mappersAfter: readonly Mapper[];
}

export interface InjectionFacts {
  readonly result: InjectionResult;
  /** `lifecycle`: nothing failed; a device or its holder came or went. */
  readonly kind: 'failure' | 'unbind' | 'lifecycle';
  /** Label of the current task when it is one of the scenario's processes. */
  readonly current: string | undefined;
  readonly pages: readonly FailedPage[];
  /** Who mapped the memory of a device that went away, when the tree promises to reach all of them. */
  readonly removed: { readonly before: readonly Mapper[]; readonly after: readonly Mapper[] } | undefined;
  /** Processes before the injection. */
  readonly candidates: readonly Candidate[];
  /** Mount points of the filesystems that were mounted when it began. */
  readonly mounted: readonly string[];
  /** Devices of filesystems that were shut down before. */
  readonly shutBefore: readonly string[];
  /** Devices of filesystems that are shut down afterwards. */
  readonly shutAfter: readonly string[];
  /** Locks, references, buffers, transactions and freezes that are still held, one line each. */
  readonly leaks: readonly string[];
}
