// Builds the world of a scenario: memory, devices, filesystems, processes, mappings, in the order in which they depend on each other.
import { bytesToPages, contains, distance, pageOfByte, pages } from '../../../base/units.ts';
import { stopWithLimit, type Outcome } from '../../machine/outcome.ts';
import type { Mapping, Process, Scenario } from '../../scenario/schema.ts';
import { ageNotes } from './tree-age.ts';
import { buildFilesystems } from '../fs/world-fs.ts';
import { buildNvdimmBus, hasNfit } from '../drivers/nvdimm/bus.ts';
import { createCache } from '../mm/slab.ts';
import type { KernelModel } from '../model.ts';
import { prepareEntries } from './entries.ts';
import { faultPage, hasEntry } from './faults.ts';
import { listInit } from './list.ts';
import { mapFile } from './mappings.ts';
import { addPageRegion } from './pages.ts';
import { buildDevices } from './pmem.ts';
import { endTask, runOthers } from './signals.ts';
import { inodeOf } from './inodes.ts';
import { prepareReservedPages } from './ram.ts';
import { worldKey } from './state.ts';
import { helperTask } from './step-calls.ts';
import { buildTask, defaultPid, prepareInitTask, setCurrent, setEarlyKill } from './tasks.ts';
import type { TaskState, World } from './types.ts';

/** Units whose types and functions the world is made of; the ones that a tree lacks are named by who needs them. */
const UNITS = ['mm/memory-failure.c', 'drivers/nvdimm/pmem.c', 'drivers/dax/super.c', 'fs/dax.c'];
/** Roots of the sparse memory map: 2^46 bytes of physical memory, 128 MiB sections, 128 or 256 sections per root. */
const SECTION_ROOTS = 4096;

/** Objects that boot would have made before any of this runs. */
function prepareBoot(kernel: KernelModel, scenario: Scenario): void {
  const { memory, heap } = kernel.machine;
  const pointer = (name: string, value: () => bigint): void => {
    const at = kernel.program.globalAddress(name);
    if (at !== undefined && memory.readU64(at) === 0n) memory.writeU64(at, value());
  };
  pointer('mem_section', () => heap.allocate({ size: SECTION_ROOTS * 8, name: 'mem_section', zeroed: true, align: 4096 }));
  if (kernel.program.typeNamed('struct pglist_data') !== undefined)
    pointer('node_data', () => kernel.create('struct pglist_data', 'node 0').address);
  const node = kernel.program.typeNamed('struct xa_node');
  if (node !== undefined) {
    const { size } = kernel.machine.view(node, 0n);
    const list = kernel.program.hasMember('struct xa_node', 'private_list')
      ? kernel.machine.view(node, 0n).offsetOf('private_list')
      : undefined;
    pointer('radix_tree_node_cachep', () => createCache(kernel, 'radix_tree_node', size, 8, 0n, list));
  }
  if (kernel.program.functionAddress('signals_init', 'kernel/signal.c') !== undefined) kernel.run('signals_init', [], 'kernel/signal.c');
  prepareDaxWaiters(kernel);
  setEarlyKill(kernel, scenario.earlyKill);
}

/** init_dax_wait_table(): empty wait queues, so that nobody is woken in vain. */
function prepareDaxWaiters(kernel: KernelModel): void {
  const at = kernel.program.globalAddress('wait_table', 'fs/dax.c');
  const type = kernel.program.globalType('wait_table', 'fs/dax.c');
  if (at === undefined || type?.kind !== 'array') return;
  const first = kernel.machine.view(type.element, at);
  const head = BigInt(first.has('head') ? first.offsetOf('head') : 0);
  for (let i = 0; i < (type.length ?? 0); i++) listInit(kernel.machine.memory, at + BigInt(i * first.size) + head);
}

function buildProcess(kernel: KernelModel, process: Process, n: number): TaskState {
  return buildTask(kernel, process.label, process, {
    comm: `mf${process.label}`.slice(0, 15),
    pid: process.pid ?? defaultPid(n),
    mm: true,
  });
}

/** Page-table entries of one mapping, as the scenario lists them. */
function fillPageTable(kernel: KernelModel, scenario: Scenario, task: TaskState, map: Mapping): void {
  const state = kernel.part(worldKey).tasks.get(task.label);
  const vma = state?.maps.find((m) => m.name === map.name);
  if (state === undefined || vma === undefined) return;
  for (const page of map.pages) {
    faultPage(
      kernel,
      scenario,
      state,
      vma,
      { page: page.page, write: page.write, pfn: page.pfn, shift: page.shift, anonymous: page.anonymous },
      'build',
    );
  }
}

