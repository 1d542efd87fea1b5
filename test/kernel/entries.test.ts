// Every way in which a failure enters Debian's kernels: each runs the tree's own code from the record to the signal.
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TraceSession } from '../../src/core/session/trace-session.ts';
import type { CallEvent, TraceResult } from '../../src/core/trace/result.ts';
import { kernelFolder } from '../../src/dev/kernel-source.ts';
import { DiskSource } from '../../src/node/disk-source.ts';

const slow = { timeout: 120_000 };

for (const version of ['6.1', '6.12']) {
  const root = kernelFolder(version);
  const isThere = existsSync(`${root}/mm/memory-failure.c`);
  if (!isThere) console.warn(`Linux ${version}: not tested, there is no tree in the cache (npm run kernel -- ${version})`);

  describe.runIf(isThere)(`Linux ${version}`, () => {
    const session = new TraceSession({ source: new DiskSource(root) });

    function trace(name: string): TraceResult {
      const answer = session.trace({ scenario: { kind: 'preset', name } });
      if (answer.kind !== 'result') throw new Error(JSON.stringify(answer));
      return answer.result;
    }
    const callsOf = (result: TraceResult, n = 0): readonly CallEvent[] => result.injections[n]?.calls ?? [];
    const namesOf = (result: TraceResult, n = 0): readonly string[] => callsOf(result, n).map((call) => call.function);
    const argsOf = (result: TraceResult, name: string, n = 0) =>
      callsOf(result, n)
        .filter((call) => call.function === name)
        .map((call) => call.args);
    const signalsOf = (result: TraceResult, n = 0): readonly string[] =>
      (result.injections[n]?.signals ?? []).map(
        (signal) => `${signal.process} ${signal.signo}/${signal.code} ${signal.addr} lsb ${signal.lsb}`,
      );
    /** True when the functions were entered in this order, others in between. */
    const inOrder = (names: readonly string[], wanted: readonly string[]): boolean => {
      let at = 0;
      for (const name of names) if (name === wanted[at]) at++;
      return at === wanted.length;
    };

    test('a machine check goes through pool and decode chain; nfit rounds it to a sector, memory_failure() to a page', slow, () => {
      const result = trace('machine-check');
      expect(result.verdict).toEqual({ kind: 'holds', violations: [] });
      expect(inOrder(namesOf(result), ['mce_log', 'blocking_notifier_call_chain', 'uc_decode_notifier', 'memory_failure'])).toBe(true);
      expect(argsOf(result, 'badrange_add')).toMatchObject([{ addr: '0x4001b240', length: '64' }]);
      expect(argsOf(result, 'badblocks_set').every((args) => args['s'] === '217' && args['sectors'] === '1')).toBe(true);
      expect(signalsOf(result)).toEqual(['A 7/5 0x7f0000003000 lsb 12']);
    });

    test('a firmware record is printed, reported with its mask, and its page is failed by a kernel thread', slow, () => {
      const result = trace('firmware-record');
      expect(result.verdict).toEqual({ kind: 'holds', violations: [] });
      expect(result.injections[0]?.log).toContain('{1}[Hardware Error]:   physical_address: 0x000000004001b240');
      expect(result.injections[0]?.log).toContain('{1}[Hardware Error]:   physical_address_mask: 0xffffffffffffffc0');
      const wanted = [
        'ghes_proc',
        'ghes_read_estatus',
        'ghes_do_proc',
        'ghes_handle_memory_failure',
        'memory_failure_work_func',
        'memory_failure',
      ];
      expect(inOrder(namesOf(result), wanted)).toBe(true);
      expect(argsOf(result, 'memory_failure')).toMatchObject([{ pfn: '0x4001b', flags: '0x0' }]);
      expect(signalsOf(result)).toEqual(['A 7/5 0x7f0000003000 lsb 12']);
    });

    test('the queue hands both pages to one work', slow, () => {
      const result = trace('failure-queue');
      expect(namesOf(result).filter((name) => name === 'memory_failure_work_func')).toHaveLength(1);
      expect(argsOf(result, 'memory_failure').map((args) => args['pfn'])).toEqual(['0x4001b', '0x4001c']);
      expect(result.injections[0]?.result).toMatchObject({ kind: 'returned', values: ['0', '0'] });
      expect(result.verdict.kind).toBe('holds');
    });

    test('a scrub marks region and namespace, and tells no process', slow, () => {
      const result = trace('scrub');
      expect(inOrder(namesOf(result), ['ars_status_process_records', 'nvdimm_region_notify', 'nd_region_notify', 'nd_pmem_notify'])).toBe(
        true,
      );
      expect(argsOf(result, '__add_badblock_range').map((args) => [args['ns_offset'], args['len']])).toEqual([
        [String(27 * 4096 + 0x200), '512'],
        [String(27 * 4096 + 0x200), '512'],
      ]);
      expect(signalsOf(result)).toEqual([]);
      expect(result.verdict.kind).toBe('holds');
    });

    test('soft offline is refused with -EIO, from sysfs and from madvise', slow, () => {
      const result = trace('soft-offline');
      expect(result.injections.map((injection) => injection.result.value)).toEqual(['-5', '-5']);
      expect(result.injections.flatMap((injection) => injection.signals)).toEqual([]);
      expect(result.verdict.kind).toBe('holds');
    });

    test('a page of a device stays poisoned: unpoison gives -EIO', slow, () => {
      const result = trace('unpoison');
      expect(result.injections.map((injection) => injection.result.value)).toEqual(['0', '-5']);
    });

    test('kill_dax() tells the holder of everything, then the device is dead', slow, () => {
      const result = trace('kill');
      expect(argsOf(result, 'dax_holder_notify_failure')).toMatchObject([
        { off: '0', len: '18446744073709551615', mf_flags: version === '6.1' ? '0x0' : '0x80' },
      ]);
      expect(signalsOf(result)).toHaveLength(16);
      expect(result.injections[1]?.result).toMatchObject({ value: '-6' });
      expect(result.filesystems[0]?.shutdown).toBe(true);
    });

    test('a second claimant is refused; its put does not take the device from the filesystem', slow, () => {
      const result = trace('second-claimant');
      expect(result.injections[0]?.result).toMatchObject({ value: '0x0' });
      expect(signalsOf(result, 2)).toEqual(['A 7/5 0x7f0000003000 lsb 12', 'B 7/5 0x7f0000103000 lsb 12']);
      // These kernels forget the reference that they took for the claimant.
      expect(result.verdict.violations).toMatchObject([{ law: 4, injection: 1 }]);
    });

    test('unbinding takes the page map away; after binding again a new holder is reached', slow, () => {
      const result = trace('rebind');
      expect(namesOf(result, 1)).toContain('memunmap_pages');
      expect(result.injections.map((injection) => injection.result.value)).toEqual(['0', '0', '-6', '0', '0', '0', '0']);
      expect(signalsOf(result, 6)).toEqual(['A 7/5 0x7f0000003000 lsb 12']);
      expect(result.verdict.kind).toBe('holds');
    });
  });
}
