// Wording of bad accesses, as arch/x86/mm/fault.c, arch/x86/kernel/traps.c and mm/kasan/report.c print them.
import type { HeapObject } from './objects.ts';
import { describeObject } from './objects.ts';
import type { FaultNote, ObjectNote } from './outcome.ts';
import { FREED, SCOPE_DEAD, STACK_DEAD } from './paging.ts';
import { userLimit } from './regions.ts';

const hex16 = (n: bigint): string => n.toString(16).padStart(16, '0');

/** True for addresses that four-level paging can translate at all. */
function canonical(address: bigint): boolean {
  return address < userLimit || address >= 0xffff800000000000n;
}

/**
 * The fault for an access. `shadow` is the shadow byte found, 0 when there is no page, -2 for a read-only page.
 * `named` describes a global or local there, `near` the closest heap object.
 */
export function memoryFault(
  address: bigint,
  size: number,
  access: 'read' | 'write',
  shadow: number,
  named: ObjectNote | undefined,
  near: HeapObject | undefined,
): FaultNote {
  const object = named ?? (near === undefined ? undefined : describeObject(near, address));
  const upper = access === 'read' ? 'Read' : 'Write';
  const of = object === undefined ? `address ${hex16(address)}` : object.name;
  if (shadow === FREED) {
    return { kind: 'use-after-free', text: `BUG: KASAN: use-after-free: ${upper} of size ${size} in ${of}`, address, object };
  }
  if (shadow === STACK_DEAD) {
    const where = object === undefined ? `at ${hex16(address)}` : `in ${object.name}, which has returned`;
    return { kind: 'use-after-return', text: `BUG: KASAN: stack-use-after-return: ${upper} of size ${size} ${where}`, address, object };
  }
  if (shadow === SCOPE_DEAD) {
    const text = `BUG: KASAN: stack-use-after-scope: ${upper} of size ${size} in ${of}, whose block has ended`;
    return { kind: 'use-after-scope', text, address, object };
  }
  if (shadow === -2) {
    return {
      kind: 'read-only-write',
      text: `BUG: unable to handle page fault for address: ${hex16(address)} (supervisor write access in kernel mode, permissions violation)`,
      address,
      object,
    };
  }
  if (shadow > 0) {
    const region =
      object === undefined || object.allocatedAt !== undefined
        ? 'slab-'
        : object.name.startsWith('local ')
          ? 'stack-'
          : object.name.startsWith('global ')
            ? 'global-'
            : '';
    return { kind: 'out-of-bounds', text: `BUG: KASAN: ${region}out-of-bounds: ${upper} of size ${size} in ${of}`, address, object };
  }
  if (shadow === 0 && object?.allocatedAt !== undefined) {
    return { kind: 'out-of-bounds', text: `BUG: KASAN: slab-out-of-bounds: ${upper} of size ${size} in ${of}`, address, object };
  }
  if (address < 4096n) {
    return { kind: 'null-pointer', text: `BUG: kernel NULL pointer dereference, address: ${hex16(address)}`, address };
  }
  if (!canonical(address)) {
    return {
      kind: 'wild-pointer',
      text: `general protection fault, probably for non-canonical address 0x${address.toString(16)}`,
      address,
    };
  }
  const kind = address < userLimit ? 'user-pointer' : 'wild-pointer';
  return { kind, text: `BUG: unable to handle page fault for address: ${hex16(address)}`, address, object };
}
