// Comparisons as the editor asks for them: sides are the open tree (with other texts, when wanted), the sample tree, and designs on it.
import { compareSides, compareText, type CompareSide } from '../core/session/compare.ts';
import { compareMarkdown } from '../core/session/compare-markdown.ts';
import { exportTrace } from '../core/trace/export/export.ts';
import type { CompareAnswer, ComparedSide, CompareRequest, DesignInfo } from '../protocol/worker.ts';
import { traceSide, type SideAnswer } from './comparison.ts';
import { designNames, readDesign } from './designs.ts';
import { openEngine, type TreeEngine } from './engine.ts';
import { shipped } from './installation.ts';

export interface CompareHost {
  /** The open tree. */
  readonly tree: () => Promise<TreeEngine>;
  /** Texts of it that an editor has not saved. */
  readonly texts: ReadonlyMap<string, string | null>;
  readonly grammars: string;
  readonly progress: (phase: string) => void;
}

/** Every design that can be compared. */
export const designList = (): readonly DesignInfo[] =>
  designNames().map((name) => {
    const { title, shows, presets } = readDesign(name);
    return { name, title, shows, presets };
  });

/** Traces every side, one after another; a side that refuses the scenario ends it. */
export async function compareTrees(request: CompareRequest, host: CompareHost, cancelled: () => boolean): Promise<CompareAnswer> {
  const sides: CompareSide[] = [];
  for (const wanted of request.sides) {
    const answer = await sideOf(wanted, request, host, cancelled);
    if (answer.kind !== 'side') return answer;
    sides.push(answer.side);
    // Between two sides other questions are answered.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const report = compareSides(sides);
  const traces = sides.length === 2 ? sides.map(({ result }) => withoutPointers(exportTrace(result, 'text'))) : [];
  return { kind: 'report', report, text: compareText(report), markdown: compareMarkdown(report), traces };
}

async function sideOf(
  wanted: ComparedSide,
  { scenario }: CompareRequest,
  host: CompareHost,
  cancelled: () => boolean,
): Promise<SideAnswer> {
  switch (wanted.kind) {
    case 'tree': {
      const engine = await host.tree();
      host.progress(wanted.label);
      const { label, title, texts } = wanted;
      const run = (): SideAnswer => traceSide(engine, { label, title, setup: [] }, scenario, cancelled);
      return texts === undefined ? run() : withTexts(engine, host.texts, texts, run);
    }
    case 'sample':
      return onSample({ label: 'sample', title: wanted.title, texts: new Map(), setup: [] });
    case 'design':
      return onSample({ ...readDesign(wanted.name), label: wanted.name });
  }

  async function onSample({
    label,
    title,
    texts,
    setup,
  }: Pick<ReturnType<typeof readDesign>, 'title' | 'texts' | 'setup'> & { label: string }) {
    const progress = (phase: string): void => {
      host.progress(`${label}: ${phase}`);
    };
    const engine = await openEngine({ root: shipped('media/sample-kernel'), config: null, grammars: host.grammars, progress });
    for (const [path, text] of texts) engine.setText(path, text);
    return traceSide(engine, { label, title, setup }, scenario, cancelled);
  }
}

/** Runs with other texts in place of the editor's, which come back afterwards; nothing else may run meanwhile, so `run` is synchronous. */
function withTexts<T>(
  engine: TreeEngine,
  present: ReadonlyMap<string, string | null>,
  wanted: Readonly<Record<string, string | null>>,
  run: () => T,
): T {
  const paths = [...new Set([...present.keys(), ...Object.keys(wanted)])].filter(
    (path) => (present.get(path) ?? null) !== (wanted[path] ?? null),
  );
  for (const path of paths) engine.setText(path, wanted[path] ?? null);
  try {
    return run();
  } finally {
    for (const path of paths) engine.setText(path, present.get(path) ?? null);
  }
}

/** Addresses of objects follow from the order of allocation; in a diff they would hide what matters. */
const withoutPointers = (text: string): string => text.replace(/\b0xffff[89a-f][0-9a-f]{11}\b/g, '<pointer>');
