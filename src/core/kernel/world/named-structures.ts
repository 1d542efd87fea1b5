// Structures of the world that arguments of steps name: `dax_device:pmem0`, `holder:/mnt`.
import { mountsOf } from '../fs/mounts.ts';
import type { KernelModel } from '../model.ts';
import { worldKey } from './state.ts';

/** Address of a named structure; 0 when the world has none. */
export function structureNamed(kernel: KernelModel, text: string): bigint {
  const colon = text.indexOf(':');
  const name = text.slice(colon + 1);
  const device = kernel.part(worldKey).devices.get(name);
  const mount = mountsOf(kernel).find((candidate) => candidate.fs.mountpoint === name);
  switch (text.slice(0, colon)) {
    case 'dax_device':
      return device?.daxDevice ?? 0n;
    case 'pmem_device':
      return device?.driver ?? 0n;
    case 'gendisk':
      return device?.gendisk ?? 0n;
    case 'super_block':
      return mount?.sb ?? 0n;
    case 'holder':
      return mount?.holder ?? 0n;
    default:
      return 0n;
  }
}
