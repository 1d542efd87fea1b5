// Forms in which a trace leaves the program: text golden, ftrace, Chrome, cpuprofile, Markdown, JSON.
import { describe, expect, test } from 'vitest';
import { exportTrace } from '../../../src/core/trace/export/export.ts';
import type { CallEvent, TraceResult } from '../../../src/core/trace/result.ts';

function call(depth: number, name: string, args: Record<string, string>, units: CallEvent['units'], returns?: string): CallEvent {
  return {
    depth,
    function: name,
    file: 'mm/memory-failure.c',
    line: 10 + depth,
    args,
    units,
    ...(returns === undefined ? {} : { returns, returnsUnit: 'errno' }),
    kind: depth === 2 ? 'intrinsic' : 'interpreted',
    at: 0,
  };
}

const result: TraceResult = {
  scenario: { id: 't', title: 'a test' },
  injections: [
    {
      n: 1,
      title: 'memory_failure pfn 0x4001b',
      result: { kind: 'returned', value: '-95' },
      signals: [{ process: 'A', signo: 7, code: 5, addr: '0x7f0000003000', offset: 0x3000, map: 'm0', lsb: 12, delivered: true }],
      shutdowns: [{ device: 'pmem0', flags: '0x10' }],
      calls: [
        call(0, 'memory_failure', { pfn: '0x4001b', flags: '0x21' }, { pfn: 'pfn', flags: 'flags' }, '-95'),
        call(1, 'dax_holder_notify_failure', { off: '110592', len: '4096' }, { off: 'bytes', len: 'bytes' }, '-95'),
        call(2, 'xfs_trans_cancel', { tp: '0xffff888000000000' }, {}),
        call(1, 'action_result', { pfn: '0x4001b' }, { pfn: 'pfn' }, '0'),
      ],
      log: ['Memory failure: 0x4001b: recovery action for dax page: Failed'],
      faults: [],
    },
  ],
  processes: [{ label: 'A', state: 'alive', signals: [] }],
  filesystems: [{ device: 'pmem0', shutdown: true }],
  intrinsics: [],
  verdict: {
    kind: 'violated',
    violations: [
      {
        law: 1,
        text: 'B was not signalled',
        injection: 1,
        cause: { function: 'kill_proc', file: 'mm/memory-failure.c', line: 5, event: 'kill_proc(tk=0x0)' },
      },
    ],
  },
  notes: ['a note'],
};

describe('exports', () => {
  test('text: one event per line, indentation is depth, units printed', () => {
    expect(exportTrace(result, 'text')).toBe(`scenario t: a test
note: a note

injection 1: memory_failure pfn 0x4001b
  memory_failure(pfn=0x4001b, flags=0x21) -> -95 -EOPNOTSUPP
    dax_holder_notify_failure(off=110592 bytes, len=4096 bytes) -> -95 -EOPNOTSUPP
      xfs_trans_cancel(tp=0xffff888000000000) [intrinsic]
    action_result(pfn=0x4001b) -> 0
  log     Memory failure: 0x4001b: recovery action for dax page: Failed
  signal  A SIGBUS BUS_MCEERR_AO addr=0x7f0000003000 (m0+0x3000) lsb=12
  shutdown pmem0 flags=0x10
  returned -95 -EOPNOTSUPP

process A: alive, 0 signals
filesystem pmem0: shut down
verdict: violated
  law 1 (injection 1): B was not signalled [kill_proc(tk=0x0)]
`);
  });

  test('ftrace: braces nest, leaves end in a semicolon', () => {
    const text = exportTrace(result, 'ftrace');
    expect(text).toContain(' 0)               |  memory_failure(pfn=0x4001b, flags=0x21) {\n');
    expect(text).toContain(' 0)               |      xfs_trans_cancel(tp=0xffff888000000000);\n');
    expect(text.match(/\{/g)?.length).toBe(text.match(/\}/g)?.length);
  });

  test('Chrome: every begin has its end, time only grows', () => {
    const { traceEvents } = JSON.parse(exportTrace(result, 'chrome')) as { traceEvents: { ph: string; ts: number; name: string }[] };
    const open: string[] = [];
    let last = -1;
    for (const event of traceEvents.filter(({ ph }) => ph !== 'M')) {
      expect(event.ts).toBeGreaterThan(last);
      last = event.ts;
      if (event.ph === 'B') open.push(event.name);
      if (event.ph === 'E') expect(open.pop()).toBe(event.name);
    }
    expect(open).toEqual([]);
  });

  test('cpuprofile: samples name existing nodes, lines count from 0', () => {
    const profile = JSON.parse(exportTrace(result, 'cpuprofile')) as {
      nodes: { id: number; callFrame: { lineNumber: number; functionName: string } }[];
      samples: number[];
      timeDeltas: number[];
    };
    const ids = new Set(profile.nodes.map(({ id }) => id));
    expect(profile.samples.every((id) => ids.has(id))).toBe(true);
    expect(profile.timeDeltas.length).toBe(profile.samples.length);
    expect(profile.nodes.find(({ callFrame }) => callFrame.functionName === 'memory_failure')?.callFrame.lineNumber).toBe(9);
  });

  test('Markdown says the verdict first', () => {
    expect(exportTrace(result, 'markdown')).toContain(
      '**Verdict: violated**\n\n- law 1, injection 1: B was not signalled (`kill_proc`, mm/memory-failure.c:5)',
    );
  });

  test('JSON is the result itself', () => {
    expect(JSON.parse(exportTrace(result, 'json'))).toEqual(result);
  });
});
