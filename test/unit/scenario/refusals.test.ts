// Scenarios that cannot be: each is refused, and the path names the field that has to change.
import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../src/core/scenario/read.ts';
import { file, namespace, process, xfs } from '../../../src/core/scenario/presets/parts.ts';

const MIB = 1 << 20;
type Json = Record<string, unknown>;

const f1 = file('f1', 131, 24, 16);
const f2 = file('f2', 132, 64, 16);

/** A scenario with one of everything, as plain JSON that a test may spoil. */
function whole(): Json {
  const start = 0x70000000;
  const scenario = {
    id: 'whole',
    pmem: [
      namespace(),
      { name: 'pmem1', start, size: 64 * MIB },
      { name: 'dax1.0', start: 0x80000000, size: 64 * MIB, driver: 'devdax', mode: 'devdax', align: 2 * MIB, dataOffset: 2 * MIB },
    ],
    partitions: [{ name: 'pmem1p1', of: 'pmem1', start: MIB, size: 16 * MIB }],
    mapped: [
      { name: 'lin0', disk: 'dm-0', dev: '254:0', targets: [{ start: 0, length: 2048, type: 'linear', of: 'pmem1', offset: 65536 }] },
    ],
    filesystems: [xfs({ files: [f1, f2] }), { mountpoint: '/ext', device: 'pmem1p1', type: 'ext4', files: [] }],
    processes: [process('A', 0, f1), process('B', 1, f2)],
    steps: [
      { kind: 'madvise', process: 'A', map: 'm0', page: 3 },
      { kind: 'inject', by: 'B', failures: [{ pfn: 0x40018, at: 64, lsb: 6 }] },
      { kind: 'call', function: 'kill_dax', args: ['dax_device:pmem0', -1], failed: [{ start: 0x40000000, length: 4096 }] },
      { kind: 'access', process: 'A', map: 'm0', page: 0, count: 16, how: 'read' },
      { kind: 'claim', device: 'pmem0', holder: 'other' },
      { kind: 'release', device: 'pmem0', holder: 'other' },
      { kind: 'scrub', device: 'pmem0', bad: [{ start: 0x40000000, length: 512 }] },
      { kind: 'mount', mountpoint: '/mnt' },
    ],
  };
  return JSON.parse(JSON.stringify(scenario)) as Json;
}

/** Sets `a.b[2].c`. */
function set(target: Json, path: string, value: unknown): Json {
  const keys = path.match(/[^.[\]]+/g) ?? [];
  let at: unknown = target;
  for (const key of keys.slice(0, -1)) at = (at as Json)[key];
  (at as Json)[keys.at(-1) ?? ''] = value;
  return target;
}

function problems(value: unknown): readonly string[] {
  const read = parseScenario(value);
  return read.kind === 'ok' ? [] : read.problems.map((problem) => `${problem.path}: ${problem.message}`);
}

