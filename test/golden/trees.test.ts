// Trees that add a holder, a driver or a filesystem, or that are older or newer, as overlays on the sample: found, traced and judged as they are.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDesign } from '../../src/node/designs.ts';
import type { TraceResult } from '../../src/core/trace/result.ts';
import type { OpsReport } from '../../src/core/symbols/ops.ts';
import { openEngine, type TreeEngine } from '../../src/node/engine.ts';

const root = join(import.meta.dirname, '../..');

async function openOverlay(name: string): Promise<TreeEngine> {
  const engine = await openEngine({
    root: join(root, 'media/sample-kernel'),
    config: null,
    grammars: join(root, 'grammars'),
    progress: () => {},
  });
  for (const [path, text] of readDesign(join(root, 'test/fixtures/trees', name)).texts) engine.setText(path, text);
  return engine;
}

/** Traces the n-th scenario of a tree. */
async function trace(name: string, n = 0): Promise<TraceResult> {
  const engine = await openOverlay(name);
  const scenario = readDesign(join(root, 'test/fixtures/trees', name)).scenarios[n];
  if (scenario === undefined) throw new Error(`${name} has no scenario ${n}`);
  const answer = engine.trace({ scenario }, () => false);
  if (answer.kind !== 'result') throw new Error(JSON.stringify(answer));
  return answer.result;
}

const signalled = (result: TraceResult): readonly string[] =>
  result.injections.map((injection) => injection.signals.map((signal) => `${signal.process}+${signal.offset ?? '?'}`).join(' '));
const called = (result: TraceResult): readonly string[] => result.injections.flatMap(({ calls }) => calls.map((call) => call.function));
const laws = (result: TraceResult): readonly number[] => [...new Set(result.verdict.violations.map((violation) => violation.law))];
const inOps = (report: OpsReport, name: string): boolean => JSON.stringify(report).includes(`"${name}"`);

describe('a driver with two ranges per device', () => {
  it('is found, and signals the owners of both ranges', async () => {
    expect(inOps((await openOverlay('fsdev')).ops(), 'fsdev_pagemap_memory_failure')).toBe(true);
    const result = await trace('fsdev');
    expect(called(result)).toContain('fsdev_pagemap_memory_failure');
    expect(signalled(result)).toEqual(['A+4096', 'B+4096']);
    expect(result.verdict.kind).toBe('holds');
  });

  it('that forgets the hole between them (H28) signals the wrong process', async () => {
    const result = await trace('fsdev-h28');
    expect(signalled(result)).toEqual(['A+4096', 'C+4096']);
    expect(laws(result)).toContain(1);
  });
});

describe('a region driver that assigns its operations at run time', () => {
  it('is found and traced', async () => {
    expect(inOps((await openOverlay('virtio-pmem')).ops(), 'virtio_pmem_memory_failure')).toBe(true);
    const result = await trace('virtio-pmem');
    expect(called(result)).toContain('virtio_pmem_memory_failure');
    expect(signalled(result)).toEqual(['A+4096']);
    expect(result.verdict.kind).toBe('holds');
  });
});

describe('a CXL region of two interleaved devices', () => {
  it('is found, and an error at an address of one device reaches the process that maps its page', async () => {
    expect(inOps((await openOverlay('cxl-region')).ops(), 'cxl_region_memory_failure')).toBe(true);
    const result = await trace('cxl-region');
    expect(called(result)).toContain('cxl_dpa_to_hpa');
    expect(
      result.injections.flatMap(({ calls }) => calls.filter((call) => call.function === 'memory_failure').map((call) => call.args['pfn'])),
    ).toEqual(['0x40019', '0x4001a']);
    expect(signalled(result)).toEqual(['A+4096', 'A+8192']);
    expect(result.verdict.kind).toBe('holds');
  });
});

describe('a holder that ignores the range', () => {
  it('is found, and has swallowed the failure', async () => {
    expect(inOps((await openOverlay('famfs')).ops(), 'famfs_dax_notify_failure')).toBe(true);
    const result = await trace('famfs');
    expect(called(result)).toContain('famfs_dax_notify_failure');
    expect(signalled(result)).toEqual(['']);
    expect(laws(result)).toEqual([1, 5]);
  });
});

describe('a filesystem without a reverse map that walks its inodes', () => {
  it('is found, and signals the owners of a shared block', async () => {
    expect(inOps((await openOverlay('walkfs')).ops(), 'walkfs_notify_failure')).toBe(true);
    const result = await trace('walkfs');
    expect(signalled(result)).toEqual(['A+4096 B+4096']);
    expect(result.verdict.kind).toBe('holds');
  });
});

describe('a tree with health events and a realtime device that is told', () => {
  it('reports the bytes of the realtime device and signals the owner of the realtime file', async () => {
    const result = await trace('v6.19-health', 2);
    const events = result.injections[0]?.calls.filter((call) => call.function === 'xfs_healthmon_report_media').map((call) => call.args);
    expect(events).toMatchObject([{ offset: String(11 * 4096), len: '4096' }]);
    expect(called(result)).toContain('xfs_dax_notify_rtdev_failure');
    expect(signalled(result)).toEqual(['A+12288', '']);
    expect(result.verdict).toEqual({ kind: 'holds', violations: [] });
  });
});

describe('a tree before the holder API', () => {
  it('is told apart, and takes the generic path', async () => {
    const result = await trace('v5.15-like');
    expect(result.notes.join()).toMatch(
      /predates the holder API of v6.0: .* no struct dax_holder_operations, nor dax_holder_notify_failure/,
    );
    expect(called(result)).toContain('mf_generic_kill_procs');
    expect(signalled(result)).toEqual(['A+12288 B+12288']);
    expect(result.verdict.kind).toBe('holds');
  });

  it('misses the second owner of a shared block', async () => {
    const result = await trace('v5.15-like', 1);
    expect(signalled(result)).toEqual(['A+20480']);
    expect(laws(result)).toEqual([1]);
  });
});

describe('a tree whose struct page has no owner any more', () => {
  it('is traced through the folio, with and without a holder', async () => {
    const held = await trace('v6.19-like');
    expect(signalled(held)).toEqual(['A+12288 B+12288']);
    expect(held.verdict.kind).toBe('holds');
    const generic = await trace('v6.19-like', 1);
    expect(called(generic)).toContain('dax_lock_folio');
    expect(signalled(generic)).toEqual(['A+12288 B+12288']);
    expect(generic.verdict.kind).toBe('holds');
    expect(signalled(await trace('v6.19-like', 2))).toEqual(['A+20480 B+20480']);
  });

  it('that renames the page map is refused with the names that were looked for', async () => {
    const engine = await openOverlay('v6.19-like');
    const path = 'include/linux/mm_types.h';
    const text = readDesign(join(root, 'test/fixtures/trees/v6.19-like')).texts.get(path) ?? '';
    engine.setText(path, text.replace('*pgmap;', '*owner_map;'));
    const answer = engine.trace({ scenario: { kind: 'preset', name: 'single-owner' } }, () => false);
    expect(JSON.stringify(answer)).toMatch(/struct folio of this tree has none of the members pgmap/);
  });
});
