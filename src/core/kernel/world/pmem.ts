// pmem namespaces: struct pmem_device with its page map and dax_device, made by the tree's own memremap_pages(), xarrays and host table.
import {
  advance,
  alignDown,
  bytesToPages,
  contains,
  framesOf,
  isPositive,
  lastOf,
  type Pages,
  pages,
  smallest,
  type Stretch,
  subtract,
} from '../../../base/units.ts';
import type { PmemDevice, Scenario } from '../../scenario/schema.ts';
import { stopWithLimit } from '../../machine/outcome.ts';
import type { View } from '../../machine/view.ts';
import { diskOf } from '../block/disk.ts';
import { daxOps, pagemapOps } from '../drivers/nvdimm/pagemap-ops.ts';
import { addHost, createDax } from '../drivers/dax/super.ts';
import { initInode } from '../fs/vfs-inode.ts';
import { bindDevice } from './bound-device.ts';
import type { KernelModel } from '../model.ts';
import { addDevicePages, pageAddress, pageMember } from './pages.ts';
import { callAs, type Calls } from './step-calls.ts';
import { worldKey } from './state.ts';
import type { PmemDeviceState, TaskState } from './types.ts';

const SUPER = 'drivers/dax/super.c';
const DEVICE = 'drivers/dax/device.c';
const PMEM = 'drivers/nvdimm/pmem.c';
/** include/uapi/linux/stat.h. */
const S_IFCHR = 0o020000n;

/** Pages of a compound page that say more than who the head is, and one that does not (struct folio spans them). */
const FIRST_PAGES = pages(8n);

/** Loads the units that define the structures of this room; a missing one is named. */
function need(kernel: KernelModel, unit: string): void {
  if (!kernel.program.loadUnit(unit)) stopWithLimit('missing-type', `this tree has no ${unit}`, unit);
}

/** Fills a dev_pagemap and hands it to the tree's memremap_pages(), or registers it by hand where the tree has none. */
function mapPages(kernel: KernelModel, pgmap: View, range: Stretch<'bytes', 'memory'>, type: string): void {
  pgmap.member('range.start').write(range.start);
  pgmap.member('range.end').write(lastOf(range));
  pgmap.member('nr_range').write(1);
  const typeValue = kernel.constant(type);
  if (typeValue !== undefined) pgmap.member('type').write(typeValue);
  if (kernel.program.functionAddress('memremap_pages') !== undefined) {
    const result = BigInt.asIntN(64, kernel.run('memremap_pages', [pgmap.address, 0n]));
    if (result < 0n && result >= -4095n)
      stopWithLimit('model', `memremap_pages() gave ${result} for ${range.start.toString(16)}`, 'memremap_pages');
    return;
  }
  const scratch = kernel.create('struct page', 'template of a ZONE_DEVICE page');
  scratch.firstMember('_refcount.counter', '_refcount').write(1);
  pageMember(kernel, scratch.address, 'pgmap').write(pgmap.address);
  addDevicePages(kernel, framesOf(range), kernel.machine.memory.readBytes(scratch.address, scratch.size));
}

function buildPmem(kernel: KernelModel, scenario: Scenario, device: PmemDevice): void {
  const type = kernel.program.typeNamed('struct pmem_device', PMEM);
  if (type === undefined) return stopWithLimit('missing-type', `no struct pmem_device in ${PMEM}`, 'struct pmem_device');
  const pmem = kernel.machine.create(type, `pmem_device ${device.name}`);
  pmem.member('phys_addr').write(device.start);
  pmem.member('size').write(device.size);
  pmem.member('data_offset').write(device.dataOffset);
  const pgmap = pmem.member('pgmap');
  pgmap.member('ops').write(pagemapOps(kernel, pmem));
  if (pgmap.has('owner')) pgmap.member('owner').write(pmem.address);
  reserve(kernel, pgmap, device);
  mapPages(kernel, pgmap, { start: device.start, length: device.size }, 'MEMORY_DEVICE_FS_DAX');
  const disk = diskOf(kernel, scenario, device.name);
  if (pmem.has('disk') && disk !== undefined) pmem.member('disk').write(disk.gendisk);
  if (disk !== undefined) linkDisk(kernel, disk.gendisk, pmem.address);
  const dax = createDax(kernel, device.name, pmem.address, daxOps(kernel, pmem));
  pmem.member('dax_dev').write(dax.address);
  if (disk !== undefined) addHost(kernel, dax.address, disk.gendisk);
  kernel.part(worldKey).devices.set(device.name, {
    name: device.name,
    driver: pmem.address,
    bound: true,
    pgmap: pgmap.address,
    daxDevice: dax.address,
    gendisk: disk?.gendisk ?? 0n,
  });
}

