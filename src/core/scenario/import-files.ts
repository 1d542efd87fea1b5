// Filesystems, files and reverse-map records of an observation.

import { blockDevices, deviceName } from './import-devices.ts';
import type { Observation, ObservedFilesystem } from './observation.ts';
import type { ScenarioInput } from './schema.ts';

type FilesystemInput = NonNullable<ScenarioInput['filesystems']>[number];
type FileInput = NonNullable<FilesystemInput['files']>[number];
type RecordInput = NonNullable<FilesystemInput['records']>[number];

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const SYMBOLIC_LINK = '0120777';
/** include/uapi/linux/fs.h FS_XFLAG_DAX, FS_XFLAG_REALTIME. */
const XFLAG_DAX = 0x8000;
const XFLAG_REALTIME = 0x1;

/** All mounted filesystems, in mount order. `mapped` names the files that some process has mapped. */
export function importFilesystems(observation: Observation, mapped: ReadonlySet<string>): FilesystemInput[] {
  const claimed = new Set<string>();
  return (observation.topology.filesystems ?? []).map((fs) => {
    const device = deviceName(fs.device);
    const disk = device.replace(/p\d+$/, '');
    const contested = claimed.has(disk);
    claimed.add(disk);
    return importFilesystem(observation, fs, device, mapped, contested);
  });
}

function importFilesystem(
  observation: Observation,
  fs: ObservedFilesystem,
  device: string,
  mapped: ReadonlySet<string>,
  contested: boolean,
): FilesystemInput {
  const mounts = mountCommands(observation, fs);
  const options = (mounts.at(-1)?.options ?? fs.options ?? '').split(',');
  const dax = daxOption(options);
  const remounted = mounts.length > 1;
  const geometry = fs.geometry ?? {};
  const external = geometry.log?.kind.startsWith('/dev/') === true ? deviceName(geometry.log.kind) : undefined;
  const realtime = geometry.realtime?.dev.startsWith('/dev/') === true ? deviceName(geometry.realtime.dev) : undefined;
  const files = oneNameEach(fs.files ?? []).map((file): FileInput => {
    const xflags = Number(file.xflags ?? 0);
    const regular = (Number.parseInt(file.mode, 8) & S_IFMT) === S_IFREG;
    const inCore = !remounted || file.path === fs.mountpoint || isUsed(file.path, mapped);
    // A file that stayed in core since it was made keeps the S_DAX it got then; one that was read back, or whose
    // filesystem may have been refused the device, is for the tree's own rules to decide.
    const known = !regular
      ? false
      : dax === 'inode'
        ? (xflags & XFLAG_DAX) !== 0
        : dax === 'never'
          ? false
          : remounted || contested
            ? undefined
            : true;
    return {
      path: file.path,
      ino: String(file.ino),
      size: String(file.size),
      mode: file.mode,
      inCore,
      ...(known === undefined ? {} : { dax: known }),
      reflink: (file.extents ?? []).some((extent) => extent.shared === true),
      realtime: (xflags & XFLAG_REALTIME) !== 0,
      extents: (file.extents ?? [])
        .filter((extent) => extent.delalloc !== true)
        .map((extent) => ({
          logical: extent.logical,
          physical: extent.physical,
          length: extent.length,
          shared: extent.shared ?? false,
          unwritten: extent.unwritten ?? false,
        })),
    };
  });
  const records = importRecords(observation, fs, external, realtime);
  addInternalInodes(files, records, options, fs.mountpoint, remounted);
  return {
    mountpoint: fs.mountpoint,
    device,
    type: fs.type,
    dax,
    ...(external === undefined ? {} : { logDevice: external }),
    ...(realtime === undefined ? {} : { realtimeDevice: realtime }),
    ...importGeometry(fs),
    records,
    files,
  };
}

/** Files by inode: further names of an inode (hard links) are the first one's. */
function oneNameEach(files: NonNullable<ObservedFilesystem['files']>): NonNullable<ObservedFilesystem['files']> {
  return files.filter((file, i) => files.findIndex((other) => other.ino === file.ino) === i);
}

