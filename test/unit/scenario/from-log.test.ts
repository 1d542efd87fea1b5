// Log lines become injections: address, granularity, frames, and messages for lines that cannot be used.

import { describe, expect, it } from 'vitest';
import { scenarioFromLog } from '../../../src/core/scenario/from-log.ts';
import { findPreset } from '../../../src/core/scenario/presets/presets.ts';
import { parseScenario } from '../../../src/core/scenario/read.ts';
import type { Scenario } from '../../../src/core/scenario/schema.ts';

function preset(name: string): Scenario {
  const checked = parseScenario(findPreset(name));
  if (checked.kind !== 'ok') throw new Error(JSON.stringify(checked.problems));
  return checked.value;
}

const base = preset('reflinked-pair');

function frames(log: string, scenario = base): readonly string[] {
  const filled = scenarioFromLog(scenario, log);
  if (filled.kind !== 'ok') return filled.problems.map(({ path, message }) => `${path}: ${message}`);
  return filled.value.steps.flatMap((step) =>
    step.kind === 'inject'
      ? step.failures.map((f) => `${step.via} ${f.pfn.toString(16)}${f.lsb === undefined ? '' : ` at ${f.at} lsb ${f.lsb}`}`)
      : [step.kind],
  );
}

describe('a kernel log', () => {
  it('of a machine check gives the frame, and the granularity of MISC', () => {
    expect(frames('[   12.3] mce: [Hardware Error]: TSC 0 ADDR 4001d040 MISC 86 ')).toEqual(['mce 4001d at 64 lsb 6']);
    expect(frames('mce: [Hardware Error]: TSC 0 ADDR 4001d000 MISC 8c')).toEqual(['mce 4001d']);
    expect(frames('mce: [Hardware Error]: TSC 0 ADDR 4001d040')).toEqual(['mce 4001d']);
  });

  it('of a machine check may be larger than a page', () => {
    expect(frames('mce: [Hardware Error]: TSC 0 ADDR 4001d000 MISC 8d')).toEqual(['mce 4001c', 'mce 4001d']);
  });

  it('of firmware takes the mask from its own line', () => {
    const report = (mask: string): string =>
      `{1}[Hardware Error]: section_type: memory error\n{1}[Hardware Error]: physical_address: 0x000000004001d100\n${mask}`;
    expect(frames(report(''))).toEqual(['memory_failure 4001d']);
    expect(frames(report('{1}[Hardware Error]: physical_address_mask: 0xffffffffffffff00'))).toEqual(['memory_failure 4001d at 256 lsb 8']);
    expect(frames(report('{1}[Hardware Error]: physical_address_mask: 0xffffffffffffe000'))).toEqual([
      'memory_failure 4001c',
      'memory_failure 4001d',
    ]);
    expect(frames(report('{1}[Hardware Error]: physical_address_mask: 0xf0f0'))[0]).toMatch(/0xf0f0 is no mask/);
  });

  it('of memory_failure() names frames, once each', () => {
    const log =
      'Memory failure: 0x4001d: Sending SIGBUS to a:1 due to hardware memory corruption\nMemory failure: 0x4001d: recovery action for dax page: Recovered';
    expect(frames(log)).toEqual(['memory_failure 4001d']);
    expect(frames(`mce: [Hardware Error]: TSC 0 ADDR 4001d000\n${log}`)).toEqual(['mce 4001d']);
  });

  it('of EDAC states page, offset and grain', () => {
    expect(frames('EDAC MC0: 1 UE memory read error on DIMM0 (page:0x4001d offset:0x40 grain:64)')).toEqual([
      'memory_failure 4001d at 64 lsb 6',
    ]);
  });

  it('says what became of each line', () => {
    const filled = scenarioFromLog(base, 'usb 1-1: new device\nmce: [Hardware Error]: TSC 0 ADDR 4001d040 MISC 86');
    expect(filled).toMatchObject({
      kind: 'ok',
      notes: [
        'log line 2: 64 bytes at 0x4001d040 = pmem0 + 0x1d040 (MISC 86: lsb 6) -> frame 0x4001d',
        'log line 1 is not about a failure and was left out: "usb 1-1: new device"',
      ],
    });
  });

  it('with a broken address is refused with its line', () => {
    expect(frames('\nmce: [Hardware Error]: TSC 0 ADDR 40zz')).toEqual([
      'log line 2: ADDR is not followed by a hexadecimal address: "mce: [Hardware Error]: TSC 0 ADDR 40zz"',
    ]);
    expect(frames('Memory failure: 0xq1: x')[0]).toMatch(/^log line 1: a frame number/);
  });

  it('about memory that no device owns is refused with the address and the devices', () => {
    expect(frames('Memory failure: 0x1: recovery action')).toEqual([
      'log line 1: physical address 0x1000 (frame 0x1) lies on no device of the scenario; it has pmem0 0x40000000..0x5fffffff',
    ]);
  });

  it('without any address is refused with the line that was not understood', () => {
    expect(frames('hello')[0]).toMatch(/^log line 1: was not understood: "hello"; expected "mce:/);
    expect(frames('')[0]).toMatch(/^log: it names no address/);
  });
});

describe('badblocks', () => {
  const listed = (offset: number, length: number, more: object = { blockdev: 'pmem0' }): string =>
    JSON.stringify([
      { dev: 'namespace0.0', mode: 'fsdax', ...more, badblock_count: length, badblocks: [{ offset, length, dimms: ['nmem0'] }] },
    ]);

  it('of ndctl count sectors from the first byte of the data', () => {
    expect(frames(listed(232, 1))).toEqual(['memory_failure 4001d at 0 lsb 9']);
    expect(frames(listed(232, 9))).toEqual(['memory_failure 4001d', 'memory_failure 4001e']);
    expect(frames(listed(0, 8), preset('data-offset'))).toEqual(['memory_failure 40a00']);
  });

  it('of ndctl may lie in nested output', () => {
    expect(frames(JSON.stringify({ regions: [{ dev: 'region0', namespaces: JSON.parse(listed(232, 8)) as unknown }] }))).toEqual([
      'memory_failure 4001d',
    ]);
  });

  it('of a device that the scenario does not have are refused', () => {
    expect(frames(listed(0, 1, { blockdev: 'pmem7' }))).toEqual([
      'log line 1: the scenario has no device pmem7; it has pmem0: "pmem7, namespace0.0"',
    ]);
    expect(frames('[{"dev": "region0", "badblocks": [{"offset": 1, "length": 1}]}]')[0]).toMatch(/region0 is a region/);
  });

  it('of sysfs are lines of offset and length', () => {
    expect(frames('232 8')).toEqual(['memory_failure 4001d']);
    expect(frames('/sys/block/pmem0/badblocks:232 8')).toEqual(['memory_failure 4001d']);
    expect(frames('pmem3: 232 8')[0]).toMatch(/no device pmem3/);
  });

  it('that are no JSON are refused', () => {
    expect(frames('[{"dev":')[0]).toMatch(/^log line 1: no JSON/);
  });
});
