// XFS buffer cache and empty transactions: metadata blocks that the scenario supplies, handed out as real struct xfs_buf.
import type { IntrinsicCall, IntrinsicResult } from '../../../machine/intrinsic.ts';
import { stopWithFault, stopWithLimit } from '../../../machine/outcome.ts';
import { intrinsic, type KernelIntrinsic, type KernelModel, type StateKey } from '../../model.ts';

/** A metadata block on disk; the content is never written by the simulated kernel. */
export interface DiskBlock {
  /** Appears in faults: `AGF 0 of pmem0`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Held {
  /** Address of the transaction that holds it, 0 for none. */
  readonly transaction: bigint;
  /** References inside one transaction (bli_recur + 1). */
  readonly count: number;
}

interface BufferState {
  /** Blocks by `target address:daddr`. */
  readonly disk: Map<string, DiskBlock>;
  /** struct xfs_buf by the same key. */
  readonly cache: Map<string, bigint>;
  readonly held: Map<bigint, Held>;
  readonly transactions: Set<bigint>;
}

const state: StateKey<BufferState> = {
  name: 'xfs buffers',
  create: () => ({ disk: new Map(), cache: new Map(), held: new Map(), transactions: new Set() }),
  clone: (s) => ({ disk: new Map(s.disk), cache: new Map(s.cache), held: new Map(s.held), transactions: new Set(s.transactions) }),
};

const EIO = 5;
const BUG = 'BUG: XFS:';

/** Supplies the content of a block of a buffer target; `daddr` in 512-byte basic blocks. */
export function supplyBlock(kernel: KernelModel, target: bigint, daddr: bigint, block: DiskBlock): void {
  const { disk, cache } = kernel.part(state);
  const key = `${target}:${daddr}`;
  disk.set(key, block);
  const cached = cache.get(key);
  if (cached !== undefined) kernel.machine.memory.writeBytes(kernel.view('struct xfs_buf', cached).member('b_addr').read(), block.bytes);
}

/** Buffers and transactions that are still held, as one line each: leaks at the end of an injection. */
export function heldBuffers(kernel: KernelModel): readonly string[] {
  const { held, transactions, cache, disk } = kernel.part(state);
  const names = new Map([...cache].map(([key, address]) => [address, disk.get(key)?.name ?? key]));
  return [
    ...[...held.keys()].map((address) => `buffer ${names.get(address) ?? address.toString(16)} is still locked`),
    ...[...transactions].map((address) => `transaction 0x${address.toString(16)} was neither committed nor cancelled`),
  ];
}

function readBufMap(call: IntrinsicCall, kernel: KernelModel): IntrinsicResult {
  const [mp, tp, target, map] = [call.u64(0), call.u64(1), call.u64(2), call.u64(3)];
  const out = call.u64(6);
  const { memory } = kernel.machine;
  const wanted = kernel.view('struct xfs_buf_map', map);
  const daddr = wanted.member('bm_bn').read();
  const length = wanted.member('bm_len').readNumber();
  const { cache, held } = kernel.part(state);
  memory.writeU64(out, 0n);
  const key = `${target}:${daddr}`;
  const known = cache.get(key);
  const holder = known === undefined ? undefined : held.get(known);
  if (known !== undefined && holder !== undefined && tp !== 0n && holder.transaction === tp) {
    if (isShutdown(kernel, mp)) return -EIO;
    held.set(known, { ...holder, count: holder.count + 1 });
    memory.writeU64(out, known);
    return 0;
  }
  if (holder !== undefined) {
    return { kind: 'fault', fault: { kind: 'lock', text: `${BUG} deadlock: the buffer at daddr ${daddr} is locked and never released` } };
  }
  const bp = known ?? loadBuffer(kernel, { key, mp, target, daddr, length, ops: call.u64(7) });
  if (isShutdown(kernel, mp)) return -EIO;
  const view = kernel.view('struct xfs_buf', bp);
  view.member('b_transp').write(tp);
  view.member('b_sema.count').write(0);
  held.set(bp, { transaction: tp, count: 1 });
  memory.writeU64(out, bp);
  return 0;
}

interface LoadRequest {
  readonly key: string;
  readonly mp: bigint;
  readonly target: bigint;
  readonly daddr: bigint;
  readonly length: number;
  readonly ops: bigint;
}

function loadBuffer(kernel: KernelModel, request: LoadRequest): bigint {
  const { disk, cache } = kernel.part(state);
  const block = disk.get(request.key);
  if (block === undefined)
    return stopWithLimit(
      'model',
      `the scenario supplies no metadata block at daddr ${request.daddr} (${request.length} basic blocks)`,
      'xfs_trans_read_buf_map',
    );
  const view = kernel.create('struct xfs_buf', `xfs_buf ${block.name}`);
  const data = kernel.machine.heap.allocate({ size: block.bytes.length, name: block.name, zeroed: true, align: 512 });
  kernel.machine.memory.writeBytes(data, block.bytes);
  view.member('b_addr').write(data);
  view.member('b_length').write(request.length);
  view.member('b_rhash_key').write(request.daddr);
  view.member('b_maps').write(view.member('__b_map').address);
  view.member('b_map_count').write(1);
  view.member('__b_map.bm_bn').write(request.daddr);
  view.member('__b_map.bm_len').write(request.length);
  view.member('b_mount').write(request.mp);
  view.member('b_target').write(request.target);
  view.member('b_ops').write(request.ops);
  view.member('b_hold.counter').write(1);
  view.member('b_flags').write(kernel.constant('XBF_DONE') ?? 32n);
  cache.set(request.key, view.address);
  return view.address;
}