/** Entries of i_pages that nobody maps any more. */
function fillPageCache(kernel: KernelModel, scenario: Scenario): void {
  for (const process of scenario.processes) {
    for (const map of process.maps) {
      const inode = inodeOf(kernel, map.path);
      const file = scenario.filesystems.flatMap((fs) => fs.files).find((f) => f.path === map.path);
      const task = kernel.part(worldKey).tasks.get(process.label);
      const vma = task?.maps.find((m) => m.name === map.name);
      if (inode?.dax !== true || file === undefined || task === undefined || vma === undefined) continue;
      for (const entry of file.cached) {
        const page = distance(pageOfByte(map.offset), entry.index);
        if (!contains({ start: pages(0n), length: bytesToPages(map.length) }, page) || hasEntry(kernel, inode.mapping, entry.index))
          continue;
        faultPage(
          kernel,
          scenario,
          task,
          vma,
          { page, write: false, pfn: entry.pfn, shift: entry.order === 9 ? 21 : 12, anonymous: false },
          'entry',
        );
      }
    }
  }
}

/** What the configuration must contain for the scenario to exist; a tree without a configuration is not asked. */
function checkConfiguration(kernel: KernelModel, scenario: Scenario): void {
  const isSet = (option: string): boolean =>
    ['', '_MODULE'].some((suffix) => kernel.constant(`${option}${suffix}`, 'mm/memory-failure.c') === 1n);
  if (!isSet('CONFIG_64BIT') && !isSet('CONFIG_MMU')) return;
  const missing = (option: string, what: string): never =>
    stopWithLimit('model', `the configuration does not set ${option}: ${what}`, option);
  if (!isSet('CONFIG_MEMORY_FAILURE')) missing('CONFIG_MEMORY_FAILURE', 'mm/memory-failure.c is not part of this kernel');
  const path = scenario.processes
    .flatMap((p) => p.maps)
    .find((m) => scenario.filesystems.some((fs) => fs.files.some((f) => f.path === m.path && f.dax)))?.path;
  if (path !== undefined && !isSet('CONFIG_FS_DAX'))
    missing('CONFIG_FS_DAX', `fs/dax.c is not part of this kernel, so ${path} cannot be mapped through DAX as the scenario says`);
}

/** Builds everything. A limit names what the tree lacks or what the scenario asks in vain. `notes` gets what was refused but goes on. */
export function buildWorld(kernel: KernelModel, scenario: Scenario, notes: string[] = []): Outcome<World> {
  return kernel.machine.attempt(() => {
    for (const unit of UNITS) kernel.program.loadUnit(unit);
    kernel.part(worldKey).scenario = scenario;
    checkConfiguration(kernel, scenario);
    addPageRegion(kernel);
    prepareBoot(kernel, scenario);
    prepareInitTask(kernel);
    const boot = buildTask(kernel, 'boot', undefined, { comm: 'swapper', pid: 1, mm: false });
    setCurrent(kernel, boot.task);
    buildDevices(kernel, scenario);
    if (hasNfit(scenario)) notes.push(...buildNvdimmBus(kernel, scenario));
    notes.push(...ageNotes(kernel));
    buildFilesystems(kernel, scenario, notes);
    scenario.processes.forEach((process, n) => {
      const task = buildProcess(kernel, process, n);
      for (const map of process.maps) mapFile(kernel, kernel.part(worldKey).tasks.get(process.label) ?? task, map);
    });
    for (const process of scenario.processes) {
      const task = kernel.part(worldKey).tasks.get(process.label);
      if (task === undefined) continue;
      setCurrent(kernel, task.task);
      for (const map of process.maps) fillPageTable(kernel, scenario, task, map);
    }
    fillPageCache(kernel, scenario);
    prepareReservedPages(kernel, scenario);
    prepareEntries(kernel, scenario);
    setCurrent(kernel, boot.task);
    kernel.workerTask = () => helperTask(kernel, 'worker').task;
    kernel.onDeath = (address) => {
      const task = [...kernel.part(worldKey).tasks.values()].find((candidate) => candidate.task === address);
      if (task !== undefined) endTask(kernel, task.label, 'killed');
    };
    kernel.onQuiet = () => {
      runOthers(kernel, kernel.current);
    };
    return { kernel, scenario, state: kernel.part(worldKey) };
  });
}
