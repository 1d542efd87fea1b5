// `daxtrace contract`: units of parameters and results of a function or slot, with the lines they are inferred from.
import type { ContractEvidence, FunctionContract } from '../core/contracts/contract.ts';
import { exit, flagsOf, json, onlyArgument, UsageError, type Command } from './command.ts';
import { openTree } from './open-tree.ts';

const shown = (evidence: readonly ContractEvidence[]): readonly string[] =>
  evidence.map((line) => `      ${line.file}:${line.line}  ${line.text.trim()}  (${line.why})`);

function text(contract: FunctionContract): string {
  const lines = [`${contract.function}  ${contract.file}:${contract.line}`];
  for (const parameter of contract.parameters) {
    const relative = parameter.relativeTo === undefined ? '' : `, relative to ${parameter.relativeTo}`;
    lines.push(`  ${parameter.name}: ${parameter.unit}${relative}  (${parameter.type})`, ...shown(parameter.evidence));
  }
  lines.push(`  returns ${contract.returns.unit}  (${contract.returns.type})`, ...shown(contract.returns.evidence));
  for (const code of contract.returns.codes) lines.push(`    ${code.code}: ${code.meaning}`, ...shown(code.evidence));
  if (contract.related.length > 0)
    lines.push(`  ${contract.kind === 'slot' ? 'implementations' : 'slots'}: ${contract.related.join(', ')}`);
  for (const conflict of contract.conflicts) {
    lines.push(
      `  conflict at ${conflict.file}:${conflict.line}: ${conflict.what}: expected ${conflict.expected}, got ${conflict.actual}: ${conflict.text.trim()}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

export const contractCommand: Command = {
  name: 'contract',
  synopsis: 'FN --tree DIR [--overlay PATH=FILE]… [--json]',
  summary: 'units of parameters and results, with evidence',
  async run(args, terminal) {
    const { values, positionals } = flagsOf(args, {
      tree: { type: 'string' },
      overlay: { type: 'string', multiple: true },
    });
    const name = onlyArgument(positionals, 'function');
    const engine = await openTree(values, terminal);
    terminal.progress(`inferring the contract of ${name}`);
    const contract = engine.contract(name);
    if (contract === undefined) throw new UsageError(`${name} is neither a function nor a slot of this tree`);
    terminal.out(values.json === true ? json(contract) : text(contract));
    return exit.done;
  },
};