/** What is spoilt, with what, and the field that must be named (the same one when left out). */
const spoilt: readonly (readonly [path: string, value: unknown, words: RegExp, named?: string])[] = [
  ['pmem[0].start', -4096, /negative/],
  ['pmem[0].start', 0x40000001, /page size/],
  ['pmem[0].start', '0x10000000000000000', /64 bits/],
  ['pmem[0].start', 1e300, /2\^53/],
  ['pmem[0].start', 0.5, /whole number/],
  ['pmem[0].size', 0, /at least one byte/],
  ['pmem[0].size', 4097, /page size/],
  ['pmem[0].size', '0x10000000000000', /physical address/],
  ['pmem[0].dataOffset', 512 * MIB, /outside the device/],
  ['pmem[0].dataOffset', 'ten', /decimal/],
  ['pmem[0].data_offset', 0, /no field data_offset/],
  ['pmem[0].dev', 'pmem', /MAJOR:MINOR/],
  ['pmem[1].name', 'pmem0', /used by pmem\[0\]\.name/],
  ['pmem[1].start', 0x40001000, /overlaps pmem\[0\]/],
  ['pmem[0].more', [{ start: 0x50000000, size: 4096 }], /overlaps the range/, 'pmem[0].more[0].start'],
  ['pmem[2].align', 3 * MIB, /power of two/],
  ['pmem[2].align', 32 * MIB, /not aligned/],
  ['pmem[2].driver', 'kmem', /Invalid option/],
  ['partitions[0].of', 'pmem9', /no device pmem9/],
  ['partitions[0].of', 'dax1.0', /device-dax/],
  ['partitions[0].size', 128 * MIB, /behind the end of pmem1/],
  ['partitions[0].size', 0, /positive/],
  ['partitions[0].start', 100, /sector/],
  ['mapped[0].disk', 'pmem0', /used by/],
  ['mapped[0].targets[0].of', 'lin0', /own target/],
  ['mapped[0].targets[0].of', 'nowhere', /no device nowhere/],
  ['mapped[0].targets[0].length', 16 * MIB, /sectors of 512 bytes/],
  ['mapped[0].targets[0].length', 0, /at least one sector/],
  ['mapped[0].targets[0].start', 8, /gap or overlap/],
  ['mapped[0].targets', [], /Too small/],
  ['filesystems[0].device', 'dax1.0', /device-dax/],
  ['filesystems[1].device', 'pmem0', /used by filesystems\[0\]\.device/],
  ['filesystems[1].mountpoint', '/mnt', /used by filesystems\[0\]/],
  ['filesystems[0].logDevice', 'pmem7', /no block device pmem7/],
  ['filesystems[0].geometry', undefined, /needs its geometry/],
  ['filesystems[0].geometry.blockSize', 3000, /power of two/],
  ['filesystems[0].geometry.sectorSize', 8192, /block size/],
  ['filesystems[0].geometry.inodeSize', 64, /from 256/],
  ['filesystems[0].geometry.blocks', 1, /do not make 4 groups/],
  ['filesystems[0].geometry.agBlocks', 65536, /do not make/, 'filesystems[0].geometry.blocks'],
  ['filesystems[0].geometry.realtimeBlocks', 16, /no realtimeDevice/],
  ['filesystems[0].records[0].length', 0, /at least one block/],
  ['filesystems[0].records[0].length', 1, /whole blocks/, 'filesystems[0].records[0]'],
  ['filesystems[0].records[0].start', 512 * MIB, /outside the data device/, 'filesystems[0].records[0]'],
  ['filesystems[0].records[0].length', 256 * MIB, /allocation group/, 'filesystems[0].records[0]'],
  ['filesystems[0].records[0].on', 'realtime', /no realtimeDevice/],
  ['filesystems[0].files[2].ino', 131, /is files\[1\] already/],
  ['filesystems[0].files[2].path', '/mnt/f1', /used by/],
  ['filesystems[0].files[1].path', '/srv/f1', /below the mount point/],
  ['filesystems[0].files[1].mode', 'rw-r--r--', /Invalid/],
  ['filesystems[0].files[1].extents[0].physical', 512 * MIB, /outside the filesystem/],
  ['filesystems[0].files[1].extents[0].physical', 24, /count bytes/, 'filesystems[0].files[1].extents[0]'],
  ['filesystems[0].files[1].extents[0].physical', 8 * 4096, /records\[\d+\] says that these blocks hold metadata/],
  ['filesystems[0].files[1].extents[0].length', 0, /at least one byte/],
  ['filesystems[0].files[2].extents[0].physical', 24 * 4096, /neither says shared/],
  ['processes[0].maps[0].path', '/mnt/none', /no filesystem lists/],
  ['processes[0].maps[0].length', 64 * MIB, /past the end/],
  ['processes[0].maps[0].offset', 5, /counts bytes/],
  ['processes[0].maps[0].start', '0x800000000000', /user address space/],
  ['processes[0].maps[0].pages[0].page', 16, /outside the mapping/],
  ['processes[0].maps[0].pages[0].page', 1, /used by/, 'processes[0].maps[0].pages[1].page'],
  ['processes[0].maps[0].pages[0].pfn', '0x10000000000', /no device and no memory/],
  ['processes[0].maps[0].pages[0].pfn', '0x40050', /lies at frame 0x40018/],
  ['processes[0].maps[0].pages[0].pfn', '0x40018000', /whose frame is 0x40018/],
  ['processes[1].label', 'A', /used by/],
  ['processes[1].pid', 401, /used by/],
  ['processes[0].mcePolicy', 'soon', /Invalid option/],
  ['steps[0].process', 'Z', /no process Z/],
  ['steps[0].map', 'm9', /no mapping m9/],
  ['steps[0].page', 99, /outside the mapping/],
  ['steps[0].page', -1, /negative/],
  ['steps[0].count', 0, /at least one page/],
  ['steps[0].kind', 'explode', /Invalid/],
  ['steps[1].by', 'Z', /no process Z/],
  ['steps[1].failures', [], /Too small/],
  ['steps[1].failures[0].pfn', '0x40018000', /as a physical address it lies in pmem0/],
  ['steps[1].failures[0].pfn', '0x1', /no device, and no page of the scenario/],
  ['processes[0].maps[0].pages[0].shift', 21, /cannot begin at frame/],
  ['steps[1].failures[0].pfn', '0x7fffffffffffffff', /no page frame number/],
  ['steps[1].failures[0].flags', '0xffffffff', /MF_ flags/],
  ['steps[1].failures[0].at', 65, /not a multiple of the 64 bytes/],
  ['steps[1].failures[0].lsb', 31, /Too big/],
  ['steps[2].function', 'kill_dax()', /no name of a function/],
  ['steps[2].args[0]', 'dax_device:pmem7', /no pmem device pmem7/],
  ['steps[2].args[0]', 'inode:pmem0', /dax_device:NAME/],
  ['steps[2].failed[0].length', '0x7fffffffffffffff', /more than/],
  ['steps[3].count', 17, /beyond the mapping of 16 pages/],
  ['steps[4].device', 'pmem9', /no device pmem9/],
  ['steps[5].holder', 'stranger', /claims nothing/],
  ['steps[5].device', 'dax1.0', /device-dax node/],
  ['steps[6].bad[0].start', 512, /physical address/],
  ['steps[7].mountpoint', '/nowhere', /no filesystem at/],
  ['steps', [], /Too small/],
  ['id', '', /Too small/],
  ['extra', 1, /no field extra/],
];

describe('a scenario that cannot be', () => {
  test('the whole one is valid', () => {
    expect(problems(whole())).toEqual([]);
  });

  for (const [path, value, words, named] of spoilt) {
    test(`${path} = ${JSON.stringify(value)} is refused`, () => {
      const found = problems(set(whole(), path, value));
      const about = found.filter((problem) => problem.startsWith(`${named ?? path}:`));
      expect(about, `of ${JSON.stringify(found)}`).not.toEqual([]);
      expect(about.join('\n')).toMatch(words);
    });
  }

  test('any field that is replaced by anything gives problems or a scenario, never an exception', () => {
    const values = [null, '', 'x', -1, 0, 1, 2 ** 60, '0xffffffffffffffff', [], {}, true];
    const paths: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (path !== '') paths.push(path);
      if (Array.isArray(value)) value.slice(0, 2).forEach((inner, i) => walk(inner, `${path}[${i}]`));
      else if (typeof value === 'object' && value !== null)
        for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
    };
    walk(whole(), '');
    for (const path of paths) for (const value of values) expect(() => problems(set(whole(), path, value)), path).not.toThrow();
    expect(paths.length).toBeGreaterThan(120);
  });
});
