import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareSides, type CompareReport } from '../../../src/core/session/compare.ts';
import { compareMarkdown } from '../../../src/core/session/compare-markdown.ts';
import type { Measures, TraceResult } from '../../../src/core/trace/result.ts';
import { compareView } from '../../../src/host/view/compare-view.ts';
import { approximateSize } from '../../../src/host/view/format.ts';
import type { CompareRowView, CompareView } from '../../../src/protocol/compare-view.ts';

const recorded = JSON.parse(readFileSync(new URL('../../fixtures/result/reflinked-pair.json', import.meta.url), 'utf8')) as TraceResult;

const measures: Measures = {
  kind: 'failure',
  pages: 1,
  expected: ['A', 'B'],
  signalled: ['A', 'B'],
  wronglySignalled: [],
  missed: [],
  stillMapped: [],
  unmappedNeedlessly: [],
  callouts: { notify_failure: 1 },
  allocated: 216,
  kept: 0,
};

const resultWith = (change: Partial<Measures> | undefined): TraceResult => ({
  ...recorded,
  injections: recorded.injections.map((injection) => {
    const { measures: _, ...rest } = injection;
    return change === undefined
      ? { ...rest, result: { kind: 'unknown', reason: 'no world' } as const }
      : { ...rest, measures: { ...measures, ...change } };
  }),
});

const report = (...changes: readonly (Partial<Measures> | undefined)[]): CompareReport =>
  compareSides(changes.map((change, i) => ({ label: `side${i}`, result: resultWith(change) })));

const viewOf = (given: CompareReport): CompareView => compareView(given, { kind: 'designs', designs: [], canDiff: false });

function rowOf(view: CompareView, name: string): CompareRowView | undefined {
  return [...view.injections.flatMap(({ groups }) => groups), ...view.end].flatMap(({ rows }) => rows).find((row) => row.name === name);
}

describe('comparison view', () => {
  it('explains every row that a report has', () => {
    const rows = viewOf(report({}, {})).injections[0]?.groups.filter((group) => group.title !== 'Callouts by slot') ?? [];
    expect(rows.flatMap((group) => group.rows).filter((row) => row.meaning === '')).toEqual([]);
    expect(viewOf(report({}, {})).end.map(({ title }) => title)).not.toContain('Other');
  });

  it('marks whoever a side misses, and only there', () => {
    const missed = rowOf(viewOf(report({}, { missed: ['B'], signalled: ['A'] })), 'missed');
    expect(missed).toMatchObject({ differs: true, cells: [{ text: 'none' }, { text: 'B', mark: 'bad' }] });
    expect(missed?.cells[0]).not.toHaveProperty('mark');
  });

  it('claims nothing about a side that could not be traced', () => {
    const view = viewOf(report({}, undefined));
    expect(rowOf(view, 'result')?.cells[1]).toMatchObject({ text: 'unknown', mark: 'open' });
    for (const name of ['signalled', 'missed', 'callouts', 'bytes allocated', 'bytes before the event']) {
      expect(rowOf(view, name)?.cells[1], name).toEqual({ text: '–' });
    }
    expect(view.unknown).toEqual(['side1, injection 1: unknown: no world']);
  });

  it('lists callouts by slot, slots of any side', () => {
    const view = viewOf(report({ callouts: { rmap: 2 } }, { callouts: { notify_failure: 1 } }));
    expect(rowOf(view, 'rmap')?.cells.map(({ text }) => text)).toEqual(['2', '0']);
    expect(rowOf(view, 'notify_failure')?.cells.map(({ text }) => text)).toEqual(['0', '1']);
  });

  it('says large sizes in a unit that can be read', () => {
    const view = viewOf(report({ allocated: 193_273_528_320 }));
    expect(rowOf(view, 'bytes allocated')?.cells).toEqual([{ text: '193,273,528,320', note: '180 GiB' }]);
    expect(approximateSize(1536n)).toBe('1.5 KiB');
    expect(approximateSize(1000n)).toBe('1000 bytes');
  });
});

describe('comparison as Markdown', () => {
  it('has a row per thing and bold where sides differ', () => {
    const text = compareMarkdown(report({}, { missed: ['B'] }));
    expect(text).toContain('| **missed** | **-** | **B** |');
    expect(text).toContain('| result | returned 0 | returned 0 |');
    expect(text).toContain('Differences are bold.');
  });
});
