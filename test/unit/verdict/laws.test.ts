// The laws: who must be signalled is worked out from the scenario; each broken law is told with what broke it.
import { describe, expect, test } from 'vitest';
import { pageIndex, pfn, userAddr } from '../../../src/base/units.ts';
import { findPreset } from '../../../src/core/scenario/presets/presets.ts';
import { parseScenario } from '../../../src/core/scenario/read.ts';
import type { Scenario } from '../../../src/core/scenario/schema.ts';
import type { CallEvent, InjectionResult, SignalEvent } from '../../../src/core/trace/result.ts';
import type { Candidate, InjectionFacts, Mapper } from '../../../src/core/verdict/facts.ts';
import { judge } from '../../../src/core/verdict/laws.ts';

function preset(name: string): Scenario {
  const read = parseScenario(findPreset(name));
  if (read.kind !== 'ok') throw new Error(name);
  return read.value;
}

const single = preset('single-owner');
const PFN = pfn(0x4001bn);

function mapper(process: string, n: number): Mapper {
  return {
    process,
    map: 'm0',
    path: '/mnt/f1',
    index: pageIndex(3n),
    address: userAddr(0x7f0000003000n + BigInt(n) * 0x100000n),
    shift: 12,
    pfn: PFN,
  };
}

const mappers = [mapper('A', 0), mapper('B', 1), mapper('C', 2)];
const candidates: readonly Candidate[] = [
  { label: 'A', alive: true, mcePolicy: 'default', deaf: false },
  { label: 'B', alive: true, mcePolicy: 'early', deaf: false },
  { label: 'C', alive: true, mcePolicy: 'default', deaf: false },
];

function signal(process: string, n: number, more: Partial<SignalEvent> = {}): SignalEvent {
  return {
    process,
    signo: 7,
    code: 5,
    addr: `0x${(0x7f0000003000 + n * 0x100000).toString(16)}`,
    offset: 0x3000,
    map: 'm0',
    lsb: 12,
    delivered: true,
    ...more,
  };
}

function call(name: string, args: Record<string, string>): CallEvent {
  return { depth: 0, function: name, file: 'mm/memory-failure.c', line: 1, args, units: {}, kind: 'interpreted', at: 0 };
}

function facts(more: Partial<InjectionFacts> & { readonly injection?: Partial<InjectionResult> } = {}): InjectionFacts {
  const { injection, ...rest } = more;
  return {
    result: {
      n: 1,
      title: '',
      result: { kind: 'returned', value: '0' },
      signals: [signal('A', 0, { code: 4 }), signal('B', 1)],
      shutdowns: [],
      calls: [],
      log: [],
      faults: [],
      ...injection,
    },
    kind: 'failure',
    current: 'A',
    pages: [{ pfn: PFN, mappersBefore: mappers, mappersAfter: [] }],
    removed: undefined,
    candidates,
    mounted: ['/mnt'],
    shutBefore: [],
    shutAfter: [],
    leaks: [],
    ...rest,
  };
}

const laws = (f: InjectionFacts, scenario = single): readonly string[] =>
  judge(scenario, [f], []).violations.map((violation) => `${violation.law}: ${violation.text}`);

