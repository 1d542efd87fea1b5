// The packed origins agree with plain arrays.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenOrigins } from '../../../src/core/preprocessor/token-origins.ts';

const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 2 ** 22 })), { maxLength: 300 });

test('what was written is read back, also after a fork', () => {
  fc.assert(
    fc.property(pairs, fc.nat(), (tokens, cut) => {
      const origins = new TokenOrigins(0);
      origins.reserve(tokens.length);
      for (const [location, expansion] of tokens) origins.push(location, expansion);
      const at = tokens.length === 0 ? 0 : cut % tokens.length;
      const fork = origins.trimmed().fork(at);
      fork.reserve(tokens.length - at);
      for (const [location, expansion] of tokens.slice(at)) fork.push(location, expansion);
      for (const copy of [origins, origins.trimmed(), fork]) {
        tokens.forEach(([location, expansion], i) => expect(copy.read(i)).toEqual({ location, expansion }));
      }
    }),
    { seed: 7, numRuns: 60 },
  );
});
