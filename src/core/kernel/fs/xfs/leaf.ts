// XFS functions of a few lines whose units nothing else of the path needs.
import { callThen } from '../../../machine/intrinsic.ts';
import { intrinsic, type KernelIntrinsic } from '../../model.ts';

/** xfs_km_flags_t KM_ZERO of trees that have fs/xfs/kmem.c. */
const KM_ZERO = 0x10;

export const leafIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic(
    'void *kmem_alloc(size_t size, xfs_km_flags_t flags)',
    'fs/xfs/kmem.c',
    'a loop around kmalloc(), which never fails here',
    (call) => {
      const size = Number(call.u64(0));
      return call.machine.heap.allocate({ size, name: `kmalloc-${size}`, zeroed: (call.u32(1) & KM_ZERO) !== 0 });
    },
    { params: { size: 'bytes' } },
  ),
  intrinsic(
    'void *radix_tree_lookup(const struct radix_tree_root *root, unsigned long index)',
    'lib/radix-tree.c',
    'the same tree that xa_load() reads',
    (call) => callThen('xa_load', [call.u64(0), call.u64(1)]),
    { resume: (call) => call.result },
  ),
  intrinsic(
    'void xfs_irele(struct xfs_inode *ip)',
    'fs/xfs/xfs_inode.c',
    'iput() of the inode inside',
    (call, kernel) => {
      const inode = kernel.view('struct xfs_inode', call.u64(0)).member('i_vnode').address;
      return callThen('iput', [inode]);
    },
    { resume: () => undefined },
  ),
];
