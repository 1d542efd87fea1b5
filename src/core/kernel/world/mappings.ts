// Mappings of files: vm_area_struct in the i_mmap interval tree (inserted by the tree's own code), page-table entries as the scenario lists them.
import { endOf, pageOfByte, pfnToPhys } from '../../../base/units.ts';
import { stopWithLimit } from '../../machine/outcome.ts';
import type { View } from '../../machine/view.ts';
import type { Mapping } from '../../scenario/schema.ts';
import type { KernelModel } from '../model.ts';
import { pmemOf } from '../../scenario/devices.ts';
import { listInit } from './list.ts';
import { inodeOf } from './inodes.ts';
import { entriesIn } from './page-tables.ts';
import { unmapRamPage } from './ram.ts';
import { worldKey } from './state.ts';
import type { InodeState, TaskState, VmaState } from './types.ts';

interface VmaFlags {
  readonly read: bigint;
  readonly write: bigint;
  readonly exec: bigint;
  readonly shared: bigint;
}

/** include/linux/mm.h; values have never changed, asked from the tree all the same. */
function vmaFlags(kernel: KernelModel): VmaFlags {
  return {
    read: kernel.constant('VM_READ') ?? 1n,
    write: kernel.constant('VM_WRITE') ?? 2n,
    exec: kernel.constant('VM_EXEC') ?? 4n,
    shared: kernel.constant('VM_SHARED') ?? 8n,
  };
}

function flagsOf(kernel: KernelModel, map: Mapping): bigint {
  const bits = vmaFlags(kernel);
  const may =
    (kernel.constant('VM_MAYREAD') ?? 0x10n) | (kernel.constant('VM_MAYWRITE') ?? 0x20n) | (kernel.constant('VM_MAYEXEC') ?? 0x40n);
  const maySharing = map.sharing === 'shared' ? (kernel.constant('VM_MAYSHARE') ?? 0x80n) : 0n;
  return (
    (map.prot.includes('r') ? bits.read : 0n) |
    (map.prot.includes('w') ? bits.write : 0n) |
    (map.prot.includes('x') ? bits.exec : 0n) |
    (map.sharing === 'shared' ? bits.shared : 0n) |
    may |
    maySharing |
    (map.sync ? (kernel.constant('VM_SYNC') ?? 0x800000n) : 0n) |
    (kernel.constant('VM_HUGEPAGE') ?? 0x20000000n)
  );
}

/** One struct file and one struct vm_operations_struct per inode are enough: nothing here tells opens apart. */
function fileOf(kernel: KernelModel, inode: InodeState): View {
  const file = kernel.create('struct file', `file ${inode.path}`);
  file.member('f_mapping').write(inode.mapping);
  file.member('f_inode').write(inode.inode);
  return file;
}

/** mmap() of a file by a process. */
export function mapFile(kernel: KernelModel, task: TaskState, map: Mapping): VmaState {
  const world = kernel.part(worldKey);
  const inode = inodeOf(kernel, map.path);
  if (inode === undefined)
    return stopWithLimit(
      'model',
      `process ${task.label} maps ${map.path}, which the scenario's filesystems and devices do not have`,
      map.path,
    );
  const vma = kernel.create('struct vm_area_struct', `vm_area_struct ${task.label}:${map.name}`);
  vma.member('vm_start').write(map.start);
  vma.member('vm_end').write(endOf(map));
  vma.member('vm_mm').write(task.mm);
  vma.member('vm_pgoff').write(pageOfByte(map.offset));
  vma.firstMember('vm_flags', '__vm_flags').write(flagsOf(kernel, map));
  if (vma.has('anon_vma_chain')) listInit(kernel.machine.memory, vma.member('anon_vma_chain').address);
  if (vma.has('vm_file')) vma.member('vm_file').write(fileOf(kernel, inode).address);
  if (vma.has('vm_ops')) vma.member('vm_ops').write(kernel.create('struct vm_operations_struct', `vm_operations of ${map.path}`).address);
  kernel.run('vma_interval_tree_insert', [vma.address, kernel.view('struct address_space', inode.mapping).member('i_mmap').address]);
  const state: VmaState = {
    name: map.name,
    path: map.path,
    start: map.start,
    length: map.length,
    offset: map.offset,
    vma: vma.address,
    scenario: map,
  };
  const fresh = world.tasks.get(task.label) ?? task;
  world.tasks.set(task.label, { ...fresh, maps: [...fresh.maps, state] });
  return state;
}

/** munmap() of a whole mapping. */
export function unmapFile(kernel: KernelModel, label: string, name: string): void {
  const world = kernel.part(worldKey);
  const task = world.tasks.get(label);
  const map = task?.maps.find((m) => m.name === name);
  if (task === undefined || map === undefined) return;
  removeMapping(kernel, task, map);
  world.tasks.set(label, { ...task, maps: task.maps.filter((m) => m.name !== name) });
}

/** A mapping goes: out of its file's interval tree, its entries out of the page table. */
export function removeMapping(kernel: KernelModel, task: TaskState, map: VmaState): void {
  removeVma(kernel, map);
  const { scenario } = kernel.part(worldKey);
  const { memory } = kernel.machine;
  if (task.mm === 0n || scenario === undefined) return;
  const pgd = kernel.view('struct mm_struct', task.mm).member('pgd').read();
  for (const { entry } of entriesIn(memory, pgd, map)) {
    memory.writeU64(entry.address, 0n);
    if (pmemOf(scenario, pfnToPhys(entry.pfn)) === undefined) unmapRamPage(kernel, entry.pfn);
  }
}

/** Takes a mapping out of its file's interval tree. */
function removeVma(kernel: KernelModel, map: VmaState): void {
  const inode = inodeOf(kernel, map.path);
  if (inode === undefined) return;
  kernel.run('vma_interval_tree_remove', [map.vma, kernel.view('struct address_space', inode.mapping).member('i_mmap').address]);
}
