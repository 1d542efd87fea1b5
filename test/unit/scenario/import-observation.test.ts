// What a ground-truth observation becomes: page tables, cached entries, copies on write, steps.
import { describe, expect, test } from 'vitest';
import { importObservation } from '../../../src/core/scenario/import-observation.ts';
import type { Scenario } from '../../../src/core/scenario/schema.ts';

interface Options {
  readonly plan: readonly string[];
  readonly pages?: readonly { readonly page: number; readonly present: number; readonly pfn?: string }[];
  readonly inject?: readonly unknown[];
  readonly mounts?: number;
  readonly faults?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** An observation with one XFS file of sixteen pages at block 24, mapped by A at 0x7f0000000000. */
function observation(options: Options): unknown {
  return {
    id: 't',
    topology: {
      pmem: [
        {
          index: 0,
          requested_mode: 'raw',
          namespace_resource: '0x40000000',
          data_resource: '0x40000000',
          data_offset: 0,
          namespace_size: '536870912',
          pfn_device: '',
          pfn_align: '',
          pfn_mode: '',
        },
      ],
      blockdevs: ['pmem0 size512=1048576 dev=259:0 dax=1'],
      mount_cmd: Array.from({ length: options.mounts ?? 1 }, () => 'mount -t xfs -o dax=always /dev/pmem0 /mnt rc=0'),
      filesystems: [
        {
          mountpoint: '/mnt',
          device: '/dev/pmem0',
          type: 'xfs',
          geometry: {
            isize: 512,
            agcount: 4,
            agsize: 32768,
            sectsz: 4096,
            rmapbt: 1,
            reflink: 1,
            blocksize: 4096,
            dblocks: 131072,
            log: { kind: 'internal log', blocks: 16384 },
            realtime: { dev: 'none', extsz: 4096, blocks: 0 },
          },
          files: [
            { path: '/mnt', ino: 128, size: 16, mode: '040755', xflags: '0x0' },
            {
              path: '/mnt/f1',
              ino: 131,
              size: 65536,
              mode: '0100600',
              xflags: '0x0',
              extents: [{ logical: 0, physical: 98304, length: 65536, shared: false }],
            },
            { path: '/mnt/f2', ino: 132, size: 4096, mode: '0100600', xflags: '0x0', extents: [] },
          ],
          fsmap: { records: [{ dev: '259:0', physical: 98304, length: 65536, owner: 131, offset: 0 }] },
        },
      ],
      processes: [
        {
          label: 'A',
          pid: 405,
          comm: 'mfA',
          sigbus_disposition: 'handler that records siginfo',
          mce_kill_policy: 'early',
          maps: [
            {
              map: 'm0',
              path: '/mnt/f1',
              vm_start: '0x7f0000000000',
              length: 65536,
              file_offset: 0,
              prot: 'rw',
              flags: 'MAP_SHARED',
              errno: 0,
              pages_before_first_inject: options.pages ?? [],
            },
          ],
        },
      ],
      plan: options.plan,
      touch_faults: options.faults ?? {},
      'vm.memory_failure_early_kill': '0',
    },
    inject: options.inject ?? [],
  };
}

function imported(options: Options): Scenario {
  const read = importObservation(observation(options));
  if (read.kind !== 'ok') throw new Error(JSON.stringify(read.problems));
  return read.value;
}

const begin = ['proc A', 'policy A early', 'map A m0 /mnt/f1 off=0 len=65536'];

describe('import of an observation', () => {
  test('pages that were touched are present although nobody looked at the page table', () => {
    const scenario = imported({ plan: [...begin, 'touch A m0 page=2 count=2 how=w', 'inject debugfs dev=pmem0 off=110592'] });
    expect(scenario.processes[0]?.maps[0]?.pages).toMatchObject([
      { page: 2n, pfn: 0x4001an, shift: 12, write: true },
      { page: 3n, pfn: 0x4001bn, shift: 12, write: true },
    ]);
    expect(scenario.filesystems[0]?.files[1]?.cached.map((entry) => entry.index)).toEqual([2n, 3n]);
  });

  test('a page that the page table shows as absent stays absent, but its entry remains cached', () => {
    const scenario = imported({
      plan: [...begin, 'touch A m0 page=0 count=1 how=r', 'inject debugfs dev=pmem0 off=98304'],
      pages: [{ page: 0, present: 0 }],
    });
    expect(scenario.processes[0]?.maps[0]?.pages).toEqual([]);
    expect(scenario.filesystems[0]?.files[1]?.cached).toMatchObject([{ index: 0n, pfn: 0x40018n }]);
  });

  test('a page table that shows another block is a copy on write: extents and reverse map follow', () => {
    const scenario = imported({
      plan: [...begin, 'touch A m0 page=5 count=1 how=w', 'inject debugfs of=A:m0:5'],
      pages: [{ page: 5, present: 1, pfn: '0x4002d' }],
    });
    const [fs] = scenario.filesystems;
    expect(fs?.files[1]?.extents.map((e) => [e.logical / 4096n, e.physical / 4096n, e.length / 4096n])).toEqual([
      [0n, 24n, 5n],
      [5n, 45n, 1n],
      [6n, 30n, 10n],
    ]);
    expect(fs?.records.map((r) => [r.start / 4096n, r.length / 4096n, r.offset / 4096n])).toEqual([
      [24n, 5n, 0n],
      [30n, 10n, 6n],
      [45n, 1n, 5n],
    ]);
    expect(scenario.steps).toEqual([{ kind: 'inject', via: 'hwpoison-inject', failures: [{ pfn: 0x4002dn, flags: 0x20n }] }]);
  });

  test('RAM frames in a shared mapping mean that the file is not DAX', () => {
    const scenario = imported({
      plan: [...begin, 'touch A m0 page=0 count=1 how=r', 'inject debugfs dev=pmem0 off=98304'],
      pages: [{ page: 0, present: 1, pfn: '0x7700' }],
    });
    expect(scenario.filesystems[0]?.files[1]).toMatchObject({ dax: false, cached: [{ index: 0n, pfn: 0x7700n }] });
  });

  test('after a second mount only what was opened again is in core', () => {
    const scenario = imported({ plan: [...begin, 'inject debugfs dev=pmem0 off=98304'], mounts: 2 });
    expect(scenario.filesystems[0]?.files.map((file) => [file.path, file.inCore])).toEqual([
      ['/mnt', true],
      ['/mnt/f1', true],
      ['/mnt/f2', false],
    ]);
  });

  test('a huge fault makes one entry of 2 MiB', () => {
    const touch = 'touch A m0 page=0 count=1 how=w';
    const scenario = imported({
      plan: [...begin, touch, 'inject debugfs dev=pmem0 off=98304'],
      faults: { [`TOUCH ${touch}`]: { 'dax_pmd_fault_done:NOPAGE': 1 } },
    });
    expect(scenario.processes[0]?.maps[0]?.pages).toMatchObject([{ page: 0n, shift: 21 }]);
  });

  test('accesses and mappings between injections become steps, what follows the last one is dropped', () => {
    const plan = [
      ...begin,
      'inject debugfs dev=pmem0 off=98304',
      'post A m0 page=3 how=r',
      'munmap A m0',
      'inject madvise A m0 page=1',
      'post A m0 page=1 how=r',
    ];
    expect(imported({ plan }).steps.map((step) => step.kind)).toEqual(['inject', 'access', 'unmap', 'madvise']);
  });

  test('a file that is removed while it is mapped lives on without a name', () => {
    const scenario = imported({ plan: [...begin, 'sh unlink rm /mnt/f1; sync', 'inject madvise A m0 page=3'] });
    expect(scenario.filesystems[0]?.files[1]).toMatchObject({ path: '/mnt/f1', unlinked: true });
  });

  test('unbind and machine checks are found in shell commands', () => {
    const plan = [
      ...begin,
      "inject sh timeout 60 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'",
      'inject sh echo srao 1073852416 > /x',
    ];
    expect(imported({ plan }).steps).toEqual([
      { kind: 'unbind', device: 'pmem0', injection: true },
      { kind: 'inject', via: 'mce', failures: [{ pfn: 0x4001bn, flags: 0n }] },
    ]);
  });

  test('shell commands between injections come and go without a number of their own', () => {
    const plan = [
      ...begin,
      'inject debugfs dev=pmem0 off=98304',
      'sh early echo 1 > /proc/sys/vm/memory_failure_early_kill',
      'sh away umount /mnt',
      'sh back mount -t xfs -o dax=always /dev/pmem0 /mnt',
      'inject sh ndctl disable-namespace -f namespace0.0',
    ];
    expect(imported({ plan }).steps.slice(1)).toEqual([
      { kind: 'sysctl', earlyKill: true },
      { kind: 'unmount', mountpoint: '/mnt', injection: false },
      { kind: 'mount', mountpoint: '/mnt', injection: false },
      { kind: 'unbind', device: 'pmem0', injection: true },
    ]);
  });

  test('commands before the first failure make the world that it meets', () => {
    const plan = [
      'sh early echo 1 > /proc/sys/vm/memory_failure_early_kill',
      ...begin,
      'sh away umount /mnt && mount -t xfs -o dax=always /dev/pmem0 /mnt',
      'inject debugfs dev=pmem0 off=98304',
    ];
    const scenario = imported({ plan });
    expect(scenario.earlyKill).toBe(true);
    expect(scenario.steps.map((step) => step.kind)).toEqual(['inject']);
    expect(scenario.filesystems[0]).toMatchObject({ mounted: true, files: [{ inCore: true }, { inCore: true }, { inCore: false }] });
  });

  test('an injecting command that is no step keeps its place', () => {
    const plan = [...begin, 'inject sh some-tool --break-it', 'inject sh echo 1073852416 > /sys/devices/system/memory/hard_offline_page'];
    expect(imported({ plan }).steps).toEqual([
      { kind: 'command', text: 'some-tool --break-it' },
      { kind: 'inject', via: 'memory_failure', failures: [{ pfn: 0x4001bn, flags: 0x20n }] },
    ]);
  });

  test('a write of unwritten blocks splits their extent and their reverse-map record', () => {
    const value = observation({ plan: [...begin, 'touch A m0 page=5 count=2 how=w', 'inject debugfs dev=pmem0 off=98304'] });
    const { topology } = value as {
      topology: { filesystems: [{ files: [unknown, { extents: object[] }]; fsmap: { records: object[] } }] };
    };
    const [fs] = topology.filesystems;
    fs.files[1].extents = fs.files[1].extents.map((extent) => ({ ...extent, unwritten: true }));
    fs.fsmap.records = fs.fsmap.records.map((record) => ({ ...record, unwritten: true }));
    const read = importObservation(value);
    const records = read.kind === 'ok' ? (read.value.filesystems[0]?.records ?? []) : [];
    expect(records.map(({ start, length, offset, unwritten }) => [start, length, offset, unwritten])).toEqual([
      [98304n, 20480n, 0n, true],
      [118784n, 8192n, 20480n, false],
      [126976n, 36864n, 28672n, true],
    ]);
  });

  test('the observed part is not needed and not read', () => {
    const read = importObservation({
      ...(observation({ plan: [...begin, 'inject madvise A m0 page=3'] }) as object),
      observed: 'anything',
    });
    expect(read.kind).toBe('ok');
  });

  test('a file that is no observation is refused with the missing field', () => {
    const read = importObservation({ id: 't' });
    expect(read.kind === 'invalid' && read.problems[0]?.path).toBe('topology');
  });
});
