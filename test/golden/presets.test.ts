// Each preset on the sample tree, as text: what a person sees is what is compared. `npm run golden` accepts changes.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../../src/node/engine.ts';

const root = join(import.meta.dirname, '../..');
const engine = await openEngine({
  root: join(root, 'media/sample-kernel'),
  config: null,
  grammars: join(root, 'grammars'),
  progress: () => {},
});

describe('the sample tree', () => {
  for (const { name, title } of engine.presets()) {
    it(`${name}: ${title}`, async () => {
      const trace = (): string => {
        const answer = engine.trace({ scenario: { kind: 'preset', name } }, () => false);
        return answer.kind === 'result' ? engine.export(answer.result, 'text') : JSON.stringify(answer);
      };
      const first = trace();
      expect(trace()).toBe(first);
      // Addresses of simulated objects follow from the order of allocation: a golden shows that a pointer is one, not which.
      const text = first.replace(/0xffff[89a-f][0-9a-f]{11}\b/g, '<pointer>');
      await expect(text).toMatchFileSnapshot(`${name}.trace.txt`);
    });
  }
});