/** The name under which a file is listed: the first of its inode. */
export function firstName(observation: Observation, path: string): string {
  for (const { files } of observation.topology.filesystems ?? []) {
    const file = files?.find((candidate) => candidate.path === path);
    if (file !== undefined) return files?.find((candidate) => candidate.ino === file.ino)?.path ?? path;
  }
  return path;
}

function importGeometry(fs: ObservedFilesystem): Pick<FilesystemInput, 'geometry'> {
  const g = fs.geometry;
  if (g?.agcount === undefined || g.agsize === undefined || g.dblocks === undefined || g.blocksize === undefined) return {};
  return {
    geometry: {
      blockSize: g.blocksize,
      sectorSize: g.sectsz ?? 512,
      inodeSize: g.isize ?? 512,
      agCount: g.agcount,
      agBlocks: g.agsize,
      blocks: String(g.dblocks),
      rmapbt: g.rmapbt === 1,
      reflink: g.reflink === 1,
      crc: g.crc !== 0,
      finobt: g.finobt !== 0,
      sparse: g.sparse !== 0,
      bigtime: g.bigtime === 1,
      inobtcount: g.inobtcount === 1,
      nrext64: g.nrext64 === 1,
      logBlocks: String(g.log?.blocks ?? 0),
      realtimeBlocks: String(g.realtime?.blocks ?? 0),
      realtimeExtent: String(g.realtime?.extsz ?? 4096),
    },
  };
}

function importRecords(
  observation: Observation,
  fs: ObservedFilesystem,
  external: string | undefined,
  realtime: string | undefined,
): RecordInput[] {
  const blocks = blockDevices(observation);
  const devOf = (name: string | undefined): string | undefined => blocks.find((block) => block.name === name)?.dev;
  const [logDev, realtimeDev] = [devOf(external), devOf(realtime)];
  return (fs.fsmap?.records ?? []).map((record) => ({
    on: record.dev === logDev ? 'log' : record.dev === realtimeDev ? 'realtime' : 'data',
    start: String(record.physical),
    length: String(record.length),
    owner: record.owner,
    offset: String(record.offset ?? 0),
    attrFork: record.attr_fork ?? false,
    bmbt: record.bmbt ?? false,
    unwritten: record.unwritten ?? false,
  }));
}

/** Inodes that the list of files lacks own blocks too: quota files are always in core, others since they were made, until a remount. */
function addInternalInodes(
  files: FileInput[],
  records: readonly RecordInput[],
  options: readonly string[],
  mountpoint: string,
  remounted: boolean,
): void {
  const quota = options.some((option) => /quota$/.test(option) && option !== 'noquota');
  const known = new Set(files.map((file) => String(file.ino)));
  for (const record of records) {
    if (typeof record.owner !== 'number' || known.has(String(record.owner))) continue;
    known.add(String(record.owner));
    const own = { path: `${mountpoint}#${record.owner}`, ino: String(record.owner), size: 0, inCore: quota || !remounted, unlinked: true };
    // Walks list every regular file and directory, so without quota it is a symbolic link, which is never DAX.
    files.push(quota ? own : { ...own, mode: SYMBOLIC_LINK, dax: false });
  }
}

function isUsed(path: string, mapped: ReadonlySet<string>): boolean {
  for (const other of mapped) if (other === path || other.startsWith(`${path}/`)) return true;
  return false;
}

interface MountCommand {
  readonly options: string;
}

/** Successful `mount -t xfs -o dax=always /dev/pmem0 /mnt rc=0` lines of this mount point, in order. */
function mountCommands(observation: Observation, fs: ObservedFilesystem): readonly MountCommand[] {
  const found: MountCommand[] = [];
  for (const line of observation.topology.mount_cmd ?? []) {
    const words = line.trim().split(/\s+/);
    if (words.at(-1) !== 'rc=0' || words.at(-2) !== fs.mountpoint) continue;
    const at = words.indexOf('-o');
    found.push({ options: at < 0 ? '' : (words[at + 1] ?? '') });
  }
  return found;
}

function daxOption(options: readonly string[]): 'always' | 'inode' | 'never' {
  for (const option of options) {
    if (option === 'dax' || option === 'dax=always') return 'always';
    if (option === 'dax=never') return 'never';
  }
  // Both ext4 and XFS default to dax=inode when nothing is said.
  return 'inode';
}
