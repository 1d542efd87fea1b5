// Shutdown of the XFS log: marks it and tells the recorder; writing, waking and waiting have nothing to act on here.
import type { IntrinsicCall, IntrinsicResult } from '../../../machine/intrinsic.ts';
import { intrinsic, type KernelIntrinsic, type KernelModel, type StateKey } from '../../model.ts';

/** SHUTDOWN_LOG_IO_ERROR (fs/xfs/xfs_mount.h). */
const LOG_IO_ERROR = 0x2;
/** Bytes of the log when no loaded unit knows its type: more than any release needs. */
const OPAQUE_LOG = 4096;

interface LogState {
  readonly mount: bigint;
  readonly mountpoint: string;
  /** Name of the scenario's block device. */
  readonly device: string;
  readonly shutdown: boolean;
}

const logs: StateKey<Map<bigint, LogState>> = { name: 'xfs logs', create: () => new Map(), clone: (map) => new Map(map) };

/** Makes the log of a mount; its members are zero but for the links that every tree has. */
export function buildLog(kernel: KernelModel, mount: bigint, fs: { readonly mountpoint: string; readonly device: string }): bigint {
  const type = kernel.program.typeNamed('struct xlog');
  const view = type === undefined ? undefined : kernel.machine.create(type, 'xfs log');
  if (view?.has('l_mp') === true) view.member('l_mp').write(mount);
  const address = view?.address ?? kernel.machine.heap.allocate({ size: OPAQUE_LOG, name: 'xfs log', zeroed: true });
  kernel.part(logs).set(address, { mount, mountpoint: fs.mountpoint, device: fs.device, shutdown: false });
  return address;
}

function forceShutdown(call: IntrinsicCall, kernel: KernelModel): IntrinsicResult {
  const log = call.u64(0);
  const flags = call.u32(1);
  const state = kernel.part(logs).get(log);
  if (log === 0n) return false;
  if (state === undefined)
    return {
      kind: 'limit',
      limit: { kind: 'model', text: 'xlog_force_shutdown of a log that the scenario did not make', name: call.name },
    };
  if (state.shutdown) return false;
  kernel.part(logs).set(log, { ...state, shutdown: true });
  kernel.emit({ kind: 'shutdown', device: state.device, mountpoint: state.mountpoint, flags: BigInt(flags) });
  return (flags & LOG_IO_ERROR) !== 0;
}

const WHY = 'the log has no content in a scenario';

export const logIntrinsics: readonly KernelIntrinsic[] = [
  intrinsic('bool xlog_force_shutdown(struct xlog *log, uint32_t shutdown_flags)', 'fs/xfs/xfs_log.c', WHY, forceShutdown, {
    fidelity: { partial: 'nothing is written and nobody waits' },
    params: { shutdown_flags: 'flags' },
  }),
  intrinsic('void xlog_shutdown_wait(struct xlog *log)', 'fs/xfs/xfs_log.c', WHY, () => undefined),
  intrinsic('int xfs_log_force(struct xfs_mount *mp, uint flags)', 'fs/xfs/xfs_log.c', WHY, () => 0, {
    fidelity: { partial: 'nothing is written' },
    returns: 'errno',
  }),
];
