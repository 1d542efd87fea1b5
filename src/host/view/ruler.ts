// Reads one injection as a ruler: the same storage in page frames, device bytes, sectors, blocks, file pages, addresses.
import { signalCodeName } from '../../base/kernel-numbers.ts';
import { unitWord, type UnitName } from '../../base/unit-name.ts';
import {
  bytes as inBytes,
  bytesToPages,
  bytesToSectors,
  pageBytes,
  pageOfByte,
  pfn,
  pfnToPhys,
  sectors,
  sectorsToBytes,
  subtract,
} from '../../base/units.ts';
import type { CallEvent, InjectionResult, SignalEvent } from '../../core/trace/result.ts';
import type { Ruler, RulerTrack } from '../../protocol/trace-view.ts';
import { formatSize, hex, parseValue } from './format.ts';

/** Bytes of a page of the simulated machine. */
const page: bigint = pageBytes();
/** Sectors of a page. */
const pageSectors: bigint = bytesToSectors(pageBytes());
/** Pages of a range that means all there is; a number, because it crosses to the webview. */
const endless = Number.MAX_SAFE_INTEGER;
/** A huge page; failures larger than that are whole devices. */
const largestChecked = 512;

interface Found {
  readonly call: CallEvent;
  readonly from: bigint;
  readonly length: bigint | undefined;
}

/** Units of structure members that arrive through pointers, by name (xfs_rmap_irec, failure_info). */
const memberUnits: Readonly<Record<string, UnitName>> = {
  rm_startblock: 'fsblocks',
  rm_blockcount: 'fsblocks',
  rm_offset: 'fsblocks',
  startblock: 'fsblocks',
  blockcount: 'fsblocks',
};

/** Value of an argument or of a member read through one; members by their last name. */
function valueOf(call: CallEvent, ...names: readonly string[]): bigint | undefined {
  for (const table of [call.args, call.reads ?? {}]) {
    for (const [key, text] of Object.entries(table)) {
      if (names.includes(key) || names.includes(key.split(/[.>]/).at(-1) ?? key)) return parseValue(text);
    }
  }
  return undefined;
}

/** First argument that carries `unit`; `length` of the same call is the next one that carries `lengthUnit`. */
function find(call: CallEvent, unit: string, lengthUnit: string): Found | undefined {
  let from: bigint | undefined;
  let length: bigint | undefined;
  for (const [name, text] of Object.entries(call.args)) {
    const word = unitWord(call.units[name]);
    const value = parseValue(text);
    if (value === undefined) continue;
    if (from === undefined && word === unit && !/^(len|size|count|nr_pages|bblen)/.test(name)) from = value;
    else if (length === undefined && word === lengthUnit) length = value;
  }
  return from === undefined ? undefined : { call, from, length };
}

/** `U64_MAX` bytes, or a key that goes to the last block there can be. */
function isEverything({ from, length }: Found): boolean {
  if (length === undefined) return false;
  return length > 1n << 62n || (from + length >= 1n << 32n && length >= (1n << 32n) - 1n);
}

function track(found: Found, title: string, unit: string, perPage: bigint, step: string | undefined): RulerTrack {
  const { call, from, length } = found;
  const count = length ?? 1n;
  const everything = isEverything(found);
  const bytes = (count * page) / perPage;
  const show = unit === 'bytes' || unit === 'pfn' || unit === 'address' ? hex : (n: bigint): string => n.toString();
  return {
    title,
    unit,
    from: show(from),
    ...(everything ? { to: 'end' } : count > 1n ? { to: show(from + count - 1n) } : {}),
    length: everything
      ? 'everything'
      : unit === 'bytes'
        ? formatSize(bytes)
        : `${count} ${unit === 'sectors' ? 'sectors' : unit === 'fs blocks' ? (count === 1n ? 'block' : 'blocks') : count === 1n ? 'page' : 'pages'}`,
    pages: everything ? endless : Number(bytes) / Number(page),
    perPage: Number(perPage),
    source: call.function,
    at: { path: call.file, line: call.line },
    ...(step === undefined ? {} : { step }),
  };
}

/** Marks a track whose extent is not that of the track before: the usual sign of an end that is off by one. */
function compare(next: RulerTrack, previous: RulerTrack | undefined): RulerTrack {
  if (previous === undefined || next.pages === previous.pages) return next;
  // Larger ranges are cut at allocation groups and ends of devices as a matter of course.
  if (previous.pages > largestChecked || next.pages === endless) return next;
  const clipped = next.pages < previous.pages ? 'shorter' : 'longer';
  return { ...next, mismatch: `${clipped} than ${previous.length ?? 'the range'} above` };
}

function delta(value: bigint): string {
  return value === 0n ? '' : value > 0n ? ` - ${hex(value)}` : ` + ${hex(-value)}`;
}

