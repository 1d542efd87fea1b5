// Opens the engine for a command: tree, configuration, overlays, grammar folder of the installation.
import { resolve } from 'node:path';
import { openEngine, type TreeEngine } from '../node/engine.ts';
import { shipped } from '../node/installation.ts';
import { readInput, treeOf, type Terminal } from './command.ts';
import { overlaysOf } from './overlays.ts';

export interface TreeFlags {
  readonly tree?: string | undefined;
  readonly config?: string | undefined;
  readonly overlay?: readonly string[] | undefined;
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
    grammars: shipped('grammars'),
    progress: (phase) => {
      terminal.progress(phase);
    },
  });
  for (const [path, text] of texts) engine.setText(path, text);
  return engine;
}
