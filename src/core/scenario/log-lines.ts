// Reads kernel log lines that name a failed physical address: machine checks, APEI records, EDAC, memory_failure() itself.

import {
  advance,
  bytes,
  compare,
  framesOf,
  isPowerOfTwo,
  overlaps,
  pageBytes,
  pfn,
  pfnToPhys,
  type PhysAddr,
  physAddr,
  type Stretch,
} from '../../base/units.ts';

/** Who wrote the line; decides through which entry the failure arrives again. */
export type LogOrigin = 'mce' | 'ghes' | 'edac' | 'memory_failure' | 'badblocks';

/** Failed bytes as the log states them; the first one is rounded down to the granularity. */
export interface LoggedRange extends Stretch<'bytes', 'memory'> {
  /** Line of the pasted text, from 1. */
  readonly line: number;
  readonly origin: LogOrigin;
  /** Where the length comes from. */
  readonly granularity: string;
  /** The address that a record of more than a page states; the kernel acts on its frame alone. */
  readonly stated?: PhysAddr;
}

/** A line that cannot be used. `skip`: it belongs to something else. `wrong`: it should name an address and does not. */
export interface LineProblem {
  readonly line: number;
  readonly kind: 'skip' | 'wrong';
  readonly text: string;
  readonly message: string;
}

export interface ReadLog {
  readonly ranges: readonly LoggedRange[];
  readonly problems: readonly LineProblem[];
}

const PAGE = pageBytes();
const ALL = (1n << 64n) - 1n;
/** Bits of MCi_MISC: least significant valid address bit (Intel SDM vol. 3, 16.3.2.4). */
const MISC_LSB = 0x3fn;

type Line = LoggedRange | LineProblem | undefined;

interface Reader {
  /** What such a line looks like; the rest of the line is read by `read`. */
  readonly sign: RegExp;
  read(text: string, line: number, lines: readonly string[]): Line;
}

const wrong = (line: number, text: string, message: string): LineProblem => ({ line, kind: 'wrong', text, message });

/** A number with or without 0x; the kernel prints both as hexadecimal. */
function hexOf(text: string | undefined): bigint | undefined {
  const digits = text?.replace(/^0x/i, '');
  return digits === undefined || !/^[0-9a-f]{1,16}$/i.test(digits) ? undefined : BigInt(`0x${digits}`);
}

/** The range of `size` bytes (a power of two) around an address. */
function around(address: bigint, size: bigint): Stretch<'bytes', 'memory'> & Pick<LoggedRange, 'stated'> {
  return {
    ...(compare(bytes(size), PAGE) > 0 ? { stated: physAddr(address) } : {}),
    start: physAddr(address & ~(size - 1n) & ALL),
    length: bytes(size),
  };
}

const SPELLINGS: readonly { readonly before: RegExp; readonly counts: 'pfn' | 'address'; readonly origin: LogOrigin }[] = [
  // arch/x86/kernel/cpu/mce/core.c kill_me_maybe(), drivers/edac/mce_amd.c, skx_common.c, drivers/firmware/efi/cper-arm.c.
  { before: /Uncorrected hardware memory error in user-access at/, counts: 'address', origin: 'mce' },
  { before: /\[Hardware Error\]:? Error Addr:/, counts: 'address', origin: 'mce' },
  { before: /\bEDAC\b.*?\bADDR\b/, counts: 'address', origin: 'edac' },
  { before: /physical fault address:/, counts: 'address', origin: 'ghes' },
  // include/ras/ras_event.h: mc_event, memory_failure_event.
  { before: /\bmc_event: \d+ (?:Uncorrected|Fatal) error.*?\baddress:/, counts: 'address', origin: 'edac' },
  { before: /\bmemory_failure_event: pfn/, counts: 'pfn', origin: 'memory_failure' },
  // mm/madvise.c madvise_inject_error(), mm/hwpoison-inject.c.
  { before: /Injecting memory failure (?:for|at) pfn/, counts: 'pfn', origin: 'memory_failure' },
];

