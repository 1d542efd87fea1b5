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

  it('of a machine check may say more than a page, of which the kernel takes the frame that is stated', () => {
    expect(frames('mce: [Hardware Error]: TSC 0 ADDR 4001d000 MISC 8d')).toEqual(['mce 4001d at undefined lsb 13']);
    expect(frames('mce: [Hardware Error]: TSC 0 ADDR 4001d000 MISC 95')).toEqual(['mce 4001d at undefined lsb 21']);
  });

  it.each([
    ['[  1.1] mce: Uncorrected hardware memory error in user-access at 4001d040', 'mce 4001d'],
    ['[Hardware Error]: Error Addr: 0x000000004001d040', 'mce 4001d'],
    ['EDAC skx MC0: ADDR 0x4001d040 ', 'memory_failure 4001d'],
    ['{1}[Hardware Error]:   physical fault address: 0x000000004001d000', 'ghes 4001d'],
    [
      'kworker-1 [000] 1.2: mc_event: 1 Uncorrected error: on DIMM_A1 (mc:0 address:0x4001d040 grain:64 syndrome:0x0)',
      'memory_failure 4001d at 64 lsb 6',
    ],
    ['a-1 [0] memory_failure_event: pfn 0x4001d: recovery action for dax page: Recovered', 'memory_failure 4001d'],
    [
      '[Sat Nov 21 09:00:00 2026] Injecting memory failure for pfn 0x4001d at process virtual address 0x7f0000000000',
      'memory_failure 4001d',
    ],
    ['Nov 21 09:00:00 host kernel: Injecting memory failure at pfn 0x4001d', 'memory_failure 4001d'],
  ])('spelled %s is read', (line, step) => {
    expect(frames(line)).toEqual([step]);
    expect(frames(`${line}\r\nMemory failure: 0x4001d: recovery action for dax page: Recovered\r\n`)).toEqual([step]);
  });

  it('of one machine check that several decoders print is one failure', () => {
    const log = [
      'mce: [Hardware Error]: TSC 0 ADDR 4001d040 MISC 86',
      'EDAC skx MC0: ADDR 0x4001d040',
      '[Hardware Error]: Error Addr: 0x000000004001d040',
      'mce: Uncorrected hardware memory error in user-access at 4001d040',
      'Memory failure: 0x4001d: Sending SIGBUS to a:1 due to hardware memory corruption',
    ];
    expect(frames(log.join('\n'))).toEqual(['mce 4001d at 64 lsb 6']);
  });

  it('of a corrected error takes nothing away', () => {
    const log =
      '{2}[Hardware Error]: event severity: corrected\n{2}[Hardware Error]: physical_address: 0x4001d040\n' +
      '{3}[Hardware Error]: event severity: recoverable\n{3}[Hardware Error]: physical_address: 0x4001e040';
    expect(frames(log)).toEqual(['ghes 4001e']);
  });

  it('of firmware takes the mask from its own line', () => {
    const report = (mask: string): string =>
      `{1}[Hardware Error]: section_type: memory error\n{1}[Hardware Error]: physical_address: 0x000000004001d100\n${mask}`;
    expect(frames(report(''))).toEqual(['ghes 4001d']);
    expect(frames(report('{1}[Hardware Error]: physical_address_mask: 0xffffffffffffff00'))).toEqual(['ghes 4001d at 256 lsb 8']);
    expect(frames(report('{1}[Hardware Error]: physical_address_mask: 0xffffffffffffe000'))).toEqual(['ghes 4001d at undefined lsb 13']);
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

  it('are found between a prompt and what follows, with numbers as text', () => {
    expect(frames('# ndctl list -NM\n[{"blockdev":"pmem0","badblocks":[{"offset":"0xe8","length":"8"}]}]\n#')).toEqual([
      'memory_failure 4001d',
    ]);
  });

  it('that are no JSON are refused', () => {
    expect(frames('[{"dev":')[0]).toMatch(/^log line 1: no JSON/);
  });
});