/** True when an XFS (struct xfs_mount; 0: another filesystem) was shut down: nothing is read or written any more. */
export function isShutdown(kernel: KernelModel, mp: bigint): boolean {
  if (mp === 0n) return false;
  const mount = kernel.view('struct xfs_mount', mp);
  // m_opstate since 5.15; m_flags with XFS_MOUNT_FS_SHUTDOWN (1 << 4) before.
  if (mount.has('m_opstate')) return ((mount.member('m_opstate').read() >> (kernel.constant('XFS_OPSTATE_SHUTDOWN') ?? 2n)) & 1n) === 1n;
  return mount.has('m_flags') && (mount.member('m_flags').read() & 0x10n) !== 0n;
}

function release(call: IntrinsicCall, kernel: KernelModel): IntrinsicResult {
  const [tp, bp] = [call.u64(0), call.u64(1)];
  const { held } = kernel.part(state);
  const holder = held.get(bp);
  // The real function dereferences the buffer first; a wild pointer must fault the same way.
  kernel.view('struct xfs_buf', bp).member('b_log_item').read();
  if (holder === undefined) return stopWithFault({ kind: 'lock', text: `${BUG} a buffer that is not locked is released` });
  if (holder.transaction !== tp)
    return stopWithFault({ kind: 'lock', text: `${BUG} a buffer is released that belongs to another transaction` });
  drop(kernel, bp, holder);
  return undefined;
}

function drop(kernel: KernelModel, bp: bigint, holder: Held): void {
  const { held } = kernel.part(state);
  if (holder.count > 1) {
    held.set(bp, { ...holder, count: holder.count - 1 });
    return;
  }
  held.delete(bp);
  const view = kernel.view('struct xfs_buf', bp);
  view.member('b_transp').write(0);
  view.member('b_sema.count').write(1);
}

function allocEmpty(call: IntrinsicCall, kernel: KernelModel): IntrinsicResult {
  const tp = kernel.create('struct xfs_trans', 'xfs_trans');
  tp.member('t_mountp').write(call.u64(0));
  for (const list of ['t_items', 't_busy', 't_dfops']) {
    if (!tp.has(list)) continue;
    const head = tp.member(list);
    head.member('next').write(head.address);
    head.member('prev').write(head.address);
  }
  kernel.part(state).transactions.add(tp.address);
  kernel.machine.memory.writeU64(call.u64(1), tp.address);
  return 0;
}

function endTransaction(call: IntrinsicCall, kernel: KernelModel): IntrinsicResult {
  const tp = call.u64(0);
  const { held, transactions } = kernel.part(state);
  kernel.view('struct xfs_trans', tp).member('t_mountp').read();
  if (!transactions.delete(tp)) return stopWithFault({ kind: 'bad-free', text: `${BUG} a transaction is ended that is none`, address: tp });
  for (const [bp, holder] of [...held]) if (holder.transaction === tp) drop(kernel, bp, { ...holder, count: 1 });
  kernel.machine.heap.free(tp);
  return 0;
}

const WHY = 'XFS buffer cache and transactions: the scenario supplies the metadata blocks';

export const bufferIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic(
    'int xfs_trans_read_buf_map(struct xfs_mount *mp, struct xfs_trans *tp, struct xfs_buftarg *target, struct xfs_buf_map *map, int nmaps, xfs_buf_flags_t flags, struct xfs_buf **bpp, const struct xfs_buf_ops *ops)',
    'fs/xfs/xfs_trans_buf.c',
    WHY,
    readBufMap,
    { fidelity: { partial: 'blocks are not verified, and only AGF and reverse-map blocks exist' }, returns: 'errno' },
  ),
  intrinsic('void xfs_trans_brelse(struct xfs_trans *tp, struct xfs_buf *bp)', 'fs/xfs/xfs_trans_buf.c', WHY, release),
  intrinsic('int xfs_trans_alloc_empty(struct xfs_mount *mp, struct xfs_trans **tpp)', 'fs/xfs/xfs_trans.c', WHY, allocEmpty, {
    fidelity: { partial: 'no reservation, no memory-allocation context' },
    returns: 'errno',
  }),
  intrinsic('void xfs_trans_cancel(struct xfs_trans *tp)', 'fs/xfs/xfs_trans.c', WHY, endTransaction, {
    fidelity: { partial: 'empty transactions only' },
  }),
  intrinsic('int xfs_trans_commit(struct xfs_trans *tp)', 'fs/xfs/xfs_trans.c', WHY, endTransaction, {
    fidelity: { partial: 'empty transactions only' },
    returns: 'errno',
  }),
  intrinsic(
    'void xfs_buf_readahead_map(struct xfs_buftarg *target, struct xfs_buf_map *map, int nmaps, const struct xfs_buf_ops *ops)',
    'fs/xfs/xfs_buf.c',
    WHY,
    () => undefined,
  ),
];
