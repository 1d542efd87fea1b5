// `daxtrace calls`: the call graph from a function down, or up with --callers; indirect edges with their evidence.
import type { CallReport } from '../core/callgraph/graph.ts';
import { exit, flagsOf, json, numberOf, onlyArgument, UsageError, type Command } from './command.ts';
import { openTree } from './open-tree.ts';

function text(report: CallReport): string {
  const lines = report.edges.map((edge) => {
    const how = edge.kind === 'direct' ? '' : `  [${edge.kind}: ${edge.evidence}]`;
    return `${edge.caller} -> ${edge.callee}  ${edge.file}:${edge.line}${how}`;
  });
  for (const call of report.unresolved)
    lines.push(`${call.caller} -> ?  ${call.file}:${call.line}  [unresolved: ${call.text}: ${call.reason}]`);
  if (report.truncated.length > 0) lines.push(`not followed further: ${report.truncated.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

export const callsCommand: Command = {
  name: 'calls',
  synopsis: 'FN --tree DIR [--callers] [--depth N] [--overlay PATH=FILE]… [--json]',
  summary: 'call graph, indirect edges with their evidence',
  async run(args, terminal) {
    const { values, positionals } = flagsOf(args, {
      tree: { type: 'string' },
      callers: { type: 'boolean' },
      depth: { type: 'string' },
      overlay: { type: 'string', multiple: true },
    });
    const name = onlyArgument(positionals, 'function');
    const depth = numberOf('--depth', values.depth, 1, 1);
    const engine = await openTree(values, terminal);
    terminal.progress(`reading calls around ${name}`);
    const report = await engine.calls(name, { callers: values.callers === true, depth });
    if (report === undefined) throw new UsageError(`${name} is not a function of this tree`);
    terminal.out(values.json === true ? json(report) : text(report));
    return exit.done;
  },
};
