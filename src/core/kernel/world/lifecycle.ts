// Life cycle of a device and its holder as steps: each runs the functions of the tree that the kernel would run.
import { assertNever } from '../../../base/assert.ts';
import type { Filesystem, Step } from '../../scenario/schema.ts';
import { diskOf, forgetDisk } from '../block/disk.ts';
import { mountFilesystem, unmountFilesystem } from '../fs/world-fs.ts';
import { mountsOf, type Mount } from '../fs/mounts.ts';
import type { KernelModel, StateKey } from '../model.ts';
import { bindNamespace, unbindNamespace } from '../drivers/nvdimm/bus.ts';
import { bringUp, takeDown } from './pmem.ts';
import { callAs, type Calls, helperTask } from './step-calls.ts';
import { worldKey } from './state.ts';
import { buildTask, defaultPid, setCurrent } from './tasks.ts';
import { endTask } from './signals.ts';
import type { World } from './types.ts';

/** Steps of this file. */
export type LifecycleStep = Extract<Step, { kind: 'unbind' | 'kill' | 'rebind' | 'mount' | 'unmount' | 'claim' | 'release' }>;

/** What such a step came to: its calls, and a sentence where no number says it. */
export interface LifecycleOutcome {
  readonly calls: Calls;
  readonly value?: string;
  readonly text?: string;
  readonly unknown?: string;
  readonly notes?: readonly string[];
}

/** Claimants that are no filesystems: label -> what they pass as holder. */
const claimants: StateKey<Map<string, bigint>> = { name: 'claimants', create: () => new Map(), clone: (map) => new Map(map) };

const EBUSY = '-16';
const ENXIO = '-6';
const NOTHING: Calls = [];

/** True for steps in which a device, its driver or its holder comes or goes. */
export function isLifecycle(step: Step): step is LifecycleStep {
  return ['unbind', 'kill', 'rebind', 'mount', 'unmount', 'claim', 'release'].includes(step.kind);
}

/** Carries one out. */
export function runLifecycle(world: World, step: LifecycleStep): LifecycleOutcome {
  const { kernel } = world;
  switch (step.kind) {
    case 'unbind':
      return unbind(world, step.device);
    case 'kill': {
      const device = kernel.part(worldKey).devices.get(step.device);
      if (device === undefined || device.daxDevice === 0n)
        return { calls: NOTHING, value: ENXIO, text: `${step.device} has no dax_device` };
      return { calls: callAs(kernel, helperTask(kernel, 'admin'), 'kill_dax', [device.daxDevice]) };
    }
    case 'rebind':
      return rebind(world, step.device);
    case 'mount':
      return mount(world, step.mountpoint);
    case 'unmount':
      return unmount(world, step.mountpoint);
    case 'claim':
      return claim(world, step.device, step.holder);
    case 'release':
      return release(world, step.device, step.holder);
    default:
      return assertNever(step);
  }
}

/** The driver core runs the driver's release actions in reverse order: the disk goes away, with it the dax_device, then the page map. */
function unbind(world: World, name: string): LifecycleOutcome {
  const { kernel, scenario } = world;
  const device = kernel.part(worldKey).devices.get(name);
  if (device?.bound !== true) return { calls: NOTHING, value: ENXIO, text: `${name} is bound to no driver` };
  const task = buildTask(kernel, `unbind ${name}`, undefined, { comm: 'sh', pid: defaultPid(61), mm: true });
  const unit = 'drivers/nvdimm/pmem.c';
  const release = kernel.program.functionAddress('pmem_release_disk', unit);
  const isPmem = release !== undefined && device.bind === undefined;
  const node = scenario.pmem.find((candidate) => candidate.name === name);
  const isNode = node?.driver === 'devdax' && device.bind === undefined;
  if (isNode && device.driver === 0n)
    return { calls: NOTHING, unknown: 'this tree has no kill_dev_dax() that could be run on a device-dax node' };
  const kill = (): Calls => callAs(kernel, task, 'kill_dev_dax', [device.driver], 'drivers/dax/bus.c');
  const calls = [
    ...(isNode
      ? // unregister_dev_dax() kills the device, and the driver's own release (dev_dax_kill) does so again.
        [...kill(), ...kill()]
      : callAs(
          kernel,
          task,
          isPmem ? 'pmem_release_disk' : 'kill_dax',
          [isPmem ? device.driver : device.daxDevice],
          isPmem ? unit : undefined,
        )),
  ];
  if (calls.every((call) => call.outcome.kind === 'value')) {
    setCurrent(kernel, task.task);
    unbindNamespace(kernel, name);
    calls.push(...takeDown(kernel, device, task));
  }
  endTask(kernel, task.label, 'exited');
  return { calls };
}

