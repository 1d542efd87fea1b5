// `daxtrace compare`: designs, or a tree and its edited text, side by side on one scenario.
import { compareSides, compareText, type CompareSide } from '../core/session/compare.ts';
import type { ScenarioSource } from '../core/session/engine-api.ts';
import { exit, flagsOf, json, UsageError, type Command, type Terminal } from './command.ts';
import { traceSide, type Subject } from '../node/comparison.ts';
import { designNames, readDesign, type Design } from '../node/designs.ts';
import { openTree, type TreeFlags } from './open-tree.ts';
import { sourceOf } from './scenario-source.ts';

/** What is traced on one side. */
interface Traced extends Subject {
  readonly texts: ReadonlyMap<string, string>;
  readonly overlay: readonly string[];
}

function subjectsOf(designs: readonly string[], overlay: readonly string[]): readonly Traced[] {
  const base: Traced = { label: 'base', title: 'the tree as it is', texts: new Map(), overlay: [], setup: [] };
  const named = designs.map((name): Traced => {
    if (name === 'base') return base;
    const design = readDesign(name);
    return { label: design.name, title: design.title, texts: design.texts, overlay: [], setup: design.setup };
  });
  if (overlay.length > 0) named.push({ ...base, label: 'edited', title: 'the tree with its edited text', overlay });
  if (named.every((subject) => subject === base))
    throw new UsageError('what is to be compared? --design NAME (several times), or --overlay PATH=FILE');
  return named.length === 1 ? [base, ...named] : named;
}

async function sideOf(subject: Traced, scenario: ScenarioSource, flags: TreeFlags, terminal: Terminal): Promise<CompareSide> {
  terminal.progress(`tracing ${subject.label}`);
  const engine = await openTree({ ...flags, overlay: subject.overlay }, terminal);
  for (const [path, text] of subject.texts) engine.setText(path, text);
  const answer = traceSide(engine, subject, scenario);
  if (answer.kind === 'side') return answer.side;
  throw new UsageError(answer.kind === 'refused' ? answer.message : 'cancelled');
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
    for (const subject of subjects) sides.push(await sideOf(subject, scenario, { tree: values.tree, config: values.config }, terminal));
    const report = compareSides(sides);
    terminal.out(values.json === true ? json(report) : compareText(report));
    if (report.unknown.length > 0) return exit.unknown;
    return report.differs ? exit.found : exit.done;
  },
};