/** The frames before data_offset hold the info block and, in mode `fsdax-dev`, the page map (nd_pfn __nvdimm_setup_pfn). */
function reserve(kernel: KernelModel, pgmap: View, device: PmemDevice): void {
  const altmap = kernel.constant('PGMAP_ALTMAP_VALID', PMEM);
  if (device.mode !== 'fsdax-dev' || altmap === undefined || !pgmap.has('altmap')) return;
  const frames = framesOf({ start: device.start, length: device.size });
  const infoBlock = pages(2n);
  pgmap.member('altmap.base_pfn').write(frames.start);
  pgmap.member('altmap.end_pfn').write(lastOf(frames));
  pgmap.member('altmap.reserve').write(infoBlock);
  pgmap.member('altmap.free').write(subtract(bytesToPages(device.dataOffset), infoBlock));
  pgmap.member('flags').write(pgmap.member('flags').read() | altmap);
}

function linkDisk(kernel: KernelModel, gendisk: bigint, owner: bigint): void {
  const disk = kernel.view('struct gendisk', gendisk);
  if (disk.has('private_data')) disk.member('private_data').write(owner);
}

interface DevDaxNode {
  /** struct dev_dax. */
  readonly devDax: bigint;
  readonly dax: bigint;
  /** Inode of the dax_device. */
  readonly inode: View;
}

/** devm_create_dev_dax() for a static region, as a namespace has it; undefined in trees where a dev_dax looks otherwise. */
function createDevDax(kernel: KernelModel, device: PmemDevice): DevDaxNode | undefined {
  const unit = 'drivers/dax/bus.c';
  if (!kernel.program.loadUnit(unit) || kernel.program.functionAddress('kill_dev_dax', unit) === undefined) return undefined;
  const region = kernel.create('struct dax_region', `dax_region of ${device.name}`, unit);
  const devDax = kernel.create('struct dev_dax', `dev_dax ${device.name}`, unit);
  if (!region.has('res.flags') || !devDax.has('region') || !devDax.has('dax_dev')) return undefined;
  region.member('res.flags').write(kernel.constant('IORESOURCE_DAX_STATIC', unit) ?? 1n);
  const dax = createDax(kernel, device.name, devDax.address, 0n);
  if (!dax.has('inode')) return undefined;
  devDax.member('region').write(region.address);
  devDax.member('dax_dev').write(dax.address);
  return { devDax: devDax.address, dax: dax.address, inode: dax.member('inode') };
}

/** Device-dax: page map without operations, compound pages of the device's alignment, a character inode that is mapped. */
function buildDevDax(kernel: KernelModel, scenario: Scenario, device: PmemDevice): void {
  // dax_open() lets everybody who opens the node map the inode of the dax_device.
  const node = createDevDax(kernel, device);
  const inode = node?.inode ?? kernel.create('struct inode', `inode of /dev/${device.name}`);
  if (node === undefined) initInode(kernel, inode);
  inode.member('i_mode').write(S_IFCHR | 0o600n);
  inode.member('i_flags').write(kernel.constant('S_DAX', 'fs/dax.c') ?? 0x2000n);
  inode.member('i_mapping').write(inode.member('i_data').address);
  inode.member('i_data.host').write(inode.address);
  // dax_open() does this: unmapping a written page marks it dirty through them.
  const operations = kernel.program.globalAddress('dev_dax_aops', DEVICE);
  if (operations !== undefined) inode.member('i_data.a_ops').write(operations);
  const pgmap = kernel.create('struct dev_pagemap', `dev_pagemap of ${device.name}`);
  const shift = BigInt(device.align.toString(2).length - 13);
  if (shift > 0n && pgmap.has('vmemmap_shift')) pgmap.member('vmemmap_shift').write(shift);
  reserve(kernel, pgmap, device);
  mapPages(kernel, pgmap, { start: device.start, length: device.size }, 'MEMORY_DEVICE_GENERIC');
  if (shift > 0n) compoundPages(kernel, scenario, device, pgmap.address, pages(1n << shift));
  const world = kernel.part(worldKey);
  world.devices.set(device.name, {
    name: device.name,
    driver: node?.devDax ?? 0n,
    bound: true,
    pgmap: pgmap.address,
    daxDevice: node?.dax ?? 0n,
    gendisk: 0n,
  });
  world.inodes.set(`/dev/${device.name}`, {
    path: `/dev/${device.name}`,
    inode: inode.address,
    mapping: inode.member('i_data').address,
    dax: true,
  });
}

