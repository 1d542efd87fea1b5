// Call edges as the source view sees them; the JSON of `daxtrace calls`.

/** direct: callee named at the call; slot: through an ops table's member; callback: through a parameter; signature: any address-taken function of that shape. */
export type CallKind = 'direct' | 'slot' | 'callback' | 'signature';

/** One call site and one (candidate) callee. `file` and `line` are those of the call. */
export interface CallEdge {
  readonly caller: string;
  readonly callee: string;
  readonly file: string;
  readonly line: number;
  readonly kind: CallKind;
  /** Why the edge exists, one sentence with places, e.g. `dev_pagemap_ops.memory_failure = f in fsdax_pagemap_ops (drivers/nvdimm/pmem.c:468)`. */
  readonly evidence: string;
  /** Macro whose expansion contains the call, when the call is not written out. */
  readonly macro?: string;
  /** Where the callee is defined, when it was looked up. */
  readonly calleeFile?: string;
  readonly calleeLine?: number;
  /** The #if conditions the call stands under. */
  readonly conditions: readonly string[];
}

/** An indirect call whose callee is not known. */
export interface UnresolvedCall {
  readonly caller: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

/** Part of the call graph around one function. */
export interface CallReport {
  readonly root: string;
  readonly direction: 'callees' | 'callers';
  readonly depth: number;
  readonly edges: readonly CallEdge[];
  readonly unresolved: readonly UnresolvedCall[];
  /** Functions whose own edges were not followed because a budget ended. */
  readonly truncated: readonly string[];
}
