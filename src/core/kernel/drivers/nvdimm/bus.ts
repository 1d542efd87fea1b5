// An NFIT bus with one region and one namespace per pmem device: what ACPI enumeration and the driver core would have linked together.
import { lastOf } from '../../../../base/units.ts';
import type { View } from '../../../machine/view.ts';
import { stopWithLimit } from '../../../machine/outcome.ts';
import type { PmemDevice, Scenario } from '../../../scenario/schema.ts';
import { listAddTail, listInit } from '../../world/list.ts';
import { worldKey } from '../../world/state.ts';
import type { KernelModel, StateKey } from '../../model.ts';

const CORE = 'drivers/base/core.c';
const NFIT = 'drivers/acpi/nfit/core.c';
const PMEM = 'drivers/nvdimm/pmem.c';
const REGION = 'drivers/nvdimm/region.c';
const REGIONS = 'drivers/nvdimm/region_devs.c';
const BUS = 'drivers/nvdimm/bus.c';
const NAMESPACES = 'drivers/nvdimm/namespace_devs.c';
const PFNS = 'drivers/nvdimm/pfn_devs.c';
/** NFIT_SPA_PM: the GUID of a persistent-memory range (ACPI 6, table 5-133), as bytes. */
const PERSISTENT = [0x79, 0xd3, 0xf0, 0x66, 0xf3, 0xb4, 0x74, 0x40, 0xac, 0x43, 0x0d, 0x33, 0x18, 0xb7, 0x8c, 0xdb];
/** Bytes before the first record of an ARS status, and of a record (include/uapi/linux/ndctl.h). */
const STATUS_HEADER = 44;
const RECORD = 24;
/** Records that fit into a page. */
const MOST_RECORDS = 100;

interface NvdimmState {
  /** struct acpi_nfit_desc; 0 while there is no bus. */
  description: bigint;
  /** Device that the pmem driver is bound to, and the range descriptor, by the device's name. */
  readonly devices: Map<string, { readonly device: bigint; readonly range: bigint }>;
}

const key: StateKey<NvdimmState> = {
  name: 'nvdimm bus',
  create: () => ({ description: 0n, devices: new Map() }),
  clone: (state) => ({ description: state.description, devices: new Map(state.devices) }),
};

/** True when the scenario's namespaces are described by an NFIT: said so, or scrubbed. */
export function hasNfit(scenario: Scenario): boolean {
  return scenario.pmem.some((device) => device.nfit) || scenario.steps.some((step) => step.kind === 'scrub');
}

/** Builds the bus and links every pmem namespace into it; gives a note where the tree has no such bus. */
export function buildNvdimmBus(kernel: KernelModel, scenario: Scenario): readonly string[] {
  const missing = [BUS, REGIONS, REGION, NAMESPACES, PFNS, NFIT].find((unit) => !kernel.program.loadUnit(unit));
  if (missing !== undefined) return [`this tree has no ${missing}: bad blocks are not noted, and nothing is scrubbed`];
  const bus = kernel.create('struct nvdimm_bus', 'nvdimm_bus', BUS);
  initDevice(kernel, bus.member('dev'), 'nvdimm_bus_dev_type', BUS, 0n);
  kernel.run('badrange_init', [bus.member('badrange').address]);
  // nfit_init() parses the GUIDs that range types are told apart by.
  kernel.machine.memory.writeBytes(
    kernel.global('nfit_uuid', NFIT) + BigInt(PERSISTENT.length) * (kernel.constant('NFIT_SPA_PM', NFIT) ?? 1n),
    Uint8Array.from(PERSISTENT),
  );
  const description = kernel.create('struct acpi_nfit_desc', 'acpi_nfit_desc', NFIT);
  for (const list of ['spas', 'memdevs', 'dimms', 'flushes', 'dcrs', 'idts'])
    listInit(kernel.machine.memory, description.member(list).address);
  description.member('nvdimm_bus').write(bus.address);
  description.member('dev').write(bus.member('dev').address);
  const status = kernel.machine.heap.allocate({ size: STATUS_HEADER + MOST_RECORDS * RECORD, name: 'ARS status', zeroed: true });
  description.member('ars_status').write(status);
  description.member('max_ars').write(STATUS_HEADER + MOST_RECORDS * RECORD);
  const all = kernel.global('acpi_descs', NFIT);
  if (kernel.machine.memory.readU64(all) === 0n) listInit(kernel.machine.memory, all);
  listAddTail(kernel.machine.memory, description.member('list').address, all);
  kernel.part(key).description = description.address;
  for (const device of scenario.pmem)
    if (device.driver === 'pmem' && device.bind === undefined) addNamespace(kernel, bus, description, device);
  return [];
}

/** A struct device as device_initialize() and device_add() leave it, as far as the bus walks it. */
function initDevice(kernel: KernelModel, device: View, type: string, unit: string, parent: bigint): void {
  kernel.run('device_private_init', [device.address], CORE);
  device.member('type').write(kernel.global(type, unit));
  device.member('parent').write(parent);
  if (parent === 0n) return;
  const privateOf = (view: View): View => kernel.view('struct device_private', view.member('p').read(), CORE);
  const own = privateOf(device);
  const above = privateOf(kernel.view('struct device', parent));
  kernel.run('klist_add_tail', [own.member('knode_parent').address, above.member('klist_children').address]);
}