/**
 * memmap_init_zone_device() makes compound pages of all frames; here the tree's own memmap_init_compound() makes the first pages of
 * those that the scenario maps or fails, because nothing looks at the others; further tail pages are copies of the last one it made.
 */
function compoundPages(kernel: KernelModel, scenario: Scenario, device: PmemDevice, pgmap: bigint, count: Pages): void {
  const unit = ['mm/mm_init.c', 'mm/page_alloc.c'].find(
    (path) => kernel.program.functionAddress('memmap_init_compound', path) !== undefined,
  );
  if (unit === undefined) return;
  const mapped = scenario.processes
    .flatMap((p) => p.maps)
    .filter((m) => m.path === `/dev/${device.name}`)
    .flatMap((m) => m.pages.map((p) => p.pfn));
  const failed = scenario.steps.flatMap((s) => (s.kind === 'inject' || s.kind === 'madvise' ? (s.failures ?? []).map((f) => f.pfn) : []));
  const frames = framesOf({ start: device.start, length: device.size });
  const inside = [...mapped, ...failed].filter((pfn) => contains(frames, pfn));
  const zone = kernel.constant('ZONE_DEVICE') ?? 4n;
  for (const head of new Set(inside.map((pfn) => alignDown(pfn, count)))) {
    const made = smallest(count, FIRST_PAGES);
    kernel.run('memmap_init_compound', [pageAddress(kernel, head), head, zone, 0n, pgmap, made], unit);
    const last = pageAddress(kernel, advance(head, subtract(made, pages(1n))));
    const { size } = kernel.view('struct page', last);
    const rest = { start: advance(head, made), length: subtract(count, made) };
    if (isPositive(rest.length)) addDevicePages(kernel, rest, kernel.machine.memory.readBytes(last, size));
  }
}

/** Builds every namespace of the scenario with its driver. */
export function buildDevices(kernel: KernelModel, scenario: Scenario): void {
  need(kernel, SUPER);
  need(kernel, PMEM);
  for (const device of scenario.pmem) bringUp(kernel, scenario, device);
}

/** Binds the driver to one namespace. */
export function bringUp(kernel: KernelModel, scenario: Scenario, device: PmemDevice): void {
  if (device.bind !== undefined) bindDevice(kernel, scenario, device, device.bind);
  else if (device.driver === 'devdax') buildDevDax(kernel, scenario, device);
  else buildPmem(kernel, scenario, device);
}

/** What devres does after pmem_release_disk(): the page map goes (devm_memremap_pages_release), then the driver's own memory. */
export function takeDown(kernel: KernelModel, device: PmemDeviceState, task: TaskState): Calls {
  const calls =
    device.pgmap === 0n || kernel.program.functionAddress('memunmap_pages') === undefined
      ? []
      : callAs(kernel, task, 'memunmap_pages', [device.pgmap]);
  kernel.part(worldKey).devices.set(device.name, { ...device, bound: false });
  if (device.bind === undefined && device.driver !== 0n && calls.every((call) => call.outcome.kind === 'value'))
    kernel.machine.heap.free(device.driver);
  return calls;
}
