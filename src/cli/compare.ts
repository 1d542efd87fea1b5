// `daxtrace compare`: designs, or a tree and its edited text, side by side on one scenario.
import { compareSides, compareText, type CompareSide } from '../core/session/compare.ts';
import type { ScenarioSource, SetupCall } from '../core/session/engine-api.ts';
import type { TraceResult } from '../core/trace/result.ts';
import { exit, flagsOf, json, UsageError, type Command, type Terminal } from './command.ts';
import { designNames, readDesign, type Design } from './designs.ts';
import { openTree, type TreeFlags } from './open-tree.ts';
import { sourceOf } from './scenario-source.ts';

/** What is traced on one side. */
interface Subject {
  readonly label: string;
  readonly title: string;
  readonly texts: ReadonlyMap<string, string>;
  readonly overlay: readonly string[];
  readonly setup: readonly SetupCall[];
}

function subjectsOf(designs: readonly string[], overlay: readonly string[]): readonly Subject[] {
  const base: Subject = { label: 'base', title: 'the tree as it is', texts: new Map(), overlay: [], setup: [] };
  const named = designs.map((name): Subject => {
    if (name === 'base') return base;
    const design = readDesign(name);
    return { label: design.name, title: design.title, texts: design.texts, overlay: [], setup: design.setup };
  });
  if (overlay.length > 0) named.push({ ...base, label: 'edited', title: 'the tree with its edited text', overlay });
  if (named.every((subject) => subject === base))
    throw new UsageError('what is to be compared? --design NAME (several times), or --overlay PATH=FILE');
  return named.length === 1 ? [base, ...named] : named;
}

async function traceSide(subject: Subject, scenario: ScenarioSource, flags: TreeFlags, terminal: Terminal): Promise<CompareSide> {
  terminal.progress(`tracing ${subject.label}`);
  const engine = await openTree({ ...flags, overlay: subject.overlay }, terminal);
  for (const [path, text] of subject.texts) engine.setText(path, text);
  const run = (grow: boolean): TraceResult => {
    const answer = engine.trace({ scenario, setup: subject.setup, measure: true, grow }, () => false);
    if (answer.kind === 'result') return answer.result;
    throw new UsageError(answer.kind === 'refused' ? answer.message : 'cancelled');
  };
  const result = run(false);
  const isRemoval = result.injections.some((injection) => injection.measures?.kind === 'removal');
  return { label: subject.label, title: subject.title, result, ...(isRemoval ? { larger: run(true) } : {}) };
}

function listText(designs: readonly Design[]): string {
  return designs
    .map(
      ({ name, title, shows, scenarios }) => `${name}: ${title}\n  ${shows}\n  scenarios: ${scenarios.map((one) => one.name).join(', ')}\n`,
    )
    .join('\n');
}

export const compareCommand: Command = {
  name: 'compare',
  synopsis:
    '(--list | --tree DIR) [--design NAME]… [--overlay PATH=FILE]… [--preset NAME | --scenario FILE | --observation FILE] [--config FILE]',
  summary: 'designs, or a tree and its edited text, side by side: who is told, callouts, memory',
  async run(args, terminal) {
    const { values, positionals } = flagsOf(args, {
      tree: { type: 'string' },
      design: { type: 'string', multiple: true },
      overlay: { type: 'string', multiple: true },
      preset: { type: 'string' },
      scenario: { type: 'string' },
      observation: { type: 'string' },
      config: { type: 'string' },
      list: { type: 'boolean' },
    });
    if (values.list === true) {
      const known = designNames().map(readDesign);
      terminal.out(
        values.json === true ? json(known.map(({ name, title, shows, presets }) => ({ name, title, shows, presets }))) : listText(known),
      );
      return exit.done;
    }
    if (positionals.length > 0) throw new UsageError(`compare takes no argument: ${positionals.join(' ')}`);
    const designs = values.design ?? [];
    const subjects = subjectsOf(designs, values.overlay ?? []);
    const first = designs.find((name) => name !== 'base');
    const isNamed = values.preset !== undefined || values.scenario !== undefined || values.observation !== undefined;
    const scenario = isNamed || first === undefined ? sourceOf(values) : (readDesign(first).scenarios[0] ?? sourceOf(values));
    const sides: CompareSide[] = [];
    for (const subject of subjects) sides.push(await traceSide(subject, scenario, { tree: values.tree, config: values.config }, terminal));
    const report = compareSides(sides);
    terminal.out(values.json === true ? json(report) : compareText(report));
    if (report.unknown.length > 0) return exit.unknown;
    return report.differs ? exit.found : exit.done;
  },
};