describe('laws', () => {
  test('the current task and early-kill tasks signalled, everybody unmapped: holds', () => {
    expect(judge(single, [facts()], [])).toEqual({ kind: 'holds', violations: [] });
  });

  test('a selected process without a signal breaks law 1', () => {
    expect(laws(facts({ injection: { signals: [signal('A', 0)] } }))).toEqual([
      '1: B maps the failed page and must be signalled, but was not',
    ]);
  });

  test('a signal to a process with the default policy breaks law 1', () => {
    expect(laws(facts({ injection: { signals: [signal('A', 0), signal('B', 1), signal('C', 2)] } }))[0]).toMatch(
      /^1: C was signalled .* kill policy does not select it/,
    );
  });

  test('a signal with an address beside the page breaks law 1', () => {
    expect(laws(facts({ injection: { signals: [signal('A', 0), signal('B', 1, { addr: '0x7f0000104000' })] } }))[0]).toContain(
      'B was signalled at address 0x7f0000104000, but it maps the failed page at 0x7f0000103000',
    );
  });

  test('a wrong lsb breaks law 1', () => {
    expect(laws(facts({ injection: { signals: [signal('A', 0), signal('B', 1, { lsb: 21 })] } }))).toEqual([
      '1: B: si_addr_lsb is 21, but its mapping has pages of 2^12 bytes',
    ]);
  });

  test('one signal is enough for a process that maps the page twice, two are right too', () => {
    const twice = { ...mapper('B', 1), map: 'm1', address: userAddr(0x7f0000803000n) };
    const pages = [{ pfn: PFN, mappersBefore: [...mappers, twice], mappersAfter: [] }];
    expect(laws(facts({ pages }))).toEqual([]);
    expect(
      laws(facts({ pages, injection: { signals: [signal('A', 0), signal('B', 1), signal('B', 1, { addr: '0x7f0000803000' })] } })),
    ).toEqual([]);
  });

  test('a mapping that stays breaks law 1, but an empty kill list unmaps nothing', () => {
    expect(laws(facts({ pages: [{ pfn: PFN, mappersBefore: mappers, mappersAfter: [mapper('C', 2)] }] }))).toEqual([
      '1: C still maps the failed page at 0x7f0000203000',
    ]);
    const onlyC = {
      pages: [{ pfn: PFN, mappersBefore: [mapper('C', 2)], mappersAfter: [mapper('C', 2)] }],
      current: undefined,
      injection: { signals: [] },
    };
    expect(laws(facts(onlyC))).toEqual([]);
  });

  test('the sysctl selects default tasks, late ones never', () => {
    const late = candidates.map((candidate) => (candidate.label === 'B' ? { ...candidate, mcePolicy: 'late' as const } : candidate));
    const f = facts({ current: undefined, candidates: late, injection: { signals: [signal('A', 0), signal('C', 2)] } });
    expect(laws(f, { ...single, earlyKill: true })).toEqual([]);
  });

  test('metadata without shutdown and free space with one break law 2', () => {
    const quiet = { injection: { signals: [] }, current: undefined };
    expect(laws(facts({ ...quiet, pages: [{ pfn: pfn(0x40000n), mappersBefore: [], mappersAfter: [] }] }), preset('metadata'))[0]).toMatch(
      /^2: xfs:static_fs_metadata of pmem0 failed, but/,
    );
    expect(
      laws(
        facts({ ...quiet, shutAfter: ['pmem0'], pages: [{ pfn: pfn(0x48100n), mappersBefore: [], mappersAfter: [] }] }),
        preset('free-space'),
      )[0],
    ).toMatch(/^2: pmem0 was shut down although/);
  });

  test('a range of no page, of too many, or beside the page breaks law 3', () => {
    const one = (args: Record<string, string>): readonly string[] =>
      laws(facts({ injection: { calls: [call('mf_dax_kill_procs', args)] } }));
    expect(one({ index: '3', count: '1' })).toEqual([]);
    expect(one({ index: '3', count: '0' })[0]).toContain('with no page at all');
    expect(one({ index: '3', count: '2' })[0]).toContain('for 2 pages, but 1 failed');
    expect(one({ index: '4', count: '1' })[0]).toContain('none of which lies on the failed page');
  });

  test('what is still held breaks law 4', () => {
    expect(laws(facts({ leaks: ['srcu dax_srcu is still held'] }))).toEqual(['4: srcu dax_srcu is still held']);
  });

  test('success without anybody signalled breaks law 5', () => {
    expect(laws(facts({ injection: { signals: [] } })).filter((text) => text.startsWith('5'))).toEqual([
      '5: the result is 0, but nobody was signalled although A, B had to be',
    ]);
  });

  test('one process that had to be told is enough to break law 5', () => {
    const onlyB = facts({ current: undefined, injection: { signals: [] } });
    expect(laws(onlyB)).toContain('5: the result is 0, but nobody was signalled although B had to be');
  });

  test('a lsb below the size of a huge mapping breaks law 1 too', () => {
    const huge = { ...mapper('A', 0), shift: 21 };
    const page = { pfn: PFN, mappersBefore: [huge], mappersAfter: [] };
    expect(laws(facts({ pages: [page], injection: { signals: [signal('A', 0)] } }))).toEqual([
      '1: A: si_addr_lsb is 12, but its mapping has pages of 2^21 bytes',
    ]);
  });

  test('a removal that leaves a mapper behind breaks law 1', () => {
    const removed = { before: [mapper('A', 0), mapper('B', 1)], after: [mapper('B', 1)] };
    expect(laws(facts({ kind: 'unbind', pages: [], removed, injection: { signals: [signal('A', 0)] } }))).toEqual([
      '1: B maps memory of the removed device and must be signalled, but was not',
      '1: B still maps memory of the removed device',
    ]);
  });

  test('an oops is a violation by itself', () => {
    const fault = {
      kind: 'null-pointer',
      text: 'BUG: kernel NULL pointer dereference, address: 0000000000000008',
      function: 'xfs_alloc_read_agf',
      file: 'fs/xfs/libxfs/xfs_alloc.c',
      line: 3130,
      stack: [],
    };
    const f = facts({ injection: { result: { kind: 'oops', reason: fault.text }, faults: [fault], signals: [] } });
    expect(laws(f)).toEqual([`0: ${fault.text}`]);
  });

  test('a run that met a limit proves nothing', () => {
    const f = facts({ injection: { result: { kind: 'limit', reason: 'x() is not modelled' } } });
    expect(judge(single, [f], [])).toEqual({ kind: 'unknown', violations: [], reasons: ['injection 1: x() is not modelled'] });
  });
});
