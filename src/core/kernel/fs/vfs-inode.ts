// fs/inode.c as far as the path needs it: references of inodes, and what a fresh inode looks like.
import type { View } from '../../machine/view.ts';
import { intrinsic, type KernelIntrinsic, type KernelModel } from '../model.ts';
import { listInit } from '../world/list.ts';

const LISTS = ['i_devices', 'i_io_list', 'i_wb_list', 'i_lru', 'i_sb_list'];
const MAPPING_LISTS = ['private_list', 'i_private_list', 'i_mmap_rwsem.wait_list', 'invalidate_lock.wait_list'];

/** inode_init_once(): zero, with empty lists and an empty address_space. */
export function initInode(kernel: KernelModel, inode: View): View {
  inode.clear();
  const { memory } = kernel.machine;
  for (const list of LISTS) if (inode.has(list)) listInit(memory, inode.member(list).address);
  for (const list of MAPPING_LISTS) if (inode.has(`i_data.${list}`)) listInit(memory, inode.member(`i_data.${list}`).address);
  if (inode.has('i_data.i_pages.xa_flags')) {
    const flags = (kernel.constant('XA_FLAGS_LOCK_IRQ') ?? 1n) | (kernel.constant('XA_FLAGS_ACCOUNT') ?? 8n);
    inode.member('i_data.i_pages.xa_flags').write(flags);
  }
  return inode;
}

const FILE = 'fs/inode.c';
const why = 'a counter; its unit is needed for nothing else';

function countOf(kernel: KernelModel, inode: bigint): View {
  return kernel.view('struct inode', inode).firstMember('i_count.counter', 'i_count');
}

export const vfsIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic('void inode_init_once(struct inode *inode)', FILE, why, (call, kernel) => {
    initInode(kernel, kernel.view('struct inode', call.u64(0)));
    return undefined;
  }),
  intrinsic('struct inode *igrab(struct inode *inode)', FILE, why, (call, kernel) => {
    const inode = kernel.view('struct inode', call.u64(0));
    const going = (kernel.constant('I_FREEING') ?? 0x20n) | (kernel.constant('I_WILL_FREE') ?? 0x10n);
    if ((inode.member('i_state').read() & going) !== 0n) return 0n;
    const count = countOf(kernel, inode.address);
    count.write(count.read() + 1n);
    return inode.address;
  }),
  intrinsic(
    'void iput(struct inode *inode)',
    FILE,
    why,
    (call, kernel) => {
      if (call.u64(0) === 0n) return undefined;
      const count = countOf(kernel, call.u64(0));
      if (count.read() <= 0n) {
        call.warn({ kind: 'leak', text: `WARNING: iput() of an inode that nobody holds, in ${call.caller ?? '?'}`, fatal: false });
        return undefined;
      }
      count.write(count.read() - 1n);
      return undefined;
    },
    { fidelity: { partial: 'the last reference does not evict the inode' } },
  ),
];
