// The configuration that is used when neither the user nor the tree brings one.

import type { KernelConfig } from '../kernel/config.ts';
import { commonOptions, newerOptions, olderOptions } from './debian.ts';

/** First version whose tree is taken for "like 6.12": halfway between the two that the profile was derived from. */
const newerFrom = { major: 6, patchLevel: 7 };

/** The profile for a tree of this version. */
export function builtInConfig(version: { readonly major: number; readonly patchLevel: number }): KernelConfig {
  const newer = version.major > newerFrom.major || (version.major === newerFrom.major && version.patchLevel >= newerFrom.patchLevel);
  const options = new Map<string, string>();
  for (const text of [commonOptions, newer ? newerOptions : olderOptions]) {
    // Strings may hold blanks.
    for (const match of text.matchAll(/(\w+)(?:=("(?:[^"\\]|\\.)*"|\S+))?/g)) options.set(match[1] ?? '', match[2] ?? 'y');
  }
  return { origin: 'the built-in profile', options };
}
