// `daxtrace trace`: executes a memory failure on a tree and judges the outcome.
import { readFileSync } from 'node:fs';
import type { ExportFormat } from '../core/session/engine-api.ts';
import { exit, flagsOf, readInput, UsageError, type Command } from './command.ts';
import { exitOf } from './exit-of.ts';
import { readDesign } from '../node/designs.ts';
import { openTree } from './open-tree.ts';
import { sourceOf } from './scenario-source.ts';

const formats: readonly ExportFormat[] = ['text', 'json', 'ftrace', 'chrome', 'markdown', 'cpuprofile'];

function formatOf(format: string | undefined, asJson: boolean): ExportFormat {
  if (asJson) return 'json';
  const known = formats.find((name) => name === (format ?? 'text'));
  if (known === undefined) throw new UsageError(`--format ${format ?? ''}: one of ${formats.join(', ')}`);
  return known;
}

export const traceCommand: Command = {
  name: 'trace',
  synopsis:
    '--tree DIR (--preset NAME | --scenario FILE | --observation FILE) [--log FILE|-] [--design NAME] [--overlay PATH=FILE]… [--config FILE] [--all] [--format text|json|ftrace|chrome|markdown|cpuprofile]',
  summary: 'executes memory_failure() and judges the outcome',
  async run(args, terminal) {
    const { values, positionals } = flagsOf(args, {
      tree: { type: 'string' },
      preset: { type: 'string' },
      scenario: { type: 'string' },
      observation: { type: 'string' },
      log: { type: 'string' },
      design: { type: 'string' },
      overlay: { type: 'string', multiple: true },
      config: { type: 'string' },
      format: { type: 'string' },
      all: { type: 'boolean' },
    });
    if (positionals.length > 0) throw new UsageError(`trace takes no argument: ${positionals.join(' ')}`);
    const design = values.design === undefined ? undefined : readDesign(values.design);
    const isNamed = values.preset !== undefined || values.scenario !== undefined || values.observation !== undefined;
    const scenario = design !== undefined && !isNamed ? (design.scenarios[0] ?? sourceOf(values)) : sourceOf(values);
    const log = values.log === undefined ? undefined : values.log === '-' ? readFileSync(0, 'utf8') : readInput('--log', values.log);
    const format = formatOf(values.format, values.json === true);
    const engine = await openTree(values, terminal);
    // An overlay of the user goes over the design's text.
    for (const [path, text] of design?.texts ?? [])
      if (!(values.overlay ?? []).some((spec) => spec.startsWith(`${path}=`))) engine.setText(path, text);
    const answer = engine.trace(
      { scenario, ...(log === undefined ? {} : { log }), setup: design?.setup ?? [], ...(values.all === true ? { all: true } : {}) },
      () => false,
    );
    switch (answer.kind) {
      case 'result':
        terminal.out(engine.export(answer.result, format));
        return exitOf(answer.result);
      case 'refused':
        throw new UsageError(answer.at === undefined ? answer.message : `${answer.at.path}:${answer.at.line}: ${answer.message}`);
      case 'cancelled':
        return exit.unknown;
    }
  },
};
