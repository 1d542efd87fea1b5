// `daxtrace parse`: health of the source view, file by file.
import { relative, resolve } from 'node:path';
import { exit, flagsOf, json, treeOf, UsageError, type Command } from './command.ts';
import { openTree } from './open-tree.ts';

/** Files may be given relative to the tree or to the current folder. */
function pathInTree(root: string, file: string): string {
  if (!file.startsWith('/')) return file.replace(/^\.\//, '');
  const path = relative(root, resolve(file));
  if (path.startsWith('..')) throw new UsageError(`${file} is not below --tree ${root}`);
  return path;
}

export const parseCommand: Command = {
  name: 'parse',
  synopsis: '--tree DIR FILE… [--json]',
  summary: 'source-view health per file',
  async run(args, terminal) {
    const { values, positionals } = flagsOf(args, {
      tree: { type: 'string' },
      overlay: { type: 'string', multiple: true },
    });
    const root = treeOf(values.tree);
    if (positionals.length === 0) throw new UsageError('FILE is missing: which files?');
    const engine = await openTree(values, terminal);
    const paths = positionals.map((file) => pathInTree(root, file));
    for (const path of paths) {
      if (!engine.exists(path)) throw new UsageError(`${path}: no such file in ${root}`);
    }
    const files = engine.parse(paths);
    if (values.json === true) {
      terminal.out(json({ files }));
      return exit.done;
    }
    for (const file of files) {
      terminal.out(`${file.file}: ${file.functions.length} functions, ${file.problems.length} problems\n`);
      for (const problem of file.problems) terminal.out(`  ${file.file}:${problem.line}: ${problem.reason}: ${problem.text.trim()}\n`);
    }
    return exit.done;
  },
};
