// Turns a comparison report into what the panel draws; pure, so that it is tested without VS Code.
import type { CompareReport, CompareRow } from '../../core/session/compare.ts';
import type { DesignInfo } from '../../protocol/worker.ts';
import type { CompareCell, CompareGroup, CompareRowView, CompareView } from '../../protocol/compare-view.ts';
import { approximateSize, errorOf } from './format.ts';

interface RowInfo {
  readonly meaning: string;
  readonly unit?: 'count' | 'bytes';
  /** Any value but none is a shortcoming of the design. */
  readonly isBad?: true;
}

/** Rows of an injection by group, and of the end; rows that are not listed come last, unexplained. */
const injectionGroups: Readonly<Record<string, Readonly<Record<string, RowInfo>>>> = {
  'Who is told': {
    result: { meaning: 'What the entry function returned, or how the run ended' },
    'must be told': { meaning: 'Processes that the kill policy selects among those that map a lost page; all of them when a device goes' },
    signalled: { meaning: 'Of those, who got SIGBUS with an address inside the lost pages, or SIGKILL' },
    'wrongly signalled': { meaning: 'Signalled, but lost nothing, or with an address of something else', isBad: true },
    missed: { meaning: 'Had to be told and was not', isBad: true },
    'signals sent': { meaning: 'Signals of any kind', unit: 'count' },
  },
  'What is taken away': {
    'still mapped': { meaning: 'Processes whose page tables still show a lost page afterwards', isBad: true },
    'unmapped needlessly': { meaning: 'Processes that lost mappings of pages that are all right', isBad: true },
    shutdown: { meaning: 'Filesystems that were shut down, with the flags' },
    faults: { meaning: 'What the simulated kernel did wrong on the way', isBad: true },
  },
  Cost: {
    callouts: { meaning: 'Calls through function pointers in structures: from layer to layer', unit: 'count' },
    'callouts per TiB': { meaning: 'The same for a TiB that fails page by page, or for a device of a TiB that is removed', unit: 'count' },
    'function calls': { meaning: 'Calls that the trace shows', unit: 'count' },
    'function calls per TiB': { meaning: 'The same, extrapolated', unit: 'count' },
    'bytes allocated': { meaning: 'By the tree’s own code during the event, what it freed included', unit: 'bytes' },
    'bytes kept': { meaning: 'Of those, still allocated afterwards', unit: 'bytes' },
  },
};

/** `first` is the side that others are compared with. */
const endGroups = (first: string): typeof injectionGroups => ({
  'In the end': {
    filesystems: { meaning: 'In service or shut down' },
    'processes killed': { meaning: 'Ended by the event' },
    verdict: { meaning: 'The laws of failure reporting, checked on the whole run' },
  },
  'Memory before the event': {
    'bytes before the event': { meaning: 'Held by the tree’s own code before anything fails', unit: 'bytes' },
    'of them per mapped page': { meaning: 'What every page costs that somebody maps', unit: 'bytes' },
    [`more for a mapped TiB than ${first}`]: { meaning: 'The difference of that, for 268,435,456 pages', unit: 'bytes' },
  },
});

/** Characters of a number that is read at a glance: `999,999`. */
const longestPlainNumber = 7;

const isOpen = (value: string): boolean => /^(unknown|limit|not reached)\b/.test(value);

/** `returned -95` also by its name. */
function noteOf(name: string, value: string, unit: RowInfo['unit']): string | undefined {
  if (unit === 'bytes' && value.length > longestPlainNumber) return approximateSize(BigInt(value.replaceAll(',', '')));
  const returned = name === 'result' ? /^returned (-\d+)$/.exec(value)?.[1] : undefined;
  return errorOf(returned);
}

