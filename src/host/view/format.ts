// How values read in the panels: by unit, as a kernel developer writes them; knows no VS Code.

/** asm-generic/errno-base.h and errno.h, those this path returns. */
const errnoNames: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  3: 'ESRCH',
  4: 'EINTR',
  5: 'EIO',
  6: 'ENXIO',
  9: 'EBADF',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  14: 'EFAULT',
  16: 'EBUSY',
  17: 'EEXIST',
  19: 'ENODEV',
  20: 'ENOTDIR',
  21: 'EISDIR',
  22: 'EINVAL',
  27: 'EFBIG',
  28: 'ENOSPC',
  30: 'EROFS',
  34: 'ERANGE',
  35: 'EDEADLK',
  38: 'ENOSYS',
  61: 'ENODATA',
  74: 'EBADMSG',
  75: 'EOVERFLOW',
  95: 'EOPNOTSUPP',
  110: 'ETIMEDOUT',
  117: 'EUCLEAN',
  133: 'EHWPOISON',
};

/** include/uapi/asm-generic/siginfo.h: si_code of SIGBUS. */
const busCodes: Readonly<Record<number, string>> = {
  1: 'BUS_ADRALN',
  2: 'BUS_ADRERR',
  3: 'BUS_OBJERR',
  4: 'BUS_MCEERR_AR',
  5: 'BUS_MCEERR_AO',
  128: 'SI_KERNEL',
};

const signalNames: Readonly<Record<number, string>> = {
  6: 'SIGABRT',
  7: 'SIGBUS',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/** Units that tell the reader nothing. */
const silentUnits: Readonly<Record<string, true>> = {
  '': true,
  none: true,
  pointer: true,
  number: true,
  count: true,
  value: true,
  unknown: true,
  boolean: true,
  bool: true,
};

/** Unit names of contracts, intrinsics and traces, as words. */
const unitWords: Readonly<Record<string, string>> = {
  sectors512: 'sectors',
  fsblocks: 'fs blocks',
  fsBlocks: 'fs blocks',
  agblocks: 'fs blocks',
  pageIndex: 'page index',
  'file pages': 'page index',
  physAddr: 'phys',
  fileBytes: 'bytes of the file',
  userAddr: 'address',
  log2Bytes: 'log2 bytes',
  agNumber: 'AG',
  inodeNumber: 'inode',
  'user address': 'address',
  'physical address': 'phys',
  'inode number': 'inode',
  group: 'AG',
  'fsblocks in group': 'fs blocks',
  'fsblocks in file': 'fs blocks',
  'file bytes': 'bytes of the file',
};

/** What the panels call a unit; undefined for units that say nothing (pointer, none). */
export function unitWord(unit: string | undefined): string | undefined {
  return unit === undefined || Object.hasOwn(silentUnits, unit) ? undefined : (unitWords[unit] ?? unit);
}

/** Parses a JSON 64-bit value: decimal, negative or 0x. Undefined for anything else. */
export function parseValue(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^-?(0x[0-9a-f]+|\d+)$/i.test(text)) return undefined;
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

/** True for what can only be a kernel pointer on x86-64 (Documentation/x86/x86_64/mm.rst), and no error code. */
export const isKernelPointer = (value: bigint | undefined): boolean =>
  value !== undefined && value >= 0xffff_8000_0000_0000n && value < 0xffff_ffff_ffff_f000n;

export const hex = (value: bigint): string => (value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`);

/** `-EOPNOTSUPP` for -95; undefined when the value is no known error code. */
export function errnoName(value: string | undefined): string | undefined {
  const number = parseValue(value);
  if (number === undefined) return undefined;
  const signed = BigInt.asIntN(number > 0xffffffffn ? 64 : 32, number);
  const name = signed < 0n && signed > -4096n ? errnoNames[Number(-signed)] : undefined;
  return name === undefined ? undefined : `-${name}`;
}

/** A value of an argument: addresses and quantities in hex, counts and small numbers in decimal. */
export function formatValue(text: string, unit: string | undefined): string {
  const value = parseValue(text);
  if (value === undefined) return text;
  if (value === (1n << 64n) - 1n) return 'U64_MAX';
  switch (unitWord(unit)) {
    case 'bytes':
    case 'pfn':
    case 'flags':
    case 'phys':
    case 'address':
      return hex(value);
    case 'errno':
      return value.toString();
    case undefined:
      return value > 0xffff_ffffn ? hex(value) : text.startsWith('0x') && value < 10n ? value.toString() : text;
    default:
      return value > 0xffff_ffff_ffffn ? hex(value) : value.toString();
  }
}

/** `4 KiB`, `2 MiB`: whole binary multiples, else plain bytes. */
export function formatSize(bytes: bigint): string {
  const steps: readonly (readonly [bigint, string])[] = [
    [30n, 'GiB'],
    [20n, 'MiB'],
    [10n, 'KiB'],
  ];
  for (const [shift, name] of steps) {
    if (bytes >= 1n << shift && bytes % (1n << shift) === 0n) return `${bytes >> shift} ${name}`;
  }
  return `${bytes} bytes`;
}

/** `20.5 GiB`: three digits, for sizes that are no whole multiples. */
export function approximateSize(bytes: bigint): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = Number(bytes);
  let unit = 0;
  for (; size >= 1024 && unit + 1 < units.length; unit++) size /= 1024;
  return `${Number(size.toPrecision(3))} ${units[unit] ?? ''}`;
}

export const signalName = (signo: number): string => signalNames[signo] ?? `signal ${signo}`;

/** Name of si_code for that signal. */
export const codeName = (signo: number, code: number): string =>
  signo === 7 || code === 128 ? (busCodes[code] ?? String(code)) : String(code);

/** The radius that si_addr_lsb stands for. */
export const formatRadius = (lsb: number): string => (lsb > 0 && lsb < 63 ? formatSize(1n << BigInt(lsb)) : '');

/** fs/xfs/xfs_mount.h SHUTDOWN_* bits. */
export function formatShutdown(flags: string): string {
  const value = parseValue(flags);
  if (value === undefined) return flags;
  const names = ['META_IO_ERROR', 'LOG_IO_ERROR', 'FORCE_UMOUNT', 'CORRUPT_INCORE', 'CORRUPT_ONDISK', 'DEVICE_REMOVED'];
  const set = names.filter((_, bit) => ((value >> BigInt(bit)) & 1n) === 1n);
  return set.length === 0 ? hex(value) : `${hex(value)} ${set.join(' | ')}`;
}
