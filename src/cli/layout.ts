// `daxtrace layout`: size and members of types, as the program view of one file computes them.
import { exit, flagsOf, json, UsageError, type Command } from './command.ts';
import { openTree } from './open-tree.ts';

export const layoutCommand: Command = {
  name: 'layout',
  synopsis: 'TYPE… --tree DIR --file FILE [--config FILE] [--json]',
  summary: 'size, and place of each member',
  async run(args, terminal) {
    const { values, positionals } = flagsOf(args, {
      tree: { type: 'string' },
      file: { type: 'string' },
      config: { type: 'string' },
      overlay: { type: 'string', multiple: true },
    });
    if (positionals.length === 0) throw new UsageError('TYPE is missing: which types?');
    const { file } = values;
    if (file === undefined) throw new UsageError('--file FILE is missing: whose translation unit?');
    const engine = await openTree(values, terminal);
    if (!engine.exists(file)) throw new UsageError(`--file ${file}: no such file in the tree`);
    terminal.progress(`reading ${file}`);
    const types = engine.layout(positionals, file);
    if (values.json === true) {
      terminal.out(json({ types }));
      return exit.done;
    }
    for (const type of types) {
      if ('error' in type) {
        terminal.out(`${type.type}: ${type.error}\n`);
        continue;
      }
      terminal.out(`${type.type}: size ${type.size}, align ${type.align}\n`);
      for (const member of type.members) {
        const bits = member.bitSize === undefined ? '' : ` bits ${member.bitOffset ?? 0}+${member.bitSize}`;
        terminal.out(`  ${String(member.offset).padStart(6)} ${String(member.size).padStart(6)}  ${member.name}${bits}\n`);
      }
    }
    return exit.done;
  },
};
