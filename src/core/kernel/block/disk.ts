// Block devices of the scenario as the kernel holds them: gendisk, request queue, whole-disk and partition block_device.
import { bytesToSectors, type Sectors, sectors, sectorsToBytes } from '../../../base/units.ts';
import { deviceSize } from '../../scenario/devices.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { View } from '../../machine/view.ts';
import { intrinsic, type KernelIntrinsic, type KernelModel, type StateKey } from '../model.ts';

/** Addresses of one block device's structures. */
export interface Disk {
  /** Name of the scenario: `pmem0`, `pmem0p1`, `lin0`. */
  readonly name: string;
  /** Name that the kernel prints: `dm-0` for `lin0`. */
  readonly diskName: string;
  readonly gendisk: bigint;
  readonly bdev: bigint;
  /** `struct file` that opened it, for trees whose filesystems hold a file instead of a block_device. */
  readonly file: bigint;
}

interface DiskState {
  readonly byName: Map<string, Disk>;
  readonly byFile: Map<bigint, bigint>;
}

const disks: StateKey<DiskState> = {
  name: 'disks',
  create: () => ({ byName: new Map(), byFile: new Map() }),
  clone: (state) => ({ byName: new Map(state.byName), byFile: new Map(state.byFile) }),
};

/** The block device of a scenario name; built on first use. Undefined when the scenario has none of that name. */
export function diskOf(kernel: KernelModel, scenario: Scenario, name: string): Disk | undefined {
  const known = kernel.part(disks).byName.get(name);
  if (known !== undefined) return known;
  const built = buildDisk(kernel, scenario, name);
  if (built !== undefined) {
    kernel.part(disks).byName.set(name, built);
    kernel.part(disks).byFile.set(built.file, built.bdev);
  }
  return built;
}

/** The disk and its partitions go away with their driver; a driver that is bound again makes new ones. */
export function forgetDisk(kernel: KernelModel, scenario: Scenario, name: string): void {
  const { byName, byFile } = kernel.part(disks);
  for (const gone of [name, ...scenario.partitions.filter((part) => part.of === name).map((part) => part.name)]) {
    byFile.delete(byName.get(gone)?.file ?? 0n);
    byName.delete(gone);
  }
}

function buildDisk(kernel: KernelModel, scenario: Scenario, name: string): Disk | undefined {
  const size = deviceSize(scenario, name);
  if (size === undefined) return undefined;
  const part = scenario.partitions.find((candidate) => candidate.name === name);
  if (part !== undefined) {
    const whole = diskOf(kernel, scenario, part.of);
    if (whole === undefined) return undefined;
    const gendisk = kernel.view('struct gendisk', whole.gendisk);
    const number = Number(/(\d+)$/.exec(name)?.[1] ?? 1);
    const { bdev, file } = buildBdev(kernel, gendisk, {
      name,
      start: bytesToSectors(part.start),
      sectors: bytesToSectors(size),
      dev: part.dev ?? inventNumber(scenario, name),
      number,
    });
    return { name, diskName: name, gendisk: whole.gendisk, bdev, file };
  }
  const mapped = scenario.mapped.find((candidate) => candidate.name === name);
  const dev = mapped?.dev ?? scenario.pmem.find((candidate) => candidate.name === name)?.dev ?? inventNumber(scenario, name);
  const diskName = mapped?.disk ?? name;
  const gendisk = kernel.create('struct gendisk', `gendisk ${diskName}`);
  const queue = kernel.create('struct request_queue', `request_queue of ${diskName}`);
  queue.member('limits.logical_block_size').write(512);
  queue.member('limits.physical_block_size').write(4096);
  allowDax(kernel, queue);
  if (queue.has('disk')) queue.member('disk').write(gendisk.address);
  gendisk.member('queue').write(queue.address);
  gendisk.member('disk_name').writeText(diskName);
  const { bdev, file } = buildBdev(kernel, gendisk, { name: diskName, start: sectors(0n), sectors: bytesToSectors(size), dev, number: 0 });
  gendisk.member('part0').write(bdev);
  return { name, diskName, gendisk: gendisk.address, bdev, file };
}

/** A dev_t for devices whose scenario gives none: each its own, beyond what the kernel hands out first. */
function inventNumber(scenario: Scenario, name: string): string {
  const names = [...scenario.pmem, ...scenario.partitions, ...scenario.mapped].map((device) => device.name);
  return `259:${64 + names.indexOf(name)}`;
}