function addNamespace(kernel: KernelModel, bus: View, description: View, device: PmemDevice): void {
  const region = kernel.create('struct nd_region', `nd_region of ${device.name}`, REGIONS);
  initDevice(kernel, region.member('dev'), 'nd_pmem_device_type', REGIONS, bus.member('dev').address);
  region.member('ndr_start').write(device.start);
  region.member('ndr_size').write(device.size);
  region
    .member('dev.driver')
    .write(kernel.view('struct nd_device_driver', kernel.global('nd_region_driver', REGION), REGION).member('drv').address);
  kernel.run('badblocks_init', [region.member('bb').address, 1n]);
  const space = kernel.create('struct nd_namespace_io', `namespace of ${device.name}`, NAMESPACES);
  space.member('res.start').write(device.start);
  space.member('res.end').write(lastOf({ start: device.start, length: device.size }));
  space.member('size').write(device.size);
  const raw = space.member('common.dev');
  initDevice(kernel, raw, 'namespace_io_device_type', NAMESPACES, region.member('dev').address);
  const bound = device.dataOffset === 0n ? raw : pfnDevice(kernel, device, space, region);
  const range = createRange(kernel, device.name);
  const spa = spaOf(kernel, range);
  PERSISTENT.forEach((byte, i) => {
    spa.member('range_guid').index(i).write(byte);
  });
  spa.member('range_index').write(1);
  spa.member('address').write(device.start);
  spa.member('length').write(device.size);
  range.member('nd_region').write(region.address);
  listAddTail(kernel.machine.memory, range.member('list').address, description.member('spas').address);
  kernel.part(key).devices.set(device.name, { device: bound.address, range: range.address });
  bindNamespace(kernel, device.name);
}

/** struct nfit_spa with room for the one element that some trees let follow it. */
function createRange(kernel: KernelModel, name: string): View {
  const { size } = kernel.view('struct nfit_spa', 0n, NFIT);
  const room = kernel.view('struct acpi_nfit_system_address', 0n, NFIT).size;
  return kernel.view(
    'struct nfit_spa',
    kernel.machine.heap.allocate({ size: size + room, name: `nfit_spa of ${name}`, zeroed: true }),
    NFIT,
  );
}

/** spa is a flexible array in newer trees and a pointer in older ones. */
function spaOf(kernel: KernelModel, range: View): View {
  const type = 'struct acpi_nfit_system_address';
  const member = range.member('spa');
  if (member.type.kind !== 'pointer') return kernel.view(type, member.address, NFIT);
  const spa = kernel.create(type, 'acpi_nfit_system_address', NFIT);
  member.write(spa.address);
  return spa;
}

/** A namespace with an info block is driven through an nd_pfn device, which says where its data begin. */
function pfnDevice(kernel: KernelModel, device: PmemDevice, space: View, region: View): View {
  const pfn = kernel.create('struct nd_pfn', `nd_pfn of ${device.name}`, PFNS);
  initDevice(kernel, pfn.member('dev'), 'nd_pfn_device_type', PFNS, region.member('dev').address);
  pfn.member('ndns').write(space.member('common').address);
  const block = kernel.create('struct nd_pfn_sb', `info block of ${device.name}`, PFNS);
  block.member('dataoff').write(device.dataOffset);
  pfn.member('pfn_sb').write(block.address);
  return pfn.member('dev');
}

/** nd_pmem_probe(): driver, its data, and an empty list of bad blocks that names its device. */
export function bindNamespace(kernel: KernelModel, name: string): void {
  const known = kernel.part(key).devices.get(name);
  const state = kernel.part(worldKey).devices.get(name);
  if (known === undefined || state === undefined) return;
  const device = kernel.view('struct device', known.device);
  device.member('driver').write(kernel.view('struct nd_device_driver', kernel.global('nd_pmem_driver', PMEM), PMEM).member('drv').address);
  device.member('driver_data').write(state.driver);
  const pmem = kernel.view('struct pmem_device', state.driver, PMEM);
  kernel.run('badblocks_init', [pmem.member('bb').address, 1n]);
  pmem.member('bb.dev').write(known.device);
}

/** The driver is gone: nobody is notified through the namespace any more. */
export function unbindNamespace(kernel: KernelModel, name: string): void {
  const known = kernel.part(key).devices.get(name);
  if (known === undefined) return;
  const device = kernel.view('struct device', known.device);
  device.member('driver').write(0n);
  device.member('driver_data').write(0n);
}

/** What the firmware reports at the end of a scrub; gives the descriptor whose records are to be processed. */
export function fillScrub(
  kernel: KernelModel,
  device: PmemDevice,
  bad: readonly { readonly start: bigint; readonly length: bigint }[],
): bigint {
  const state = kernel.part(key);
  const known = state.devices.get(device.name);
  if (state.description === 0n || known === undefined)
    return stopWithLimit('model', `${device.name} lies on no NFIT bus of this tree: nobody scrubs it`, device.name);
  if (bad.length > MOST_RECORDS) return stopWithLimit('model', `a scrub reports at most ${MOST_RECORDS} ranges here`, device.name);
  const description = kernel.view('struct acpi_nfit_desc', state.description, NFIT);
  const status = kernel.view('struct nd_cmd_ars_status', description.member('ars_status').read(), NFIT);
  status.member('out_length').write(STATUS_HEADER + RECORD * bad.length);
  status.member('address').write(device.start);
  status.member('length').write(device.size);
  status.member('num_records').write(bad.length);
  bad.forEach((range, i) => {
    status.member(`records[${i}].err_address`).write(range.start);
    status.member(`records[${i}].length`).write(range.length);
  });
  description.member('scrub_spa').write(known.range);
  const valid = kernel.constant('ARS_VALID', NFIT) ?? 2n;
  description.member('scrub_flags').write(description.member('scrub_flags').read() | (1n << valid));
  return state.description;
}
