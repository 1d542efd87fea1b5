// Which size of entry a fault of a DAX file makes: a huge one needs address, file offset and block on 2 MiB, inside the mapping.
import { expect, test } from 'vitest';
import { bytes, pages, userAddr } from '../../../src/base/units.ts';
import { naturalShift } from '../../../src/core/kernel/world/faults.ts';
import type { VmaState } from '../../../src/core/kernel/world/types.ts';
import { findPreset } from '../../../src/core/scenario/presets/presets.ts';
import { parseScenario } from '../../../src/core/scenario/read.ts';
import type { FileExtent, Scenario } from '../../../src/core/scenario/schema.ts';

const MIB = 1n << 20n;

/** The preset's file with one extent of 4 MiB at a byte of the device. */
function withExtent(physical: bigint, more: readonly FileExtent[] = []): Scenario {
  const read = parseScenario(findPreset('single-owner'));
  if (read.kind !== 'ok') throw new Error('the preset is not valid');
  const [file] = read.value.filesystems[0]?.files ?? [];
  if (file === undefined) throw new Error('the preset has no file');
  file.extents = [extent(0n, physical, more.length === 0 ? 4n * MIB : MIB), ...more];
  return read.value;
}

function extent(logical: bigint, physical: bigint, length: bigint): FileExtent {
  return {
    logical: bytes(logical),
    physical: bytes(physical),
    length: bytes(length),
    shared: false,
    unwritten: false,
    copied: false,
  };
}

function mapping(scenario: Scenario, start: bigint, length: bigint, offset = 0n): VmaState {
  const [map] = scenario.processes[0]?.maps ?? [];
  const path = scenario.filesystems[0]?.files[0]?.path ?? '';
  if (map === undefined) throw new Error('the preset maps nothing');
  return { name: 'm', path, start: userAddr(start), length: bytes(length), offset: bytes(offset), vma: 0n, scenario: map };
}

const ALIGNED = 0x7f0000000000n;
const shiftAt = (scenario: Scenario, map: VmaState, page = 0n): number => naturalShift(scenario, map, pages(page));

test('everything on 2 MiB makes a huge entry', () => {
  const scenario = withExtent(8n * MIB);
  expect(shiftAt(scenario, mapping(scenario, ALIGNED, 4n * MIB), 700n)).toBe(21);
});

test('a block, an address or a file offset beside 2 MiB makes a small one', () => {
  const scenario = withExtent(8n * MIB);
  const beside = withExtent(8n * MIB + 4096n);
  expect(shiftAt(beside, mapping(beside, ALIGNED, 4n * MIB))).toBe(12);
  expect(shiftAt(scenario, mapping(scenario, ALIGNED + 4096n, 4n * MIB))).toBe(12);
  expect(shiftAt(scenario, mapping(scenario, ALIGNED, 2n * MIB, 4096n))).toBe(12);
});

test('an entry that would reach over either end of the mapping is small', () => {
  const scenario = withExtent(8n * MIB);
  expect(shiftAt(scenario, mapping(scenario, ALIGNED, 3n * MIB), 512n)).toBe(12);
  expect(shiftAt(scenario, mapping(scenario, ALIGNED + MIB, 2n * MIB, MIB))).toBe(12);
});

test('blocks that do not follow each other make a small one', () => {
  const scenario = withExtent(8n * MIB, [extent(MIB, 16n * MIB, 3n * MIB)]);
  expect(shiftAt(scenario, mapping(scenario, ALIGNED, 4n * MIB))).toBe(12);
});

test('a hole makes a small one', () => {
  const scenario = withExtent(8n * MIB);
  expect(shiftAt(scenario, mapping(scenario, ALIGNED, 8n * MIB), 1024n)).toBe(12);
});
