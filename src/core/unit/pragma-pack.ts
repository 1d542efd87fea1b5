// `#pragma pack`: the alignment limit in force at each token.

import type { TokenStream } from '../preprocessor/token-stream.ts';

export interface PackTable {
  /** Bytes, 0 = none. */
  at(token: number): number;
}

/** Reads the pragmas of a unit in order. */
export function packTable(tokens: TokenStream, pragmas: readonly number[]): PackTable {
  const changes: { token: number; value: number }[] = [];
  const stack: number[] = [];
  let value = 0;
  for (const token of pragmas) {
    const match = /pack\s*\(([^)]*)\)/.exec(tokens.spelling(token));
    if (match === null) continue;
    for (const word of (match[1] ?? '').split(',').map((part) => part.trim())) {
      if (word === 'push') stack.push(value);
      else if (word === 'pop') value = stack.pop() ?? 0;
      else if (/^\d+$/.test(word)) value = Number(word);
      else if (word === '') value = 0;
    }
    changes.push({ token, value });
  }
  return {
    at(token) {
      let found = 0;
      for (const change of changes) {
        if (change.token > token) break;
        found = change.value;
      }
      return found;
    },
  };
}
