// How values read in the panels: by unit, as a kernel developer writes them; knows no VS Code.
import { errnoName } from '../../base/kernel-numbers.ts';
import { unitWord } from '../../base/unit-name.ts';

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
export function errorOf(value: string | undefined): string | undefined {
  const number = parseValue(value);
  if (number === undefined) return undefined;
  const signed = BigInt.asIntN(number > 0xffffffffn ? 64 : 32, number);
  const name = signed < 0n && signed > -4096n ? errnoName(Number(-signed)) : undefined;
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
  for (; Math.abs(size) >= 1024 && unit + 1 < units.length; unit++) size /= 1024;
  return `${Number(size.toPrecision(3))} ${units[unit] ?? ''}`;
}

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