/** blk_queue_dax(): a flag of the queue up to 6.10, a feature of its limits since. */
function allowDax(kernel: KernelModel, queue: View): void {
  const feature = kernel.constant('BLK_FEAT_DAX');
  if (feature !== undefined && queue.has('limits.features')) {
    const features = queue.member('limits.features');
    features.write(features.read() | feature);
    return;
  }
  const flags = queue.member('queue_flags');
  flags.write(flags.read() | (1n << kernel.needConstant('QUEUE_FLAG_DAX')));
}

interface BdevSpec {
  readonly name: string;
  readonly start: Sectors;
  readonly sectors: Sectors;
  readonly dev: string | undefined;
  /** Partition number; 0 is the whole disk. */
  readonly number: number;
}

function buildBdev(kernel: KernelModel, gendisk: View, spec: BdevSpec): { bdev: bigint; file: bigint } {
  const bdev = kernel.create('struct block_device', `block_device ${spec.name}`);
  const inode = kernel.create('struct inode', `block device inode of ${spec.name}`);
  inode.member('i_size').write(sectorsToBytes(spec.sectors));
  inode.member('i_mapping').write(inode.member('i_data').address);
  inode.member('i_data.host').write(inode.address);
  inode.firstMember('i_count.counter', 'i_count').write(1);
  bdev.member('bd_start_sect').write(spec.start);
  bdev.member('bd_nr_sectors').write(spec.sectors);
  bdev.member('bd_disk').write(gendisk.address);
  if (bdev.has('bd_queue')) bdev.member('bd_queue').write(gendisk.member('queue').read());
  if (bdev.has('bd_inode')) bdev.member('bd_inode').write(inode.address);
  if (bdev.has('bd_mapping')) bdev.member('bd_mapping').write(inode.member('i_data').address);
  if (bdev.has('bd_partno')) bdev.member('bd_partno').write(spec.number);
  else if (bdev.has('__bd_flags.counter')) bdev.member('__bd_flags.counter').write(spec.number);
  bdev.member('bd_dev').write(deviceNumber(spec.dev));
  const file = kernel.create('struct file', `file of block device ${spec.name}`);
  file.member('f_mapping').write(inode.member('i_data').address);
  file.member('f_inode').write(inode.address);
  return { bdev: bdev.address, file: file.address };
}

/** `259:1` as a dev_t (include/linux/kdev_t.h MKDEV: 20 bits of minor). */
function deviceNumber(text: string | undefined): bigint {
  const [major = '259', minor = '0'] = (text ?? '').split(':');
  return (BigInt(major === '' ? 259 : major) << 20n) | BigInt(minor);
}

/** The device that a dev_t names, 0 when the scenario has none. */
function byNumber(kernel: KernelModel, dev: bigint): Disk | undefined {
  return [...kernel.part(disks).byName.values()].find(
    (disk) => kernel.view('struct block_device', disk.bdev).member('bd_dev').read() === (dev & 0xffffffffn),
  );
}

/** -ENXIO as an error pointer. */
const NO_DEVICE = (1n << 64n) - 6n;

const WHY = 'block layer: the scenario supplies the devices';

/** Intrinsics of the block layer that filesystems call while they take a device. */
export const blockIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic(
    'struct block_device *file_bdev(struct file *bdev_file)',
    'block/bdev.c',
    WHY,
    (call, kernel) => kernel.part(disks).byFile.get(call.u64(0)) ?? 0n,
  ),
  intrinsic(
    'struct block_device *blkdev_get_by_dev(dev_t dev, fmode_t mode, void *holder)',
    'block/bdev.c',
    WHY,
    (call, kernel) => byNumber(kernel, call.u64(0))?.bdev ?? NO_DEVICE,
    { fidelity: { partial: 'nothing is claimed' } },
  ),
  intrinsic(
    'struct file *bdev_file_open_by_dev(dev_t dev, blk_mode_t mode, void *holder, const struct blk_holder_ops *hops)',
    'block/bdev.c',
    WHY,
    (call, kernel) => byNumber(kernel, call.u64(0))?.file ?? NO_DEVICE,
    { fidelity: { partial: 'nothing is claimed' } },
  ),
  intrinsic('int set_blocksize(void *bdev_or_file, int size)', 'block/bdev.c', WHY, () => 0, {
    fidelity: { partial: 'the block size of the device inode is not stored' },
    params: { size: 'bytes' },
    returns: 'errno',
  }),
  intrinsic('int sync_blockdev(struct block_device *bdev)', 'block/bdev.c', WHY, () => 0, {
    fidelity: { partial: 'nothing is written back' },
    returns: 'errno',
  }),
  intrinsic('int blkdev_issue_flush(struct block_device *bdev)', 'block/blk-flush.c', WHY, () => 0, {
    fidelity: { partial: 'nothing is written back' },
    returns: 'errno',
  }),
];
