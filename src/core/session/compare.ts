// Several designs (or a base revision and an edited text) on one scenario, side by side; JSON-able, and as text for a mail.

import type { InjectionResult, Measures, Standing, TraceResult } from '../trace/result.ts';

/** One traced tree. */
export interface CompareSide {
  readonly label: string;
  readonly title?: string;
  readonly result: TraceResult;
  /** The same scenario with a larger device to remove: tells whether callouts grow with the device. */
  readonly larger?: TraceResult;
}

/** One thing that is compared; `values` in the order of the sides. */
export interface CompareRow {
  readonly name: string;
  readonly values: readonly string[];
  readonly differs: boolean;
}

interface CompareInjection {
  readonly n: number;
  readonly title: string;
  readonly rows: readonly CompareRow[];
  /** What was counted, as numbers and lists, in the order of the sides; null where a side did not come so far. */
  readonly measures: readonly (Measures | null)[];
  /** Callouts by member and side. */
  readonly callouts: readonly { readonly side: string; readonly by: Readonly<Record<string, number>> }[];
  /** Where two sides part: their first calls that are not alike. Only for two sides. */
  readonly parting?: { readonly depth: number; readonly calls: readonly [string, string] };
}

export interface CompareReport {
  readonly scenario: { readonly id: string; readonly title: string };
  readonly sides: readonly { readonly label: string; readonly title: string }[];
  readonly injections: readonly CompareInjection[];
  /** State at the end, and memory before the first step. */
  readonly rows: readonly CompareRow[];
  readonly differs: boolean;
  /** Why a side could not be traced to its end. */
  readonly unknown: readonly string[];
}

const PAGES_PER_TIB = 2 ** 28;
/** What happens for each page, or only for some, comes to this many calls of a page at least. */
const LEAST_PER_PAGE = 0.5;

/** Compares traces of one scenario; at least one side. */
export function compareSides(sides: readonly CompareSide[]): CompareReport {
  const most = Math.max(...sides.map((side) => side.result.injections.length));
  const injections = Array.from({ length: most }, (_, i) => compareInjection(sides, i));
  const rows = endRows(sides);
  const first = sides[0]?.result.scenario ?? { id: '', title: '' };
  return {
    scenario: first,
    sides: sides.map((side) => ({ label: side.label, title: side.title ?? '' })),
    injections,
    rows,
    differs: rows.some((row) => row.differs) || injections.some((one) => one.parting !== undefined || one.rows.some((row) => row.differs)),
    unknown: sides.flatMap((side) => unknownOf(side)),
  };
}

function unknownOf({ label, result }: CompareSide): readonly string[] {
  const ended = result.injections.filter((one) => one.result.kind === 'limit' || one.result.kind === 'unknown');
  return ended.map(
    (one) => `${label}, injection ${one.n}: ${one.result.kind}${one.result.kind === 'returned' ? '' : `: ${one.result.reason}`}`,
  );
}

function row(name: string, values: readonly string[]): CompareRow {
  return { name, values, differs: values.some((value) => value !== values[0]) };
}

function compareInjection(sides: readonly CompareSide[], i: number): CompareInjection {
  const all = sides.map((side) => side.result.injections[i]);
  const each = (name: string, text: (injection: InjectionResult, side: CompareSide) => string): CompareRow =>
    row(
      name,
      all.map((injection, s) => (injection === undefined ? 'not reached' : text(injection, sides[s] as CompareSide))),
    );
  const names = (list: readonly string[] | undefined): string => (list === undefined || list.length === 0 ? '-' : list.join(' '));
  const [one, two] = all;
  const parting = sides.length === 2 && one !== undefined && two !== undefined ? partingOf(one, two) : undefined;
  return {
    n: i + 1,
    title: all.find((injection) => injection !== undefined)?.title ?? '',
    rows: [
      each('result', resultText),
      each('must be told', (injection) => names(injection.measures?.expected)),
      each('signalled', (injection) => names(injection.measures?.signalled)),
      each('wrongly signalled', (injection) => names(injection.measures?.wronglySignalled)),
      each('missed', (injection) => names(injection.measures?.missed)),
      each('signals sent', (injection) => String(injection.signals.length)),
      each('still mapped', (injection) => names(injection.measures?.stillMapped)),
      each('unmapped needlessly', (injection) => names(injection.measures?.unmappedNeedlessly)),
      each('shutdown', (injection) => names(injection.shutdowns.map((shutdown) => `${shutdown.device} (${shutdown.flags})`))),
      each('faults', (injection) => names(injection.faults.map((fault) => fault.text))),
      each('callouts', (injection) => number(total(injection))),
      each('callouts per TiB', (injection, side) => perTib(injection, side.larger?.injections[i], total)),
      each('function calls', (injection) => number(injection.calls.length)),
      each('function calls per TiB', (injection, side) => perTib(injection, side.larger?.injections[i], (one) => one.calls.length)),
      each('bytes allocated', (injection) => number(injection.measures?.allocated ?? 0)),
      each('bytes kept', (injection) => number(injection.measures?.kept ?? 0)),
    ],
    measures: all.map((injection) => injection?.measures ?? null),
    callouts: sides.map((side) => ({ side: side.label, by: side.result.injections[i]?.measures?.callouts ?? {} })),
    ...(parting === undefined ? {} : { parting }),
  };
}

function resultText({ result }: InjectionResult): string {
  switch (result.kind) {
    case 'returned':
      return `returned ${result.value}`;
    case 'oops':
      return 'oops';
    case 'limit':
    case 'unknown':
      return result.kind;
  }
}

