// What a fault of a DAX file asks XFS on the way: whether other files share the block (xfs_reflink_find_shared reads the AGF).
import { bytesToFsBlocks, type Bytes } from '../../../../base/units.ts';
import type { KernelModel } from '../../model.ts';
import { inodeAt } from '../mounts.ts';

/** Trees whose fs/dax.c counts sharers let XFS look at every fault; older ones only where a write may have to copy. */
const COUNTS_SHARERS = ['dax_page_share_get', 'dax_page_make_shared', 'dax_folio_make_shared'];

/** Reads the AGF of the group that a block of the file lies in, as the tree's own lookup of sharers begins. */
export function lookForSharers(kernel: KernelModel, path: string, physical: Bytes, write: boolean): void {
  const core = inodeAt(kernel, path);
  const geometry = core?.mount.fs.geometry;
  if (core?.mount.fs.type !== 'xfs' || geometry === undefined || !core.file.reflink || core.file.realtime) return;
  const looks = write || COUNTS_SHARERS.some((name) => kernel.program.functionAddress(name, 'fs/dax.c') !== undefined);
  const reader = kernel.program.functionAddress('xfs_alloc_read_agf');
  if (!looks || reader === undefined || kernel.program.functionAt(reader)?.params.length !== 4) return;
  const group = Math.floor(Number(bytesToFsBlocks(physical, geometry.blockSize)) / geometry.agBlocks);
  const mount = kernel.view('struct xfs_mount', core.mount.info);
  const perag = kernel.run('xa_load', [mount.firstMember('m_perags', 'm_perag_tree').address, BigInt(group)]);
  if (perag === 0n) return;
  const out = kernel.machine.heap.allocate({ size: 8, name: 'AGF buffer of a fault', zeroed: true });
  kernel.run('xfs_alloc_read_agf', [perag, 0n, 0n, out]);
  const buffer = kernel.machine.memory.readU64(out);
  if (buffer !== 0n) kernel.run('xfs_trans_brelse', [0n, buffer]);
  kernel.machine.heap.free(out);
}
