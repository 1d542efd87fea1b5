// Mapped devices: struct mapped_device with its live table, underlying devices taken by the tree's own dm_get_table_device().
import { stopWithLimit } from '../../../machine/outcome.ts';
import type { View } from '../../../machine/view.ts';
import { lastOf } from '../../../../base/units.ts';
import { legsOf } from '../../../scenario/devices.ts';
import type { DmTarget, MappedDevice, Scenario } from '../../../scenario/schema.ts';
import { diskOf } from '../../block/disk.ts';
import { initList } from '../../fs/inode.ts';
import type { KernelModel } from '../../model.ts';
import { addHost, createDax } from '../dax/super.ts';

const DM = 'drivers/md/dm.c';
/** FMODE_READ | FMODE_WRITE, and BLK_OPEN_READ | BLK_OPEN_WRITE in newer trees. */
const READ_WRITE = 3n;

/** Builds every mapped device of the scenario; the devices below must exist already. */
export function buildMappedDevices(kernel: KernelModel, scenario: Scenario, notes: string[]): void {
  for (const mapped of scenario.mapped) {
    if (!kernel.program.loadUnit(DM)) return stopWithLimit('missing-type', `this tree has no ${DM}`, DM);
    buildMapped(kernel, scenario, mapped, notes);
  }
}

function buildMapped(kernel: KernelModel, scenario: Scenario, mapped: MappedDevice, notes: string[]): void {
  const disk =
    diskOf(kernel, scenario, mapped.name) ?? stopWithLimit('model', `the scenario has no mapped device ${mapped.name}`, mapped.name);
  const md = kernel.create('struct mapped_device', `mapped_device ${mapped.name}`, DM);
  if (md.has('table_devices')) initList(md.member('table_devices'));
  md.member('disk').write(disk.gendisk);
  md.member('name').writeText(mapped.dev ?? mapped.disk);
  md.member('queue').write(kernel.view('struct gendisk', disk.gendisk).member('queue').read());
  kernel.view('struct gendisk', disk.gendisk).member('private_data').write(md.address);
  const dax = createDax(kernel, mapped.disk, md.address, kernel.program.globalAddress('dm_dax_ops', DM) ?? 0n);
  md.member('dax_dev').write(dax.address);
  addHost(kernel, dax.address, disk.gendisk);
  md.member('map').write(buildTable(kernel, scenario, mapped, md, notes));
}

function buildTable(kernel: KernelModel, scenario: Scenario, mapped: MappedDevice, md: View, notes: string[]): bigint {
  const table = kernel.create('struct dm_table', `dm_table of ${mapped.name}`, DM);
  const type = kernel.program.typeNamed('struct dm_target', DM);
  if (type === undefined) return stopWithLimit('missing-type', `no struct dm_target in ${DM}`, 'struct dm_target');
  const size = kernel.machine.view(type, 0n).size;
  const count = mapped.targets.length;
  const targets = kernel.machine.heap.allocate({ size: size * count, name: `dm_targets of ${mapped.name}`, zeroed: true });
  const highs = kernel.machine.heap.allocate({ size: 8 * count, name: `dm_table highs of ${mapped.name}`, zeroed: true });
  mapped.targets.forEach((target, i) => {
    const view = kernel.machine.view(type, targets + BigInt(i * size));
    view.member('table').write(table.address);
    view.member('begin').write(target.start);
    view.member('len').write(target.length);
    buildTarget(kernel, scenario, target, md, view, notes);
    kernel.machine.memory.writeU64(highs + BigInt(8 * i), lastOf(target));
  });
  table.member('md').write(md.address);
  table.member('num_targets').write(count);
  table.member('targets').write(targets);
  table.member('highs').write(highs);
  if (table.has('depth')) table.member('depth').write(1);
  if (table.has('devices')) initList(table.member('devices'));
  return table.address;
}

/** Target type `linear` is struct target_type linear_target of drivers/md/dm-linear.c, and so for every type of that shape. */
function buildTarget(kernel: KernelModel, scenario: Scenario, target: DmTarget, md: View, view: View, notes: string[]): void {
  const unit = `drivers/md/dm-${target.type}.c`;
  const devices = legsOf(target).map((leg) => takeDevice(kernel, scenario, leg.of, md));
  if (!kernel.program.loadUnit(unit)) {
    notes.push(`target type ${target.type}: this tree has no ${unit}; the table knows its place and length only`);
    return;
  }
  const type = kernel.program.globalAddress(`${target.type}_target`, unit);
  if (type !== undefined) view.member('type').write(type);
  const context = kernel.program.typeNamed(`struct ${target.type}_c`, unit);
  if (context === undefined) return;
  // Room for the legs, where the tree declares their array without a length.
  const size = kernel.machine.view(context, 0n).size + (devices.length > 1 ? 64 * devices.length : 0);
  const own = kernel.machine.view(context, kernel.machine.heap.allocate({ size, name: `${target.type}_c`, zeroed: true }));
  if (own.has('dev')) own.member('dev').write(devices[0] ?? 0n);
  if (own.has('start')) own.member('start').write(target.offset);
  fillStripes(own, target, devices);
  view.member('private').write(own.address);
}

/** struct stripe_c of dm-stripe.c: the legs stand in an array at its end, which some trees declare without a length. */
function fillStripes(own: View, target: DmTarget, devices: readonly bigint[]): void {
  if (!own.has('stripes') || !own.has('stripe[0].dev') || target.chunk === undefined) return;
  own.member('stripes').write(devices.length);
  for (const name of ['chunk_size', 'chunk_sectors']) if (own.has(name)) own.member(name).write(target.chunk);
  legsOf(target).forEach((leg, n) => {
    own.member(`stripe[${n}].dev`).write(devices[n] ?? 0n);
    own.member(`stripe[${n}].physical_start`).write(leg.offset);
  });
}

/** dm_get_table_device(): opens the device and takes its dax_device in whatever way this tree does. */
function takeDevice(kernel: KernelModel, scenario: Scenario, name: string, md: View): bigint {
  const disk = diskOf(kernel, scenario, name) ?? stopWithLimit('model', `the scenario has no block device ${name}`, name);
  const dev = kernel.view('struct block_device', disk.bdev).member('bd_dev').read();
  const result = kernel.machine.heap.allocate({ size: 8, name: 'dm_dev result', zeroed: true });
  if (kernel.program.functionAddress('dm_get_table_device') === undefined) return 0n;
  const error = BigInt.asIntN(32, kernel.run('dm_get_table_device', [md.address, dev, READ_WRITE, result]));
  if (error !== 0n) return stopWithLimit('model', `dm_get_table_device() gave ${error} for ${name}`, name);
  return kernel.machine.memory.readU64(result);
}
