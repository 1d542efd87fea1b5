// Freezing and thawing of superblocks, as MF_MEM_PRE_REMOVE uses it; state lies in s_writers as in fs/super.c.
import { callThen, type IntrinsicCall, type IntrinsicResult } from '../../machine/intrinsic.ts';
import { memberPath, type View } from '../../machine/view.ts';
import { inodesInCore, type Mount, mountsOf } from './mounts.ts';
import { isShutdown } from './xfs/buffers.ts';
import { intrinsic, type KernelIntrinsic, type KernelModel, type StateKey } from '../model.ts';

const EINVAL = 22;
const EBUSY = 16;
const EIO = 5;
const ALL = (1n << 64n) - 1n;
const FREEZE_HOLDER_KERNEL = 1;
const FREEZE_HOLDER_USERSPACE = 2;

/** Who holds a superblock frozen, per super_block address: bits of FREEZE_HOLDER_*. */
const frozen: StateKey<Map<bigint, number>> = { name: 'frozen superblocks', create: () => new Map(), clone: (map) => new Map(map) };

/** Superblocks that are still frozen: leaks at the end of an injection. */
export function frozenSuperblocks(kernel: KernelModel): readonly string[] {
  return [...kernel.part(frozen)].filter(([, who]) => who !== 0).map(([sb]) => kernel.view('struct super_block', sb).member('s_id').text());
}

function freeze(call: IntrinsicCall, kernel: KernelModel): IntrinsicResult {
  const sb = call.u64(0);
  const who = call.argCount > 1 ? call.u32(1) : FREEZE_HOLDER_USERSPACE;
  const view = kernel.view('struct super_block', sb);
  const holders = kernel.part(frozen).get(sb) ?? 0;
  if ((holders & who) !== 0 || (call.argCount <= 1 && holders !== 0)) return -EBUSY;
  writeBack(kernel, sb);
  const mount = mountsOf(kernel).find((known) => known.sb === sb);
  // sync_filesystem(): xfs_fs_sync_fs() forces the log, which is gone after a shutdown.
  if (mount?.fs.type === 'xfs' && isShutdown(kernel, mount.info)) return -EIO;
  setFrozen(kernel, view, holders | who);
  kernel.emit({ kind: 'freeze', device: view.member('s_id').text(), value: who });
  return 0;
}

function thaw(call: IntrinsicCall, kernel: KernelModel): IntrinsicResult {
  const sb = call.u64(0);
  const who = call.argCount > 1 ? call.u32(1) : FREEZE_HOLDER_USERSPACE;
  const view = kernel.view('struct super_block', sb);
  const holders = kernel.part(frozen).get(sb) ?? 0;
  if ((holders & who) === 0) return -EINVAL;
  setFrozen(kernel, view, holders & ~who);
  kernel.emit({ kind: 'thaw', device: view.member('s_id').text(), value: who });
  return 0;
}

/** sync_filesystem(): entries of files are clean afterwards (PAGECACHE_TAG_DIRTY and _TOWRITE are the marks 0 and 2). */
function writeBack(kernel: KernelModel, sb: bigint): void {
  const index = kernel.machine.heap.allocate({ size: 8, name: 'index of write-back', zeroed: true });
  for (const core of inodesInCore(kernel)) {
    if (core.mount.sb !== sb) continue;
    const pages = kernel.view('struct address_space', core.mapping).member('i_pages').address;
    for (const mark of [0n, 2n]) {
      kernel.machine.memory.writeU64(index, 0n);
      while (kernel.run('xa_find', [pages, index, ALL, mark]) !== 0n)
        kernel.run('xa_clear_mark', [pages, kernel.machine.memory.readU64(index), mark]);
    }
  }
  kernel.machine.heap.free(index);
}

/** Mirrors the holders into the members that this tree has, so that interpreted readers see them. */
function setFrozen(kernel: KernelModel, view: View, holders: number): void {
  kernel.part(frozen).set(view.address, holders);
  const complete = kernel.constant('SB_FREEZE_COMPLETE') ?? 4n;
  view.member('s_writers.frozen').write(holders === 0 ? 0n : complete);
  if (view.has('s_writers.freeze_holders')) view.member('s_writers.freeze_holders').write(holders);
  if (view.has('s_writers.freeze_kcount')) view.member('s_writers.freeze_kcount').write((holders & FREEZE_HOLDER_KERNEL) === 0 ? 0 : 1);
  if (view.has('s_writers.freeze_ucount')) view.member('s_writers.freeze_ucount').write((holders & FREEZE_HOLDER_USERSPACE) === 0 ? 0 : 1);
}

/** True when a filesystem has opened a block device of the disk: for its data, its log or its realtime section. */
function usesDisk(kernel: KernelModel, mount: Mount, gendisk: bigint): boolean {
  const data = kernel.view('struct super_block', mount.sb).member('s_bdev').read();
  const others = mount.taken
    .filter(({ target }) => target !== 0n)
    .map(({ target }) => kernel.view('struct xfs_buftarg', target).member('bt_bdev').read());
  return [data, ...others].some((bdev) => bdev !== 0n && kernel.view('struct block_device', bdev).member('bd_disk').read() === gendisk);
}

/**
 * del_gendisk(): trees with block holder operations tell the filesystems of the disk that it is gone (blk_report_disk_dead,
 * fs_bdev_mark_dead), which shut down through super_operations.shutdown. State: index of the next mount.
 */
function tellHolders(kernel: KernelModel, gendisk: bigint, from: number): IntrinsicResult {
  const operations = kernel.program.typeNamed('struct super_operations');
  if (operations === undefined || memberPath(operations, 'shutdown') === undefined) return undefined;
  const mounts = mountsOf(kernel);
  for (let i = from; i < mounts.length; i++) {
    const mount = mounts[i];
    if (mount?.fs.type !== 'xfs') continue;
    const shutdown = usesDisk(kernel, mount, gendisk) ? kernel.program.functionAddress('xfs_fs_shutdown', 'fs/xfs/xfs_super.c') : undefined;
    if (shutdown !== undefined) return callThen(shutdown, [mount.sb], i + 1, [gendisk]);
  }
  return 0n;
}

const WHY = 'freezing waits for writers and flushes the log; a scenario has neither';

export const superIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic('int freeze_super(struct super_block *sb, enum freeze_holder who)', 'fs/super.c', WHY, freeze, {
    fidelity: { partial: 'nothing is flushed, nobody waits' },
    returns: 'errno',
  }),
  intrinsic('int thaw_super(struct super_block *sb, enum freeze_holder who)', 'fs/super.c', WHY, thaw, {
    fidelity: { partial: 'nobody is woken' },
    returns: 'errno',
  }),
  intrinsic(
    'void del_gendisk(struct gendisk *disk)',
    'block/genhd.c',
    'the disk has no queue or partitions to take down',
    (call, kernel) => tellHolders(kernel, call.u64(0), 0),
    {
      fidelity: { partial: 'only filesystems are told' },
      resume: (call, kernel) => tellHolders(kernel, call.keep[0] ?? 0n, call.state),
    },
  ),
];