/** Bytes of a file are no bytes of the device. */
const isAboutFile = (call: CallEvent): boolean => ['mapping', 'vma', 'inode'].some((name) => name in call.args);

function deviceTracks(calls: readonly CallEvent[]): RulerTrack[] {
  const tracks: RulerTrack[] = [];
  let frame: Found | undefined;
  let bytes: Found | undefined;
  for (const call of calls) {
    const found = frame === undefined && bytes === undefined ? find(call, 'pfn', 'pages') : undefined;
    // A pointer to a frame number has the same name.
    if (found !== undefined && found.from < 1n << 40n) {
      frame = { ...found, length: found.length ?? 1n };
      tracks.push(track(frame, 'page frame', 'pfn', 1n, undefined));
    }
    const at = isAboutFile(call) ? undefined : find(call, 'bytes', 'bytes');
    if (at?.length !== undefined && (bytes === undefined || bytes.from !== at.from || bytes.length !== at.length)) {
      const title = bytes === undefined ? 'device' : 'volume';
      tracks.push(compare(track(at, title, 'bytes', page, stepToBytes(at, bytes, frame)), tracks.at(-1)));
      bytes = at;
    }
    const sector = find(call, 'sectors', 'sectors');
    if (sector?.length !== undefined && bytes !== undefined) {
      const apart = sectorsToBytes(subtract(bytesToSectors(inBytes(bytes.from)), sectors(sector.from)));
      const step = apart === 0n ? 'offset >> SECTOR_SHIFT' : `(offset${delta(apart)}) >> SECTOR_SHIFT`;
      tracks.push(compare(track(sector, 'sectors', 'sectors', pageSectors, step), tracks.at(-1)));
      break;
    }
  }
  return tracks;
}

/** Physical address of a frame, from which the steps to a device's bytes take away. */
const firstByte = (frame: bigint): bigint => pfnToPhys(pfn(frame));

function stepToBytes(at: Found, before: Found | undefined, frame: Found | undefined): string | undefined {
  if (before !== undefined) return `offset${delta(before.from - at.from)}`;
  return frame === undefined ? undefined : `PFN_PHYS(pfn)${delta(firstByte(frame.from) - at.from)}`;
}

/** What the reverse map was asked: the low and high key of the query. */
function queryTrack(calls: readonly CallEvent[], previous: RulerTrack | undefined, blocks: bigint): RulerTrack | undefined {
  for (const call of calls) {
    const low = valueOf(call, 'low_startblock') ?? readOf(call, /low\w*\W+rm_startblock$/);
    const high = valueOf(call, 'high_startblock') ?? readOf(call, /high\w*\W+rm_startblock$/);
    if (low === undefined || high === undefined) continue;
    const ag = agBefore(calls, call);
    const length = high - low + 1n;
    const made = track(
      { call, from: low, length },
      ag === undefined ? 'block in AG' : `block in AG ${ag}`,
      'fs blocks',
      blocks,
      'XFS_DADDR_TO_FSB, XFS_FSB_TO_AGBNO',
    );
    return compare(made, previous);
  }
  return undefined;
}

function readOf(call: CallEvent, name: RegExp): bigint | undefined {
  for (const table of [call.reads ?? {}, call.args]) {
    for (const [key, text] of Object.entries(table)) if (name.test(key)) return parseValue(text);
  }
  return undefined;
}

function agBefore(calls: readonly CallEvent[], call: CallEvent): bigint | undefined {
  let agno: bigint | undefined;
  for (const earlier of calls) {
    if (earlier === call) break;
    agno = valueOf(earlier, 'agno', 'pag_agno') ?? agno;
  }
  return agno;
}

type Owner = Ruler['owners'][number];

/** Signals sent below a call, as addresses. */
function addressesBelow(calls: readonly CallEvent[], index: number, unsent: SignalEvent[]): readonly RulerTrack[] {
  const tracks: RulerTrack[] = [];
  const depth = calls[index]?.depth ?? 0;
  for (const below of calls.slice(index + 1)) {
    if (below.depth <= depth) break;
    const signal = /^(force|send)_sig_mceerr$/.test(below.function) ? takeSignal(unsent, below) : undefined;
    if (signal !== undefined) tracks.push(addressTrack(signal, below));
  }
  return tracks;
}

