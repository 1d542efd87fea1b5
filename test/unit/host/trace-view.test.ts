import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CallEvent, InjectionResult, TraceResult } from '../../../src/core/trace/result.ts';
import { errorOf, formatShutdown, formatSize, formatValue } from '../../../src/host/view/format.ts';
import { rulerOf } from '../../../src/host/view/ruler.ts';
import { placeOfText, traceView } from '../../../src/host/view/trace-view.ts';

const recorded = JSON.parse(readFileSync(new URL('../../fixtures/result/reflinked-pair.json', import.meta.url), 'utf8')) as TraceResult;
const [injection] = recorded.injections as [InjectionResult];

const withCalls = (change: (call: CallEvent) => CallEvent): InjectionResult => ({
  ...injection,
  calls: injection.calls.map(change),
});
const replaceArg =
  (name: string, arg: string, value: string) =>
  (call: CallEvent): CallEvent =>
    call.function === name ? { ...call, args: { ...call.args, [arg]: value } } : call;

describe('ruler', () => {
  it('reads a page down from frame to block', () => {
    const { shared } = rulerOf(injection);
    expect(shared.map((track) => [track.title, track.from, track.length])).toEqual([
      ['page frame', '0x4001d', '1 page'],
      ['device', '0x1d000', '4 KiB'],
      ['sectors', '232', '8 sectors'],
      ['block in AG 0', '29', '1 block'],
    ]);
    expect(shared.every((track) => track.mismatch === undefined && track.pages === 1)).toBe(true);
  });

  it('names the distance between the frame and the device offset', () => {
    expect(rulerOf(injection).shared[1]?.step).toBe('PFN_PHYS(pfn) - 0x40000000');
  });

  it('branches once per owner, down to the address of each process', () => {
    const { owners } = rulerOf(injection);
    expect(owners.map((owner) => owner.title)).toEqual(['inode 131', 'inode 132']);
    expect(owners.map((owner) => owner.tracks.map((track) => track.title))).toEqual([
      ['inode 131', 'process A'],
      ['inode 132', 'process B'],
    ]);
    expect(owners[0]?.tracks[1]).toMatchObject({ from: '0x7f4a4845a000', step: 'm0 + 0x5000', owner: 'BUS_MCEERR_AR' });
  });

  it('marks a query that lost its only block (end - start without + 1)', () => {
    const { shared } = rulerOf(withCalls(replaceArg('xfs_dax_notify_ddev_failure', 'bblen', '0')));
    expect(shared[2]).toMatchObject({ pages: 0, mismatch: 'shorter than 4 KiB above' });
  });

  it('shows a partition as one more volume with its distance', () => {
    const { shared } = rulerOf(withCalls(replaceArg('xfs_dax_notify_failure', 'offset', '86016')));
    expect(shared[2]).toMatchObject({ title: 'volume', from: '0x15000', step: 'offset - 0x8000' });
  });

  it('draws a whole device without inventing a length', () => {
    const all = (call: CallEvent): CallEvent =>
      call.function === 'dax_holder_notify_failure' ? { ...call, args: { ...call.args, off: '0', len: '18446744073709551615' } } : call;
    expect(rulerOf(withCalls(all)).shared[1]).toMatchObject({
      length: 'everything',
      to: 'end',
      pages: Number.MAX_SAFE_INTEGER,
    });
  });

  it('counts blocks that are smaller than a page', () => {
    // What a filesystem with blocks of 1 KiB is asked about one page: four blocks, and file offsets in such blocks.
    const scaled = /^(rm_startblock|rm_blockcount|rm_offset|low_startblock|high_startblock)$/;
    const quarter = (table: Readonly<Record<string, string>> | undefined): Record<string, string> =>
      Object.fromEntries(
        Object.entries(table ?? {}).map(([key, text]) => {
          const name = key.split(/[.>]/).at(-1) ?? key;
          if (!scaled.test(name)) return [key, text];
          const last = /high/.test(key) ? 3n : 0n;
          return [key, String(BigInt(text) * 4n + last)];
        }),
      );
    const small: InjectionResult = {
      ...injection,
      calls: injection.calls.map((call) => ({
        ...call,
        args: quarter(call.args),
        ...(call.reads === undefined ? {} : { reads: quarter(call.reads) }),
      })),
    };
    const { shared, owners } = rulerOf(small, 1024);
    expect(shared.at(-1)).toMatchObject({ from: '116', length: '4 blocks', pages: 1, perPage: 4 });
    expect(shared.at(-1)?.mismatch).toBeUndefined();
    expect(owners.flatMap(({ tracks }) => tracks.map(({ mismatch }) => mismatch))).toEqual([undefined, undefined, undefined, undefined]);
    expect(rulerOf(small).shared.at(-1)?.mismatch).toBe('longer than 8 sectors above');
  });

  it('is empty when nothing was called', () => {
    expect(rulerOf({ ...injection, calls: [] })).toEqual({ shared: [], owners: [] });
  });
});

