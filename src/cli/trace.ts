// `daxtrace trace`: executes a memory failure on a tree and judges the outcome.
import { basename } from 'node:path';
import type { ExportFormat, ScenarioSource } from '../core/session/engine-api.ts';
import { exit, flagsOf, readInput, UsageError, type Command } from './command.ts';
import { exitOf } from './exit-of.ts';
import { openTree } from './open-tree.ts';

const formats: readonly ExportFormat[] = ['text', 'json', 'ftrace', 'chrome', 'markdown', 'cpuprofile'];

interface SourceFlags {
  readonly preset?: string | undefined;
  readonly scenario?: string | undefined;
  readonly observation?: string | undefined;
}

function sourceOf({ preset, scenario, observation }: SourceFlags): ScenarioSource {
  const given = [preset, scenario, observation].filter((flag) => flag !== undefined);
  if (given.length !== 1) throw new UsageError('exactly one of --preset NAME, --scenario FILE, --observation FILE is needed');
  if (preset !== undefined) return { kind: 'preset', name: preset };
  if (scenario !== undefined) return { kind: 'scenario', name: basename(scenario), text: readInput('--scenario', scenario) };
  const file = observation ?? '';
  return { kind: 'observation', name: basename(file), text: readInput('--observation', file) };
}

function formatOf(format: string | undefined, asJson: boolean): ExportFormat {
  if (asJson) return 'json';
  const known = formats.find((name) => name === (format ?? 'text'));
  if (known === undefined) throw new UsageError(`--format ${format ?? ''}: one of ${formats.join(', ')}`);
  return known;
}

export const traceCommand: Command = {
  name: 'trace',
  synopsis:
    '--tree DIR (--preset NAME | --scenario FILE | --observation FILE) [--overlay PATH=FILE]… [--config FILE] [--all] [--format text|json|ftrace|chrome|markdown|cpuprofile]',
  summary: 'executes memory_failure() and judges the outcome',
  async run(args, terminal) {
    const { values, positionals } = flagsOf(args, {
      tree: { type: 'string' },
      preset: { type: 'string' },
      scenario: { type: 'string' },
      observation: { type: 'string' },
      overlay: { type: 'string', multiple: true },
      config: { type: 'string' },
      format: { type: 'string' },
      all: { type: 'boolean' },
    });
    if (positionals.length > 0) throw new UsageError(`trace takes no argument: ${positionals.join(' ')}`);
    const scenario = sourceOf(values);
    const format = formatOf(values.format, values.json === true);
    const engine = await openTree(values, terminal);
    const answer = engine.trace({ scenario, ...(values.all === true ? { all: true } : {}) }, () => false);
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
