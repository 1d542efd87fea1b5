// Violations that unmodified kernels really commit: each with its reason. Whatever is not listed here is a mistake of ours until shown otherwise.

import type { Scenario } from '../../../src/core/scenario/schema.ts';
import type { TraceResult, Violation } from '../../../src/core/trace/result.ts';

/** Why a kernel of this version does so; undefined when no reason is known. */
export function knownBehaviour(version: string, scenario: Scenario, result: TraceResult, violation: Violation): string | undefined {
  const injection = result.injections[violation.injection - 1];
  const isDown = result.injections.slice(0, violation.injection).some((one) => one.shutdowns.length > 0);
  const fault = injection?.faults[0];
  const before = result.injections.slice(0, violation.injection - 1);
  if (violation.law === 0 && fault?.function === 'xfs_alloc_read_agf' && /NULL pointer/.test(fault.text))
    return 'a block behind the last allocation group oopses (observed: s27)';
  if (version !== '6.1' && violation.law === 0 && fault?.function === 'dax_mapping' && /NULL pointer/.test(fault.text))
    return 'a shared page oopses on the generic path (observed: s08b)';
  if (before.some((one) => one.result.kind === 'oops') && /blocked forever/.test(violation.text))
    return 'what an oops left locked stays locked';
  if (scenario.mapped.length > 0 && violation.law === 2 && /but the filesystem was not shut down/.test(violation.text))
    return 'a mapped device forwards no failure: lost metadata below it stays unnoticed';
  if (isDown && (injection?.result.value === '-5' || violation.text.includes('removed device')))
    return 'a filesystem that is shut down cannot ask its reverse map: -EIO ends the event, and a removal reaches nobody';
  const isGeneric = injection?.calls.some((call) => call.function === 'mf_generic_kill_procs') === true;
  if (isGeneric && (violation.law === 1 || violation.law === 5) && scenario.filesystems.some((fs) => fs.files.some((file) => file.reflink)))
    return 'the generic path knows one owner of a shared page';
  return undefined;
}