describe('trace view', () => {
  it('names errno, si_code and radius', () => {
    const view = traceView(recorded, 'linux');
    const [shown] = view.injections;
    expect(shown?.calls.find((call) => call.name === 'arch_memory_failure')?.errno).toBe('-ENXIO');
    expect(shown?.signals[0]).toMatchObject({
      process: 'A',
      signal: 'SIGBUS',
      code: 'BUS_MCEERR_AR',
      offset: 'm0 + 0x5000',
      lsb: '12',
      radius: '4 KiB',
    });
  });

  it('shows where a run that hit a limit ended', () => {
    const stopped: TraceResult = {
      ...recorded,
      injections: [
        {
          ...injection,
          result: {
            kind: 'limit',
            reason: 'memcpy_mcsafe is neither interpreted nor intrinsic',
            place: 'lib/iov_iter.c:12',
          },
        },
      ],
      verdict: { kind: 'unknown', violations: [], reasons: ['the run stopped'] },
    };
    const view = traceView(stopped, 'linux');
    expect(view.verdict).toEqual({ kind: 'unknown', reasons: [{ law: 'Unknown', text: 'the run stopped' }] });
    expect(view.injections[0]?.faults).toMatchObject([{ kind: 'limit', at: { path: 'lib/iov_iter.c', line: 12 } }]);
  });

  it('marks the innermost call that did not return, not the last one', () => {
    const at = (depth: number, name: string, returns?: string): CallEvent => ({
      ...(injection.calls[0] as CallEvent),
      depth,
      function: name,
      returnType: '32',
      ...(returns === undefined ? {} : { returns }),
    });
    const { returns: _gone, ...open } = at(0, 'a');
    const { returns: _too, ...inner } = at(1, 'b');
    const calls = [open, inner, at(2, 'c', '1')];
    const view = traceView({ ...recorded, injections: [{ ...injection, calls, result: { kind: 'oops', reason: 'BUG' } }] }, 'linux');
    expect(view.injections[0]?.calls.map((call) => call.ended)).toEqual([undefined, 'fault', undefined]);
  });

  it('gives no unit to what points to a value, and one to members that were read through a pointer', () => {
    const call: CallEvent = {
      ...(injection.calls[0] as CallEvent),
      args: { pfn: '0xffffc900007fffe0', nr_pages: '1' },
      units: { pfn: 'pfn', nr_pages: 'pages' },
      reads: { 'notify.startblock': '29' },
    };
    const view = traceView({ ...recorded, injections: [{ ...injection, calls: [call] }] }, 'linux');
    expect(view.injections[0]?.calls[0]?.arguments).toEqual([
      { name: 'pfn', value: '0xffffc900007fffe0' },
      { name: 'nr_pages', value: '1', unit: 'pages' },
      { name: 'notify.startblock', value: '29', unit: 'fs blocks' },
    ]);
  });

  it('is JSON: what crosses to the webview arrives unchanged', () => {
    const view = traceView(recorded, 'linux');
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  });
});

describe('values', () => {
  it('formats by unit', () => {
    expect(formatValue('262173', 'pfn')).toBe('0x4001d');
    expect(formatValue('232', 'sectors512')).toBe('232');
    expect(formatValue('xfs_dax_failure_fn', 'pointer')).toBe('xfs_dax_failure_fn');
  });

  it('knows error codes in 32 and 64 bits, and nothing else', () => {
    expect(errorOf('-95')).toBe('-EOPNOTSUPP');
    expect(errorOf('0xffffffffffffffa1')).toBe('-EOPNOTSUPP');
    expect(errorOf('4294967201')).toBe('-EOPNOTSUPP');
    expect(errorOf('0')).toBeUndefined();
    expect(errorOf('0x7f4a4845a000')).toBeUndefined();
  });

  it('names sizes and shutdown flags', () => {
    expect(formatSize(2097152n)).toBe('2 MiB');
    expect(formatSize(64n)).toBe('64 bytes');
    expect(formatShutdown('0x10')).toBe('0x10 CORRUPT_ONDISK');
    expect(placeOfText('stopped at mm/memory-failure.c:12 in f')).toEqual({ path: 'mm/memory-failure.c', line: 12 });
  });
});
