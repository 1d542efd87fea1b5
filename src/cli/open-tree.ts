// Opens the engine for a command: tree, configuration, overlays, grammar folder of the installation.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine, type TreeEngine } from '../node/engine.ts';
import { readInput, treeOf, type Terminal } from './command.ts';
import { overlaysOf } from './overlays.ts';

export interface TreeFlags {
  readonly tree?: string | undefined;
  readonly config?: string | undefined;
  readonly overlay?: readonly string[] | undefined;
}

/** Folder of the wasm grammar: beside dist/ when bundled, at the root of the checkout otherwise. */
export function grammarFolder(): string {
  const here = typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));
  const candidates = [join(here, '../grammars'), join(here, '../../grammars')];
  return candidates.find((folder) => existsSync(join(folder, 'tree-sitter-c.wasm'))) ?? join(here, '../grammars');
}

/** Opens the tree that the flags name. Throws UsageError on anything that does not exist. */
export async function openTree(flags: TreeFlags, terminal: Terminal): Promise<TreeEngine> {
  const root = treeOf(flags.tree);
  const config = flags.config === undefined ? null : resolve(flags.config);
  if (config !== null) readInput('--config', config);
  const texts = overlaysOf(flags.overlay ?? [], root);
  const engine = await openEngine({
    root,
    config,
    grammars: grammarFolder(),
    progress: (phase) => {
      terminal.progress(phase);
    },
  });
  for (const [path, text] of texts) engine.setText(path, text);
  return engine;
}
