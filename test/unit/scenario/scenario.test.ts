// The scenario file: shape, what cannot exist, presets, and the way back to text.
import { describe, expect, test } from 'vitest';
import { findPreset, presetList } from '../../../src/core/scenario/presets/presets.ts';
import { parseScenario, readScenario, writeScenario } from '../../../src/core/scenario/read.ts';
import type { ScenarioInput } from '../../../src/core/scenario/schema.ts';

function problemsOf(input: unknown): readonly string[] {
  const read = parseScenario(input);
  return read.kind === 'ok' ? [] : read.problems.map((problem) => `${problem.path}: ${problem.message}`);
}

const minimal: ScenarioInput = {
  id: 'x',
  pmem: [{ name: 'pmem0', start: '0x40000000', size: 0x1000000 }],
  steps: [{ kind: 'inject', failures: [{ pfn: '0x40001' }] }],
};

describe('scenario', () => {
  test.each(presetList().map((preset) => preset.name))('preset %s is a valid scenario', (name) => {
    expect(problemsOf(findPreset(name))).toEqual([]);
  });

  test('numbers may be written as JSON numbers, decimal or hexadecimal text', () => {
    const read = parseScenario({
      ...minimal,
      steps: [{ kind: 'inject', failures: [{ pfn: 262145 }, { pfn: '262145' }, { pfn: '0x40001' }] }],
    });
    expect(read.kind === 'ok' && read.value.steps[0]).toMatchObject({ failures: [{ pfn: 262145n }, { pfn: 262145n }, { pfn: 262145n }] });
  });

  test('what is written reads back as the same scenario', () => {
    const read = parseScenario(findPreset('reflinked-pair'));
    if (read.kind !== 'ok') throw new Error('preset');
    const again = readScenario(writeScenario(read.value), 'scenario');
    expect(again.kind === 'ok' && again.value).toEqual(read.value);
  });

  test('a misspelt field is named, not ignored', () => {
    expect(problemsOf({ ...minimal, pmem: [{ name: 'pmem0', start: 0x40000000, size: 4096, data_offset: 0 }] })[0]).toMatch(
      /^pmem\[0\]\.data_offset: there is no field/,
    );
  });

  test('a wrong number is named with its path', () => {
    expect(problemsOf({ ...minimal, steps: [{ kind: 'inject', failures: [{ pfn: 'zero' }] }] })[0]).toMatch(
      /^steps\[0\]\.failures\[0\]\.pfn: expected a decimal or 0x/,
    );
  });

  test('text that is no JSON is told with its line', () => {
    const read = readScenario('{\n "id": 1,\n oops }', 'scenario');
    expect(read.kind === 'invalid' && read.problems[0]?.message).toMatch(/^(line 3: )?no JSON/);
  });

  test('an observation given as a scenario says which flag is meant', () => {
    expect(problemsOf({ topology: {} })[0]).toContain('--observation');
  });

  test('overlapping devices are refused', () => {
    const pmem = [...minimal.pmem, { name: 'pmem1', start: '0x40800000', size: 0x1000000 }];
    expect(problemsOf({ ...minimal, pmem })).toEqual(['pmem[1].start: pmem1 overlaps pmem[0] (pmem0)']);
  });

  test('an extent outside the filesystem is refused', () => {
    const filesystems = [
      {
        mountpoint: '/mnt',
        device: 'pmem0',
        type: 'ext4',
        files: [{ path: '/mnt/f', ino: 12, size: 4096, extents: [{ logical: 0, physical: 0x1000000, length: 4096 }] }],
      },
    ];
    expect(problemsOf({ ...minimal, filesystems })[0]).toMatch(
      /^filesystems\[0\]\.files\[0\]\.extents\[0\]\.physical: extent ends at byte 16781312/,
    );
  });

  test('a mapping past the end of its file is refused', () => {
    const filesystems = [{ mountpoint: '/mnt', device: 'pmem0', type: 'ext4', files: [{ path: '/mnt/f', ino: 12, size: 4096 }] }];
    const processes = [{ label: 'A', maps: [{ name: 'm0', path: '/mnt/f', start: '0x7f0000000000', length: 8192 }] }];
    expect(problemsOf({ ...minimal, filesystems, processes })[0]).toMatch(
      /^processes\[0\]\.maps\[0\]\.length: the mapping ends at byte 8192/,
    );
  });

  test('a step of a process that does not exist is refused', () => {
    expect(problemsOf({ ...minimal, steps: [{ kind: 'inject', by: 'Z', failures: [{ pfn: 0x40001 }] }] })).toEqual([
      'steps[0].by: there is no process Z',
    ]);
  });

  test('a dm table with a gap is refused', () => {
    const mapped = [{ name: 'lin0', disk: 'dm-0', targets: [{ start: 8, length: 8, type: 'linear', of: 'pmem0' }] }];
    expect(problemsOf({ ...minimal, mapped })[0]).toMatch(/^mapped\[0\]\.targets\[0\]\.start: the table has a gap/);
  });
});
