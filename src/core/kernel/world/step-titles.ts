// One line for each step: what results and lists call it.
import { assertNever } from '../../../base/assert.ts';
import { lastOf } from '../../../base/units.ts';
import type { Failure, Step } from '../../scenario/schema.ts';

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** `0x4001b`, or `0x4001b+0x240 (64 bytes)` where the hardware knows more than the page. */
function frameText({ pfn, at, lsb }: Failure): string {
  return lsb === undefined || lsb >= 12 ? hex(pfn) : `${hex(pfn)}+0x${(at ?? 0).toString(16)} (${1 << lsb} bytes)`;
}

/** Title of a step for results and lists. */
export function titleOf(step: Step): string {
  switch (step.kind) {
    case 'madvise': {
      const last = lastOf({ start: step.page, length: step.count });
      const pages = `page ${step.page}${last === step.page ? '' : `..${last}`} of ${step.map}`;
      return step.advice === 'soft-offline'
        ? `${step.process} asks to leave ${pages} (madvise)`
        : `${step.process} poisons ${pages} (madvise)`;
    }
    case 'inject':
      return `${step.via === 'queue' ? 'memory_failure_queue' : step.via} pfn ${step.failures.map(frameText).join(', ')}`;
    case 'unbind':
      return `unbind ${step.device}`;
    case 'kill':
      return `kill_dax ${step.device}`;
    case 'rebind':
      return `bind ${step.device} again`;
    case 'mount':
      return `mount ${step.mountpoint}`;
    case 'unmount':
      return `unmount ${step.mountpoint}`;
    case 'claim':
      return `${step.holder} claims ${step.device}`;
    case 'release':
      return `${step.holder} puts ${step.device}`;
    case 'unpoison':
      return `unpoison pfn ${step.pfns.map(hex).join(', ')}`;
    case 'soft-offline':
      return `soft offline pfn ${step.pfns.map(hex).join(', ')}`;
    case 'scrub':
      return `scrub of ${step.device} finds ${step.bad.map((range) => `${range.length} bytes at ${hex(range.start)}`).join(', ')}`;
    case 'call':
      return `${step.function}(${step.args.map((a) => (typeof a === 'bigint' ? hex(a) : a)).join(', ')})`;
    case 'race':
      return `${step.second.function}() while ${step.first.function}() stands in ${step.inside}()`;
    case 'access':
      return `${step.process} ${step.how}s page ${step.page} of ${step.map}`;
    case 'map':
      return `${step.process} maps ${step.map.path}`;
    case 'unmap':
      return `${step.process} unmaps ${step.map}`;
    case 'exit':
      return `${step.process} exits`;
    case 'unlink':
      return `${step.path} is removed`;
    case 'discard':
      return step.length === undefined ? `${step.path} is cut to ${step.start} bytes` : `a hole is punched into ${step.path}`;
    case 'drop-caches':
      return 'caches are dropped';
    case 'sysctl':
      return `vm.memory_failure_early_kill is set to ${step.earlyKill ? 1 : 0}`;
    case 'command':
      return step.text;
    case 'policy':
      return `${step.process} sets its kill policy to ${step.mcePolicy}`;
    default:
      return assertNever(step);
  }
}