const readers: readonly Reader[] = [
  {
    // arch/x86/kernel/cpu/mce/core.c __print_mce(): "TSC 0 ADDR 4001d000 MISC 8c".
    sign: /mce: .*\bADDR\b/,
    read: (text, line) => {
      const address = hexOf(/\bADDR\s+(\S+)/.exec(text)?.[1]);
      if (address === undefined) return wrong(line, text, 'ADDR is not followed by a hexadecimal address');
      const misc = hexOf(/\bMISC\s+(\S+)/.exec(text)?.[1]);
      const lsb = misc === undefined ? 12n : misc & MISC_LSB;
      const why = misc === undefined ? 'no MISC: the page' : `MISC ${misc.toString(16)}: lsb ${lsb}`;
      return { line, origin: 'mce', granularity: why, ...around(address, 1n << lsb) };
    },
  },
  {
    // drivers/firmware/efi/cper.c cper_print_mem(): the mask says which bits of the address count.
    sign: /physical_address:/,
    read: (text, line, lines) => {
      const address = hexOf(/physical_address:\s*(\S+)/.exec(text)?.[1]);
      if (address === undefined) return wrong(line, text, 'physical_address is not followed by a hexadecimal address');
      const next = lines.slice(line, line + 2).find((other) => other.includes('physical_address_mask:'));
      const given = [text, next].map((other) => /physical_address_mask:\s*(\S+)/.exec(other ?? '')?.[1]).find((mask) => mask !== undefined);
      if (given === undefined) return { line, origin: 'ghes', granularity: 'no mask: the page', ...around(address, PAGE) };
      const mask = hexOf(given);
      const size = mask === undefined ? undefined : ~mask & ALL;
      if (size === undefined || (size & (size + 1n)) !== 0n)
        return wrong(line, next ?? text, `physical_address_mask ${given} is no mask of leading ones`);
      return { line, origin: 'ghes', granularity: `mask 0x${(mask ?? 0n).toString(16)}`, ...around(address, size + 1n) };
    },
  },
  {
    // drivers/edac/edac_mc.c: "UE … page:0x4001d offset:0x40 grain:64".
    sign: /\bEDAC\b.*\bUE\b.*\bpage:/,
    read: (text, line) => {
      const page = hexOf(/\bpage:(\w+)/.exec(text)?.[1]);
      const offset = hexOf(/\boffset:(\w+)/.exec(text)?.[1] ?? '0');
      if (page === undefined || offset === undefined) return wrong(line, text, 'page: or offset: is not followed by a hexadecimal number');
      const grain = bytes(BigInt(/\bgrain:(\d+)/.exec(text)?.[1] ?? 0));
      const usable = isPowerOfTwo(grain) && compare(grain, PAGE) <= 0;
      const granularity = usable ? `grain ${grain}` : 'no usable grain: the page';
      return { line, origin: 'edac', granularity, ...around(advance(pfnToPhys(pfn(page)), bytes(offset)), usable ? grain : PAGE) };
    },
  },
  {
    // The same errors as other drivers and tracepoints print them: what stands before the address, and who wrote it.
    sign: new RegExp(SPELLINGS.map(({ before }) => before.source).join('|')),
    read: (text, line) => {
      const spelling = SPELLINGS.find(({ before }) => before.test(text));
      const word = spelling === undefined ? undefined : (/^[\s:=]*([^\s,:)]*)/.exec(text.split(spelling.before)[1] ?? '')?.[1] ?? '');
      const number = hexOf(word);
      if (spelling === undefined || number === undefined) return wrong(line, text, 'a hexadecimal number should follow');
      const grain = bytes(BigInt(/\bgrain:(\d+)/.exec(text)?.[1] ?? 0));
      const { origin } = spelling;
      if (spelling.counts === 'pfn') return { line, origin, granularity: 'a frame', start: pfnToPhys(pfn(number)), length: PAGE };
      if (isPowerOfTwo(grain) && compare(grain, PAGE) <= 0)
        return { line, origin, granularity: `grain ${grain}`, ...around(number, grain) };
      return { line, origin, granularity: 'the page', ...around(number, PAGE) };
    },
  },
  {
    sign: /Memory failure: (?=0x|[0-9a-f]+:)/i,
    read: (text, line) => {
      const frame = hexOf(/Memory failure: ([^:\s]+):/.exec(text)?.[1]);
      if (frame === undefined) return wrong(line, text, 'a frame number such as 0x4001d: should follow "Memory failure:"');
      return { line, origin: 'memory_failure', granularity: 'a frame', start: pfnToPhys(pfn(frame)), length: PAGE };
    },
  },
  {
    sign: /Memory failure:/,
    read: (text, line) =>
      /Memory failure: \S*\d\S*:/.test(text)
        ? wrong(line, text, 'a frame number such as 0x4001d: should follow "Memory failure:"')
        : { line, kind: 'skip', text, message: 'names no frame' },
  },
];

/** Lines of hardware error reports that say nothing about the address. */
const PART_OF_REPORT = /\[Hardware Error\]|physical_address_mask:|^\s*$/;

function readLine(text: string, line: number, lines: readonly string[]): Line {
  const reader = readers.find(({ sign }) => sign.test(text));
  if (reader !== undefined) return reader.read(text, line, lines);
  return PART_OF_REPORT.test(text) ? undefined : { line, kind: 'skip', text, message: 'no address in it that failed' };
}

/** All ranges of a log, in its order. What others print about a frame that a line above named is no second failure. */
export function readLogLines(log: string): ReadLog {
  const ranges: LoggedRange[] = [];
  const problems: LineProblem[] = [];
  const lines = log.split(/\r\n?|\n/);
  lines.forEach((text, i) => {
    const found = readLine(text, i + 1, lines);
    if (found === undefined) return;
    if ('kind' in found) problems.push(found);
    else if (isCorrected(found, lines)) problems.push({ line: i + 1, kind: 'skip', text, message: 'a corrected error' });
    else if (!isEcho(found, text) || !ranges.some((range) => shareFrame(range, found))) ranges.push(found);
  });
  return { ranges, problems };
}

/** Written by somebody further down the path, or by a second decoder of the same record. */
function isEcho(range: LoggedRange, text: string): boolean {
  return range.origin === 'memory_failure' || range.origin === 'edac' || /in user-access at|Error Addr:/.test(text);
}

/** True for a record of firmware that says so before it names the address; the kernel takes no page away for it. */
function isCorrected(range: LoggedRange, lines: readonly string[]): boolean {
  if (range.origin !== 'ghes') return false;
  const severity = lines.slice(0, range.line - 1).findLast((text) => /\b(?:event severity|Error \d+, type): /.test(text));
  return severity !== undefined && /: (?:corrected|info)\b/.test(severity);
}

function shareFrame(a: LoggedRange, b: LoggedRange): boolean {
  return overlaps(framesOf(a), framesOf(b));
}
