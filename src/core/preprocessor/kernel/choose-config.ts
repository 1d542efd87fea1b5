// Decides which configuration a tree is read under: the user's, the tree's own .config, or the built-in profile.

import type { FileSource } from '../../source/file-source.ts';
import { builtInConfig } from '../profile/built-in.ts';
import { type ConfigWarning, type KernelConfig, parseConfig } from './config.ts';
import { treeVersion } from './generated-headers.ts';

export interface ChosenConfig {
  readonly config: KernelConfig;
  readonly warnings: readonly ConfigWarning[];
}

/** `given` is the text of a configuration file that the user named, with its path for messages. */
export function chooseConfig(tree: FileSource, given?: { readonly path: string; readonly text: string }): ChosenConfig {
  if (given !== undefined) return parseConfig(given.path, given.text);
  const own = tree.read('.config');
  if (own !== undefined) return parseConfig('.config', own);
  return { config: builtInConfig(treeVersion(tree)), warnings: [] };
}

/**
 * The configuration under which the machine executes: the given one without tracepoints. A tracepoint is a static branch that
 * is never taken here, yet the inline functions that CONFIG_TRACEPOINTS generates make an XFS unit twice as long (1.7 million
 * tokens instead of 0.8 million, xfs_rmap.c of 6.1). Without it `trace_*` are empty inline functions; only `struct module` changes.
 */
export function withoutTracepoints(config: KernelConfig): KernelConfig {
  const options = new Map(config.options);
  options.delete('TRACEPOINTS');
  return { origin: config.origin, options };
}