function rebind(world: World, name: string): LifecycleOutcome {
  const { kernel, scenario } = world;
  const known = kernel.part(worldKey).devices.get(name);
  const device = scenario.pmem.find((candidate) => candidate.name === name);
  if (device === undefined || known?.bound !== false)
    return { calls: NOTHING, value: EBUSY, text: `${name} is bound to its driver already` };
  setCurrent(kernel, helperTask(kernel, 'admin').task);
  forgetDisk(kernel, scenario, name);
  bringUp(kernel, scenario, device);
  bindNamespace(kernel, name);
  return { calls: NOTHING, value: '0', text: `${name} has a new page map and a new dax_device` };
}

/** Name of the devices that a filesystem uses. */
function devicesOf(fs: Filesystem): readonly string[] {
  return [fs.device, fs.logDevice, fs.realtimeDevice].filter((name) => name !== undefined);
}

function mount(world: World, mountpoint: string): LifecycleOutcome {
  const { kernel, scenario } = world;
  const fs = scenario.filesystems.find((candidate) => candidate.mountpoint === mountpoint);
  if (fs === undefined) return { calls: NOTHING };
  if (mountsOf(kernel).some((known) => known.fs.mountpoint === mountpoint))
    return { calls: NOTHING, value: EBUSY, text: `${mountpoint} is mounted already` };
  const gone = devicesOf(fs).find((name) => isGone(world, name));
  if (gone !== undefined) return { calls: NOTHING, value: ENXIO, text: `there is no block device ${gone} any more: its driver is unbound` };
  setCurrent(kernel, helperTask(kernel, 'admin').task);
  const notes: string[] = [];
  // Nothing but the root is in core yet; who opens a file brings its inode in.
  const files = fs.files.map((file) => (file.path === mountpoint || !file.inCore ? file : { ...file, inCore: false }));
  const made = mountFilesystem(kernel, scenario, { ...fs, files }, notes);
  const dax = made.dax !== 0n;
  return { calls: NOTHING, value: '0', text: `${fs.type} is mounted ${dax ? `and uses ${fs.device} through DAX` : 'without DAX'}`, notes };
}

/** True when the namespace below a block device is bound to no driver. */
function isGone(world: World, name: string): boolean {
  const { devices } = world.kernel.part(worldKey);
  const below = world.scenario.partitions.find((part) => part.name === name)?.of ?? name;
  return devices.get(below)?.bound === false;
}

function unmount(world: World, mountpoint: string): LifecycleOutcome {
  const { kernel } = world;
  const known = mountsOf(kernel).find((candidate) => candidate.fs.mountpoint === mountpoint);
  if (known === undefined) return { calls: NOTHING, value: '-22', text: `${mountpoint} is not mounted` };
  const user = busy(kernel, known);
  if (user !== undefined) return { calls: NOTHING, value: EBUSY, text: `${mountpoint} is busy: ${user}` };
  setCurrent(kernel, helperTask(kernel, 'admin').task);
  unmountFilesystem(kernel, known);
  return { calls: NOTHING, value: '0', text: `${mountpoint} is unmounted` };
}

/** Who keeps a filesystem from being unmounted. */
function busy(kernel: KernelModel, { fs }: Mount): string | undefined {
  for (const task of kernel.part(worldKey).tasks.values()) {
    const map = task.maps.find((candidate) => fs.files.some((file) => file.path === candidate.path));
    if (task.state === 'alive' && map !== undefined) return `${task.label} maps ${map.path}`;
  }
  return undefined;
}

function claim(world: World, name: string, holder: string): LifecycleOutcome {
  const { kernel, scenario } = world;
  const disk = diskOf(kernel, scenario, name);
  if (disk === undefined) return { calls: NOTHING };
  const known = kernel.part(claimants);
  let address = known.get(holder);
  if (address === undefined)
    known.set(holder, (address = kernel.machine.heap.allocate({ size: 64, name: `holder ${holder}`, zeroed: true })));
  const offset = kernel.machine.heap.allocate({ size: 8, name: 'start_off', zeroed: true });
  const task = helperTask(kernel, 'admin');
  const calls = callAs(kernel, task, 'fs_dax_get_by_bdev', [disk.bdev, offset, address, 0n]);
  kernel.machine.heap.free(offset);
  const [call] = calls;
  const dax = call?.outcome.kind === 'value' ? call.outcome.value : 0n;
  if (call?.outcome.kind !== 'value') return { calls };
  const text = dax === 0n ? `${holder} is refused` : `${holder} holds the dax_device of ${name}`;
  return { calls, value: `0x${dax.toString(16)}`, text: `fs_dax_get_by_bdev() returned ${dax === 0n ? 'NULL' : 'a dax_device'}: ${text}` };
}

function release(world: World, name: string, holder: string): LifecycleOutcome {
  const { kernel } = world;
  const device = kernel.part(worldKey).devices.get(name);
  const dax = device?.daxDevice ?? 0n;
  const filesystem = mountsOf(kernel).find((known) => known.fs.mountpoint === holder);
  const address = filesystem?.holder ?? kernel.part(claimants).get(holder);
  if (address === undefined || dax === 0n) return { calls: NOTHING, value: '-22', text: `${holder} never asked for ${name}` };
  return { calls: callAs(kernel, helperTask(kernel, 'admin'), 'fs_put_dax', [dax, address]) };
}