function cellOf(name: string, value: string, info: RowInfo | undefined): CompareCell {
  const note = noteOf(name, value, info?.unit);
  const bad = (info?.isBad === true && value !== '-' && !isOpen(value)) || value === 'oops' || value.startsWith('violated');
  return {
    text: value === '-' ? 'none' : value,
    ...(note === undefined ? {} : { note }),
    ...(bad ? { mark: 'bad' } : isOpen(value) ? { mark: 'open' } : {}),
  };
}

/** Rows that hold for a side that was not traced to its end. */
const alwaysTrue: ReadonlySet<string> = new Set(['result', 'verdict']);

/** `counted` tells which sides came far enough that their numbers mean something. */
function rowOf({ name, values, differs }: CompareRow, info: RowInfo | undefined, counted: readonly boolean[]): CompareRowView {
  const isMissing = (value: string, side: number): boolean =>
    (counted[side] === false && !alwaysTrue.has(name)) || (info?.unit !== undefined && value === '-');
  const cells = values.map((value, side) => (isMissing(value, side) ? { text: '–' } : cellOf(name, value, info)));
  return { name, meaning: info?.meaning ?? '', cells, differs, isNumber: info?.unit !== undefined };
}

function groupsOf(rows: readonly CompareRow[], known: typeof injectionGroups, counted: readonly boolean[]): readonly CompareGroup[] {
  const groups = Object.entries(known).map(([title, infos]): CompareGroup => ({
    title,
    rows: rows.filter(({ name }) => Object.hasOwn(infos, name)).map((row) => rowOf(row, infos[row.name], counted)),
  }));
  const rest = rows.filter(({ name }) => !Object.values(known).some((infos) => Object.hasOwn(infos, name)));
  const all = rest.length === 0 ? groups : [...groups, { title: 'Other', rows: rest.map((row) => rowOf(row, undefined, counted)) }];
  return all.filter((group) => group.rows.length > 0);
}

export interface CompareViewOptions {
  readonly kind: CompareView['kind'];
  readonly designs: readonly DesignInfo[];
  readonly canDiff: boolean;
}

export function compareView(report: CompareReport, { kind, designs, canDiff }: CompareViewOptions): CompareView {
  const everCounted = report.sides.map((_, side) => report.injections.some(({ measures }) => (measures[side] ?? null) !== null));
  return {
    kind,
    scenario: report.scenario.title === '' ? report.scenario.id : report.scenario.title,
    sides: report.sides.map(({ label, title }) => {
      const shows = designs.find((design) => design.name === label)?.shows;
      return { label, title, ...(shows === undefined ? {} : { shows }) };
    }),
    injections: report.injections.map(({ n, title, rows, callouts, measures, parting }) => ({
      title: title === '' ? `injection ${n}` : title,
      groups: withCallouts(
        groupsOf(
          rows,
          injectionGroups,
          measures.map((counted) => counted !== null),
        ),
        callouts,
      ),
      ...(parting === undefined
        ? {}
        : {
            parting: {
              depth: parting.depth,
              calls: parting.calls.map((text, i) => ({ side: report.sides[i]?.label ?? '', text })),
            },
          }),
    })),
    end: groupsOf(report.rows, endGroups(report.sides[0]?.label ?? ''), everCounted),
    differs: report.differs,
    unknown: report.unknown,
    canDiff,
  };
}

type Callouts = CompareReport['injections'][number]['callouts'];

/** Adds which slots were called, a row for each, to the group of costs. */
function withCallouts(groups: readonly CompareGroup[], callouts: Callouts): readonly CompareGroup[] {
  const slots = [...new Set(callouts.flatMap(({ by }) => Object.keys(by)))];
  const rows = slots.map((slot): CompareRowView => {
    const counts = callouts.map(({ by }) => String(by[slot] ?? 0));
    return {
      name: slot,
      meaning: `Callouts through the slot ${slot}`,
      cells: counts.map((text) => ({ text })),
      differs: new Set(counts).size > 1,
      isNumber: true,
    };
  });
  return rows.length === 0 ? groups : [...groups, { title: 'Callouts by slot', rows }];
}
