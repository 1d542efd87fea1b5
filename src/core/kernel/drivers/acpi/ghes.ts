// drivers/acpi/apei: the firmware's side of an error source. The record lies in firmware memory; the tree's ghes_proc() reads it.
import type { Failure } from '../../../scenario/schema.ts';
import type { View } from '../../../machine/view.ts';
import { failedByte } from '../../world/failed-byte.ts';
import { intrinsic, type KernelIntrinsic, type KernelModel, type StateKey } from '../../model.ts';

const GHES = 'drivers/acpi/apei/ghes.c';
/** Where the error status block would lie in physical memory; any address that is not 0. */
const STATUS_BLOCK = 0x7e000000n;
const BLOCK_BYTES = 4096;
/** UEFI specification, appendix N: platform memory error section, as bytes of the GUID. */
const PLATFORM_MEMORY = [0x14, 0x11, 0xbc, 0xa5, 0x64, 0x6f, 0xde, 0x4e, 0xb8, 0x63, 0x3e, 0x83, 0xed, 0x7c, 0x83, 0xb1];
/** One uncorrectable entry; one corrected entry (ACPI, generic error status block). */
const UNCORRECTABLE = 0x11n;
const CORRECTABLE = 0x12n;
/** CPER severities. */
const RECOVERABLE = 0;
const CORRECTED = 2;
/** CPER_SEC_ERROR_THRESHOLD_EXCEEDED. */
const THRESHOLD = 8;
/** CPER_MEM_VALID_PA and CPER_MEM_VALID_PA_MASK. */
const VALID = 6n;
/** ACPI_HEST_TYPE_GENERIC_ERROR, ACPI_HEST_NOTIFY_SCI. */
const GENERIC = 9;
const NOTIFY_SCI = 3;
const PAGE_LSB = 12;

interface Firmware {
  /** Address of the status block in simulated memory; 0 while there is none. */
  block: bigint;
  /** struct ghes. */
  source: bigint;
}

const key: StateKey<Firmware> = { name: 'firmware', create: () => ({ block: 0n, source: 0n }), clone: (state) => ({ ...state }) };

/** Call that handles a record; `undefined` when the tree has no such driver. */
export interface FirmwareCall {
  readonly name: string;
  readonly unit: string;
  readonly args: readonly bigint[];
}

/** What boot does for firmware records; false where the tree has no driver for them. */
export function prepareFirmware(kernel: KernelModel): boolean {
  if (!kernel.program.loadUnit(GHES) || kernel.program.functionAddress('ghes_proc', GHES) === undefined) return false;
  const state = kernel.part(key);
  if (state.source === 0n) buildSource(kernel, state);
  return true;
}

/** Puts a record with the failure's own granularity into firmware memory and says what handles it. */
export function firmwareRecord(kernel: KernelModel, failure: Failure): FirmwareCall | undefined {
  if (!prepareFirmware(kernel)) return undefined;
  const state = kernel.part(key);
  fillRecord(kernel, state.block, failure);
  return { name: 'ghes_proc', unit: GHES, args: [state.source] };
}

/** What ghes_probe() would have made, with a status block in place of mapped firmware memory. */
function buildSource(kernel: KernelModel, state: Firmware): void {
  if (kernel.program.functionAddress('ghes_estatus_pool_init', GHES) !== undefined) kernel.run('ghes_estatus_pool_init', [1n], GHES);
  state.block = kernel.machine.heap.allocate({ size: BLOCK_BYTES, name: 'error status block of the firmware', zeroed: true });
  const generic = kernel.create('struct acpi_hest_generic', 'hardware error source', GHES);
  generic.member('header.type').write(GENERIC);
  generic.member('header.source_id').write(1);
  generic.member('notify.type').write(NOTIFY_SCI);
  generic.member('error_block_length').write(BLOCK_BYTES);
  generic.member('error_status_address.address').write(STATUS_BLOCK);
  const source = kernel.create('struct ghes', 'ghes', GHES);
  source.firstMember('generic').write(generic.address);
  source.member('estatus').write(kernel.machine.heap.allocate({ size: BLOCK_BYTES, name: 'estatus buffer of ghes', zeroed: true }));
  if (source.has('estatus_length')) source.member('estatus_length').write(BLOCK_BYTES);
  state.source = source.address;
}

function fillRecord(kernel: KernelModel, block: bigint, failure: Failure): void {
  const type = (name: string, at: bigint): View => kernel.view(name, at, GHES);
  const status = type('struct acpi_hest_generic_status', block);
  const section = type('struct acpi_hest_generic_data', block + BigInt(status.size));
  const error = type('struct cper_sec_mem_err', section.address + BigInt(section.size));
  const soft = failure.flags !== 0n && failure.flags === (kernel.constant('MF_SOFT_OFFLINE', 'mm/memory-failure.c') ?? 8n);
  const severity = soft ? CORRECTED : RECOVERABLE;
  status.clear();
  status.member('block_status').write(soft ? CORRECTABLE : UNCORRECTABLE);
  status.member('data_length').write(section.size + error.size);
  status.member('error_severity').write(severity);
  section.clear();
  PLATFORM_MEMORY.forEach((byte, i) => {
    section.member('section_type').index(i).write(byte);
  });
  section.member('error_severity').write(severity);
  section.member('revision').write(0x201);
  section.member('flags').write(soft ? THRESHOLD : 0);
  section.member('error_data_length').write(error.size);
  error.clear();
  error.member('validation_bits').write(VALID);
  error.member('physical_addr').write(failedByte(failure));
  error.member('physical_addr_mask').write(BigInt.asUintN(64, -(1n << BigInt(failure.lsb ?? PAGE_LSB))));
}

const WHY = 'memory and registers of the firmware: the record is the scenario’s';

export const firmwareIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic('int apei_read(u64 *val, struct acpi_generic_address *reg)', 'drivers/acpi/apei/apei-base.c', WHY, (call) => {
    call.machine.memory.writeU64(call.u64(0), STATUS_BLOCK);
    return 0;
  }),
  intrinsic(
    'void ghes_copy_tofrom_phys(void *buffer, u64 paddr, u32 len, int from_phys, enum fixed_addresses fixmap_idx)',
    GHES,
    WHY,
    (call, kernel) => {
      const { memory } = call.machine;
      const [buffer, length] = [call.u64(0), Math.min(call.u32(2), BLOCK_BYTES)];
      const block = kernel.part(key).block + (call.u64(1) - STATUS_BLOCK);
      const [from, to] = call.s32(3) !== 0 ? [block, buffer] : [buffer, block];
      memory.writeBytes(to, memory.readBytes(from, length));
      return undefined;
    },
    { params: { paddr: 'physAddr', len: 'bytes' } },
  ),
];
