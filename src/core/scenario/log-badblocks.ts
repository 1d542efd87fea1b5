// Reads badblocks of namespaces: ndctl's JSON (`ndctl list --media-errors`) and sysfs listings, both in 512-byte sectors.

import { z } from 'zod';
import { add, sectors, sectorsToBytes } from '../../base/units.ts';
import { physicalAt } from './devices.ts';
import type { LineProblem, LoggedRange, ReadLog } from './log-lines.ts';
import type { PmemDevice, Scenario } from './schema.ts';

/** ndctl prints numbers; scripts around it print them as text. */
const count = z
  .union([z.number().int().nonnegative(), z.string().regex(/^(?:0x[0-9a-fA-F]{1,15}|\d{1,18})$/)])
  .transform((value) => BigInt(value));
const badblockSchema = z.looseObject({ offset: count, length: count.refine((length) => length > 0n) });
const deviceSchema = z.looseObject({
  dev: z.string().optional(),
  blockdev: z.string().optional(),
  chardev: z.string().optional(),
  badblocks: z.array(badblockSchema).optional(),
});

const JSON_START = /^\s*(\[\s*[{\]]|\{\s*["}])/m;

/** True for text that is meant to be JSON; `{1}[Hardware Error]` is not. */
export function isBadblocksJson(text: string): boolean {
  return JSON_START.test(text);
}

/** Badblocks of `ndctl list -NM` as ranges; offsets count from the first byte of the namespace's data. */
export function readBadblocksJson(text: string, scenario: Scenario): ReadLog {
  let value: unknown;
  try {
    // A prompt or a warning may stand around what ndctl printed.
    const from = text.search(JSON_START);
    value = JSON.parse(text.slice(from, Math.max(text.lastIndexOf(']'), text.lastIndexOf('}')) + 1));
  } catch (error) {
    return refused(1, text, `no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const devices = devicesIn(value);
  if (devices.length === 0)
    return refused(1, text, 'no entry has badblocks with offset and length (ndctl list --namespaces --media-errors)');
  const ranges: LoggedRange[] = [];
  const problems: LineProblem[] = [];
  for (const { dev, blockdev, chardev, badblocks } of devices) {
    const names = [blockdev, chardev, dev].filter((name) => name !== undefined);
    for (const { offset, length } of badblocks ?? []) {
      const line = lineOf(text, offset);
      const device = deviceNamed(scenario, names);
      if (typeof device === 'string') problems.push({ line, kind: 'wrong', text: names.join(', '), message: device });
      else ranges.push(rangeOf(device, line, offset, length));
    }
  }
  return { ranges, problems };
}

type Device = z.output<typeof deviceSchema>;

/** Entries with badblocks anywhere in ndctl's nested output. */
function devicesIn(value: unknown): readonly Device[] {
  if (Array.isArray(value)) return value.flatMap(devicesIn);
  if (typeof value !== 'object' || value === null) return [];
  const parsed = deviceSchema.safeParse(value);
  const own = parsed.success && parsed.data.badblocks !== undefined ? [parsed.data] : [];
  return [
    ...own,
    ...Object.entries(value)
      .filter(([key]) => key !== 'badblocks')
      .flatMap(([, inner]) => devicesIn(inner)),
  ];
}

/** Line of a JSON text that states an offset; 1 when it cannot be found. */
function lineOf(text: string, offset: bigint): number {
  const at = text.search(new RegExp(`"offset"\\s*:\\s*"?(?:${offset}|0x0*${offset.toString(16)})\\b`, 'i'));
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}

/** `72 8`, with or without the device's name or sysfs path before it, as /sys/block/DEVICE/badblocks lists them. */
const LISTED =
  /^\s*(?:(?<path>[^\s:]*[A-Za-z][^\s:]*)\s*:\s*|(?<name>(?:pmem|dax|namespace)[\w.]*)\s+)?(?<offset>\d+)\s+(?<length>\d+)\s*$/;

/** A line of a badblocks listing; undefined when it is none. */
export function readBadblocksLine(text: string, line: number, scenario: Scenario): LoggedRange | LineProblem | undefined {
  const groups = LISTED.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { path, name, offset = '', length = '' } = groups;
  const named =
    name ??
    path
      ?.split('/')
      .filter((part) => part !== '' && part !== 'badblocks')
      .at(-1);
  const device = deviceNamed(scenario, named === undefined ? [] : [named]);
  if (typeof device === 'string') return { line, kind: 'wrong', text, message: device };
  if (BigInt(length) === 0n) return { line, kind: 'wrong', text, message: 'a bad range has at least one sector' };
  return rangeOf(device, line, BigInt(offset), BigInt(length));
}

/** The namespace that one of the names means; a scenario with one namespace needs none of them. */
function deviceNamed(scenario: Scenario, names: readonly string[]): PmemDevice | string {
  const found = scenario.pmem.find((device) => names.includes(device.name));
  if (found !== undefined) return found;
  const known = scenario.pmem.map((device) => device.name).join(', ');
  const specific = names.filter((name) => !/^(namespace|region|bus)/.test(name));
  if (specific.length > 0) return `the scenario has no device ${specific.join(' or ')}; it has ${known}`;
  if (names.some((name) => name.startsWith('region'))) return `${names.join(', ')} is a region: badblocks of a namespace are needed`;
  const [only, second] = scenario.pmem;
  if (only === undefined || second !== undefined) return `which device is meant? The scenario has ${known}`;
  return only;
}

function rangeOf(device: PmemDevice, line: number, offset: bigint, length: bigint): LoggedRange {
  return {
    line,
    origin: 'badblocks',
    start: physicalAt(device, add(device.dataOffset, sectorsToBytes(sectors(offset)))),
    length: sectorsToBytes(sectors(length)),
    granularity: `sectors ${offset}..${offset + length - 1n} of ${device.name}`,
  };
}

function refused(line: number, text: string, message: string): ReadLog {
  return { ranges: [], problems: [{ line, kind: 'wrong', text: text.slice(0, 80), message }] };
}