function total(injection: InjectionResult): number {
  return Object.values(injection.measures?.callouts ?? {}).reduce((sum, count) => sum + count, 0);
}

/**
 * A failure is told page by page, so its calls stand for each page of the TiB. A removal is traced on a larger device too: what
 * both have in common stays, the difference goes with the pages.
 */
function perTib(injection: InjectionResult, larger: InjectionResult | undefined, count: (one: InjectionResult) => number): string {
  const { measures } = injection;
  if (measures === undefined || measures.pages === 0) return '-';
  const own = count(injection);
  if (measures.kind === 'failure') return number(Math.round((own / measures.pages) * PAGES_PER_TIB));
  const more = (larger?.measures?.pages ?? 0) - measures.pages;
  if (larger === undefined || larger.result.kind !== 'returned' || more <= 0) return '-';
  const slope = (count(larger) - own) / more;
  // Less than a call for each page: it is the allocation groups that grow, and mkfs makes as few for a TiB as the larger device has.
  if (slope < LEAST_PER_PAGE) return number(count(larger));
  return number(Math.round(own + slope * (PAGES_PER_TIB - measures.pages)));
}

/** `805,306,368`. */
function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function partingOf(one: InjectionResult, two: InjectionResult): CompareInjection['parting'] {
  const [a, b] = [callLines(one), callLines(two)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i], b[i]];
    if (left?.text === right?.text) continue;
    return { depth: left?.depth ?? right?.depth ?? 0, calls: [left?.text ?? 'no further call', right?.text ?? 'no further call'] };
  }
  return undefined;
}

/** Calls without addresses of objects, which follow from the order of allocation, and without results, which show later causes. */
function callLines(injection: InjectionResult): readonly { readonly depth: number; readonly text: string }[] {
  return injection.calls.map((call) => {
    const args = Object.entries(call.args).map(([name, value]) => `${name}=${value.replace(/^0xffff[89a-f][0-9a-f]{11}$/, '<pointer>')}`);
    return { depth: call.depth, text: `${call.function}(${args.join(', ')})` };
  });
}

/** Bytes that a tree keeps for each mapped page: of the functions that allocated at least one object for each. */
function perPageBytes(standing: Standing | undefined): number {
  if (standing === undefined || standing.mappedPages === 0) return 0;
  const growing = standing.by.filter((site) => site.objects >= standing.mappedPages);
  return Math.round(growing.reduce((sum, site) => sum + site.bytes, 0) / standing.mappedPages);
}

function endRows(sides: readonly CompareSide[]): readonly CompareRow[] {
  const each = (name: string, text: (result: TraceResult) => string): CompareRow =>
    row(
      name,
      sides.map((side) => text(side.result)),
    );
  const perPage = (result: TraceResult): number => perPageBytes(result.standing);
  return [
    each('filesystems', (result) => result.filesystems.map((fs) => `${fs.device} ${fs.shutdown ? 'down' : 'up'}`).join(' ') || '-'),
    each(
      'processes killed',
      (result) =>
        result.processes
          .filter((process) => process.state === 'killed')
          .map((process) => process.label)
          .join(' ') || '-',
    ),
    each('verdict', (result) =>
      result.verdict.kind === 'violated'
        ? `violated (law ${[...new Set(result.verdict.violations.map((violation) => violation.law))].join(', ')})`
        : result.verdict.kind,
    ),
    each('bytes before the event', (result) => number(result.standing?.bytes ?? 0)),
    each('of them per mapped page', (result) => number(perPage(result))),
    // Differences: what every side needs for a mapped page depends on the tree's own xarray, not on the design.
    each(`more for a mapped TiB than ${sides[0]?.label ?? ''}`, (result) =>
      number((perPage(result) - perPageBytes(sides[0]?.result.standing)) * PAGES_PER_TIB),
    ),
  ];
}

/** The report as text: a table per injection; rows that differ carry an asterisk. */
export function compareText(report: CompareReport): string {
  const lines = [`scenario ${report.scenario.id}: ${report.scenario.title}`];
  for (const side of report.sides) if (side.title !== '') lines.push(`  ${side.label}: ${side.title}`);
  for (const injection of report.injections) {
    lines.push('', `injection ${injection.n}: ${injection.title}`, ...table(report, injection.rows));
    for (const { side, by } of injection.callouts) {
      const parts = Object.entries(by).map(([slot, count]) => `${slot} x ${number(count)}`);
      lines.push(`  callouts of ${side}: ${parts.length === 0 ? 'none' : parts.join(', ')}`);
    }
    if (injection.parting !== undefined) {
      const [one = '', two = ''] = report.sides.map((side) => side.label);
      lines.push(
        `  the calls part at depth ${injection.parting.depth}:`,
        `    ${one}: ${injection.parting.calls[0]}`,
        `    ${two}: ${injection.parting.calls[1]}`,
      );
    }
  }
  lines.push('', 'in the end', ...table(report, report.rows));
  lines.push('', ...report.unknown.map((text) => `unknown: ${text}`), report.differs ? 'differences were found (*)' : 'no difference');
  return `${lines.join('\n')}\n`;
}

function table(report: CompareReport, rows: readonly CompareRow[]): readonly string[] {
  const head = ['', ...report.sides.map((side) => side.label)];
  const cells = [head, ...rows.map((one) => [`${one.differs ? '*' : ' '} ${one.name}`, ...one.values])];
  const widths = head.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells.map((line) => `  ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