/** One branch per call that names pages of a file; the signals are those sent below it. */
function ownerBranches(injection: InjectionResult, query: RulerTrack | undefined, blocks: bigint): readonly Owner[] {
  const { calls } = injection;
  const owners: Owner[] = [];
  let record: CallEvent | undefined;
  const unsent = [...injection.signals];
  calls.forEach((call, index) => {
    if (valueOf(call, 'rm_owner') !== undefined && valueOf(call, 'rm_blockcount') !== undefined) record = call;
    const pages = find(call, 'page index', 'pages');
    if (pages?.length === undefined || !/kill_procs/.test(call.function)) return;
    const inode = record === undefined ? valueOf(call, 'ino', 'i_ino') : valueOf(record, 'rm_owner');
    const title = inode === undefined ? 'file' : `inode ${inode}`;
    const step = record === undefined ? undefined : 'rm_offset + (block - rm_startblock)';
    const made = track(pages, title, 'page index', 1n, step);
    const known = record === undefined ? made : checkIndex(made, record, query, blocks);
    owners.push({ title, tracks: [known, ...addressesBelow(calls, index, unsent)] });
  });
  const generic = genericBranch(calls, unsent);
  return generic === undefined ? owners : [...owners, generic];
}

/** The path without a holder: the page itself names the one file, and its processes are signalled. */
function genericBranch(calls: readonly CallEvent[], unsent: SignalEvent[]): Owner | undefined {
  const index = calls.findIndex((call) => call.function === 'mf_generic_kill_procs');
  if (index < 0) return undefined;
  const addresses = addressesBelow(calls, index, unsent);
  const hole = calls.slice(index).find((call) => call.function === 'unmap_mapping_range');
  const begin = hole === undefined ? undefined : valueOf(hole, 'holebegin');
  const length = hole === undefined ? undefined : valueOf(hole, 'holelen');
  if (hole === undefined || begin === undefined || length === undefined) {
    return addresses.length === 0 ? undefined : { title: 'mapping', tracks: addresses };
  }
  const found: Found = { call: hole, from: pageOfByte(inBytes(begin)), length: bytesToPages(inBytes(length)) };
  const pages = track(found, 'file', 'page index', 1n, 'page->mapping, page->index');
  return { title: 'file', tracks: [pages, ...addresses] };
}

/** Adds the record around the pages, and checks the index of the first one. */
function checkIndex(made: RulerTrack, record: CallEvent, query: RulerTrack | undefined, blocks: bigint): RulerTrack {
  const within = recordInterval(record, blocks);
  const shown = within === undefined ? made : { ...made, within };
  const offset = valueOf(record, 'rm_offset');
  const start = valueOf(record, 'rm_startblock');
  const asked = parseValue(query?.from);
  if (offset === undefined || start === undefined || asked === undefined) return shown;
  const expected = (offset + (asked > start ? asked - start : 0n)) / blocks;
  return made.from === expected.toString() ? shown : { ...shown, mismatch: `the record says page ${expected}` };
}

/** The file pages that the record covers. */
function recordInterval(record: CallEvent, blocks: bigint): RulerTrack['within'] {
  const offset = valueOf(record, 'rm_offset');
  const count = valueOf(record, 'rm_blockcount');
  if (offset === undefined || count === undefined) return undefined;
  const [from, to] = [offset / blocks, (offset + count - 1n) / blocks];
  return { from: from.toString(), to: to.toString(), label: `record ${from}-${to}` };
}

function takeSignal(unsent: SignalEvent[], call: CallEvent): SignalEvent | undefined {
  const address = valueOf(call, 'addr');
  const at = unsent.findIndex((signal) => address === undefined || parseValue(signal.addr) === address);
  return at < 0 ? undefined : unsent.splice(at, 1)[0];
}

function addressTrack(signal: SignalEvent, call: CallEvent): RulerTrack {
  const size = 1n << BigInt(Math.max(0, Math.min(signal.lsb, 40)));
  const map = signal.offset === undefined ? 'outside every mapping' : `${signal.map ?? 'mapping'} + ${hex(BigInt(signal.offset))}`;
  return {
    title: `process ${signal.process}`,
    unit: 'address',
    from: signal.addr,
    length: formatSize(size),
    pages: Number(size) / Number(page),
    perPage: Number(page),
    step: map,
    source: call.function,
    at: { path: call.file, line: call.line },
    owner: signalCodeName(signal.signo, signal.code),
    ...(signal.offset === undefined ? { mismatch: 'the address lies in no mapping of this process' } : {}),
  };
}

/** The ruler of one injection; tracks that the trace does not contain are left out. `blockSize` is that of the filesystem, in bytes. */
export function rulerOf(injection: InjectionResult, blockSize = Number(page)): Ruler {
  const blocks = page / BigInt(Math.min(blockSize, Number(page)));
  const shared = deviceTracks(injection.calls);
  const query = queryTrack(injection.calls, shared.at(-1), blocks);
  if (query !== undefined) shared.push(query);
  return { shared, owners: ownerBranches(injection, query, blocks) };
}

/** Unit of a member that was read through a pointer. */
export function memberUnit(name: string): UnitName | undefined {
  return memberUnits[name.split(/[.>]/).at(-1) ?? name];
}
