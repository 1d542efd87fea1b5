// What a built world consists of: addresses of the structures that the scenario names.
import type { Bytes, UserAddr } from '../../../base/units.ts';
import type { Mapping, Process, Scenario } from '../../scenario/schema.ts';
import type { KernelModel } from '../model.ts';

/** A pmem namespace with its driver. */
export interface PmemDeviceState {
  readonly name: string;
  /** struct pmem_device, or struct dev_dax of a device-dax node. */
  readonly driver: bigint;
  readonly pgmap: bigint;
  /** The driver is bound; false once it was unbound: the driver's memory is gone then. */
  readonly bound: boolean;
  /** Brought up by a function of the tree that the scenario names. */
  readonly bind?: string;
  /** 0 for device-dax. */
  readonly daxDevice: bigint;
  /** 0 for device-dax. */
  readonly gendisk: bigint;
}

/** A file (or device-dax node) that processes map. Filled in by `buildFilesystems` for files. */
export interface InodeState {
  readonly path: string;
  /** struct inode. */
  readonly inode: bigint;
  /** struct address_space. */
  readonly mapping: bigint;
  readonly dax: boolean;
}

/** One mapping of a process. */
export interface VmaState {
  readonly name: string;
  readonly path: string;
  readonly start: UserAddr;
  readonly length: Bytes;
  /** Into the file. */
  readonly offset: Bytes;
  readonly vma: bigint;
  readonly scenario: Mapping;
}

/** A simulated process. Addresses; `killed` when a signal ended it. */
export interface TaskState {
  readonly label: string;
  readonly task: bigint;
  readonly mm: bigint;
  readonly pid: number;
  readonly scenario: Process | undefined;
  readonly state: 'alive' | 'killed' | 'exited';
  readonly maps: readonly VmaState[];
}

/** The parts of the world that change while steps run; plain data. */
export interface WorldState {
  /** Read only. */
  scenario: Scenario | undefined;
  readonly devices: Map<string, PmemDeviceState>;
  readonly inodes: Map<string, InodeState>;
  readonly tasks: Map<string, TaskState>;
}

/** A world: a kernel with everything the scenario describes. */
export interface World {
  readonly kernel: KernelModel;
  readonly scenario: Scenario;
  readonly state: WorldState;
}
